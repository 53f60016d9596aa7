//! Finished reports to a run folder that appears whole or not at all, with its manifest.

mod manifest;
mod staging;

pub use manifest::{
    Engine, Fingerprint, Manifest, Outcome, ReportEntry, ReportFile, RunObject, RunProblem, fingerprint,
};
pub use staging::{PublishError, Run, RunId, Staging};
