//! The whole run, and the only parallel code.

mod maker;
mod overdue;
mod plan;
mod press;
mod preview;
mod workers;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use crate::aggregate::{self, AggregateFile, Aggregates, Exposure, ProtectedAggregates, SealedAggregates};
use crate::check::{self, CheckedEvaluation};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::{AreaIndex, EditionId, Submission};
use crate::problem::{Checked, Problem};
use crate::prove::Names;
use crate::publish::{
    self, Engine, Lock, LockError, Manifest, Outcome, Previous, ProblemCounts, PublishError, ReportEntry,
    Response, Run, RunObject, Staging, Summary,
};
use crate::read;
use crate::render::{self, Renderer};
use crate::templates::{Pages, TemplateFault};
use maker::{Maker, unmade};
use press::{Press, take_over};
use workers::in_parallel;

pub use overdue::Overdue;
pub use plan::{Plan, Planned, Step};
pub use preview::{Preview, Previewed};

/// Bytes in a megabyte.
const MB: u64 = 1_000_000;

/// How a run is made.
pub struct BuildSettings {
    /// The output folder, with all runs of the evaluation.
    pub out: PathBuf,
    /// The areas to make a report of; `None` for all.
    pub only: Option<Vec<AreaIndex>>,
    /// Reports made at the same time; `None` for one for each processor.
    pub jobs: Option<NonZeroUsize>,
    /// Makes the finished files.
    pub renderer: Renderer,
    /// Fills the pages and texts about a run.
    pub pages: Pages,
    /// Hash of each file of the evaluation, by its path.
    pub inputs: BTreeMap<String, String>,
    /// Makes every report, also those that would be the same.
    pub force: bool,
    /// Reuses what killed runs had finished.
    pub resume: bool,
    /// Reports that are not even tried, and why.
    pub given_up: BTreeMap<EditionId, String>,
    /// The reports that took too long, as far as somebody looks after them.
    pub overdue: Overdue,
    /// Who makes the run, for others who want to at the same time.
    pub holder: String,
    /// What time it is.
    pub clock: fn() -> Timestamp,
}

/// Hears how a run goes on, from several threads.
pub trait Observer: Sync {
    /// Disclosure control has decided on `decided` of `all` sets of linked questions.
    fn protects(&self, decided: usize, all: usize);
    /// So many reports are to be made.
    fn begins(&self, reports: usize);
    /// A report is begun.
    fn starts(&self, id: &EditionId);
    /// A report is done, well or not.
    fn finished(&self, entry: &ReportEntry);
}

/// What a run made.
pub struct Built {
    /// The published run; `None` when no report could be made.
    pub run: Option<Run>,
    /// Its manifest.
    pub manifest: Manifest,
    /// What staff want to know of it.
    pub summary: Summary,
}

/// Why a run ended without being published.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Another run is made in the same output folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The disk has too little room for the reports that are to be made.
    #[error("the run needs about {} MB, and {} has room for {} MB", needed.div_ceil(MB), folder.display(), free / MB)]
    Space {
        /// The output folder.
        folder: PathBuf,
        /// How many bytes are needed.
        needed: u64,
        /// How many are free.
        free: u64,
    },
    /// The system gives no more threads.
    #[error("no thread could be started: {0}")]
    Threads(String),
    /// The template of the run's summary does not suit it.
    #[error(transparent)]
    Page(Box<TemplateFault>),
    /// The disk failed.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// What is withheld could be worked out from what is published.
    #[error("a statistic that must be withheld could be worked out from the others")]
    Disclosure(Vec<Exposure>),
    /// A defect of the program.
    #[error("{0}")]
    Defect(String),
}

/// A path fails while something is published.
impl From<PathError> for BuildError {
    fn from(error: PathError) -> Self {
        Self::Publish(error.into())
    }
}

impl From<serde_json::Error> for BuildError {
    fn from(error: serde_json::Error) -> Self {
        Self::Publish(error.into())
    }
}

/// Reads and checks an evaluation folder, one submission at a time.
///
/// # Errors
/// Only when the folder cannot be read at all; everything else is a problem. Without sound settings, register and
/// questionnaire there is no value.
pub fn load(folder: &Path) -> Result<Checked<Option<CheckedEvaluation>>, PathError> {
    let evaluation = read::evaluation(folder)?;
    let files = evaluation.submissions.clone();
    let Checked { value: frame, mut problems } = check::frame(evaluation);
    let Some(frame) = frame else { return Ok(Checked { value: None, problems }) };
    let mut submissions = Vec::new();
    for name in &files {
        let checked = frame.submission(name, read::submission(folder, name));
        submissions.extend(checked.value);
        problems.extend(checked.problems);
    }
    let closed = frame.close(submissions, &files);
    problems.extend(closed.problems);
    Ok(Checked { value: Some(closed.value), problems })
}

