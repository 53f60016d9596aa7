use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::json;

use super::args::{BuildArguments, Making, VerifyArguments};
use super::build::{Order, failed, order};
use super::choices::ReportChoice;
use super::exit::{Exit, Failure};
use super::output::run_of;
use super::progress::Progress;
use super::terminal::Terminal;
use super::vault::vault;
use area_reports::model::{Format, Kind, Language};
use area_reports::pipeline;
use area_reports::problem::{Checked, Place, Problem};
use area_reports::publish::{self, Manifest, ReportEntry, VerifyError};
use area_reports::review::Record;
use area_reports::vault::Vault;

/// What to do about a run that is not as it was signed.
pub(super) const DISTRUSTED: &str = "find out who changed it, then build again; \
                                     a run made on a different machine needs the vault of that machine";

/// `verify`: rereads a run from disk, and can remake some of its reports.
pub(super) fn verify(arguments: &VerifyArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let vault = vault()?;
    let verified = publish::verify(&arguments.run, vault.key()).map_err(|error| match &error {
        VerifyError::Path(_) => Failure::new(Exit::Usage, &error)
            .hint("name a run folder, for example build/integrated-working-2008/latest"),
        VerifyError::Manifest(_) => Failure::new(Exit::Usage, &error),
    })?;
    let mut problems = verified.problems;
    let mut again = Vec::new();
    if let (Some(count), Some(evaluation)) = (arguments.rebuild, &arguments.evaluation) {
        let sample = verified.manifest.sample(count);
        problems.extend(rebuild(arguments, evaluation, &verified.manifest, &sample)?);
        again = sample.iter().map(|entry| entry.id.report.subject.clone()).collect();
    }
    problems.extend(record(&arguments.run, &vault)?);
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

/// What is wrong with the verdicts in a run's output folder.
fn record(run: &Path, vault: &Vault) -> Result<Vec<Problem>, Failure> {
    let Ok((output, _)) = run_of(run) else { return Ok(Vec::new()) };
    Ok(Record::read(&output, vault)?.check(&output.runs()?))
}

/// Remakes reports in an empty folder, one after another, and compares their bytes with those of the run.
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
    let formats: BTreeSet<Format> = sample.iter().map(|entry| entry.id.format).collect();
    let languages: BTreeSet<&Language> = sample.iter().map(|entry| &entry.id.report.language).collect();
    let choice = ReportChoice {
        format: formats.into_iter().collect(),
        language: languages.into_iter().cloned().collect(),
        ..ReportChoice::default()
    };
    let arguments = BuildArguments { making, choice, plan: false, force: true, resume: false };
    let Checked { value: order, problems } = order(&arguments)?;
    let Some(Order { evaluation, aggregates, mut settings }) = order else {
        return Err(Failure::usage("this evaluation can no longer be built"));
    };
    if settings.inputs != manifest.inputs {
        return Err(Failure::usage("the evaluation is not as it was when the run was made")
            .hint("build it again, or verify without --rebuild"));
    }
    // In reverse, because the order of reports must not matter.
    let subjects = sample.iter().rev().filter_map(|entry| evaluation.subject_of(&entry.id.report));
    settings.only.subjects = Some(subjects.collect());
    let kinds: BTreeSet<Kind> = sample.iter().map(|entry| entry.id.report.kind).collect();
    settings.only.kinds = Some(kinds.into_iter().collect());
    let progress = Progress::new(false);
    let built = pipeline::build(&evaluation, aggregates, &problems, &settings, &progress)
        .map_err(|error| failed(&error, &evaluation))?;
    let differs = sample.iter().filter_map(|entry| {
        let again = built.manifest.entry(&entry.id);
        let hash = |entry: &ReportEntry| entry.files().map(|file| file.sha256.clone()).collect::<Vec<_>>();
        let file = entry.report.as_ref().map(|file| file.file.clone()).unwrap_or_default();
        let message = "made again, the report differs";
        (again.map(hash) != Some(hash(entry))).then(|| Problem::error("rebuilt", Place::file(file), message))
    });
    Ok(differs.collect())
}
