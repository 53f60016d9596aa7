use std::path::PathBuf;
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressState, ProgressStyle};
use serde_json::json;

use super::args::BuildArguments;
use super::check::{load, unusable};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::aggregate::{Exposure, aggregate, reconcile, reconcile_supplied};
use crate::check::CheckedEvaluation;
use crate::model::{Area, AreaIndex, Status};
use crate::pipeline::{self, BuildError, BuildSettings, Built, Observer};
use crate::problem::{Checked, Problem, nearest};
use crate::publish::Outcome;
use crate::typeset::{Templates, TypesetError, Typesetter};

/// `build`: checks an evaluation and makes its reports.
pub(super) fn build(arguments: &BuildArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Checked { value, mut problems } = load(&arguments.evaluation)?;
    let Some(evaluation) = value else {
        return Ok(unusable(arguments.json, &problems, terminal));
    };
    let aggregates = aggregate(&evaluation);
    problems.extend(reconcile_supplied(&evaluation, &aggregates));
    problems.extend(reconcile(&evaluation, &aggregates).iter().filter_map(|row| row.problem(&evaluation)));
    let settings = BuildSettings {
        out: arguments.out.clone().unwrap_or_else(|| PathBuf::from("build").join(&evaluation.settings.id)),
        only: selection(arguments, &evaluation)?,
        jobs: arguments.jobs,
        typesetter: typesetter(arguments, &evaluation)?,
        clock: &super::now,
    };
    if !arguments.json {
        terminal.problems(&problems);
    }
    let progress = Progress::new(!arguments.json);
    let started = super::now();
    let built = pipeline::protect(&evaluation, aggregates, arguments.jobs)
        .and_then(|aggregates| pipeline::build(&evaluation, aggregates, &problems, &settings, &progress));
    progress.bar.finish_and_clear();
    let built = built.map_err(|error| match &error {
        BuildError::Disclosure(exposures) => exposed(&error, exposures, &evaluation),
        BuildError::Publish(_) => Failure::new(Exit::Machine, &error)
            .hint("make room or choose another folder with --out; nothing was published"),
        BuildError::Defect(_) => Failure::new(Exit::Defect, &error),
    })?;
    let took = super::now().duration_since(started).unsigned_abs();
    let exit = exit(&built, &problems);
    if arguments.json {
        terminal.json(&json!({
            "run": built.run.as_ref().map(|run| run.folder.display().to_string()),
            "seconds": took.as_secs_f64(),
            "problems": problems,
            "manifest": built.manifest,
        }));
    } else {
        summary(&settings.out, &built, took, terminal);
    }
    Ok(exit)
}

/// Says what could be worked out, and what can be done about it.
fn exposed(error: &BuildError, exposures: &[Exposure], evaluation: &CheckedEvaluation) -> Failure {
    let mut failure = Failure::new(Exit::Usage, error);
    for exposure in exposures {
        failure.message = format!("{}\n  {}", failure.message, exposure.describe(evaluation));
    }
    failure.hint("nothing was published; withhold less or more with [disclosure] in evaluation.toml")
}

/// The areas named with `--area` and `--region`; `None` when neither is given.
fn selection(
    arguments: &BuildArguments,
    evaluation: &CheckedEvaluation,
) -> Result<Option<Vec<AreaIndex>>, Failure> {
    if arguments.area.is_empty() && arguments.region.is_empty() {
        return Ok(None);
    }
    let register = &evaluation.register;
    let mut selected = Vec::new();
    let completed = |area: &Area| area.status == Status::Completed;
    for wanted in &arguments.area {
        let is = |area: &Area| area.code.as_str() == wanted || area.name.eq_ignore_ascii_case(wanted);
        let Some(position) = register.areas.iter().position(is) else {
            let failure = Failure::usage(format!("the register has no area '{wanted}'"));
            let near = nearest(wanted, register.areas.iter().map(|area| area.name.as_str()));
            return Err(match near {
                Some(near) => failure.hint(format!("did you mean '{near}'?")),
                None => failure.hint("give its code or its name as in register.csv"),
            });
        };
        if !completed(&register.areas[position]) {
            let name = &register.areas[position].name;
            return Err(Failure::usage(format!(
                "{name} did not complete the assessment, so it has no report"
            )));
        }
        selected.push(AreaIndex(position));
    }
    for wanted in &arguments.region {
        let Some(region) =
            register.regions.iter().position(|region| region.name.eq_ignore_ascii_case(wanted))
        else {
            let names: Vec<&str> = register.regions.iter().map(|region| region.name.as_str()).collect();
            return Err(Failure::usage(format!("the register has no region '{wanted}'"))
                .hint(format!("its regions are {}", names.join(", "))));
        };
        let areas = register.areas.iter().enumerate();
        selected.extend(
            areas
                .filter(|(_, area)| area.region.0 == region && completed(area))
                .map(|(index, _)| AreaIndex(index)),
        );
    }
    selected.sort_unstable();
    selected.dedup();
    Ok(Some(selected))
}

