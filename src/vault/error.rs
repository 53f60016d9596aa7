use std::path::PathBuf;

use crate::fs::PathError;

/// Why the vault cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Others can read or replace the key.
    #[error("others may read {0}, so what it vouches for proves nothing")]
    Exposed(PathBuf),
    /// A file of the vault is damaged.
    #[error("{file}, line {line}: this was not written by this program", file = file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The system has no random numbers to make a key from.
    #[error("no key could be made: {0}")]
    NoRandomness(getrandom::Error),
    /// Another process is sending reports of the same evaluation.
    #[error("reports of this evaluation are being sent by {0}")]
    Sending(String),
    /// A line could not be written as JSON: a defect in the program.
    #[error("a line of the trail could not be written")]
    Json(#[from] serde_json::Error),
}
