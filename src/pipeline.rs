//! The whole run on one page, and the only parallel code.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::aggregate::{self, Aggregates, Exposure, ProtectedAggregates, SealedAggregates};
use crate::check::{self, CheckedEvaluation};
use crate::fs::PathError;
use crate::model::{Area, AreaIndex, ReportModel, Submission};
use crate::problem::{Checked, Problem};
use crate::prove::{Claim, Names};
use crate::publish::{self, Engine, Manifest, Outcome, PublishError, ReportEntry, Run, RunObject, Staging};
use crate::typeset::{self, Document, TypesetError, Typesetter};
use crate::{chart, compose, prove, read};

/// Stack of each worker: Typst recurses, and its export works on the same threads.
const STACK: usize = 64 << 20;

/// Name of the worker threads; a panic there is caught and told as a defect of one report.
pub const WORKER: &str = "report-worker";

/// The suppression log in a run folder. It holds what must not be published.
const SUPPRESSION_LOG: &str = "private/suppression.csv";

/// How a run is made.
pub struct BuildSettings<'a> {
    /// The output folder, with all runs of the evaluation.
    pub out: PathBuf,
    /// The areas to make a report of; `None` for all.
    pub only: Option<Vec<AreaIndex>>,
    /// Reports made at the same time; `None` for one for each processor.
    pub jobs: Option<NonZeroUsize>,
    /// Makes the PDFs.
    pub typesetter: Typesetter,
    /// What time it is.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
}

/// Hears how a run goes on, from several threads.
pub trait Observer: Sync {
    /// So many reports are to be made.
    fn begins(&self, reports: usize);
    /// A report is done, well or not.
    fn finished(&self, area: &Area, outcome: &Outcome);
}

/// What a run made.
pub struct Built {
    /// The published run; `None` when no report could be made.
    pub run: Option<Run>,
    /// Its manifest.
    pub manifest: Manifest,
}

/// Why a run ended without being published.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The disk stood in the way.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// What is withheld could be worked out from what is published.
    #[error("a statistic that must be withheld could be worked out from the others")]
    Disclosure(Vec<Exposure>),
    /// A defect of the program.
    #[error("{0}")]
    Defect(String),
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

/// Decides what may be published of the aggregates, once for all reports.
///
/// # Errors
/// [`BuildError::Disclosure`] when something withheld can be worked out; then nothing may be published.
pub fn protect(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    jobs: Option<NonZeroUsize>,
) -> Result<ProtectedAggregates, BuildError> {
    let linked = aggregate::linked(&evaluation.questionnaire);
    let decisions =
        in_parallel(jobs, &linked, |linked| Ok(aggregate::decide(evaluation, &aggregates, linked)))?;
    aggregates.protect(decisions).map_err(BuildError::Disclosure)
}

