use std::error::Error;
use std::process::ExitCode;

use crate::fs::PathError;
use crate::publish::VerifyError;
use crate::review::RecordError;

/// What the exit code of the program says. The same table stands in README.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// 0: everything was done, and nothing is wrong with the data.
    Done = 0,
    /// 1: done as far as the data allow; they have errors, and areas may lack a report.
    Problems = 1,
    /// 2: the command, a setting, the evaluation as a whole or a template is wrong; nothing was published.
    Usage = 2,
    /// 3: a system error: a full disk, a folder that cannot be written. Nothing was published.
    Machine = 3,
    /// 4: a defect of the program; reports that it did not touch were published.
    Defect = 4,
    /// 5: another run is being made in the same output folder; nothing was published.
    Busy = 5,
    /// 130: somebody stopped it with Ctrl-C. What was finished is kept.
    Interrupted = 130,
    /// 143: the system asked it to end. What was finished is kept.
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended early, in words for the person who gave it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Failure {
    pub(super) fn new(exit: Exit, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let words = error.downcast_ref().map_or_else(|| error.to_string(), crate::fs::in_words);
            message = format!("{message}: {words}");
            cause = error.source();
        }
        Self { exit, message, hint: None }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A disk, its permissions or the system fail.
macro_rules! of_the_machine {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(Exit::Machine, &error)
            }
        })+
    };
}

of_the_machine!(PathError, RecordError, VerifyError, std::io::Error);
