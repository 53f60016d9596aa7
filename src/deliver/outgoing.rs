use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::address::allowed;
use super::custody::{Custody, CustodyError};
use super::delivery::Delivery;
use super::destination::{MadeUpAnswers, RealAnswers};
use super::error::SendError;
use super::plan::plan;
use super::rehearsal::rehearse;
use super::replay::replayed;
use super::send_plan::{EnclosedReport, PlanFolder, PlannedMessage, SendPlan, Wish};
use super::sending::Sending;
use crate::check::CheckedEvaluation;
use crate::fs::PathError;
use crate::model::MailSettings;
use crate::problem::{Checked, Problem};
use crate::publish::{Link, Manifest, Output, Verified, VerifyError, is_later, verify};
use crate::review::{Moment, Record, Standing};
use crate::templates::Pages;
use crate::vault::{Key, Trail, Vault, VaultError};
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
    /// What was sent to whom; nothing is on its way.
    pub custody: Custody,
    output: Output,
    run: PathBuf,
    record: Record,
    key: Key,
    any_run: bool,
}

/// Why nothing can be sent from a run.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The evaluation has no `[mail]` settings.
    #[error("evaluation.toml does not say how reports are sent")]
    NoMail,
    /// The run cannot be read.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The run is not as it was published.
    #[error("the run is not as it was published: {0}")]
    Altered(Box<Problem>),
    /// `approved` does not point to the run.
    #[error("{run} is not the approved run{}", .approved.as_ref().map(|id| format!(", which is {id}")).unwrap_or_default())]
    NotTheApproved {
        /// The run.
        run: String,
        /// The approved run, if there is one.
        approved: Option<String>,
    },
    /// The evaluation and the run disagree about whether the answers are made up.
    #[error("the run says that its answers are {}, and evaluation.toml says that they are {}", made_up(*.run), made_up(!.run))]
    Disagreement {
        /// True if the run says that they are made up.
        run: bool,
    },
    /// The run belongs to a different evaluation.
    #[error("the run belongs to {run}, but the evaluation is {evaluation}")]
    DifferentEvaluation {
        /// The evaluation of the run.
        run: String,
        /// The evaluation that was given.
        evaluation: String,
    },
    /// The vault cannot be used, or somebody else is sending.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The ledger and the trail of what was sent cannot be used.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The record of verdicts is damaged.
    #[error("the record of verdicts is damaged: {0}")]
    DamagedRecord(Box<Problem>),
    /// The settings have no catch-all address.
    #[error("evaluation.toml does not say where the messages of a rehearsal may go")]
    NoCatchAll,
    /// Reports may not go to the domain of the catch-all address.
    #[error("reports may not go to the catch-all address {0}, which is outside 'domains'")]
    CatchAllDomain(String),
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

fn made_up(is: bool) -> &'static str {
    if is { "made up" } else { "real" }
}

