use std::path::{Path, PathBuf};

use super::error::VaultError;
use super::key::Key;
use crate::fs;
use crate::hash::sha256;

/// The folder with the key and the trails, which belongs to one account and is outside every output folder.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
    key: Key,
}

impl Vault {
    /// Opens the vault in a folder. At first use, the folder and the key are made, for their owner only.
    ///
    /// # Errors
    /// If it cannot be made or read, or if others may read the key.
    pub fn open(folder: &Path) -> Result<Self, VaultError> {
        fs::create_private_folder(folder)?;
        let key = Key::open(&folder.join("key"))?;
        Ok(Self { folder: folder.to_owned(), key })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The folder with what is remembered of an evaluation at a path, in case its own folder cannot be read.
    pub fn remembered(&self, evaluation: &Path) -> PathBuf {
        let path = std::path::absolute(evaluation).unwrap_or_else(|_| evaluation.to_owned());
        self.folder.join("evaluations").join(sha256(path.to_string_lossy().as_bytes()))
    }

    /// Remembers a file of an evaluation.
    ///
    /// # Errors
    /// If the evaluation cannot be read, or the vault cannot be written to.
    pub fn remember(&self, evaluation: &Path, file: &str) -> Result<(), VaultError> {
        let bytes = fs::read(&evaluation.join(file))?;
        Ok(fs::write_private(&self.remembered(evaluation).join(file), &bytes)?)
    }

    /// The file with what recognises reviewers.
    pub(super) fn known_reviewers(&self) -> PathBuf {
        self.folder.join("reviewers.json")
    }

    /// The file with the end of a record of verdicts, named after the hash of the record's first line.
    pub(super) fn record_end(&self, first_line: &str) -> PathBuf {
        self.folder.join("records").join(first_line)
    }

    /// The file with which record is in an output folder.
    pub(super) fn record_in(&self, output: &Path) -> PathBuf {
        let path = output.canonicalize().unwrap_or_else(|_| output.to_owned());
        self.folder.join("folders").join(sha256(path.to_string_lossy().as_bytes()))
    }

    /// The trail of an evaluation.
    pub(super) fn trail(&self, evaluation: &str) -> PathBuf {
        self.folder.join("sent").join(format!("{evaluation}.jsonl"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Purpose;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inner/vault");
        let first = Vault::open(&path).unwrap().key().sign(Purpose::Plan, b"text");
        let again = Vault::open(&path).unwrap();
        assert!(again.key().vouches_for(Purpose::Plan, b"text", &first));
        let elsewhere = Vault::open(&folder.path().join("other")).unwrap();
        assert!(!elsewhere.key().vouches_for(Purpose::Plan, b"text", &first));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(&path.join("key"))), (0o700, 0o600));
            std::fs::set_permissions(path.join("key"), std::fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(Vault::open(&path), Err(VaultError::Exposed(_))));
        }
    }
}
