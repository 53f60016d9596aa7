use std::error::Error;
use std::process::ExitCode;

use area_reports::deliver::MessageError;
use area_reports::explain::explain;
use area_reports::fs::PathError;
use area_reports::lock::LockError;
use area_reports::publish::VerifyError;
use area_reports::review::{PageError, RecordError, SideError, TextError};
use area_reports::synthetic::SyntheticError;

/// The program's exit code. README.md has the same table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// 0: everything was done, and nothing is wrong with the data.
    Done = 0,
    /// 1: done as far as possible; the data contains errors, and some areas may have no report.
    Problems = 1,
    /// 2: the command, a setting, the evaluation as a whole or a template is invalid; nothing was published.
    Usage = 2,
    /// 3: a system error, such as a full disk or a read-only folder. Nothing was published.
    System = 3,
    /// 4: a defect in the program; the reports that it did not affect were published.
    Defect = 4,
    /// 5: another run is being made in the same output folder; nothing was published.
    Busy = 5,
    /// 130: stopped with Ctrl-C. What was finished is kept.
    Interrupted = 130,
    /// 143: stopped by the system. What was finished is kept.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended early, worded for the person who ran it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, error: &dyn Error) -> Self {
        Self { exit, message: explain(error), hint: None }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Errors that need no further explanation, by the exit code they lead to.
macro_rules! failures {
    ($($exit:ident: $($error:ty),+;)+) => {
        $($(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(Exit::$exit, &error)
            }
        })+)+
    };
}

failures! {
    Usage: SideError, TextError, MessageError;
    System: PathError, RecordError, VerifyError, std::io::Error, notify::Error;
    Defect: csv::Error, SyntheticError;
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        match &error {
            LockError::Held { .. } => Self::new(Exit::Busy, &error).hint("wait until it is done"),
            LockError::Path(_) => Self::new(Exit::System, &error),
        }
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        let exit = if let PageError::Path(_) = error { Exit::System } else { Exit::Defect };
        Self::new(exit, &error)
    }
}
