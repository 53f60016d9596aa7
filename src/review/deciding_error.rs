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
    /// Nobody may give verdicts on the run.
    #[error("nobody may review this run: evaluation.toml named no reviewers when it was made")]
    NoReviewers,
    /// Several people may, and none is named.
    #[error("a verdict needs a name")]
    NoName {
        /// The reviewers.
        who: Vec<String>,
    },
    /// The person may not give verdicts on the run.
    #[error("'{name}' is not one of the reviewers of this run")]
    NotAReviewer {
        /// The name as given.
        name: String,
        /// The reviewers.
        who: Vec<String>,
    },
    /// The person has set no passphrase.
    #[error("{0} has no passphrase yet")]
    NoPassphrase(String),
    /// The passphrase is not that of the person.
    #[error("this is not the passphrase of {0}")]
    WrongPassphrase(String),
    /// A file of a report is not as it was made.
    #[error("the run was changed after it was made: {0}")]
    Altered(Box<Problem>),
    /// Exported decisions cannot be used.
    #[error("{file}: {fault}", file = file.display())]
    Export {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        fault: ExportFault,
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

/// Why exported decisions cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// The file ends too early: it may still be being copied.
    #[error("the file is not complete")]
    Incomplete,
    /// It is not such a file.
    #[error("these are not decisions exported from the page for reviewers: {0}")]
    NotDecisions(serde_json::Error),
    /// It was written by a different version of the page.
    #[error("the decisions have version {found}, and this program reads version {known}")]
    Version {
        /// The version in the file.
        found: u32,
        /// The version that this program reads.
        known: u32,
    },
    /// It was changed after it was signed, or signed with an earlier passphrase.
    #[error(
        "the signature is not that of {0}: the decisions were edited, or the passphrase was replaced since the page was made"
    )]
    NotSigned(String),
    /// There is no such run.
    #[error("there is no run {0} here")]
    UnknownRun(String),
    /// The decisions belong to a different run.
    #[error("these decisions are on run {of}, and this is {this}")]
    DifferentRun {
        /// The run that the decisions belong to.
        of: String,
        /// The run under review.
        this: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(PathError),
}
