use std::path::{Path, PathBuf};

use indicatif::HumanBytes;
use serde_json::json;

use super::args::{Resolution, SendArguments};
use super::build::{holder, templates, unusable_templates};
use super::check::{load, unusable};
use super::exit::{Exit, Failure};
use super::interruption::{self, OnStop};
use super::terminal::Terminal;
use crate::check::CheckedEvaluation;
use crate::deliver::{
    self, Credentials, Customs, Delivery, Destination, Item, Ledger, LedgerError, RealAnswers, SendError,
    SendPlan, Sender, Sending, Sent, Server, ServerError, State, Wish, masked,
};
use crate::model::{Language, MailSettings};
use crate::problem::{Checked, Problem};
use crate::publish::{self, Lock, LockError, Manifest};
use crate::render::RenderError;
use crate::review::{Record, Side};
use crate::templates::Pages;
use crate::words::Lexicon;

/// `send`: plans what goes to whom, and sends what was planned.
pub(super) fn send(arguments: &SendArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (folder, out) = super::verdict::run_of(&arguments.run)?;
    if let Some(resolution) = arguments.resolve {
        return resolve(arguments, &out, resolution, terminal);
    }
    let evaluation_folder = evaluation_folder(arguments)?;
    let Checked { value: evaluation, problems } = load(&evaluation_folder)?;
    let Some(evaluation) = evaluation else { return Ok(unusable(arguments.json, &problems, terminal)) };
    let (desk, mut ledger) = Desk::open(arguments, &evaluation_folder, &evaluation, folder, out)?;
    if arguments.rehearse {
        desk.rehearse(arguments, &ledger, terminal)
    } else {
        desk.replay(arguments, &mut ledger, terminal)
    }
}

/// The folder of the evaluation: named, or the one that stands for its runs.
fn evaluation_folder(arguments: &SendArguments) -> Result<PathBuf, Failure> {
    let named = arguments.evaluation.clone();
    let itself = arguments.run.join("evaluation.toml").is_file().then(|| arguments.run.clone());
    named.or(itself).ok_or_else(|| {
        Failure::usage("who gets the reports is in the evaluation folder")
            .hint("name it: --evaluation fixtures/integrated-working-2008")
    })
}

/// The server of the settings, with name and password from the environment or the file of the settings.
pub(super) fn server(mail: &MailSettings) -> Result<Server, Failure> {
    let server = credentials(mail).and_then(|credentials| Server::new(mail, credentials));
    server.map_err(|error| SendError::from(error).into())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a password comes from the environment, never from an argument"
)]
fn credentials(mail: &MailSettings) -> Result<Option<Credentials>, ServerError> {
    let of = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (of("AREA_REPORTS_SMTP_NAME"), of("AREA_REPORTS_SMTP_PASSWORD"), &mail.credentials) {
        (Some(name), Some(password), _) => Ok(Some(Credentials::new(name, password))),
        (Some(_), None, _) | (None, Some(_), _) => Err(ServerError::Setting(
            "AREA_REPORTS_SMTP_NAME and AREA_REPORTS_SMTP_PASSWORD go together, and one of them is missing"
                .to_owned(),
        )),
        (None, None, Some(file)) => Credentials::read(file).map(Some),
        (None, None, None) => Ok(None),
    }
}

/// Why sending stopped, and what can be done about it.
impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match &error {
        SendError::Server(ServerError::Setting(_) | ServerError::Path(_)) => Self::new(Exit::Usage, &error),
        SendError::Server(ServerError::Now { .. }) => Self::new(Exit::Machine, &error).hint(
            "what was not taken is still planned: the same command goes on when the server is there again",
        ),
        SendError::Server(ServerError::Never { .. }) => {
            Self::new(Exit::Machine, &error).hint("look at name, password, port and security of the server")
        }
        SendError::Json(_) => Self::new(Exit::Defect, &error),
        _ => Self::new(Exit::Machine, &error),
    }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::new(Exit::Machine, &error).hint(
            "nothing leaves without the ledger, which knows what was sent; an older copy of it would not know the last messages",
        )
    }
}

/// Where sending is prepared: an evaluation, a run of it, and what was said of it.
struct Desk<'a> {
    evaluation_folder: &'a Path,
    evaluation: &'a CheckedEvaluation,
    mail: &'a MailSettings,
    folder: PathBuf,
    out: PathBuf,
    manifest: Manifest,
    record: Record,
    pages: Pages,
    words: Lexicon,
    _lock: Lock,
}

