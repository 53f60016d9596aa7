use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::HumanBytes;

use super::terminal::Terminal;
use area_reports::pipeline::Built;
use area_reports::publish::{KindCount, Link, Outcome, Output};

/// Prints what a run made, and what it could not make.
pub(super) fn summary(output: &Output, built: &Built, took: Duration, terminal: &mut Terminal) {
    let reports = &built.manifest.reports;
    let files: Vec<_> = reports.iter().filter_map(|entry| entry.report.as_ref()).collect();
    let pages: usize = files.iter().filter_map(|file| file.pages).sum();
    let size: usize = files.iter().map(|file| file.size).sum();
    let failed: Vec<_> = reports.iter().filter(|entry| !entry.outcome.is_made()).collect();
    if !failed.is_empty() {
        terminal.heading(format_args!("{} of {} reports could not be made", failed.len(), reports.len()));
    }
    let mut said: Vec<&str> = Vec::new();
    for entry in &failed {
        let reason = match &entry.outcome {
            // The same fault in 143 reports is explained once.
            Outcome::Template { problem } if said.contains(&first_line(problem)) => {
                "for the same reason".to_owned()
            }
            Outcome::Template { problem } => {
                said.push(first_line(problem));
                format!("a template does not fit it\n      {}", indented(problem))
            }
            Outcome::Unproven { doubts } => unproven(doubts),
            Outcome::Limit { problem } => problem.clone(),
            Outcome::Defect { problem } => format!("a defect in this program, please report it: {problem}"),
            _ => "its submission has errors, see above".to_owned(),
        };
        terminal.line(format_args!("  {:<5} {}: {reason}", entry.id.report.subject, entry.label()));
    }
    let Some(run) = &built.run else {
        terminal.note(format_args!("\nNothing was published."));
        return;
    };
    terminal.heading(format_args!(
        "{} {}, {pages} pages, {} in {:.1} s",
        files.len(),
        if files.len() == 1 { "report" } else { "reports" },
        HumanBytes(size as u64),
        took.as_secs_f64(),
    ));
    kinds(built, terminal);
    formats(built, terminal);
    let reused = reports.iter().filter(|entry| entry.outcome == Outcome::Reused).count();
    if reused > 0 {
        let made = files.len() - reused;
        terminal.line(format_args!("Made:    {made}; the other {reused} reused from the run before"));
    }
    if reused < files.len() {
        terminal.line(format_args!(
            "Proved:  every number matches a fact, and every report is about its own subject only \
             ({:.1} s of processor time)",
            built.manifest.run.proof_milliseconds as f64 / 1000.0,
        ));
    }
    terminal.line(format_args!("Run:     {}", run.folder.display()));
    if built.manifest.only.is_empty() {
        terminal.line(format_args!("Latest:  {}", output.link(Link::Latest).display()));
    } else {
        terminal.line(format_args!("Only some of the reports: 'latest' still points to the last whole run."));
    }
    if let Some(file) = files.first() {
        terminal.line(format_args!("Open:    {}", run.folder.join(&file.file).display()));
    }
}

/// Prints how many reports of each kind there are, if there are several kinds.
fn kinds(built: &Built, terminal: &mut Terminal) {
    let kinds = &built.summary.kinds;
    if kinds.len() > 1 {
        let count = |of: &KindCount| format!("{} {}", of.built + of.reused, of.kind);
        let counts: Vec<String> = kinds.iter().map(count).collect();
        terminal.line(format_args!("Kinds:   {}", counts.join(", ")));
    }
}

/// Prints how many reports there are in each format and in each language, if there are several.
fn formats(built: &Built, terminal: &mut Terminal) {
    let made =
        || built.manifest.reports.iter().filter(|entry| entry.outcome.is_made()).map(|entry| &entry.id);
    let count = |words: Vec<String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
        counts
    };
    let formats = count(made().map(|id| id.format.to_string()).collect());
    let languages = count(made().map(|id| id.report.language.to_string()).collect());
    for (label, counts) in [("Formats: ", formats), ("Languages: ", languages)] {
        if counts.len() > 1 {
            let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
            terminal.line(format_args!("{label}{}", counts.join(", ")));
        }
    }
}

/// The first few doubts about a report; the manifest has all of them.
fn unproven(doubts: &[String]) -> String {
    const LISTED: usize = 5;
    let mut lines: Vec<String> = doubts.iter().take(LISTED).map(|doubt| format!("\n      {doubt}")).collect();
    if doubts.len() > LISTED {
        lines.push(format!("\n      and {} more", doubts.len() - LISTED));
    }
    format!("it failed its checks{}", lines.concat())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n      ")
}