/// Hash of each file of an evaluation folder, by its path. Taken before the files are read: a change in between is told by
/// the next run. A file that cannot be read has none: that is a problem, which the check reports.
///
/// # Errors
/// When the folder cannot be read.
pub fn inputs(folder: &Path) -> Result<BTreeMap<String, String>, PathError> {
    let files = fs::visible_files_below(folder)?;
    let hash = |file: String| {
        let hash = fs::read(&folder.join(&file)).map_or_else(|_| String::new(), |bytes| sha256(&bytes));
        (file, hash)
    };
    Ok(files.into_iter().map(hash).collect())
}

/// Decides what may be published of the aggregates, once for all reports. `decided` hears of how many sets of linked
/// questions a decision was made, and how many there are.
///
/// # Errors
/// [`BuildError::Disclosure`] when something withheld can be worked out; then nothing may be published.
pub fn protect(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    jobs: Option<NonZeroUsize>,
    decided: &(dyn Fn(usize, usize) + Sync),
) -> Result<ProtectedAggregates, BuildError> {
    let mut linked = aggregate::linked(&evaluation.questionnaire);
    // The largest first: the others fit beside it.
    linked.sort_by_key(|linked| Reverse(linked.size()));
    let done = AtomicUsize::new(0);
    decided(0, linked.len());
    let decisions = in_parallel(jobs, &linked, |of| {
        let decision = aggregate::decide(evaluation, &aggregates, of);
        decided(1 + done.fetch_add(1, Ordering::Relaxed), linked.len());
        Ok(decision)
    })?;
    aggregates.protect(decisions).map_err(BuildError::Disclosure)
}

/// Says what [`build`] would do now.
///
/// # Errors
/// As in [`build`], but for the disk.
pub fn plan(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    settings: &BuildSettings,
) -> Result<Plan, BuildError> {
    let previous = Previous::latest(&settings.out, settings.resume);
    let engine = settings.engine();
    if let Some((folder, last)) = settings.unchanged(evaluation, &previous, &engine) {
        let editions = evaluation.submissions.iter().flat_map(|submission| {
            let editions = evaluation.settings.editions(&evaluation.register[submission.area]);
            editions.into_iter().map(|id| (submission.area, id))
        });
        let entries = editions.filter_map(|(area, id)| {
            let entry = Box::new(last.entry(&id)?.clone());
            Some(Planned { id, area, step: Step::Reuse { folder: folder.to_owned(), entry } })
        });
        return Ok(Plan { reports: entries.collect(), moved: Vec::new() });
    }
    let (aggregates, _) = seal(evaluation, protect(evaluation, aggregates, settings.jobs, &|_, _| ())?)?;
    let names = Names::of(&evaluation.register).map_err(BuildError::Defect)?;
    let maker = settings.maker(evaluation, &aggregates, &names, &engine);
    plan::plan(&maker, &settings.wanted(evaluation), &previous, settings)
}

