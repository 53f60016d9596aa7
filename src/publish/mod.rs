//! Publishes finished reports as a run folder, with its manifest, which appears complete or not at all.

mod addressees;
mod cause;
mod entry;
mod facts_file;
mod figure_change;
mod fingerprint;
mod log;
mod manifest;
mod moved;
mod outcome;
mod output;
mod previous;
mod run_id;
mod shelf;
mod signed;
mod staging;
mod summary;
mod verify;

pub use addressees::{ADDRESSEES, Addressees};
pub use cause::Cause;
pub use entry::{ReportEntry, ReportFile, label};
pub use facts_file::FactsFile;
pub use figure_change::{ChangeKind, FigureChange, PrintedFigure, Scope, figure_changes, text_or_nothing};
pub use fingerprint::{DifferentParts, Engine, Fingerprint, fingerprint};
pub use log::RunLog;
pub use manifest::{Manifest, ProblemCounts, Response, RunObject};
pub use moved::{MovedFigure, MovedGroup, causes};
pub use outcome::Outcome;
pub use output::{Link, Output, VERDICTS};
pub use previous::Previous;
pub use run_id::{RunId, is_later};
pub use shelf::{Removable, ShelvedRun};
pub use signed::{ManifestError, signed_manifest};
pub use staging::{PublishError, Run, Staging};
pub use summary::{KindCount, Summary, summary};
pub use verify::{Verified, VerifyError, altered, verify};
