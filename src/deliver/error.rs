use std::path::PathBuf;

use super::custody::CustodyError;
use super::smtp::ServerError;
use crate::fs::PathError;
use crate::review::SideError;

/// Why sending stopped.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The ledger and the trail cannot be used; without them nothing is sent.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The server cannot be used.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A run cannot be read.
    #[error(transparent)]
    Side(#[from] SideError),
    /// There is a plan, but it cannot be read.
    #[error("{} is not a plan of this program: {why}", file.display())]
    Plan {
        /// Its file.
        file: PathBuf,
        /// What is wrong with it.
        why: serde_json::Error,
    },
    /// The plan cannot be written as JSON: a defect in the program.
    #[error("the plan could not be written")]
    Json(#[from] serde_json::Error),
    /// What the plan rests on changed while it was being sent.
    #[error("{0} while the reports were being sent, so the rest stays planned")]
    Changed(String),
    /// The final check found something wrong with a message, which is a sign of tampering.
    #[error("nothing more is sent, because the final check stopped the message to {to}: {why}")]
    Stopped {
        /// Its recipient, masked.
        to: String,
        /// What is wrong.
        why: String,
    },
    /// The plan is not as this program signed it.
    #[error("{} is not as this program signed it", .0.display())]
    NotSigned(PathBuf),
    /// The state of a message in the ledger changed a moment ago.
    #[error("another program is changing the ledger: {0} is no longer planned")]
    Taken(String),
}
