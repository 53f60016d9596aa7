use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::fs::{PathError, WithPath, create_folder};

/// Name of the file in an output folder that is locked while a run is made or removed.
const FILE: &str = ".lock";

/// Name of the file that is locked while messages are sent.
const SENDERS: &str = ".send.lock";

/// Keeps an output folder for one process. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why an output folder could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("the output folder is in use by {holder}")]
    Held {
        /// Who has it, in the words that it left.
        holder: String,
    },
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl Lock {
    /// Locks an output folder, and leaves word of who did.
    ///
    /// # Errors
    /// [`LockError::Held`] at once when another process has it: waiting is for the one who called.
    pub fn acquire(out: &Path, holder: &str) -> Result<Self, LockError> {
        Self::of(out, FILE, holder)
    }

    /// Locks an output folder for one sender. Runs can be made meanwhile.
    ///
    /// # Errors
    /// [`LockError::Held`] at once when somebody else is sending.
    pub fn of_senders(out: &Path, holder: &str) -> Result<Self, LockError> {
        Self::of(out, SENDERS, holder)
    }

    fn of(out: &Path, file: &str, holder: &str) -> Result<Self, LockError> {
        create_folder(out)?;
        let path = out.join(file);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .while_trying("open", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Whoever has it may not have left word yet.
                drop(file.read_to_string(&mut holder));
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                return Err(LockError::Held { holder });
            }
            Err(TryLockError::Error(error)) => return Err(error).while_trying("lock", &path)?,
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .while_trying("write", &path)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_hears_who_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::acquire(folder.path(), "process 1, which builds").unwrap();
        let second = Lock::acquire(folder.path(), "process 2").unwrap_err();
        assert_eq!(second.to_string(), "the output folder is in use by process 1, which builds");
        drop(first);
        assert!(Lock::acquire(folder.path(), "process 3").is_ok());
    }
}
