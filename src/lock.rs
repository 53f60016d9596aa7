//! Reserving a folder for one process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::fs::{PathError, WithPath, create_folder};

/// Reserves something for one process. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why something could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds the lock.
    #[error("the output folder is in use by {holder}")]
    Held {
        /// Who holds it, in that process's own words.
        holder: String,
    },
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl Lock {
    /// Locks a file, and writes the holder into it.
    ///
    /// # Errors
    /// [`LockError::Held`] at once if another process has it: waiting is left to the caller.
    pub(crate) fn acquire(path: &Path, holder: &str) -> Result<Self, LockError> {
        path.parent().map_or(Ok(()), create_folder)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .while_trying("open", path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The holder may not have written its name yet.
                drop(file.read_to_string(&mut holder));
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                return Err(LockError::Held { holder });
            }
            Err(TryLockError::Error(error)) => return Err(error).while_trying("lock", path)?,
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .while_trying("write", path)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_hears_who_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".lock");
        let first = Lock::acquire(&file, "process 1, which builds").unwrap();
        let second = Lock::acquire(&file, "process 2").unwrap_err();
        assert_eq!(second.to_string(), "the output folder is in use by process 1, which builds");
        drop(first);
        assert!(Lock::acquire(&file, "process 3").is_ok());
    }
}
