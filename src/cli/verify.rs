use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::json;

use super::args::{BuildArguments, Choice, Making, VerifyArguments};
use super::build::{Order, failed, order};
use super::exit::{Exit, Failure};
use super::progress::Progress;
use super::terminal::Terminal;
use crate::model::AreaIndex;
use crate::pipeline;
use crate::problem::{Place, Problem};
use crate::publish::{self, Manifest, ReportEntry, VerifyError};
use crate::review::Record;

/// `verify`: reads a run again from the disk, and makes some of its reports again.
pub(super) fn verify(arguments: &VerifyArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let verified = publish::verify(&arguments.run).map_err(|error| match &error {
        VerifyError::Path(_) => Failure::new(Exit::Usage, &error)
            .hint("name a run folder, for example build/integrated-working-2008/latest"),
        VerifyError::Manifest(_) => Failure::new(Exit::Usage, &error),
    })?;
    let mut problems = verified.problems;
    let mut again = Vec::new();
    if let (Some(count), Some(evaluation)) = (arguments.rebuild, &arguments.evaluation) {
        let sample = sample(&verified.manifest, count);
        problems.extend(rebuild(arguments, evaluation, &verified.manifest, &sample)?);
        again = sample.iter().map(|entry| entry.id.report.subject.clone()).collect();
    }
    problems.extend(record(&arguments.run)?);
    if arguments.json {
        let (files, seal) = (verified.files, &verified.manifest.seal);
        terminal.json(&json!({ "files": files, "seal": seal, "rebuilt": again, "problems": problems }));
    } else {
        terminal.problems(&problems);
        let wrong = problems.len();
        let word = if wrong == 1 { "problem" } else { "problems" };
        terminal.line(format_args!("{} files read, {wrong} {word}.", verified.files));
        if !again.is_empty() {
            terminal.line(format_args!("Made again and compared byte for byte: {}", again.join(", ")));
        }
        terminal.line(format_args!("Aggregates: {}", verified.manifest.seal));
    }
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Problems })
}

/// What is wrong with the verdicts of the output folder that a run is in.
fn record(run: &Path) -> Result<Vec<Problem>, Failure> {
    let machine = |error: crate::fs::PathError| Failure::new(Exit::Machine, &error);
    let Ok((_, out)) = super::verdict::run_of(run) else { return Ok(Vec::new()) };
    let record = Record::read(&out).map_err(machine)?;
    Ok(record.check(&publish::runs(&out).map_err(machine)?))
}

/// Some reports of a run: the id of the run decides which, so that another night tries others.
fn sample(manifest: &Manifest, count: NonZeroUsize) -> Vec<&ReportEntry> {
    let mut made: Vec<&ReportEntry> =
        manifest.reports.iter().filter(|entry| entry.outcome.is_made()).collect();
    made.sort_by_key(|entry| crate::hash::sha256(format!("{} {}", manifest.run.id, entry.id).as_bytes()));
    made.truncate(count.get());
    made
}

/// Makes reports again in an empty folder, one after the other, and compares their bytes with those of the run.
fn rebuild(
    arguments: &VerifyArguments,
    evaluation: &Path,
    manifest: &Manifest,
    sample: &[&ReportEntry],
) -> Result<Vec<Problem>, Failure> {
    let folder = tempfile::tempdir()?;
    let making = Making {
        evaluation: evaluation.to_owned(),
        out: Some(folder.path().to_owned()),
        jobs: Some(NonZeroUsize::MIN),
        templates: arguments.templates.clone(),
        json: true,
        given_up: Vec::new(),
    };
    let choice = Choice { area: Vec::new(), region: Vec::new(), failed: false };
    let arguments = BuildArguments { making, choice, plan: false, force: true, resume: false };
    let Ok(Order { evaluation, aggregates, problems, mut settings }) = order(&arguments)? else {
        return Err(Failure::usage("nothing can be made of this evaluation any more"));
    };
    if settings.inputs != manifest.inputs {
        return Err(Failure::usage("the evaluation is not as it was when the run was made")
            .hint("build it again, or verify without --rebuild"));
    }
    // The other way round, too: the order of reports must not matter.
    let codes = sample.iter().rev().map(|entry| entry.id.report.subject.as_str());
    let index = |code: &str| evaluation.register.areas.iter().position(|area| area.code.as_str() == code);
    settings.only = Some(codes.filter_map(index).map(AreaIndex).collect());
    let progress = Progress::new(false);
    let built = pipeline::build(&evaluation, aggregates, &problems, &settings, &progress)
        .map_err(|error| failed(&error, &evaluation))?;
    let differs = sample.iter().filter_map(|entry| {
        let again = built.manifest.entry(&entry.id);
        let hash = |entry: &ReportEntry| entry.report.as_ref().map(|file| file.sha256.clone());
        let file = entry.report.as_ref().map(|file| file.file.clone()).unwrap_or_default();
        let message = "made again, the report has other bytes";
        (again.and_then(hash) != hash(entry)).then(|| Problem::error("rebuilt", Place::file(file), message))
    });
    Ok(differs.collect())
}
