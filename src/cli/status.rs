use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::HumanBytes;
use serde_json::json;

use super::args::{RunsArguments, StatusArguments};
use super::exit::{Exit, Failure};
use super::inbox;
use super::terminal::Terminal;
use super::verdict;
use area_reports::deliver::{Delivery, Ledger, State};
use area_reports::publish::{Link, Outcome, ReportEntry, ShelvedRun};
use area_reports::review::{Record, Standing};

/// Most runs to list.
const LISTED: usize = 10;

/// How long `--watch` waits before it looks at the inbox again. Changes on a network drive are not announced.
const PAUSE: Duration = Duration::from_secs(2);

/// `status`: lists the most recent runs of an evaluation, and with `--watch` records decisions as they arrive.
pub(super) fn status(arguments: &StatusArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let StatusArguments { runs, watch } = arguments;
    let exit = now(runs, terminal)?;
    if !watch {
        return Ok(exit);
    }
    let output = runs.output();
    terminal.note(format_args!("Watching {}. Stop with Ctrl-C.", output.inbox().display()));
    loop {
        let mut received = inbox::received(&output)?;
        received.retain(|received| !received.waits());
        if !received.is_empty() {
            inbox::print(&received, terminal);
            now(runs, terminal)?;
            terminal.finish().map_err(|error| Failure::new(Exit::System, &error))?;
        }
        super::wait(PAUSE);
    }
}

/// Lists the most recent runs as they are now.
fn now(arguments: &RunsArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let output = arguments.output();
    let out = output.folder().display();
    let runs = output.runs()?;
    let record = Record::read(&output, &super::vault::vault()?)?;
    if arguments.json {
        let listed = runs.iter().map(|run| {
            json!({ "id": run.id, "links": links(run), "approved": approved(run, &record), "made": count(run, &[Outcome::Built]),
                    "reused": count(run, &[Outcome::Reused]), "failed": failed(run), "bytes": bytes(run) })
        });
        terminal.json(&json!({ "out": out.to_string(), "runs": listed.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    if runs.is_empty() {
        terminal.line(format_args!("There is no run in {out} yet."));
        terminal.next(format_args!("area-reports build {}", arguments.evaluation.display()));
        return Ok(Exit::Done);
    }
    terminal
        .heading(format_args!("{:<24} {:>5} {:>7} {:>7} {:>10}", "Run", "Made", "Reused", "Failed", "Size"));
    for run in runs.iter().take(LISTED) {
        let note = match (&run.manifest, run.links.as_slice()) {
            (None, _) => "no manifest: not a run of this program".to_owned(),
            (Some(manifest), []) if !manifest.only.is_empty() => "only some reports".to_owned(),
            (_, _) => links(run).join(", "),
        };
        terminal.line(format_args!(
            "{:<24} {:>5} {:>7} {:>7} {:>10}  {note}",
            run.id,
            count(run, &[Outcome::Built]),
            count(run, &[Outcome::Reused]),
            failed(run),
            HumanBytes(bytes(run)).to_string(),
        ));
    }
    if runs.len() > LISTED {
        terminal.line(format_args!("and {} older", runs.len() - LISTED));
    }
    let latest = runs.iter().find(|run| run.links.contains(&Link::Latest));
    if let Some(manifest) = latest.and_then(|run| run.manifest.as_ref()) {
        terminal.heading(format_args!("Review of the latest run"));
        verdict::standing(manifest, &record.standings(manifest), terminal);
    }
    let ledger = Ledger::existing(&output)?;
    let deliveries = ledger.map_or_else(|| Ok(Vec::new()), |ledger| ledger.deliveries());
    delivered(&deliveries?, terminal);
    Ok(Exit::Done)
}

/// Prints what was sent, run by run, and whether any outcome is unknown.
fn delivered(deliveries: &[Delivery], terminal: &mut Terminal) {
    if deliveries.is_empty() {
        return;
    }
    let mut runs: BTreeMap<&str, BTreeMap<State, usize>> = BTreeMap::new();
    for delivery in deliveries.iter().filter(|d| !d.superseded || d.state == State::Accepted) {
        *runs.entry(&delivery.run).or_default().entry(delivery.state).or_default() += 1;
    }
    terminal.heading(format_args!("Deliveries"));
    for (run, states) in runs.iter().rev().take(LISTED) {
        let states: Vec<String> =
            states.iter().map(|(state, count)| format!("{count} {}", state.word())).collect();
        terminal.line(format_args!("{run:<24} {}", states.join(", ")));
    }
    if deliveries.iter().any(|delivery| matches!(delivery.state, State::Unknown | State::HandingOver)) {
        terminal.line(format_args!(
            "It is not known whether some of them arrived: 'area-reports deliveries --state unknown' lists them."
        ));
    }
}

/// The names of the links to a run.
fn links(run: &ShelvedRun) -> Vec<&'static str> {
    run.links.iter().map(|link| link.name()).collect()
}

/// How many reports of a run are approved.
fn approved(run: &ShelvedRun, record: &Record) -> usize {
    let standings = run.manifest.iter().flat_map(|manifest| record.standings(manifest));
    standings.filter(|standing| matches!(standing, Standing::Approved { .. })).count()
}

fn count(run: &ShelvedRun, outcomes: &[Outcome]) -> usize {
    let reports = run.manifest.iter().flat_map(|manifest| &manifest.reports);
    reports.filter(|entry| outcomes.contains(&entry.outcome)).count()
}

fn failed(run: &ShelvedRun) -> usize {
    let reports = run.manifest.iter().flat_map(|manifest| &manifest.reports);
    reports.filter(|entry| !entry.outcome.is_made()).count()
}

fn bytes(run: &ShelvedRun) -> u64 {
    let reports = run.manifest.iter().flat_map(|manifest| &manifest.reports);
    let files = reports.flat_map(ReportEntry::files);
    files.map(|file| file.size as u64).sum()
}
