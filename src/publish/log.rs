use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use jiff::Timestamp;
use tracing::Dispatch;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::fs::{PathError, WithPath};

/// The log of a run's events: `run.log`, with a JSON object on each line. Events name areas, numbers and outcomes, but
/// never answers.
#[derive(Clone, Debug)]
pub struct RunLog {
    dispatch: Dispatch,
}

/// Gives events their time, from the clock of the run.
struct Clock(fn() -> Timestamp);

impl RunLog {
    /// Starts a log.
    ///
    /// # Errors
    /// If its file cannot be created.
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

    /// Does work on this thread, logging its events.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        tracing::dispatcher::with_default(&self.dispatch, work)
    }
}

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", (self.0)())
    }
}
