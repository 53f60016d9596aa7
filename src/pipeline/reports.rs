use std::collections::BTreeMap;
use std::path::Path;

use super::edition::{EditionBuilder, guard, unmade};
use super::error::BuildError;
use super::observer::Observer;
use super::plan::{Plan, Planned, Step, planned};
use super::protect::{protect, seal};
use super::settings::BuildSettings;
use super::workers;
use crate::aggregate::{Aggregates, SealedAggregates};
use crate::check::CheckedEvaluation;
use crate::fs;
use crate::model::{EditionId, Kind};
use crate::prove::Names;
use crate::publish::{
    Cause, Engine, Manifest, MovedGroup, Outcome, Previous, ReportEntry, ReportFile, RunLog, Staging,
};
use crate::render::DataFile;

/// The suppression log in a run folder. Its contents must not be published.
const SUPPRESSION_LOG: &str = "private/suppression.csv";

/// The folder of a run with all its figures as data files.
const DATA_PACK: &str = "data-pack";

/// The contents of a run, made or reused.
pub(super) struct RunContent {
    pub(super) aggregates: BTreeMap<String, String>,
    pub(super) seal: String,
    pub(super) suppression: ReportFile,
    pub(super) data_pack: Vec<ReportFile>,
    pub(super) reports: Vec<ReportEntry>,
    pub(super) milliseconds: BTreeMap<EditionId, i64>,
    pub(super) causes: BTreeMap<EditionId, Vec<Cause>>,
    pub(super) moved: Vec<MovedGroup>,
    pub(super) proof_milliseconds: i64,
}

/// Reuses everything of the last run.
pub(super) fn reuse_all(folder: &Path, last: &Manifest, staging: &Staging) -> Result<RunContent, BuildError> {
    let made = last.reports.iter().filter(|entry| entry.outcome.is_made());
    let reports: Vec<ReportEntry> =
        made.map(|entry| ReportEntry { outcome: Outcome::Reused, ..entry.clone() }).collect();
    let files = reports.iter().flat_map(ReportEntry::files).chain(&last.data_pack);
    let tables = last.aggregates.keys().map(|name| format!("aggregates/{name}"));
    let paths = files.map(|file| file.file.clone()).chain(tables).chain([last.suppression.file.clone()]);
    for path in paths {
        staging.reuse(folder, &path)?;
    }
    Ok(RunContent {
        aggregates: last.aggregates.clone(),
        seal: last.seal.clone(),
        suppression: last.suppression.clone(),
        data_pack: last.data_pack.clone(),
        reports,
        milliseconds: BTreeMap::new(),
        causes: BTreeMap::new(),
        moved: Vec::new(),
        proof_milliseconds: 0,
    })
}

/// What the reports of a run are made with, and where they go.
pub(super) struct RunBuilder<'a> {
    pub(super) evaluation: &'a CheckedEvaluation,
    pub(super) settings: &'a BuildSettings,
    pub(super) previous: &'a Previous,
    pub(super) staging: &'a Staging,
    pub(super) engine: &'a Engine,
    pub(super) log: &'a RunLog,
}

