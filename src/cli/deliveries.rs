use serde_json::json;

use super::args::DeliveriesArguments;
use super::check::load;
use super::exit::{Exit, Failure};
use super::post::messages;
use super::terminal::Terminal;
use super::vault::trail;
use area_reports::deliver::{Custody, Delivery, Ledger};
use area_reports::model::{EditionId, ReportId, masked};
use area_reports::problem::Checked;
use area_reports::publish::Output;

/// `deliveries`: lists who received which version of which report, and when.
pub(super) fn deliveries(arguments: &DeliveriesArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    terminal.in_full(arguments.addresses.in_full);
    let output = arguments.runs.output();
    let out = output.folder().display();
    if arguments.restore {
        return restore(arguments, &output, terminal);
    }
    let (mut wanted, rehearsals) = match Ledger::existing(&output)? {
        Some(ledger) => (ledger.deliveries()?, ledger.rehearsals()?),
        None => Default::default(),
    };
    wanted.retain(|delivery| {
        (arguments.state.is_empty() || arguments.state.iter().any(|state| state == delivery.state.word()))
            && (arguments.kind.is_empty() || arguments.kind.contains(&delivery.id.report.kind))
            && (arguments.area.is_empty() || arguments.area.iter().any(|area| delivery.is_of(area)))
    });
    if arguments.runs.json {
        terminal.json(&json!({ "out": out.to_string(), "deliveries": wanted, "rehearsals": rehearsals }));
    } else if arguments.csv {
        if !terminal.shows_addresses() {
            wanted.iter_mut().for_each(|delivery| delivery.recipient = masked(&delivery.recipient));
        }
        let text = table(&wanted)?;
        terminal.line(format_args!("{}", text.trim_end()));
    } else if wanted.is_empty() {
        terminal.line(format_args!("Nothing of that kind was sent or planned in {out}."));
    } else {
        list(&wanted, terminal);
    }
    if let Some(last) = rehearsals.last().filter(|_| !arguments.runs.json && !arguments.csv) {
        terminal.line(format_args!(
            "{} went to a catch-all address as a rehearsal, the last at {}",
            messages(rehearsals.len()),
            last.at
        ));
    }
    Ok(Exit::Done)
}

/// Adds to the ledger what it lacks and the vault knows.
fn restore(
    arguments: &DeliveriesArguments,
    output: &Output,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let Checked { value: evaluation, .. } = load(&arguments.runs.evaluation)?;
    let evaluation = evaluation.ok_or_else(|| {
        Failure::usage("the recipients cannot be read").hint("see: area-reports check EVALUATION")
    })?;
    let recipients = evaluation.recipients.iter();
    let addresses: Vec<_> = recipients.map(|to| (to.email.clone(), to.name.clone())).collect();
    let restored = Custody::restore(output, trail(&evaluation.settings.id)?, &addresses)?;
    if arguments.runs.json {
        terminal.json(&json!({ "out": output.folder().display().to_string(), "restored": restored }));
    } else {
        terminal.line(format_args!("{restored} deliveries restored."));
    }
    Ok(Exit::Done)
}

fn list(deliveries: &[Delivery], terminal: &mut Terminal) {
    let full = terminal.shows_addresses();
    let address = |delivery: &Delivery| {
        if full { delivery.recipient.clone() } else { masked(&delivery.recipient) }
    };
    let wide = |of: &dyn Fn(&Delivery) -> String, most: usize| {
        deliveries.iter().map(|delivery| of(delivery).chars().count()).max().unwrap_or(0).clamp(9, most)
    };
    let (first, second) = (wide(&|delivery| delivery.subject_name.clone(), 36), wide(&address, 48));
    terminal.heading(format_args!(
        "{:<20}  {:<12}  {:<first$}  {:<second$}  {:<12}  Server reply",
        "At", "State", "Area", "Recipient", "Report"
    ));
    for delivery in deliveries {
        terminal.line(format_args!(
            "{:<20}  {:<12}  {:<first$}  {:<second$}  {:<12}  {}",
            delivery.at,
            delivery.state.word(),
            delivery.subject_name,
            address(delivery),
            &delivery.sha256[..12],
            if delivery.superseded {
                format!("{}; replaced later", delivery.answer)
            } else {
                delivery.answer.clone()
            },
        ));
    }
}

fn table(deliveries: &[Delivery]) -> Result<String, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for delivery in deliveries {
        let EditionId { report: ReportId { kind, subject, language }, format } = &delivery.id;
        table.write_record([
            delivery.at.as_str(),
            delivery.state.word(),
            kind.word(),
            subject,
            &harmless(&delivery.subject_name),
            language.code(),
            format.word(),
            &delivery.recipient,
            &harmless(&delivery.name),
            &delivery.event,
            &delivery.run,
            &delivery.message,
            &delivery.sha256,
            &delivery.attempts.to_string(),
            if delivery.superseded { "yes" } else { "no" },
            &harmless(&delivery.answer),
        ])?;
    }
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text that a spreadsheet does not run as a formula. A server could have written it.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The columns of a list of deliveries as comma-separated values.
const COLUMNS: [&str; 16] = [
    "at",
    "state",
    "kind",
    "subject",
    "subject_name",
    "language",
    "format",
    "recipient",
    "name",
    "event",
    "run",
    "message",
    "sha256",
    "attempts",
    "replaced",
    "answer",
];
