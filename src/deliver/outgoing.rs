use std::path::{Path, PathBuf};

use super::delivery::Delivery;
use super::destination::{MadeUpAnswers, RealAnswers};
use super::error::SendError;
use super::ledger::{Ledger, LedgerError};
use super::plan::plan;
use super::rehearsal::rehearse;
use super::replay::replayed;
use super::send_plan::{PlanFolder, PlannedMessage, SendPlan, Wish};
use super::sending::Sending;
use super::sent_mark::forgotten;
use crate::check::CheckedEvaluation;
use crate::fs::PathError;
use crate::model::MailSettings;
use crate::problem::{Checked, Problem};
use crate::publish::{Lock, LockError, Manifest, Output};
use crate::review::{Record, Side, SideError};
use crate::templates::Pages;
use crate::words::Lexicon;

/// A run whose reports are to be sent, and everything that decides which of them may be. While it is open, nobody else
/// can send from its output folder.
pub struct Outgoing<'a> {
    /// The evaluation.
    pub evaluation: &'a CheckedEvaluation,
    /// Its `[mail]` settings.
    pub mail: &'a MailSettings,
    /// The manifest of the run.
    pub manifest: Manifest,
    /// The ledger, in which nothing is on its way.
    pub ledger: Ledger,
    output: Output,
    run: PathBuf,
    record: Record,
    _lock: Lock,
}

/// Why nothing can be sent from a run.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The evaluation has no `[mail]` settings.
    #[error("evaluation.toml does not say how reports are sent")]
    NoMail,
    /// The run cannot be read.
    #[error(transparent)]
    Side(#[from] SideError),
    /// The folder is not a run of this program.
    #[error("{} is not a run of this program", .0.display())]
    NotARun(PathBuf),
    /// The run belongs to a different evaluation.
    #[error("the run belongs to {run}, but the evaluation is {evaluation}")]
    DifferentEvaluation {
        /// The evaluation of the run.
        run: String,
        /// The evaluation that was given.
        evaluation: String,
    },
    /// Somebody else is sending.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The record of verdicts is damaged.
    #[error("the record of verdicts is damaged: {0}")]
    DamagedRecord(Box<Problem>),
    /// The ledger has no record of messages that were sent.
    #[error("reports of run {0} were sent, but the ledger has no record of them")]
    Forgotten(String),
    /// There is no plan for this run.
    #[error("there is no plan for this run")]
    NoPlan,
    /// The plan is not limited to messages that failed.
    #[error("the plan is not limited to messages that failed")]
    PlanNotOfFailed,
    /// The disk, the ledger, the server or a plan cannot be used.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl From<PathError> for OutgoingError {
    fn from(error: PathError) -> Self {
        Self::Send(error.into())
    }
}

impl From<LedgerError> for OutgoingError {
    fn from(error: LedgerError) -> Self {
        Self::Send(error.into())
    }
}

/// What is left of a plan to send.
#[derive(Debug)]
pub struct Replay<'p> {
    /// The messages that may be sent.
    pub messages: Vec<&'p PlannedMessage>,
    /// How many deliveries had already been accepted.
    pub already: usize,
}

impl<'a> Outgoing<'a> {
    /// Opens a run of an output folder for sending. `holder` says who sends, and `at` is the time, in UTC.
    ///
    /// # Errors
    /// If anything that decides what may be sent is missing or damaged: the run, the record of verdicts, or the ledger.
    pub fn open(
        evaluation: &'a CheckedEvaluation,
        output: Output,
        run: &Path,
        holder: &str,
        at: &str,
    ) -> Result<Self, OutgoingError> {
        let mail = evaluation.settings.mail.as_ref().ok_or(OutgoingError::NoMail)?;
        let manifest = Side::open(run)?.manifest.ok_or_else(|| OutgoingError::NotARun(run.to_owned()))?;
        if manifest.evaluation != evaluation.settings.id {
            let (run, evaluation) = (manifest.evaluation, evaluation.settings.id.clone());
            return Err(OutgoingError::DifferentEvaluation { run, evaluation });
        }
        let lock = output.lock_for_sending(holder)?;
        let record = Record::read(&output)?;
        if let Some(problem) = record.problems.first() {
            return Err(OutgoingError::DamagedRecord(Box::new(problem.clone())));
        }
        let mut ledger = Ledger::open(&output)?;
        if let Some(run) = forgotten(&output, &ledger)? {
            return Err(OutgoingError::Forgotten(run));
        }
        ledger.recover(at)?;
        Ok(Self { evaluation, mail, manifest, ledger, output, run: run.to_owned(), record, _lock: lock })
    }

    /// The folder of the plan of the run.
    pub fn plan_folder(&self) -> PlanFolder {
        PlanFolder::new(self.output.plan(&self.manifest.run.id))
    }

    /// Proves that the answers are real, so that messages may go to their recipients.
    ///
    /// # Errors
    /// If the answers behind the reports are made up.
    pub fn real_answers(&self) -> Result<RealAnswers, MadeUpAnswers> {
        RealAnswers::of(self.evaluation, &self.manifest)
    }

    /// Makes a plan and stores it with its messages.
    ///
    /// # Errors
    /// If the plan cannot be stored, or an earlier run cannot be read.
    pub fn rehearse(
        &self,
        wish: &Wish,
        pages: &Pages,
        words: &Lexicon,
    ) -> Result<Checked<SendPlan>, SendError> {
        let deliveries = self.ledger.deliveries()?;
        rehearse(&self.sending(&deliveries, pages, words), wish, &self.plan_folder())
    }

    /// The plan of this run, as rehearsed. With `failed`, it must be a plan of only what failed before.
    ///
    /// # Errors
    /// If there is no such plan, or it is damaged.
    pub fn rehearsed(&self, failed: bool) -> Result<SendPlan, OutgoingError> {
        let stored = self.plan_folder().plan()?;
        let plan = stored.filter(|plan| plan.run == self.manifest.run.id).ok_or(OutgoingError::NoPlan)?;
        if failed && !plan.wish.failed { Err(OutgoingError::PlanNotOfFailed) } else { Ok(plan) }
    }

    /// Makes a stored plan again, and finds which of its messages may still be sent.
    ///
    /// # Errors
    /// If the ledger or an earlier run cannot be read.
    pub fn replay<'p>(
        &self,
        stored: &'p SendPlan,
        pages: &Pages,
        words: &Lexicon,
    ) -> Result<Checked<Replay<'p>>, SendError> {
        let deliveries = self.ledger.deliveries()?;
        let fresh = plan(&self.sending(&deliveries, pages, words), &stored.wish, |_, _| Ok(()))?;
        let Checked { value: messages, problems: changed } = replayed(stored, &fresh.value, &deliveries);
        let mut problems = fresh.problems;
        problems.extend(changed);
        Ok(Checked { value: Replay { messages, already: fresh.value.already }, problems })
    }

    fn sending<'s>(
        &'s self,
        deliveries: &'s [Delivery],
        pages: &'s Pages,
        words: &'s Lexicon,
    ) -> Sending<'s> {
        Sending {
            evaluation: self.evaluation,
            mail: self.mail,
            run: &self.run,
            manifest: &self.manifest,
            record: &self.record,
            deliveries,
            pages,
            words,
        }
    }
}
