use super::ledger::Ledger;
use crate::check::CheckedEvaluation;
use crate::publish::Manifest;

/// Where the messages of a plan go.
#[derive(Debug)]
pub enum Destination<'a> {
    /// To their recipients. Every step is written into the ledger before anything else happens.
    Recipients {
        /// The answers behind the reports are real.
        real: RealAnswers<'a>,
        /// What was sent, to whom, and what became of it.
        ledger: &'a mut Ledger,
    },
    /// All to one address instead, as a rehearsal: the ledger has nothing of it.
    CatchAll(&'a str),
}

/// A run whose answers are real. Nothing reaches recipients without one, and only [`RealAnswers::of`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct RealAnswers<'a> {
    run: &'a str,
}

/// The answers of a run are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answers are made up, and nobody may take these reports for real ones")]
pub struct MadeUpAnswers;

impl<'a> RealAnswers<'a> {
    /// The answers of a run.
    ///
    /// # Errors
    /// When the run says that they are made up, or its evaluation does.
    pub fn of(evaluation: &CheckedEvaluation, manifest: &'a Manifest) -> Result<Self, MadeUpAnswers> {
        if manifest.synthetic || evaluation.settings.synthetic {
            return Err(MadeUpAnswers);
        }
        Ok(Self { run: &manifest.run.id })
    }

    /// Id of the run.
    pub(super) fn run(self) -> &'a str {
        self.run
    }
}
