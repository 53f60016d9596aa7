use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use jiff::Timestamp;
use tracing::Dispatch;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::fs::{PathError, WithPath};

/// Where the events of a run go: `run.log`, a JSON object in each line. They name areas, numbers and outcomes, and never what
/// somebody answered.
#[derive(Clone, Debug)]
pub struct RunLog {
    dispatch: Dispatch,
}

/// The time of an event, from the clock of the run.
struct Clock(fn() -> Timestamp);

impl RunLog {
    /// Begins a log.
    ///
    /// # Errors
    /// When its file cannot be created.
    pub(super) fn begin(path: &Path, clock: fn() -> Timestamp) -> Result<Self, PathError> {
        let file = File::create(path).while_trying("create", path)?;
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_target(false)
            .with_timer(Clock(clock))
            .with_writer(Mutex::new(file))
            .finish();
        Ok(Self { dispatch: Dispatch::new(subscriber) })
    }

    /// Does some work on this thread, with its events in the log.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        tracing::dispatcher::with_default(&self.dispatch, work)
    }
}

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", (self.0)())
    }
}
