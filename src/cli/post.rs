use std::path::PathBuf;

use serde_json::json;

use super::args::SendArguments;
use super::build::{templates, unusable_templates};
use super::exit::{Exit, Failure};
use super::interruption::{self, OnStop};
use super::server::server;
use super::terminal::Terminal;
use area_reports::check::CheckedEvaluation;
use area_reports::deliver::{
    self, Basis, CustodyError, Destination, FinalCheck, OutgoingError, PlanFolder, PlannedMessage, Sender,
    Sent, Server, State,
};
use area_reports::model::masked;
use area_reports::model::{Language, MailSettings};
use area_reports::problem::Problem;
use area_reports::publish::Manifest;
use area_reports::render::RenderError;
use area_reports::templates::Pages;
use area_reports::words::Lexicon;

/// What messages are composed from.
pub(super) struct Letters {
    pub(super) pages: Pages,
    pub(super) words: Lexicon,
}

impl Letters {
    pub(super) fn open(arguments: &SendArguments, evaluation: &CheckedEvaluation) -> Result<Self, Failure> {
        let templates = templates(arguments.templates.as_deref())?;
        let pages = Pages::new(&templates, evaluation.settings.limits)
            .map_err(|error| Failure::new(Exit::Usage, &error))?;
        let words = templates.lexicon(&Language::english()).map_err(RenderError::Lexicon);
        Ok(Self { pages, words: words.map_err(|error| unusable_templates(&error))? })
    }
}

/// What is read before anything is planned or sent.
pub(super) struct Preparation {
    pub(super) letters: Letters,
    /// What the plan rests on, as it was before it was read.
    pub(super) basis: Basis,
    /// Why rows of the list of recipients were left out: somebody gets no report.
    pub(super) left_out: Vec<Problem>,
}

/// What is needed to send messages.
pub(super) struct Post<'a> {
    mail: &'a MailSettings,
    folder: &'a PlanFolder,
    basis: &'a Basis,
    server: Server,
    check: FinalCheck,
}

impl<'a> Post<'a> {
    pub(super) fn open(
        arguments: &SendArguments,
        mail: &'a MailSettings,
        manifest: &Manifest,
        folder: &'a PlanFolder,
        basis: &'a Basis,
    ) -> Result<Self, Failure> {
        let check = FinalCheck::new(&evaluation_folder(arguments)?, manifest, mail.links.as_deref())?;
        Ok(Self { mail, folder, basis, server: server(mail)?, check })
    }

    /// Sends messages. If the server fails part-way, the failure is returned along with what was sent until then.
    pub(super) fn send(
        &self,
        messages: &[&PlannedMessage],
        destination: Destination<'_>,
        terminal: &mut Terminal,
    ) -> (Sent, Option<Failure>) {
        let bar = super::progress::sending(messages.len());
        let _prepared = interruption::prepare(OnStop::Soon(
            "stopping after the message that is being sent; the others stay planned",
        ));
        let sender = Sender {
            folder: self.folder,
            mail: self.mail,
            server: &self.server,
            basis: self.basis,
            check: &self.check,
            destination,
            stop: &|| interruption::stopped().is_some(),
            clock: super::now,
            wait: super::wait,
        };
        let mut sent = Sent::default();
        let ended = deliver::send(sender, messages, &mut |message, state, answer| {
            sent.count(state);
            if state != State::Planned {
                bar.inc(1);
            }
            if state != State::Accepted {
                let word = if state == State::Planned { "to be tried again" } else { state.word() };
                let area = message.reports.first().map(|report| report.subject_name.as_str());
                let (area, address) = (area.unwrap_or_default(), masked(&message.recipient));
                bar.suspend(|| terminal.note(format_args!("{area}, {address}: {word}: {answer}")));
            }
        });
        bar.finish_and_clear();
        (sent, ended.err().map(Failure::from))
    }
}

/// The evaluation folder: the one given, or the path of the run if that is an evaluation.
pub(super) fn evaluation_folder(arguments: &SendArguments) -> Result<PathBuf, Failure> {
    let named = arguments.evaluation.clone();
    let itself = arguments.run.join("evaluation.toml").is_file().then(|| arguments.run.clone());
    named.or(itself).ok_or_else(|| {
        Failure::usage("the recipients are in the evaluation folder")
            .hint("name it: --evaluation fixtures/integrated-working-2008")
    })
}

/// Why nothing can be sent, and what to do about it.
impl From<OutgoingError> for Failure {
    fn from(error: OutgoingError) -> Self {
        let usage = || Self::new(Exit::Usage, &error);
        match error {
            OutgoingError::NoMail => usage().hint(
                "add [mail] with from = \"Name <address>\" and server = \"...\"; README.md lists the other settings",
            ),
            OutgoingError::DamagedRecord(_) => usage().hint(
                "restore verdicts.jsonl as it was; nothing is sent on a record that cannot be relied on",
            ),
            OutgoingError::Altered(_) => usage().hint(super::verify::DISTRUSTED),
            OutgoingError::NotTheApproved { .. } => usage().hint(
                "name the approved run, approve this one, or send it all the same with --not-the-approved-run",
            ),
            OutgoingError::Disagreement { .. } => usage().hint("correct evaluation.toml, or build again"),
            OutgoingError::NoCatchAll => {
                usage().hint("add catch-all = \"address\" to [mail] in evaluation.toml")
            }
            OutgoingError::CatchAllDomain(_) => usage().hint("correct 'catch-all' or 'domains' in [mail]"),
            OutgoingError::Verify(_)
            | OutgoingError::DifferentEvaluation { .. }
            | OutgoingError::NoPlan
            | OutgoingError::PlanNotOfFailed => usage(),
            OutgoingError::Vault(error) => error.into(),
            OutgoingError::Custody(error) => error.into(),
            OutgoingError::Send(error) => error.into(),
        }
    }
}

/// Why the records of what was sent cannot be used, and what to do about it.
impl From<CustodyError> for Failure {
    fn from(error: CustodyError) -> Self {
        match error {
            CustodyError::Ledger(error) => error.into(),
            CustodyError::Vault(error) => error.into(),
            CustodyError::Missing { .. } => Self::new(Exit::Usage, &error).hint(
                "send from the folder where the reports were sent, or put its ledger.sqlite back with the files \
                 beside it; if that is lost: area-reports deliveries EVALUATION --restore",
            ),
        }
    }
}

/// The command that sends the same run.
pub(super) fn command(arguments: &SendArguments) -> String {
    let evaluation =
        arguments.evaluation.as_ref().map(|folder| format!(" --evaluation {}", folder.display()));
    format!("area-reports send {}{}", arguments.run.display(), evaluation.unwrap_or_default())
}

pub(super) fn counts(sent: Sent) -> serde_json::Value {
    json!({ "accepted": sent.accepted, "refused": sent.refused, "unknown": sent.unknown })
}

pub(super) fn messages(count: usize) -> String {
    format!("{count} {}", if count == 1 { "message" } else { "messages" })
}