impl<'a> Desk<'a> {
    fn open(
        arguments: &SendArguments,
        evaluation_folder: &'a Path,
        evaluation: &'a CheckedEvaluation,
        folder: PathBuf,
        out: PathBuf,
    ) -> Result<(Self, Ledger), Failure> {
        let Some(mail) = &evaluation.settings.mail else {
            return Err(Failure::usage("evaluation.toml does not say how reports are sent").hint(
                "add [mail] with from = \"Name <address>\" and server = \"...\"; README.md lists the other settings",
            ));
        };
        let side = Side::open(&folder).map_err(|error| Failure::new(Exit::Usage, &error))?;
        let Some(manifest) = side.manifest else {
            return Err(Failure::usage(format!("{} is not a run of this program", folder.display())));
        };
        if manifest.evaluation != evaluation.settings.id {
            return Err(Failure::usage(format!(
                "the run is of {}, and the evaluation is {}",
                manifest.evaluation, evaluation.settings.id
            )));
        }
        let lock = Lock::of_senders(&out, &holder()).map_err(|error| match &error {
            LockError::Held { .. } => {
                Failure::new(Exit::Busy, &error).hint("somebody else is sending: wait until it is done")
            }
            LockError::Path(_) => Failure::new(Exit::Machine, &error),
        })?;
        let record = Record::read(&out)?;
        if let Some(problem) = record.problems.first() {
            return Err(Failure::usage(format!("the record of verdicts is not whole: {problem}")).hint(
                "bring back verdicts.jsonl as it was; nothing is sent on a record that cannot be relied on",
            ));
        }
        let mut ledger = Ledger::open(&out)?;
        if let Some(run) = deliver::forgotten(&out, &ledger)? {
            return Err(Failure::usage(format!(
                "reports of run {run} were sent, and the ledger does not know of them"
            ))
            .hint("bring back ledger.sqlite as it was: without it they would be sent a second time"));
        }
        ledger.recover(&stamp())?;
        let templates = templates(arguments.templates.as_deref())?;
        let pages = Pages::new(&templates, evaluation.settings.limits)
            .map_err(|error| Failure::new(Exit::Usage, &error))?;
        let words = templates.lexicon(&Language::english()).map_err(RenderError::Lexicon);
        let words = words.map_err(|error| unusable_templates(&error))?;
        let desk = Self {
            evaluation_folder,
            evaluation,
            mail,
            folder,
            out,
            manifest,
            record,
            pages,
            words,
            _lock: lock,
        };
        Ok((desk, ledger))
    }

    fn sending<'s>(&'s self, deliveries: &'s [Delivery]) -> Sending<'s> {
        Sending {
            evaluation: self.evaluation,
            mail: self.mail,
            run: &self.folder,
            manifest: &self.manifest,
            record: &self.record,
            deliveries,
            pages: &self.pages,
            words: &self.words,
        }
    }

    /// The folder of the plan of the run.
    fn plans(&self) -> PathBuf {
        self.out.join(publish::SENDS).join(&self.manifest.run.id)
    }

    /// Makes the plan, and sends all of it to a catch-all address where that is wanted.
    fn rehearse(
        &self,
        arguments: &SendArguments,
        ledger: &Ledger,
        terminal: &mut Terminal,
    ) -> Result<Exit, Failure> {
        let note = arguments.note.clone().unwrap_or_default();
        let wish = Wish { made: super::now(), failed: arguments.failed, note };
        let deliveries = ledger.deliveries()?;
        let planned = deliver::rehearse(&self.sending(&deliveries), &wish, &self.plans());
        let Checked { value: plan, problems } = planned?;
        let items: Vec<&Item> = plan.items.iter().collect();
        let caught = match &arguments.catch_all {
            Some(address) => match self.hand_over(&items, Destination::CatchAll(address), terminal)? {
                (sent, None) => Some(sent),
                (_, Some(failure)) => return Err(failure),
            },
            None => None,
        };
        let missing = caught.is_some_and(|sent| sent.accepted < plan.items.len());
        let held = missing || problems.iter().any(Problem::is_error);
        let exit = if held { Exit::Problems } else { Exit::Done };
        let folder = publish::SENDS.to_owned() + "/" + &plan.run;
        if arguments.json {
            terminal.json(&json!({ "plan": plan, "problems": problems, "folder": folder, "caught": caught.map(counts) }));
            return Ok(exit);
        }
        table(&plan, terminal);
        terminal.problems(&problems);
        let size: usize = plan.items.iter().map(|item| item.size).sum();
        terminal.heading(format_args!(
            "{} planned, {}{}",
            messages(plan.items.len()),
            HumanBytes(size as u64),
            if plan.already > 0 { format!("; {} sent before", plan.already) } else { String::new() },
        ));
        terminal.line(format_args!("Look:  {}", self.plans().display()));
        if let (Some(sent), Some(address)) = (caught, &arguments.catch_all) {
            terminal.line(format_args!("{} of {} taken for {address}", sent.accepted, plan.items.len()));
        }
        if RealAnswers::of(self.evaluation, &self.manifest).is_err() {
            terminal.line(format_args!(
                "The answers are made up: nothing of this can be sent to its recipients."
            ));
        } else if !plan.items.is_empty() {
            terminal.next(format_args!("{}", command(arguments)));
        }
        Ok(exit)
    }