/// Makes the reports of an evaluation and publishes them as a run. A report is reused from the run before when
/// everything that reaches it is the same.
///
/// # Errors
/// When another run is being made, when a figure that must be withheld could be worked out, when the disk fails,
/// or for a defect of the program outside a single report. Then nothing is published.
pub fn build(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    problems: &[Problem],
    settings: &BuildSettings,
    observer: &dyn Observer,
) -> Result<Built, BuildError> {
    let started = (settings.clock)();
    let lock = Lock::acquire(&settings.out, &settings.holder)?;
    let previous = Previous::latest(&settings.out, settings.resume);
    let mut staging = Staging::begin(&settings.out, started, lock)?;
    if !settings.resume {
        staging.clear()?;
    }
    let json = serde_json::to_vec_pretty(problems)?;
    let problems_file = staging.add("problems.json".to_owned(), &json, None)?;
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let engine = settings.engine();
    let log = staging.log(settings.clock)?;
    log.during(|| tracing::info!(run = staging.id().as_str(), "begun"));
    let content = match settings.unchanged(evaluation, &previous, &engine) {
        Some((folder, last)) => take_over(folder, last, &staging)?,
        None => {
            Press { evaluation, settings, previous: &previous, staging: &staging, engine: &engine, log: &log }
                .make(aggregates, observer)?
        }
    };

    let wanted = |area: AreaIndex| settings.only.as_ref().is_none_or(|only| only.contains(&area));
    let mut reports = content.reports;
    let broken = evaluation.broken.iter().filter(|area| wanted(**area));
    reports.extend(broken.flat_map(|area| {
        let editions = evaluation.settings.editions(&evaluation.register[*area]);
        editions.into_iter().map(|id| unmade(evaluation, *area, &id, Outcome::NoSubmission))
    }));
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    let code = |area: &AreaIndex| evaluation.register[*area].code.to_string();
    let failed = reports.iter().filter(|entry| !entry.outcome.is_made());
    let last_made = failed.filter_map(|entry| Some((entry.id.clone(), previous.last_made(&entry.id)?)));
    let last_made = last_made.collect();
    let mut manifest = Manifest {
        version: 2,
        evaluation: evaluation.settings.id.clone(),
        synthetic: evaluation.settings.synthetic,
        engine,
        aggregates: content.aggregates,
        seal: content.seal,
        inputs: settings.inputs.clone(),
        problems: problems_file,
        counts: ProblemCounts { errors, warnings: problems.len() - errors },
        completeness: response(evaluation),
        suppression: content.suppression,
        only: settings.only.iter().flatten().map(code).collect(),
        review: evaluation.settings.review.clone(),
        reports,
        run: RunObject {
            id: staging.id().as_str().to_owned(),
            started: started.to_string(),
            finished: (settings.clock)().to_string(),
            milliseconds: content.milliseconds,
            causes: content.causes,
            moved: content.moved,
            last_made,
            files: Vec::new(),
            proof_milliseconds: content.proof_milliseconds,
        },
    };
    let free = fs::free_space(&settings.out)?;
    let summary = publish::summary(&evaluation.settings.title, &manifest, previous.manifest(), free);
    for (file, template) in [("summary.html", "summary/run.html.j2"), ("summary.txt", "summary/run.txt.j2")] {
        let page = settings.pages.fill(template, &summary).map_err(BuildError::Page)?;
        let file = staging.add(file.to_owned(), page.as_bytes(), None)?;
        manifest.run.files.push(file);
    }
    log.during(|| {
        let (built, reused, failed) = (summary.built, summary.reused, summary.failed.len());
        tracing::info!(built, reused, failed, seconds = summary.seconds, "done");
    });
    manifest.run.files.push(staging.logged()?);
    let any = manifest.reports.iter().any(|entry| entry.outcome.is_made());
    let run = if any { Some(staging.publish(&manifest)?) } else { None };
    Ok(Built { run, manifest, summary })
}

impl BuildSettings {
    fn engine(&self) -> Engine {
        Engine {
            name: render::ENGINE.to_owned(),
            templates: self.renderer.templates_hashes(),
            style: self.renderer.style_hash(),
            fonts: Renderer::fonts_hash(),
        }
    }

    /// The last run, when it was made from the same files by the same program: then all of it is reused.
    fn unchanged<'p>(
        &self,
        evaluation: &CheckedEvaluation,
        previous: &'p Previous,
        engine: &Engine,
    ) -> Option<(&'p Path, &'p Manifest)> {
        let all = !self.force && self.only.is_none() && self.given_up.is_empty();
        all.then(|| previous.unchanged(&evaluation.settings.id, &self.inputs, engine)).flatten()
    }

    /// The submissions that reports are made of.
    fn wanted<'e>(&self, evaluation: &'e CheckedEvaluation) -> Vec<&'e Submission> {
        let wanted = |area: &AreaIndex| self.only.as_ref().is_none_or(|only| only.contains(area));
        evaluation.submissions.iter().filter(|submission| wanted(&submission.area)).collect()
    }

    fn maker<'m>(
        &'m self,
        evaluation: &'m CheckedEvaluation,
        aggregates: &'m SealedAggregates,
        names: &'m Names,
        engine: &'m Engine,
    ) -> Maker<'m> {
        Maker { evaluation, aggregates, names, renderer: &self.renderer, engine, clock: self.clock }
    }
}

/// How much of what was asked was answered.
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

fn seal(
    evaluation: &CheckedEvaluation,
    aggregates: ProtectedAggregates,
) -> Result<(SealedAggregates, Vec<AggregateFile>), BuildError> {
    aggregates.seal(evaluation).map_err(|error| BuildError::Defect(error.to_string()))
}
