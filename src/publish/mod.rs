//! Finished reports to a run folder that appears whole or not at all, with its manifest.

mod manifest;
mod staging;
mod verify;

pub use manifest::{
    Engine, Fingerprint, Manifest, Outcome, ReportEntry, ReportFile, RunObject, facts_file, fingerprint,
};
pub use staging::{PublishError, Run, RunId, Staging};
pub use verify::{Verified, VerifyError, verify};
