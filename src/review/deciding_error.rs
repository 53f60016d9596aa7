use std::path::PathBuf;

use super::record::RecordError;
use super::side::SideError;
use crate::fs::PathError;
use crate::lock::LockError;
use crate::problem::Problem;
use crate::publish::ManifestError;
use crate::vault::VaultError;

/// Why a verdict cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum DecidingError {
    /// The run cannot be read.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The manifest of the run cannot be relied on.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The vault cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The run is limited to some areas.
    #[error("this run has the reports of some areas only")]
    Partial,
    /// Another process has locked the output folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The record of verdicts is damaged.
    #[error("the record of verdicts is damaged: {0}")]
    DamagedRecord(Box<Problem>),
    /// The record of verdicts cannot be written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// No reviewer is named.
    #[error("a verdict needs a name")]
    NoReviewer,
    /// The file with decisions cannot be read.
    #[error("{file} has no decisions: {why}", file = file.display())]
    Decisions {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: serde_json::Error,
    },
    /// The decisions belong to a different run.
    #[error("these decisions are on run {of}, and this is {this}")]
    DifferentRun {
        /// The run that the decisions belong to.
        of: String,
        /// The run under review.
        this: String,
    },
    /// The run has no report for this area.
    #[error("the run has no report of '{wanted}'")]
    UnknownArea {
        /// The area as given.
        wanted: String,
        /// A similar name in the run.
        near: Option<String>,
    },
    /// The run has no reports for this region.
    #[error("the run has no reports of a region '{0}'")]
    UnknownRegion(String),
    /// There is no approved run to compare with.
    #[error("no run is approved yet, so there are no groups of changes")]
    NothingApproved,
    /// There is no such group of changes.
    #[error("there is no group '{id}' between {old} and {new}")]
    UnknownGroup {
        /// The id as given.
        id: String,
        /// The approved run.
        old: String,
        /// The run under review.
        new: String,
    },
}
