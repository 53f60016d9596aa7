use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;
use serde_json::json;

use super::args::{BuildArguments, Making};
use super::check::{load, unusable};
use super::exit::{Exit, Failure};
use super::interruption::{self, OnStop};
use super::limits::Watchdog;
use super::plan::plan;
use super::progress::Progress;
use super::selection::selection;
use super::summary::summary;
use super::terminal::Terminal;
use area_reports::aggregate::{Aggregates, Exposure, aggregate, reconcile, reconcile_supplied};
use area_reports::check::CheckedEvaluation;
use area_reports::lock::LockError;
use area_reports::model::{EditionId, Kind, Language, Settings};
use area_reports::pipeline::{self, BuildError, BuildSettings, Built, Choice, Overdue};
use area_reports::problem::{Checked, Place, Problem};
use area_reports::publish::{Link, Outcome, Output, Previous, is_later};
use area_reports::render::{RenderError, Renderer};
use area_reports::templates::{Pages, TemplateFault, Templates};

/// `build`: checks an evaluation and makes its reports.
pub(super) fn build(arguments: &BuildArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Checked { value: order, problems } = order(arguments)?;
    let Some(Order { evaluation, aggregates, settings }) = order else {
        return Ok(unusable(arguments.making.json, &problems, terminal));
    };
    if settings.only != Choice::default() && settings.only.is_empty(&evaluation) {
        return Err(Failure::usage("there is no such report: none of this kind is about what was chosen"));
    }
    note_clock(&settings.output, terminal);
    if !arguments.making.json {
        terminal.problems(&problems);
    }
    if arguments.plan {
        let planned = pipeline::plan(&evaluation, aggregates, &settings);
        let planned = planned.map_err(|error| failed(&error, &evaluation))?;
        plan(&planned, &evaluation, arguments.making.json, terminal);
        return Ok(if problems.iter().any(Problem::is_error) { Exit::Problems } else { Exit::Done });
    }
    let started = super::now();
    let progress = Progress::new(!arguments.making.json);
    let stoppable = interruption::prepare(go_on(&arguments.making, Some(progress.bar.clone())));
    let built = Watchdog::during(&progress, evaluation.settings.limits, &settings.overdue, |observer| {
        pipeline::build(&evaluation, aggregates, &problems, &settings, observer)
    })?;
    drop(stoppable);
    progress.bar.finish_and_clear();
    let built = built.map_err(|error| failed(&error, &evaluation))?;
    let took = super::now().duration_since(started).unsigned_abs();
    let exit = exit(&built, &problems);
    if arguments.making.json {
        terminal.json(&json!({
            "run": built.run.as_ref().map(|run| run.folder.display().to_string()),
            "seconds": took.as_secs_f64(),
            "problems": problems,
            "manifest": built.manifest,
        }));
    } else {
        summary(&settings.output, &built, took, terminal);
    }
    Ok(exit)
}

/// Says so if this computer's clock is behind the last run: runs are ordered and pruned by their time.
pub(super) fn note_clock(output: &Output, terminal: &mut Terminal) {
    let last = output.linked(Link::Latest).and_then(|run| Some(run.file_name()?.to_str()?.to_owned()));
    let now = super::now().strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
    if let Some(last) = last.filter(|last| is_later(last, &now) && last.get(..now.len()) != Some(&now)) {
        terminal.note(format_args!(
            "This computer's clock says {now}, which is before the last run, {last}: set the clock, or runs \
             will be listed and pruned in the wrong order."
        ));
    }
}

