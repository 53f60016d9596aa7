//! Finished reports to a run folder that appears whole or not at all, with its manifest.

mod cause;
mod lock;
mod manifest;
mod previous;
mod staging;
mod verify;

pub use cause::{Cause, Moved, causes};
pub use lock::{Lock, LockError};
pub use manifest::{
    Engine, Fingerprint, Manifest, Outcome, ReportEntry, ReportFile, RunObject, facts_file, fingerprint,
};
pub use previous::Previous;
pub use staging::{PublishError, Run, RunId, Staging};
pub use verify::{Verified, VerifyError, verify};
