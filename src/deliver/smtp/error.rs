use crate::fs::PathError;

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A certificate or credentials file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A setting is wrong.
    #[error("{0}")]
    Setting(String),
    /// It cannot be reached at present, or gives no usable answer.
    #[error("the server {server} cannot be used now: {why}")]
    Now {
        /// The server.
        server: String,
        /// What it said, or what failed.
        why: String,
    },
    /// It will not work with these settings: the name, the password or the encryption is wrong.
    #[error("the server {server} does not accept messages: {why}")]
    Never {
        /// The server.
        server: String,
        /// What it said.
        why: String,
    },
}
