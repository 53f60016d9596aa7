use std::collections::BTreeMap;
use std::path::Path;

use super::maker::{Maker, guard, stage, unmade};
use super::plan::{Plan, Planned, Step, plan};
use super::{BuildError, BuildSettings, Observer, protect, seal, workers};
use crate::aggregate::Aggregates;
use crate::check::CheckedEvaluation;
use crate::fs;
use crate::model::EditionId;
use crate::prove::Names;
use crate::publish::{
    Cause, Engine, GroupMoved, Manifest, Outcome, Previous, ReportEntry, ReportFile, RunLog, Staging,
};

/// The suppression log in a run folder. It holds what must not be published.
const SUPPRESSION_LOG: &str = "private/suppression.csv";

/// What a run consists of, made or reused.
pub(super) struct Content {
    pub(super) aggregates: BTreeMap<String, String>,
    pub(super) seal: String,
    pub(super) suppression: ReportFile,
    pub(super) reports: Vec<ReportEntry>,
    pub(super) milliseconds: BTreeMap<EditionId, i64>,
    pub(super) causes: BTreeMap<EditionId, Vec<Cause>>,
    pub(super) moved: Vec<GroupMoved>,
    pub(super) proof_milliseconds: i64,
}

/// Reuses everything of the last run.
pub(super) fn take_over(folder: &Path, last: &Manifest, staging: &Staging) -> Result<Content, BuildError> {
    let made = last.reports.iter().filter(|entry| entry.outcome.is_made());
    let reports: Vec<ReportEntry> =
        made.map(|entry| ReportEntry { outcome: Outcome::Reused, ..entry.clone() }).collect();
    let files = reports.iter().flat_map(|entry| [&entry.report, &entry.facts]).flatten();
    let tables = last.aggregates.keys().map(|name| format!("aggregates/{name}"));
    let paths = files.map(|file| file.file.clone()).chain(tables).chain([last.suppression.file.clone()]);
    for path in paths {
        staging.reuse(folder, &path)?;
    }
    Ok(Content {
        aggregates: last.aggregates.clone(),
        seal: last.seal.clone(),
        suppression: last.suppression.clone(),
        reports,
        milliseconds: BTreeMap::new(),
        causes: BTreeMap::new(),
        moved: Vec::new(),
        proof_milliseconds: 0,
    })
}

/// What reports are made with, and where they go.
pub(super) struct Press<'a> {
    pub(super) evaluation: &'a CheckedEvaluation,
    pub(super) settings: &'a BuildSettings,
    pub(super) previous: &'a Previous,
    pub(super) staging: &'a Staging,
    pub(super) engine: &'a Engine,
    pub(super) log: &'a RunLog,
}

impl Press<'_> {
    /// Makes the reports that need making, and reuses the others.
    pub(super) fn make(
        &self,
        aggregates: Aggregates,
        observer: &dyn Observer,
    ) -> Result<Content, BuildError> {
        let Self { evaluation, settings, previous, staging, engine, log } = *self;
        let decided = |decided, all| observer.protects(decided, all);
        let protected = protect(evaluation, aggregates, settings.jobs, &decided)?;
        let table =
            protected.suppression_log(evaluation).map_err(|error| BuildError::Defect(error.to_string()))?;
        let suppression = staging.add(SUPPRESSION_LOG.to_owned(), table.as_bytes(), None)?;
        let (aggregates, tables) = seal(evaluation, protected)?;
        let mut hashes = BTreeMap::new();
        for table in tables {
            let file = staging.add(format!("aggregates/{}", table.name), table.text.as_bytes(), None);
            hashes.insert(table.name.to_owned(), file?.sha256);
        }

        let names = Names::of(&evaluation.register).map_err(BuildError::Defect)?;
        let maker = settings.maker(evaluation, &aggregates, &names, engine);
        let plan = plan(&maker, &settings.wanted(evaluation), previous, settings)?;
        space(&settings.out, &plan, previous)?;
        observer.begins(plan.reports.len());
        let make = |planned: &Planned| {
            observer.starts(&planned.id);
            let done = match settings.given_up.get(&planned.id) {
                Some(why) => give_up(evaluation, planned, why),
                None => report(&maker, planned, staging, || settings.overdue.why(&planned.id))?,
            };
            log.during(|| event(&done));
            observer.finished(&done.entry);
            Ok(done)
        };
        let is_overdue = |planned: &Planned| settings.overdue.why(&planned.id).is_some();
        let done = workers::reports(settings.jobs, &plan.reports, &settings.overdue, make, is_overdue)?;

        let made = || done.iter().filter(|done| !done.causes.is_empty());
        Ok(Content {
            aggregates: hashes,
            seal: aggregates.seal().to_owned(),
            suppression,
            milliseconds: made().map(|done| (done.entry.id.clone(), done.all)).collect(),
            causes: made().map(|done| (done.entry.id.clone(), done.causes.clone())).collect(),
            moved: plan.moved,
            proof_milliseconds: done.iter().map(|done| done.proof).sum(),
            reports: done.into_iter().map(|done| done.entry).collect(),
        })
    }
}