    /// Sends what the plan has and would still have.
    fn replay(
        &self,
        arguments: &SendArguments,
        ledger: &mut Ledger,
        terminal: &mut Terminal,
    ) -> Result<Exit, Failure> {
        let real = RealAnswers::of(self.evaluation, &self.manifest).map_err(|error| {
            Failure::usage(error.to_string()).hint("try it with --rehearse --catch-all YOUR-ADDRESS")
        })?;
        let folder = self.plans();
        let stored = deliver::rehearsed(&folder);
        let rehearse = format!("{} --rehearse", command(arguments));
        let stored = stored.map_err(|error| match error {
            SendError::Plan { .. } => {
                Failure::usage(error.to_string()).hint(format!("make another and look at it: {rehearse}"))
            }
            error => error.into(),
        })?;
        let Some(stored) = stored.filter(|plan| plan.run == self.manifest.run.id) else {
            return Err(Failure::usage("there is no plan for this run")
                .hint(format!("make one and look at it: {rehearse}")));
        };
        if arguments.failed && !stored.wish.failed {
            return Err(Failure::usage("the plan is not one of what failed")
                .hint(format!("make one: {rehearse} --failed")));
        }
        let deliveries = ledger.deliveries()?;
        let fresh = deliver::plan(&self.sending(&deliveries), &stored.wish, |_, _| Ok(()));
        let fresh = fresh?;
        let Checked { value: items, problems: changed } =
            deliver::replayed(&stored, &fresh.value, &deliveries);
        let mut problems = fresh.problems;
        problems.extend(changed);
        let (sent, failure) = if items.is_empty() {
            (Sent::default(), None)
        } else {
            self.hand_over(&items, Destination::Recipients { real, ledger }, terminal)?
        };
        let held = problems.iter().any(Problem::is_error) || sent.refused + sent.unknown > 0;
        let exit = if held { Exit::Problems } else { Exit::Done };
        let planned = items.len() - sent.accepted - sent.refused - sent.unknown;
        if arguments.json {
            terminal.json(&json!({
                "run": stored.run, "sent": counts(sent), "planned": planned, "already": fresh.value.already, "problems": problems,
            }));
        } else {
            terminal.problems(&problems);
            terminal.heading(format_args!("{} taken by the server", messages(sent.accepted)));
            let others = [
                (sent.refused, "refused"),
                (sent.unknown, "of which nobody knows"),
                (planned, "still planned"),
            ];
            for (count, what) in others.into_iter().filter(|(count, _)| *count > 0) {
                terminal.line(format_args!("{count} {what}"));
            }
            if fresh.value.already > 0 {
                terminal.line(format_args!("{} sent before, and not again", fresh.value.already));
            }
            if sent.unknown > 0 {
                terminal.next(format_args!("area-reports deliveries EVALUATION --state unknown"));
            }
        }
        failure.map_or(Ok(exit), Err)
    }