/// What to say when a run is stopped: what is kept, and how to continue. Clears the bar, which counts the reports.
pub(super) fn go_on(making: &Making, bar: Option<ProgressBar>) -> OnStop {
    let (evaluation, out) = (making.evaluation.clone(), making.out.clone());
    OnStop::AtOnce(Box::new(move || {
        let finished = bar.as_ref().map(|bar| {
            bar.finish_and_clear();
            format!("{} ", bar.position())
        });
        let finished = finished.unwrap_or_default();
        let out = out.as_ref().map(|out| format!(" --out {}", out.display())).unwrap_or_default();
        let evaluation = evaluation.display();
        format!(
            "stopped; nothing was published, and the {finished}finished reports are kept. To continue:\n  \
             area-reports build {evaluation}{out} --resume"
        )
    }))
}

/// Everything that a run is made from.
pub(super) struct Order {
    pub(super) evaluation: CheckedEvaluation,
    pub(super) aggregates: Aggregates,
    pub(super) settings: BuildSettings,
}

/// Reads and checks what a run is made from; `None` if the evaluation cannot be built.
pub(super) fn order(arguments: &BuildArguments) -> Result<Checked<Option<Order>>, Failure> {
    let Making { evaluation: folder, jobs, templates, given_up, .. } = &arguments.making;
    let inputs = inputs(folder)?;
    let Checked { value, mut problems } = load(folder)?;
    let Some(evaluation) = value else { return Ok(Checked { value: None, problems }) };
    let aggregates = aggregate(&evaluation);
    problems.extend(reconcile_supplied(&evaluation, &aggregates));
    problems.extend(reconcile(&evaluation, &aggregates).iter().filter_map(|row| row.problem(&evaluation)));
    let output = arguments.making.output();
    let vault = super::vault::vault()?;
    let previous = Previous::latest(&output, false, vault.key());
    let templates = self::templates(templates.as_deref())?;
    let only = Choice {
        subjects: selection(&arguments.choice, &evaluation, previous.manifest())?,
        kinds: Some(arguments.choice.kind.clone()).filter(|kinds| !kinds.is_empty()),
        formats: Some(arguments.choice.format.clone()).filter(|formats| !formats.is_empty()),
        languages: Some(arguments.choice.language.clone()).filter(|languages| !languages.is_empty()),
    };
    let renderers = only
        .languages(&evaluation)
        .into_iter()
        .map(|language| Ok((language.clone(), renderer(&templates, &evaluation, &language)?)))
        .collect::<Result<BTreeMap<_, _>, Failure>>()?;
    let kinds = only.kinds.as_ref().unwrap_or(&evaluation.settings.reports.kinds);
    problems.extend(renderers.keys().flat_map(|language| untranslated(&templates, language, kinds)));
    let settings = BuildSettings {
        only,
        output,
        vault,
        jobs: *jobs,
        pages: Pages::new(&templates, evaluation.settings.limits).map_err(|fault| wrong(&fault))?,
        renderers,
        inputs,
        force: arguments.force,
        resume: arguments.resume || !given_up.is_empty(),
        given_up: given_up.iter().filter_map(|given| report_and_why(given)).collect(),
        overdue: Overdue::default(),
        holder: super::holder(),
        clock: super::now,
    };
    Ok(Checked { value: Some(Order { evaluation, aggregates, settings }), problems })
}

/// A report that was given up, and why, as passed on when the program restarts.
fn report_and_why(given: &str) -> Option<(EditionId, String)> {
    let (id, why) = given.split_once('=')?;
    Some((id.parse().ok()?, why.to_owned()))
}

/// Hash of each file of the evaluation; empty if the folder does not exist, which is reported on reading it.
fn inputs(folder: &Path) -> Result<std::collections::BTreeMap<String, String>, Failure> {
    if !folder.is_dir() {
        return Ok(Default::default());
    }
    Ok(pipeline::inputs(folder)?)
}

