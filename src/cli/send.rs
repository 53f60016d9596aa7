use std::collections::BTreeSet;

use indicatif::HumanBytes;
use serde_json::json;

use super::args::SendArguments;
use super::check::{load, unusable};
use super::exit::{Exit, Failure};
use super::output::run_of;
use super::post::{Letters, Post, Preparation, command, counts, evaluation_folder, messages};
use super::replay::replay;
use super::resolve::resolve;
use super::terminal::Terminal;
use area_reports::deliver::{Basis, Destination, Outgoing, PlannedMessage, SendPlan, Sent, Wish};
use area_reports::model::masked;
use area_reports::problem::{Checked, Problem};
use area_reports::read::RECIPIENTS;
use area_reports::review::Moment;

/// `send`: plans who gets what, and sends what was planned.
pub(super) fn send(arguments: &SendArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    terminal.in_full(arguments.addresses.in_full);
    let (output, run) = run_of(&arguments.run)?;
    if let Some(resolution) = arguments.resolve {
        return resolve(arguments, &output, resolution, terminal);
    }
    let folder = evaluation_folder(arguments)?;
    let basis = Basis::of(&folder, &output, &run);
    let Checked { value: evaluation, problems } = load(&folder)?;
    let Some(evaluation) = evaluation else { return Ok(unusable(arguments.json, &problems, terminal)) };
    let moment = Moment { holder: &super::holder(), at: super::stamp() };
    let mut outgoing = Outgoing::open(&evaluation, output, &run, &super::vault::vault()?, moment)?;
    if arguments.not_the_approved_run {
        outgoing = outgoing.although_not_the_approved_run();
    }
    let letters = Letters::open(arguments, &evaluation)?;
    let left_out = problems.into_iter().filter(|problem| problem.place.file == RECIPIENTS).collect();
    let preparation = Preparation { letters, basis, left_out };
    if arguments.rehearse {
        rehearse(arguments, &mut outgoing, preparation, terminal)
    } else {
        replay(arguments, &mut outgoing, preparation, terminal)
    }
}

/// Makes the plan, and sends all of it to the catch-all address if there is one.
fn rehearse(
    arguments: &SendArguments,
    outgoing: &mut Outgoing<'_>,
    Preparation { letters, basis, left_out }: Preparation,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let note = arguments.note.clone().unwrap_or_default();
    let wish = Wish { made: super::now(), failed: arguments.failed, note };
    let Checked { value: plan, problems: held } = outgoing.rehearse(&wish, &letters.pages, &letters.words)?;
    let problems: Vec<Problem> = left_out.into_iter().chain(held).collect();
    let new = outgoing.newcomers(&plan)?;
    let folder = outgoing.plan_folder();
    let caught = if arguments.catch_all {
        Some(catch_all(arguments, outgoing, &plan, &basis, terminal)?)
    } else {
        None
    };
    let missing = caught.as_ref().is_some_and(|caught| caught.sent.accepted < caught.messages);
    let held = missing || problems.iter().any(Problem::is_error);
    let exit = if held { Exit::Problems } else { Exit::Done };
    if arguments.json {
        let folder = format!("sends/{}", plan.run);
        terminal.json(
            &json!({ "plan": plan, "problems": problems, "folder": folder, "new_recipients": new, "caught": caught.map(|caught| counts(caught.sent)) }),
        );
        return Ok(exit);
    }
    table(&plan, &new, terminal);
    terminal.problems(&problems);
    let size: usize = plan.messages.iter().map(|message| message.size).sum();
    terminal.heading(format_args!(
        "{} planned, {}{}",
        messages(plan.messages.len()),
        HumanBytes(size as u64),
        if plan.already > 0 { format!("; {} already sent", plan.already) } else { String::new() },
    ));
    if !new.is_empty() {
        let who = if new.len() == 1 { "recipient gets" } else { "recipients get" };
        terminal.line(format_args!("{} {who} a report for the first time: look at them first", new.len()));
    }
    terminal.line(format_args!("Messages:  {}", folder.path().display()));
    if let Some(Caught { sent, messages, address }) = caught {
        terminal.line(format_args!("{} of {messages} accepted for {address}", sent.accepted));
    }
    if outgoing.real_answers().is_err() {
        terminal.line(format_args!("The answers are made up: none of this can be sent to its recipients."));
    } else if !plan.messages.is_empty() {
        terminal.next(format_args!("{}", command(arguments)));
    }
    Ok(exit)
}

/// What became of messages that went to the catch-all address.
struct Caught {
    sent: Sent,
    messages: usize,
    address: String,
}

/// Sends the messages of a plan, or those of some areas, to the catch-all address.
fn catch_all(
    arguments: &SendArguments,
    outgoing: &mut Outgoing<'_>,
    plan: &SendPlan,
    basis: &Basis,
    terminal: &mut Terminal,
) -> Result<Caught, Failure> {
    let address = outgoing.catch_all()?;
    let is_wanted = |message: &&PlannedMessage| {
        let of = |area: &String| message.reports.iter().any(|report| report.is_of(area));
        arguments.area.is_empty() || arguments.area.iter().any(of)
    };
    let wanted: Vec<&PlannedMessage> = plan.messages.iter().filter(is_wanted).collect();
    if let Some(unknown) = arguments
        .area
        .iter()
        .find(|area| !wanted.iter().any(|message| message.reports.iter().any(|report| report.is_of(area))))
    {
        return Err(Failure::usage(format!("no message is planned for '{unknown}'")));
    }
    terminal.note(format_args!(
        "{} will go to {address}, and none to its recipients; the ledger records them as a rehearsal",
        messages(wanted.len())
    ));
    let folder = outgoing.plan_folder();
    let post = Post::open(arguments, outgoing.mail, &outgoing.manifest, &folder, basis)?;
    let run = outgoing.manifest.run.id.as_str();
    let to = Destination::CatchAll { address, run, custody: &mut outgoing.custody };
    let (sent, failure) = post.send(&wanted, to, terminal);
    let caught = Caught { sent, messages: wanted.len(), address: address.to_owned() };
    failure.map_or(Ok(caught), Err)
}

/// Prints the plan as a table. Full addresses are for people at a terminal, or who ask for them, not for a log.
fn table(plan: &SendPlan, new: &BTreeSet<String>, terminal: &mut Terminal) {
    let full = terminal.shows_addresses();
    let address = |message: &PlannedMessage| {
        if full { message.recipient.clone() } else { masked(&message.recipient) }
    };
    let wide = |of: &dyn Fn(&PlannedMessage) -> String, most: usize| {
        plan.messages.iter().map(|message| of(message).chars().count()).max().unwrap_or(0).clamp(9, most)
    };
    let (first, second) = (wide(&PlannedMessage::subject_names, 36), wide(&address, 48));
    if plan.messages.is_empty() {
        return;
    }
    terminal.heading(format_args!("{:<first$}  {:<second$}  {:>9}  Attachment", "Area", "Recipient", "Size"));
    for message in &plan.messages {
        let hash = message.reports.first().map(|report| &report.sha256[..12]).unwrap_or_default();
        let correction = if message.event == "correction" { "  correction" } else { "" };
        let is_new = if new.contains(&message.recipient) { "  NEW RECIPIENT" } else { "" };
        terminal.line(format_args!(
            "{:<first$}  {:<second$}  {:>9}  {hash}{correction}{is_new}",
            message.subject_names(),
            address(message),
            HumanBytes(message.size as u64).to_string(),
        ));
    }
}