    /// Hands messages over; what went before the server was gone counts, and so the failure comes beside it.
    fn hand_over(
        &self,
        items: &[&Item],
        destination: Destination<'_>,
        terminal: &mut Terminal,
    ) -> Result<(Sent, Option<Failure>), Failure> {
        let server = server(self.mail)?;
        let customs = Customs::new(self.evaluation_folder, &self.manifest)?;
        let folder = self.plans();
        let bar = super::progress::sending(items.len());
        let _prepared = interruption::prepare(OnStop::Soon(
            "stopping after the message that is being sent; the others stay planned",
        ));
        let sender = Sender {
            folder: &folder,
            mail: self.mail,
            server: &server,
            customs: &customs,
            destination,
            stop: &|| interruption::stopped().is_some(),
            clock: super::now,
            wait: super::wait,
        };
        let mut sent = Sent::default();
        let ended = deliver::send(sender, items, &mut |item, state, answer| {
            sent.count(state);
            if state != State::Planned {
                bar.inc(1);
            }
            if state != State::Accepted {
                let word = if state == State::Planned { "to be tried again" } else { state.word() };
                let area =
                    item.parcels.first().map(|parcel| parcel.subject_name.as_str()).unwrap_or_default();
                bar.suspend(|| {
                    terminal.note(format_args!("{area}, {}: {word}: {answer}", masked(&item.recipient)))
                });
            }
        });
        bar.finish_and_clear();
        Ok((sent, ended.err().map(Failure::from)))
    }
}

/// Records what somebody found out about messages of which nobody knew.
fn resolve(
    arguments: &SendArguments,
    out: &Path,
    resolution: Resolution,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let _lock = Lock::of_senders(out, &holder()).map_err(|error| Failure::new(Exit::Busy, &error))?;
    let mut ledger = Ledger::open(out)?;
    ledger.recover(&stamp())?;
    let deliveries = ledger.deliveries()?;
    let wanted = |delivery: &&Delivery| {
        delivery.state == State::Unknown
            && (arguments.area.is_empty() || arguments.area.iter().any(|area| delivery.is_of(area)))
    };
    let mut ids: Vec<&str> =
        deliveries.iter().filter(wanted).map(|delivery| delivery.message.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(Failure::usage("there is no message of which nobody knows")
            .hint("area-reports deliveries lists them all"));
    }
    let (to, answer) = match resolution {
        Resolution::Accepted => (State::Accepted, "somebody found out that it arrived"),
        Resolution::NotAccepted => (State::Planned, "somebody found out that it did not arrive"),
    };
    for id in &ids {
        ledger.move_message(id, State::Unknown, to, answer, &stamp())?;
    }
    if arguments.json {
        terminal.json(&json!({ "resolved": ids, "state": to }));
        return Ok(Exit::Done);
    }
    terminal.line(format_args!("{} now {}.", messages(ids.len()), to.word()));
    if to == State::Planned {
        terminal.next(format_args!("{} --rehearse", command(arguments)));
    }
    Ok(Exit::Done)
}

/// The plan as a table. Whole addresses are for somebody who watches, and not for a log.
fn table(plan: &SendPlan, terminal: &mut Terminal) {
    let address = |item: &Item| {
        if Terminal::is_watched() { item.recipient.clone() } else { masked(&item.recipient) }
    };
    let areas =
        |item: &Item| item.parcels.iter().map(|p| p.subject_name.as_str()).collect::<Vec<_>>().join(", ");
    let wide = |of: &dyn Fn(&Item) -> String, most: usize| {
        plan.items.iter().map(|item| of(item).chars().count()).max().unwrap_or(0).clamp(9, most)
    };
    let (first, second) = (wide(&areas, 36), wide(&address, 48));
    if plan.items.is_empty() {
        return;
    }
    terminal.heading(format_args!("{:<first$}  {:<second$}  {:>9}  attachment", "Area", "Recipient", "Size"));
    for item in &plan.items {
        let hash = item.parcels.first().map(|parcel| &parcel.sha256[..12]).unwrap_or_default();
        let correction = if item.event == "correction" { "  correction" } else { "" };
        terminal.line(format_args!(
            "{:<first$}  {:<second$}  {:>9}  {hash}{correction}",
            areas(item),
            address(item),
            HumanBytes(item.size as u64).to_string(),
        ));
    }
}

/// The command that sends the same run.
fn command(arguments: &SendArguments) -> String {
    let evaluation =
        arguments.evaluation.as_ref().map(|folder| format!(" --evaluation {}", folder.display()));
    format!("area-reports send {}{}", arguments.run.display(), evaluation.unwrap_or_default())
}

fn counts(sent: Sent) -> serde_json::Value {
    json!({ "accepted": sent.accepted, "refused": sent.refused, "unknown": sent.unknown })
}

fn messages(count: usize) -> String {
    format!("{count} {}", if count == 1 { "message" } else { "messages" })
}

fn stamp() -> String {
    super::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