/// Why nothing was published, and what to do about it.
pub(super) fn failed(error: &BuildError, evaluation: &CheckedEvaluation) -> Failure {
    match error {
        BuildError::Disclosure(exposures) => exposed(error, exposures, evaluation),
        BuildError::Lock(LockError::Held { .. }) => {
            Failure::new(Exit::Busy, error).hint("wait until it is done, or choose another folder with --out")
        }
        BuildError::Space { .. } | BuildError::Publish(_) | BuildError::Lock(LockError::Path(_)) => {
            Failure::new(Exit::System, error)
                .hint("make room or choose another folder with --out; nothing was published")
        }
        BuildError::Threads(_) => Failure::new(Exit::System, error)
            .hint("use fewer --jobs, or close other programs; nothing was published"),
        BuildError::Page(_) => Failure::new(Exit::Usage, error),
        BuildError::Defect(_) => Failure::new(Exit::Defect, error),
    }
}

/// Says what could be worked out, and what to do about it.
fn exposed(error: &BuildError, exposures: &[Exposure], evaluation: &CheckedEvaluation) -> Failure {
    let mut failure = Failure::new(Exit::Usage, error);
    for exposure in exposures {
        failure.message = format!("{}\n  {}", failure.message, exposure.describe(evaluation));
    }
    failure.hint("nothing was published; withhold less or more with [disclosure] in evaluation.toml")
}

/// The templates in a folder, or the built-in ones.
pub(super) fn templates(folder: Option<&Path>) -> Result<Templates, Failure> {
    let Some(folder) = folder else { return Ok(Templates::embedded()) };
    Templates::from_folder(folder).map_err(|error| {
        Failure::new(Exit::Usage, &error).hint("start from a copy of the whole folder report-templates")
    })
}

/// What is wrong with templates, colours or words.
pub(super) fn unusable_templates(error: &RenderError) -> Failure {
    match error {
        RenderError::Template(fault) => wrong(fault),
        RenderError::Palette(_) => {
            Failure::usage(format!("the colours of the templates cannot be used\n  {error}"))
        }
        RenderError::Lexicon(_) => {
            Failure::usage(format!("the words of the templates cannot be used\n  {error}"))
        }
        RenderError::Defect(_) => Failure::new(Exit::Defect, error),
    }
}

fn wrong(fault: &TemplateFault) -> Failure {
    Failure::usage(format!("a template is wrong\n  {fault}"))
}

/// Warnings of sentences that reports in a language would have in English.
fn untranslated(templates: &Templates, language: &Language, kinds: &[Kind]) -> Vec<Problem> {
    let warning = |path: String| {
        let message = "these sentences are not translated, so reports in this language have them in English";
        Problem::warning("untranslated-words", Place::file(path), message).value(language.code())
    };
    templates.untranslated(language, kinds).into_iter().map(warning).collect()
}

/// Prepares the report templates for a language.
pub(super) fn renderer(
    templates: &Templates,
    evaluation: &CheckedEvaluation,
    language: &Language,
) -> Result<Renderer, Failure> {
    if !evaluation.languages().any(|known| known == language) {
        let known: Vec<&str> = evaluation.languages().map(Language::code).collect();
        let failure =
            Failure::usage(format!("the evaluation has no questionnaire in the language '{language}'"));
        return Err(failure.hint(format!(
            "its languages are {}; questionnaire.{language}.toml would add this one",
            known.join(", ")
        )));
    }
    let Settings { reports, limits, .. } = &evaluation.settings;
    Renderer::new(templates, &evaluation.wording, language, reports.large_print, *limits)
        .map_err(|error| unusable_templates(&error))
}

pub(super) fn exit(built: &Built, problems: &[Problem]) -> Exit {
    let outcomes = || built.manifest.reports.iter().map(|entry| &entry.outcome);
    if outcomes().any(|outcome| matches!(outcome, Outcome::Defect { .. } | Outcome::Unproven { .. })) {
        Exit::Defect
    } else if built.run.is_none() && outcomes().any(|outcome| matches!(outcome, Outcome::Template { .. })) {
        Exit::Usage
    } else if problems.iter().any(Problem::is_error) || outcomes().any(|outcome| !outcome.is_made()) {
        Exit::Problems
    } else {
        Exit::Done
    }
}