/// Makes the local reports of an evaluation and publishes them as a run.
///
/// # Errors
/// When the disk stands in the way, or for a defect of the program outside a single report. Then nothing is published.
pub fn build(
    evaluation: &CheckedEvaluation,
    aggregates: ProtectedAggregates,
    problems: &[Problem],
    settings: &BuildSettings<'_>,
    observer: &dyn Observer,
) -> Result<Built, BuildError> {
    let started = (settings.clock)();
    let staging = Staging::begin(&settings.out, started)?;
    let engine = Engine {
        name: typeset::ENGINE.to_owned(),
        templates: settings.typesetter.templates_hash(),
        fonts: Typesetter::fonts_hash(),
    };
    let log =
        aggregates.suppression_log(evaluation).map_err(|error| BuildError::Defect(error.to_string()))?;
    let log = staging.add(SUPPRESSION_LOG.to_owned(), log.as_bytes(), None).map_err(PublishError::from)?;
    let (aggregates, tables) =
        aggregates.seal(evaluation).map_err(|error| BuildError::Defect(error.to_string()))?;
    let mut hashes = BTreeMap::new();
    for table in tables {
        let file = staging.add(format!("aggregates/{}", table.name), table.text.as_bytes(), None);
        hashes.insert(table.name.to_owned(), file.map_err(PublishError::from)?.sha256);
    }
    let json = serde_json::to_vec_pretty(problems).map_err(PublishError::from)?;
    let problems = staging.add("problems.json".to_owned(), &json, None).map_err(PublishError::from)?;

    let names = Names::of(&evaluation.register).map_err(BuildError::Defect)?;
    let maker = Maker {
        evaluation,
        aggregates: &aggregates,
        names: &names,
        typesetter: &settings.typesetter,
        engine: &engine,
        clock: settings.clock,
    };

    let wanted = |area: AreaIndex| settings.only.as_ref().is_none_or(|only| only.contains(&area));
    let submissions: Vec<&Submission> = evaluation.submissions.iter().filter(|s| wanted(s.area)).collect();
    observer.begins(submissions.len());
    let mut done = in_parallel(settings.jobs, &submissions, |submission| {
        let area = &evaluation.register[submission.area];
        let begun = (settings.clock)();
        let made = guard(|| maker.local(submission));
        let proof = made.as_ref().map_or(0, |made| made.proof);
        let entry = entry(area, made, &staging)?;
        observer.finished(area, &entry.outcome);
        let all = (settings.clock)().duration_since(begun).as_millis() as i64;
        Ok(Done { entry, all, proof })
    })?;
    done.sort_by(|a, b| a.entry.subject.cmp(&b.entry.subject));

    let finished = (settings.clock)();
    let milliseconds = done.iter().map(|done| (done.entry.subject.clone(), done.all)).collect();
    let proof_milliseconds = done.iter().map(|done| done.proof).sum();
    let mut reports: Vec<ReportEntry> = done.into_iter().map(|done| done.entry).collect();
    let broken =
        evaluation.broken.iter().filter(|area| wanted(**area)).map(|area| &evaluation.register[*area]);
    reports.extend(broken.map(|area| unmade(area, Outcome::NoSubmission)));
    reports.sort_by(|a, b| a.subject.cmp(&b.subject));
    let code = |area: &AreaIndex| evaluation.register[*area].code.to_string();
    let manifest = Manifest {
        version: 1,
        evaluation: evaluation.settings.id.clone(),
        synthetic: evaluation.settings.synthetic,
        engine,
        aggregates: hashes,
        seal: aggregates.seal().to_owned(),
        problems,
        suppression: log,
        only: settings.only.iter().flatten().map(code).collect(),
        reports,
        run: RunObject {
            id: staging.id().as_str().to_owned(),
            started: started.to_string(),
            finished: finished.to_string(),
            milliseconds,
            proof_milliseconds,
        },
    };
    let any = manifest.reports.iter().any(|entry| entry.outcome == Outcome::Built);
    let run = if any { Some(staging.publish(&manifest)?) } else { None };
    Ok(Built { run, manifest })
}

/// A report that is done, well or not, with the milliseconds that it and its proof took.
struct Done {
    entry: ReportEntry,
    all: i64,
    proof: i64,
}

/// A report as it leaves the last stage before publishing.
struct Made {
    model: ReportModel,
    facts: Vec<u8>,
    document: Document,
    fingerprint: publish::Fingerprint,
    /// How long the proof took, in milliseconds.
    proof: i64,
}

/// What every report of a run is made with.
struct Maker<'a> {
    evaluation: &'a CheckedEvaluation,
    aggregates: &'a SealedAggregates,
    names: &'a Names,
    typesetter: &'a Typesetter,
    engine: &'a Engine,
    clock: &'a (dyn Fn() -> Timestamp + Sync),
}

