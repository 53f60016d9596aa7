use indicatif::HumanBytes;
use serde_json::json;

use super::args::SendArguments;
use super::check::{load, unusable};
use super::exit::{Exit, Failure};
use super::output::run_of;
use super::post::{Letters, Post, command, counts, evaluation_folder, messages};
use super::replay::replay;
use super::resolve::resolve;
use super::terminal::Terminal;
use area_reports::deliver::{Destination, Outgoing, PlannedMessage, SendPlan, Wish, masked};
use area_reports::problem::{Checked, Problem};

/// `send`: plans who gets what, and sends what was planned.
pub(super) fn send(arguments: &SendArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (output, run) = run_of(&arguments.run)?;
    if let Some(resolution) = arguments.resolve {
        return resolve(arguments, &output, resolution, terminal);
    }
    let folder = evaluation_folder(arguments)?;
    let Checked { value: evaluation, problems } = load(&folder)?;
    let Some(evaluation) = evaluation else { return Ok(unusable(arguments.json, &problems, terminal)) };
    let mut outgoing = Outgoing::open(&evaluation, output, &run, &super::holder(), &super::stamp())?;
    let letters = Letters::open(arguments, &evaluation)?;
    if arguments.rehearse {
        rehearse(arguments, &outgoing, &letters, terminal)
    } else {
        replay(arguments, &mut outgoing, &letters, terminal)
    }
}

/// Makes the plan, and sends all of it to the catch-all address if there is one.
fn rehearse(
    arguments: &SendArguments,
    outgoing: &Outgoing<'_>,
    letters: &Letters,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let note = arguments.note.clone().unwrap_or_default();
    let wish = Wish { made: super::now(), failed: arguments.failed, note };
    let Checked { value: plan, problems } = outgoing.rehearse(&wish, &letters.pages, &letters.words)?;
    let folder = outgoing.plan_folder();
    let caught = match &arguments.catch_all {
        Some(address) => {
            let messages: Vec<&PlannedMessage> = plan.messages.iter().collect();
            let post = Post::open(arguments, outgoing.mail, &outgoing.manifest, &folder)?;
            let (sent, failure) = post.send(&messages, Destination::CatchAll(address), terminal);
            failure.map_or(Ok(Some(sent)), Err)?
        }
        None => None,
    };
    let missing = caught.is_some_and(|sent| sent.accepted < plan.messages.len());
    let held = missing || problems.iter().any(Problem::is_error);
    let exit = if held { Exit::Problems } else { Exit::Done };
    if arguments.json {
        let folder = format!("sends/{}", plan.run);
        terminal.json(
            &json!({ "plan": plan, "problems": problems, "folder": folder, "caught": caught.map(counts) }),
        );
        return Ok(exit);
    }
    table(&plan, terminal);
    terminal.problems(&problems);
    let size: usize = plan.messages.iter().map(|message| message.size).sum();
    terminal.heading(format_args!(
        "{} planned, {}{}",
        messages(plan.messages.len()),
        HumanBytes(size as u64),
        if plan.already > 0 { format!("; {} already sent", plan.already) } else { String::new() },
    ));
    terminal.line(format_args!("Messages:  {}", folder.path().display()));
    if let (Some(sent), Some(address)) = (caught, &arguments.catch_all) {
        terminal.line(format_args!("{} of {} accepted for {address}", sent.accepted, plan.messages.len()));
    }
    if outgoing.real_answers().is_err() {
        terminal.line(format_args!("The answers are made up: none of this can be sent to its recipients."));
    } else if !plan.messages.is_empty() {
        terminal.next(format_args!("{}", command(arguments)));
    }
    Ok(exit)
}

/// Prints the plan as a table. Full addresses are for people at a terminal, not for a log.
fn table(plan: &SendPlan, terminal: &mut Terminal) {
    let address = |message: &PlannedMessage| {
        if Terminal::is_watched() { message.recipient.clone() } else { masked(&message.recipient) }
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
        terminal.line(format_args!(
            "{:<first$}  {:<second$}  {:>9}  {hash}{correction}",
            message.subject_names(),
            address(message),
            HumanBytes(message.size as u64).to_string(),
        ));
    }
}
