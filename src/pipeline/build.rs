use jiff::Timestamp;

use super::edition::unmade;
use super::error::BuildError;
use super::observer::Observer;
use super::reports::{RunBuilder, RunContent, reuse_all};
use super::settings::BuildSettings;
use crate::aggregate::Aggregates;
use crate::check::{self, CheckedEvaluation};
use crate::fs;
use crate::problem::Problem;
use crate::publish::{
    self, ADDRESSEES, Addressees, Engine, Manifest, Outcome, Previous, ProblemCounts, ReportFile, Response,
    Run, RunObject, Staging, Summary,
};

/// The result of a run.
pub struct Built {
    /// The published run; `None` if no report could be made.
    pub run: Option<Run>,
    /// Its manifest.
    pub manifest: Manifest,
    /// What staff want to know about it.
    pub summary: Summary,
}

/// Makes the reports of an evaluation and publishes them as a run. A report is reused from the run before if everything
/// that affects it is the same.
///
/// # Errors
/// If another run is being made, a figure that must be withheld could be worked out, the disk fails, or the program has
/// a defect that is not limited to a single report. Then nothing is published.
pub fn build(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    problems: &[Problem],
    settings: &BuildSettings,
    observer: &dyn Observer,
) -> Result<Built, BuildError> {
    let started = (settings.clock)();
    let lock = settings.output.lock(&settings.holder)?;
    let previous = Previous::latest(&settings.output, settings.resume, settings.vault.key());
    let mut staging = Staging::begin(&settings.output, started, &settings.vault, lock)?;
    if !settings.resume {
        staging.clear()?;
    }
    let json = serde_json::to_vec_pretty(problems)?;
    let problems_file = staging.add("problems.json".to_owned(), &json, None)?;
    let addressees = serde_json::to_vec_pretty(&Addressees::of(evaluation))?;
    staging.add(ADDRESSEES.to_owned(), &addressees, None)?;
    let engine = settings.engine();
    let log = staging.log(settings.clock)?;
    log.during(|| tracing::info!(run = staging.id().as_str(), "begun"));
    let content = match settings.unchanged(evaluation, &previous, &engine) {
        Some((folder, last)) => reuse_all(folder, last, &staging)?,
        None => RunBuilder {
            evaluation,
            settings,
            previous: &previous,
            staging: &staging,
            engine: &engine,
            log: &log,
        }
        .build(aggregates, observer)?,
    };
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let about = About {
        counts: ProblemCounts { errors, warnings: problems.len() - errors },
        problems: problems_file,
        engine,
        id: staging.id().as_str().to_owned(),
        started,
    };
    let mut manifest = manifest(evaluation, settings, &previous, about, content);
    let summary = summarise(evaluation, settings, &previous, &staging, &mut manifest)?;
    log.during(|| {
        let (built, reused, failed) = (summary.built, summary.reused, summary.failed.len());
        tracing::info!(built, reused, failed, seconds = summary.seconds, "done");
    });
    manifest.run.files.push(staging.logged()?);
    let any = manifest.reports.iter().any(|entry| entry.outcome.is_made());
    let run = if any { Some(staging.publish(&manifest)?) } else { None };
    Ok(Built { run, manifest, summary })
}

/// What a manifest says about the run apart from its reports.
struct About {
    problems: ReportFile,
    counts: ProblemCounts,
    engine: Engine,
    id: String,
    started: Timestamp,
}

/// The manifest of a run, with an entry for every report that was wanted.
fn manifest(
    evaluation: &CheckedEvaluation,
    settings: &BuildSettings,
    previous: &Previous,
    about: About,
    content: RunContent,
) -> Manifest {
    let mut reports = content.reports;
    reports.extend(settings.only.broken(evaluation).into_iter().flat_map(|(kind, subject)| {
        let editions = settings.only.editions(evaluation, kind, subject).into_iter();
        editions.map(move |id| unmade(evaluation, subject, &id, Outcome::NoSubmission))
    }));
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    let failed = reports.iter().filter(|entry| !entry.outcome.is_made());
    let last_made = failed.filter_map(|entry| Some((entry.id.clone(), previous.last_made(&entry.id)?)));
    let last_made = last_made.collect();
    Manifest {
        version: 2,
        evaluation: evaluation.settings.id.clone(),
        synthetic: evaluation.settings.synthetic,
        engine: about.engine,
        aggregates: content.aggregates,
        seal: content.seal,
        inputs: settings.inputs.clone(),
        problems: about.problems,
        counts: about.counts,
        completeness: response(evaluation),
        suppression: content.suppression,
        data_pack: content.data_pack,
        only: settings.only.limits(evaluation),
        review: evaluation.settings.review.clone(),
        reports,
        run: RunObject {
            id: about.id,
            started: about.started.to_string(),
            finished: (settings.clock)().to_string(),
            milliseconds: content.milliseconds,
            causes: content.causes,
            moved: content.moved,
            last_made,
            files: Vec::new(),
            proof_milliseconds: content.proof_milliseconds,
        },
    }
}

/// Writes the summary of a run as a web page and as text, and lists both in its manifest.
fn summarise(
    evaluation: &CheckedEvaluation,
    settings: &BuildSettings,
    previous: &Previous,
    staging: &Staging,
    manifest: &mut Manifest,
) -> Result<Summary, BuildError> {
    let free = fs::free_space(settings.output.folder())?;
    let summary = publish::summary(&evaluation.settings.title, manifest, previous.manifest(), free);
    for (file, template) in [("summary.html", "summary/run.html.j2"), ("summary.txt", "summary/run.txt.j2")] {
        let page = settings.pages.fill(template, &summary).map_err(BuildError::Page)?;
        manifest.run.files.push(staging.add(file.to_owned(), page.as_bytes(), None)?);
    }
    Ok(summary)
}

/// How many of the questions asked were answered.
fn response(evaluation: &CheckedEvaluation) -> Response {
    let (mut answered, mut asked) = (0, 0);
    for submission in &evaluation.submissions {
        let (of_area, put) = check::answered(&evaluation.questionnaire, submission);
        answered += u64::from(of_area);
        asked += u64::from(put);
    }
    let areas = evaluation.submissions.len();
    Response { areas, completed: evaluation.register.completed(None), answered, asked }
}
