//! Whole runs, from a checked evaluation to a published run folder, and previews of single reports.

mod build;
mod edition;
mod error;
mod load;
mod observer;
mod overdue;
mod plan;
mod preview;
mod protect;
mod reports;
mod settings;
mod workers;

pub use build::{Built, build};
pub use error::BuildError;
pub use load::{inputs, load, settings};
pub use observer::Observer;
pub use overdue::Overdue;
pub use plan::{Plan, Planned, Step, plan};
pub use preview::{Preview, Previewed};
pub use protect::protect;
pub use settings::{BuildSettings, Choice};
