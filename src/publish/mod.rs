//! Finished reports to a run folder that appears whole or not at all, with its manifest.

mod cause;
mod lock;
mod log;
mod manifest;
mod previous;
mod shelf;
mod staging;
mod summary;
mod verify;

pub use cause::{Cause, GroupMoved, Moved, causes};
pub use lock::{Lock, LockError};
pub use log::RunLog;
pub use manifest::{
    Engine, Fingerprint, Manifest, Outcome, ProblemCounts, ReportEntry, ReportFile, Response, RunObject,
    facts_file, fingerprint,
};
pub use previous::Previous;
pub use shelf::{REVIEWS, SENDS, ShelvedRun, prunable, remains, remove, runs};
pub use staging::{PublishError, Run, RunId, Staging, approve, is_later};
pub use summary::{Summary, summary};
pub use verify::{Verified, VerifyError, verify};