impl RunBuilder<'_> {
    /// Makes the reports that need making, and reuses the others.
    pub(super) fn build(
        &self,
        aggregates: Aggregates,
        observer: &dyn Observer,
    ) -> Result<RunContent, BuildError> {
        let Self { evaluation, settings, previous, staging, engine, log } = *self;
        let decided = |decided, all| observer.protects(decided, all);
        let protected = protect(evaluation, aggregates, settings.jobs, &decided)?;
        let table =
            protected.suppression_log(evaluation).map_err(|error| BuildError::Defect(error.into()))?;
        let suppression = staging.add(SUPPRESSION_LOG.to_owned(), table.as_bytes(), None)?;
        let (aggregates, tables) = seal(evaluation, protected)?;
        let mut hashes = BTreeMap::new();
        for table in tables {
            let file = staging.add(format!("aggregates/{}", table.name), table.text.as_bytes(), None);
            hashes.insert(table.name.to_owned(), file?.sha256);
        }
        let data_pack = self.data_pack(&aggregates)?;

        let names = Names::of(&evaluation.register).map_err(|error| BuildError::Defect(error.into()))?;
        let builder = settings.builder(evaluation, &aggregates, &names, engine);
        let plan = planned(&builder, &settings.only.reports(evaluation), previous, settings)?;
        space(settings.output.folder(), &plan, previous)?;
        observer.begins(plan.reports.len());
        let make = |planned: &Planned| {
            observer.starts(&planned.id);
            let done = match settings.given_up.get(&planned.id) {
                Some(why) => give_up(evaluation, planned, why),
                None => report(&builder, planned, staging, || settings.overdue.why(&planned.id))?,
            };
            log.during(|| event(&done));
            observer.finished(&done.entry);
            Ok(done)
        };
        let is_overdue = |planned: &Planned| settings.overdue.why(&planned.id).is_some();
        let done = workers::reports(settings.jobs, &plan.reports, &settings.overdue, make, is_overdue)?;

        let made = || done.iter().filter(|done| !done.causes.is_empty());
        Ok(RunContent {
            aggregates: hashes,
            seal: aggregates.seal().to_owned(),
            suppression,
            data_pack,
            milliseconds: made().map(|done| (done.entry.id.clone(), done.all)).collect(),
            causes: made().map(|done| (done.entry.id.clone(), done.causes.clone())).collect(),
            moved: plan.moved,
            proof_milliseconds: done.iter().map(|done| done.proof).sum(),
            reports: done.into_iter().map(|done| done.entry).collect(),
        })
    }

    /// Writes all figures as data files, if the run has the national report.
    fn data_pack(&self, aggregates: &SealedAggregates) -> Result<Vec<ReportFile>, BuildError> {
        if !self.settings.only.has_kind(Kind::National, self.evaluation) {
            return Ok(Vec::new());
        }
        let renderer = self.settings.renderers.get(&self.evaluation.settings.language);
        let Some(renderer) = renderer else { return Ok(Vec::new()) };
        let files = renderer.data_pack(self.evaluation, aggregates);
        let files = files.map_err(|error| BuildError::Defect(error.into()))?;
        let add = |file: DataFile| self.staging.add(format!("{DATA_PACK}/{}", file.name), &file.bytes, None);
        Ok(files.into_iter().map(add).collect::<Result<_, _>>()?)
    }
}

/// Logs what became of a report, but not what is wrong with it: that may quote an answer, so only the manifest has it.
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

/// A report that was finished or failed, with the milliseconds that it and its proof took.
struct Done {
    entry: ReportEntry,
    causes: Vec<Cause>,
    all: i64,
    proof: i64,
}

/// Does what is planned for a report, and puts it into the run folder unless it is `overdue` by then.
fn report(
    builder: &EditionBuilder<'_>,
    planned: &Planned,
    staging: &Staging,
    overdue: impl Fn() -> Option<String>,
) -> Result<Done, BuildError> {
    let begun = (builder.clock)();
    let done = match &planned.step {
        Step::Reuse { folder, entry } => {
            for file in entry.files() {
                staging.reuse(folder, &file.file)?;
            }
            // Its recipients and the name of its region may still have changed.
            let now = unmade(builder.evaluation, planned.subject, &planned.id, Outcome::Reused);
            let entry = ReportEntry {
                report: entry.report.clone(),
                facts: entry.facts.clone(),
                data: entry.data.clone(),
                fingerprint: entry.fingerprint.clone(),
                ..now
            };
            Done { entry, causes: Vec::new(), all: 0, proof: 0 }
        }
        Step::Make(causes) => {
            let made = guard(|| {
                let finished = builder.build(&planned.id, planned.subject)?;
                overdue().map_or(Ok(finished), |problem| Err(Outcome::Limit { problem }))
            });
            let (entry, proof) = match made {
                Ok(finished) => {
                    (builder.stage(&planned.id, planned.subject, &finished, staging)?, finished.proof)
                }
                Err(outcome) => (unmade(builder.evaluation, planned.subject, &planned.id, outcome), 0),
            };
            let all = (builder.clock)().duration_since(begun).as_millis() as i64;
            Done { entry, causes: causes.clone(), all, proof }
        }
    };
    staging.note(&done.entry)?;
    Ok(done)
}

/// Gives up on a report that took too much when it was tried.
fn give_up(evaluation: &CheckedEvaluation, planned: &Planned, why: &str) -> Done {
    let entry = unmade(evaluation, planned.subject, &planned.id, Outcome::Limit { problem: why.to_owned() });
    let causes = match &planned.step {
        Step::Make(causes) => causes.clone(),
        Step::Reuse { .. } => Vec::new(),
    };
    Done { entry, causes, all: 0, proof: 0 }
}

/// Before the first report is made, checks that there is room for all of them at the mean size of the last run's.
fn space(out: &Path, plan: &Plan, previous: &Previous) -> Result<(), BuildError> {
    /// Assumed size of a report and its facts, if there is no last run.
    const USUAL: u64 = 500_000;
    let make = plan.reports.iter().filter(|planned| matches!(planned.step, Step::Make(_))).count() as u64;
    let needed = make * previous.mean_size().unwrap_or(USUAL);
    let free = fs::free_space(out)?;
    if free < needed { Err(BuildError::Space { folder: out.to_owned(), needed, free }) } else { Ok(()) }
}