fn typesetter(arguments: &BuildArguments, evaluation: &CheckedEvaluation) -> Result<Typesetter, Failure> {
    let templates = match &arguments.templates {
        None => Templates::embedded(),
        Some(folder) => Templates::from_folder(folder).map_err(|error| {
            Failure::new(Exit::Usage, &error).hint("start from a copy of the whole folder report-templates")
        })?,
    };
    Typesetter::new(templates, &evaluation.wording).map_err(|error| match &error {
        TypesetError::Template(fault) => Failure::usage(format!("a template is wrong\n  {fault}")),
        TypesetError::Palette(_) => {
            Failure::usage(format!("the colours of the templates cannot be used\n  {error}"))
        }
        TypesetError::Defect(_) => Failure::new(Exit::Defect, &error),
    })
}

fn exit(built: &Built, problems: &[Problem]) -> Exit {
    let outcomes = || built.manifest.reports.iter().map(|entry| &entry.outcome);
    if outcomes().any(|outcome| matches!(outcome, Outcome::Defect { .. } | Outcome::Unproven { .. })) {
        Exit::Defect
    } else if built.run.is_none() && outcomes().any(|outcome| matches!(outcome, Outcome::Template { .. })) {
        Exit::Usage
    } else if problems.iter().any(Problem::is_error) || outcomes().any(|outcome| *outcome != Outcome::Built) {
        Exit::Problems
    } else {
        Exit::Done
    }
}

/// The first doubts of a report; all of them are in the manifest.
fn unproven(doubts: &[String]) -> String {
    const TOLD: usize = 5;
    let mut lines: Vec<String> = doubts.iter().take(TOLD).map(|doubt| format!("\n      {doubt}")).collect();
    if doubts.len() > TOLD {
        lines.push(format!("\n      and {} more", doubts.len() - TOLD));
    }
    format!("it could not be proved{}", lines.concat())
}

fn summary(out: &std::path::Path, built: &Built, took: Duration, terminal: &mut Terminal) {
    let reports = &built.manifest.reports;
    let files: Vec<_> = reports.iter().filter_map(|entry| entry.report.as_ref()).collect();
    let pages: usize = files.iter().filter_map(|file| file.pages).sum();
    let size: usize = files.iter().map(|file| file.size).sum();
    let failed: Vec<_> = reports.iter().filter(|entry| entry.outcome != Outcome::Built).collect();
    if !failed.is_empty() {
        terminal.heading(format_args!("No report was made of {} of {} areas", failed.len(), reports.len()));
    }
    let mut told: Vec<&str> = Vec::new();
    for entry in &failed {
        let reason = match &entry.outcome {
            // The same mistake in 143 reports is one mistake.
            Outcome::Template { problem } if told.contains(&first_line(problem)) => {
                "for the same reason".to_owned()
            }
            Outcome::Template { problem } => {
                told.push(first_line(problem));
                format!("a template does not suit it\n      {}", indented(problem))
            }
            Outcome::Unproven { doubts } => unproven(doubts),
            Outcome::Defect { problem } => format!("a defect of this program, please report it: {problem}"),
            _ => "its submission has errors, see above".to_owned(),
        };
        terminal.line(format_args!("  {:<5} {}: {reason}", entry.subject, entry.name));
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
    terminal.line(format_args!(
        "Proved:  read back, every number a fact and every report its own area's ({:.1} s of processor time)",
        built.manifest.run.proof_milliseconds as f64 / 1000.0,
    ));
    terminal.line(format_args!("Run:     {}", run.folder.display()));
    if built.manifest.only.is_empty() {
        terminal.line(format_args!("Latest:  {}", out.join("latest").display()));
    } else {
        terminal.line(format_args!("A part of the areas only: 'latest' still points to the last whole run."));
    }
    if let Some(file) = files.first() {
        terminal.line(format_args!("Open:    {}", run.folder.join(&file.file).display()));
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n      ")
}

/// Shows how the run goes on: a bar for somebody who watches, a line for every tenth part else.
struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    fn new(shown: bool) -> Self {
        let watched = shown && Terminal::is_watched();
        let bar = if watched { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let style = "{bar:32} {pos} of {len} reports  {rate}  {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.with_key("rate", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // A progress bar that cannot be written is no reason to stop.
                let _ = write!(out, "{:.1} a second", state.per_sec());
            }));
        }
        if watched {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, lines: shown && !watched }
    }
}

impl Observer for Progress {
    fn begins(&self, reports: usize) {
        self.bar.set_length(reports as u64);
    }

    fn finished(&self, area: &Area, outcome: &Outcome) {
        self.bar.inc(1);
        self.bar.set_message(area.name.clone());
        if *outcome != Outcome::Built {
            self.bar
                .suspend(|| Terminal::new().note(format_args!("no report of {} ({})", area.name, area.code)));
        }
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        if self.lines && (done == all || done.is_multiple_of(all.div_ceil(10).max(1))) {
            Terminal::new().note(format_args!("{done} of {all} reports"));
        }
    }
}
