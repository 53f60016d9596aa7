use std::path::PathBuf;

use crate::aggregate::Exposure;
use crate::fs::PathError;
use crate::lock::LockError;
use crate::publish::PublishError;
use crate::templates::TemplateFault;

/// Bytes in a megabyte.
const MB: u64 = 1_000_000;

/// Why a run ended without being published.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Another run is being made in the same output folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The disk has too little room for the reports that are to be made.
    #[error("the run needs about {} MB, but {} has room for only {} MB", needed.div_ceil(MB), folder.display(), free / MB)]
    Space {
        /// The output folder.
        folder: PathBuf,
        /// How many bytes are needed.
        needed: u64,
        /// How many are free.
        free: u64,
    },
    /// No more threads can be started.
    #[error("no thread could be started: {0}")]
    Threads(String),
    /// The template of the run's summary has an error.
    #[error(transparent)]
    Page(Box<TemplateFault>),
    /// The disk failed.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A withheld figure could be worked out from what is published.
    #[error("a statistic that must be withheld could be worked out from the others")]
    Disclosure(Vec<Exposure>),
    /// A defect in the program.
    #[error(transparent)]
    Defect(Box<dyn std::error::Error + Send + Sync>),
}

/// A file or folder that failed while a run was being published.
impl From<PathError> for BuildError {
    fn from(error: PathError) -> Self {
        Self::Publish(error.into())
    }
}

impl From<serde_json::Error> for BuildError {
    fn from(error: serde_json::Error) -> Self {
        Self::Publish(error.into())
    }
}