/// Tells the log what became of a report. What is wrong with it may quote an answer: that is in the manifest only.
fn event(done: &Done) {
    let (report, outcome) = (done.entry.id.to_string(), done.entry.outcome.name());
    let pages = done.entry.report.as_ref().and_then(|file| file.pages);
    let size = done.entry.report.as_ref().map(|file| file.size);
    let milliseconds = done.all;
    if done.entry.outcome.is_made() {
        tracing::info!(report, outcome, pages, size, milliseconds, "report");
    } else {
        tracing::error!(report, outcome, milliseconds, "report");
    }
}

/// A report that is done, well or not, with the milliseconds that it and its proof took.
struct Done {
    entry: ReportEntry,
    causes: Vec<Cause>,
    all: i64,
    proof: i64,
}

/// Does with a report what is planned, and puts it into the run folder, unless it is `overdue` by then.
fn report(
    maker: &Maker<'_>,
    planned: &Planned,
    staging: &Staging,
    overdue: impl Fn() -> Option<String>,
) -> Result<Done, BuildError> {
    let begun = (maker.clock)();
    let done = match &planned.step {
        Step::Reuse { folder, entry } => {
            for file in [&entry.report, &entry.facts].into_iter().flatten() {
                staging.reuse(folder, &file.file)?;
            }
            // Who receives it, and its region's name, may be others all the same.
            let now = unmade(maker.evaluation, planned.area, &planned.id, Outcome::Reused);
            let entry = ReportEntry {
                report: entry.report.clone(),
                facts: entry.facts.clone(),
                fingerprint: entry.fingerprint.clone(),
                ..now
            };
            Done { entry, causes: Vec::new(), all: 0, proof: 0 }
        }
        Step::Make(causes) => {
            let submission = maker.evaluation.submission(planned.area);
            let made = guard(|| {
                let submission = submission.ok_or(Outcome::NoSubmission)?;
                let EditionId { report, format } = &planned.id;
                let composed = maker.compose(report.kind, submission)?;
                let fingerprint = maker.fingerprint(&composed, *format, submission)?;
                let made = maker.make(&composed, *format, submission)?;
                match overdue() {
                    Some(problem) => Err(Outcome::Limit { problem }),
                    None => Ok((composed, fingerprint, made)),
                }
            });
            let (entry, proof) = match made {
                Ok((composed, fingerprint, made)) => {
                    (stage(maker.evaluation, planned, &composed, &made, fingerprint, staging)?, made.proof)
                }
                Err(outcome) => (unmade(maker.evaluation, planned.area, &planned.id, outcome), 0),
            };
            let all = (maker.clock)().duration_since(begun).as_millis() as i64;
            Done { entry, causes: causes.clone(), all, proof }
        }
    };
    staging.note(&done.entry)?;
    Ok(done)
}

/// What becomes of a report that took too much when it was tried.
fn give_up(evaluation: &CheckedEvaluation, planned: &Planned, why: &str) -> Done {
    let entry = unmade(evaluation, planned.area, &planned.id, Outcome::Limit { problem: why.to_owned() });
    let causes = match &planned.step {
        Step::Make(causes) => causes.clone(),
        Step::Reuse { .. } => Vec::new(),
    };
    Done { entry, causes, all: 0, proof: 0 }
}

/// Looks whether there is room for the reports that are to be made, as large as those of the last run were, before the first
/// is made.
fn space(out: &Path, plan: &Plan, previous: &Previous) -> Result<(), BuildError> {
    /// Of a report and its facts, when there is no last run.
    const USUAL: u64 = 500_000;
    let make = plan.reports.iter().filter(|planned| matches!(planned.step, Step::Make(_))).count() as u64;
    let needed = make * previous.mean_size().unwrap_or(USUAL);
    let free = fs::free_space(out)?;
    if free < needed { Err(BuildError::Space { folder: out.to_owned(), needed, free }) } else { Ok(()) }
}