impl From<PathError> for OutgoingError {
    fn from(error: PathError) -> Self {
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
    /// Opens a run of an output folder for sending.
    ///
    /// # Errors
    /// If anything that decides what may be sent is missing, damaged or not as this program signed it: the run, the
    /// record of verdicts, the ledger or the trail. Any sign of tampering keeps everything back.
    pub fn open(
        evaluation: &'a CheckedEvaluation,
        output: Output,
        run: &Path,
        vault: &Vault,
        Moment { holder, at }: Moment<'_>,
    ) -> Result<Self, OutgoingError> {
        let mail = evaluation.settings.mail.as_ref().ok_or(OutgoingError::NoMail)?;
        let Verified { mut manifest, problems, .. } = verify(run, vault.key())?;
        if let Some(problem) = problems.into_iter().next() {
            return Err(OutgoingError::Altered(Box::new(problem)));
        }
        if manifest.evaluation != evaluation.settings.id {
            let (run, evaluation) = (manifest.evaluation, evaluation.settings.id.clone());
            return Err(OutgoingError::DifferentEvaluation { run, evaluation });
        }
        if manifest.synthetic != evaluation.settings.synthetic {
            return Err(OutgoingError::Disagreement { run: manifest.synthetic });
        }
        // A run from before the rule became stricter needs as many approvals as any other, and from the same people.
        manifest.review = manifest.review.and(&evaluation.settings.review);
        let trail = Trail::open(vault, &evaluation.settings.id, holder)?;
        let record = Record::read(&output, vault)?;
        if let Some(problem) = record.problems.first() {
            return Err(OutgoingError::DamagedRecord(Box::new(problem.clone())));
        }
        let mut custody = Custody::open(&output, trail)?;
        custody.recover(&at)?;
        let key = vault.key().clone();
        let run = run.to_owned();
        Ok(Self { evaluation, mail, manifest, custody, output, run, record, key, any_run: false })
    }

    /// Sends the approved reports of this run although `approved` does not point to it.
    pub fn although_not_the_approved_run(self) -> Self {
        Self { any_run: true, ..self }
    }

    /// Checks that `approved` points to this run, or to an earlier one while nothing is left to decide about this one:
    /// it was made since, and has only what was approved.
    fn must_be_approved(&self) -> Result<(), OutgoingError> {
        let approved = self.output.linked(Link::Approved);
        if self.any_run || approved == self.run.canonicalize().ok() {
            return Ok(());
        }
        let name = |run: PathBuf| run.file_name().map(|name| name.to_string_lossy().into_owned());
        let (run, approved) = (self.manifest.run.id.clone(), approved.and_then(name));
        let is_newer = approved.as_ref().is_some_and(|approved| is_later(&run, approved));
        if is_newer && self.record.standings(&self.manifest).iter().all(Standing::is_settled) {
            return Ok(());
        }
        Err(OutgoingError::NotTheApproved { run, approved })
    }

    /// The folder of the plan of the run.
    pub fn plan_folder(&self) -> PlanFolder {
        PlanFolder::new(self.output.plan(&self.manifest.run.id))
    }

    /// The address that gets all messages of a rehearsal.
    ///
    /// # Errors
    /// If the settings have none, or one that reports may not go to, or this is not the approved run.
    pub fn catch_all(&self) -> Result<&'a str, OutgoingError> {
        self.must_be_approved()?;
        let address = self.mail.catch_all.as_deref().ok_or(OutgoingError::NoCatchAll)?;
        let fits = allowed(address, &self.mail.domains);
        if fits { Ok(address) } else { Err(OutgoingError::CatchAllDomain(address.to_owned())) }
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
        let deliveries = self.custody.deliveries_to(&self.evaluation.recipients)?;
        rehearse(&self.sending(&deliveries, pages, words), wish, &self.plan_folder(), &self.key)
    }

    /// The addresses in a plan that were never sent some report in it, in any version; none if nothing was sent yet.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub fn newcomers(&self, plan: &SendPlan) -> Result<BTreeSet<String>, SendError> {
        let deliveries = self.custody.deliveries_to(&self.evaluation.recipients)?;
        let sent: Vec<&Delivery> = deliveries.iter().filter(|d| d.state.may_have_arrived()).collect();
        let is_new = |message: &&PlannedMessage| {
            let has = |report: &EnclosedReport| {
                sent.iter().any(|d| {
                    d.id.report == report.id.report && d.recipient.eq_ignore_ascii_case(&message.recipient)
                })
            };
            !message.reports.iter().all(has)
        };
        let new = plan.messages.iter().filter(|_| !sent.is_empty()).filter(is_new);
        Ok(new.map(|message| message.recipient.clone()).collect())
    }

    /// The plan of this run, as rehearsed. With `failed`, it must be a plan of only what failed before.
    ///
    /// # Errors
    /// If there is no such plan, it is damaged, or this is not the approved run.
    pub fn rehearsed(&self, failed: bool) -> Result<SendPlan, OutgoingError> {
        self.must_be_approved()?;
        let stored = self.plan_folder().plan(&self.key)?;
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
        let deliveries = self.custody.deliveries_to(&self.evaluation.recipients)?;
        let fresh = plan(&self.sending(&deliveries, pages, words), &stored.wish, |_, _| Ok(()))?;
        let Checked { value: messages, problems: changed } = replayed(stored, &fresh.value, &deliveries);
        // A plan is sent as it was rehearsed or not at all: a sign of tampering concerns every message.
        let messages = if changed.is_empty() { messages } else { Vec::new() };
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