impl Maker<'_> {
    /// Compose, draw, typeset, prove.
    fn local(&self, submission: &Submission) -> Result<Made, Outcome> {
        let defect = |error: &dyn std::error::Error| Outcome::Defect { problem: error.to_string() };
        let model = compose::local(self.evaluation, self.aggregates, submission);
        let palette = self.typesetter.palette();
        let mut files = model
            .charts
            .iter()
            .map(|chart| {
                Ok((format!("charts/{}", chart.file), chart::draw(&chart.spec, palette)?.into_bytes()))
            })
            .collect::<Result<Vec<_>, chart::ChartError>>()
            .map_err(|error| defect(&error))?;
        let facts = publish::facts_file(&model).map_err(|error| defect(&error))?;
        files.push(("facts.json".to_owned(), facts.clone()));
        files.push(("submission.csv".to_owned(), submission.received().as_bytes().to_vec()));
        let fingerprint =
            publish::fingerprint(&model, &files, self.engine).map_err(|error| defect(&error))?;
        let document = self.typesetter.typeset(&model, files).map_err(|error| match error {
            TypesetError::Template(fault) => Outcome::Template { problem: fault.to_string() },
            error @ (TypesetError::Palette(_) | TypesetError::Defect(_)) => {
                Outcome::Defect { problem: error.to_string() }
            }
        })?;
        let claim = Claim {
            evaluation: self.evaluation,
            names: self.names,
            submission,
            model: &model,
            facts: &facts,
            fixed_text: self.typesetter.fixed_text(),
        };
        let begun = (self.clock)();
        prove::prove(&document.pdf, claim).map_err(|doubts| Outcome::Unproven {
            doubts: doubts.iter().map(ToString::to_string).collect(),
        })?;
        let proof = (self.clock)().duration_since(begun).as_millis() as i64;
        Ok(Made { model, facts, document, fingerprint, proof })
    }
}

/// Runs the work of one report and turns a panic into a defect of that report.
fn guard<T>(work: impl FnOnce() -> Result<T, Outcome>) -> Result<T, Outcome> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Outcome::Defect { problem: text.unwrap_or_else(|| "a panic without a message".to_owned()) })
    })
}

/// Hands a report's files to the run folder at once, so that no report stays in memory.
fn entry(area: &Area, made: Result<Made, Outcome>, staging: &Staging) -> Result<ReportEntry, BuildError> {
    let made = match made {
        Ok(made) => made,
        Err(outcome) => return Ok(unmade(area, outcome)),
    };
    let stem = &made.model.stem;
    let pages = Some(made.document.pages);
    let report = staging.add(format!("{stem}.pdf"), &made.document.pdf, pages).map_err(PublishError::from)?;
    let facts = staging.add(format!("{stem}.facts.json"), &made.facts, None).map_err(PublishError::from)?;
    Ok(ReportEntry {
        report: Some(report),
        facts: Some(facts),
        fingerprint: Some(made.fingerprint),
        ..unmade(area, Outcome::Built)
    })
}

fn unmade(area: &Area, outcome: Outcome) -> ReportEntry {
    ReportEntry {
        kind: "local".to_owned(),
        subject: area.code.to_string(),
        name: area.name.clone(),
        format: "standard".to_owned(),
        report: None,
        facts: None,
        fingerprint: None,
        outcome,
    }
}

/// Does some work for each item, as many at a time as there are jobs. The first error stops the rest.
///
/// `par_bridge` and not `par_iter`: Typst and its PDF export use the same threads, and with `par_iter` a worker that
/// waits for them starts report upon report inside one another, until memory or the stack runs out.
fn in_parallel<T: Sync, R: Send>(
    jobs: Option<NonZeroUsize>,
    items: &[T],
    work: impl Fn(&T) -> Result<R, BuildError> + Send + Sync,
) -> Result<Vec<R>, BuildError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, NonZeroUsize::get))
        .stack_size(STACK)
        .thread_name(|n| format!("{WORKER}-{n}"))
        .build()
        .map_err(|error| BuildError::Defect(error.to_string()))?;
    pool.install(|| items.iter().par_bridge().map(&work).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_one_report_leaves_the_rest() {
        let done = in_parallel(NonZeroUsize::new(2), &[1, 2, 3, 4], |n| {
            Ok(guard(|| if *n == 3 { panic!("report {n} broke") } else { Ok(*n) }))
        });
        let mut done = done.unwrap();
        done.sort_by_key(|outcome| outcome.clone().unwrap_or_default());
        assert_eq!(
            done,
            [Err(Outcome::Defect { problem: "report 3 broke".to_owned() }), Ok(1), Ok(2), Ok(4)]
        );
    }
}
