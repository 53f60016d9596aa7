use std::collections::BTreeMap;

use serde::Serialize;

use super::entry::ReportEntry;
use super::manifest::{Manifest, ProblemCounts, Response};
use super::moved::MovedGroup;
use super::outcome::Outcome;
use crate::model::{EditionId, Kind};

/// What staff want to know about a run in the morning, ready for a template.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Title of the evaluation.
    pub title: String,
    /// True if the answers are made up.
    pub synthetic: bool,
    /// Id of the run.
    pub run: String,
    /// When it started, in UTC.
    pub started: String,
    /// When its last report was finished, in UTC.
    pub finished: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Reports that were made.
    pub built: usize,
    /// Reports that were reused unchanged.
    pub reused: usize,
    /// Reports that could not be made.
    pub failed: Vec<FailedReport>,
    /// The same for each kind of report.
    pub kinds: Vec<KindCount>,
    /// Why reports were made, cause by cause.
    pub causes: Vec<CauseCount>,
    /// The figures that changed.
    pub moved: Vec<MovedGroup>,
    /// Files of the evaluation that are new, changed or gone since the last run; `None` if there is no last run.
    pub inputs: Option<InputChanges>,
    /// How many of the questions asked were answered.
    pub completeness: Response,
    /// The same in the last run.
    pub completeness_before: Option<Response>,
    /// What was wrong with the inputs.
    pub problems: ProblemCounts,
    /// The same in the last run.
    pub problems_before: Option<ProblemCounts>,
    /// The reports that took longest, with their seconds.
    pub slowest: Vec<(String, f64)>,
    /// Processor time of the proofs, in seconds.
    pub proof_seconds: f64,
    /// Pages of all reports.
    pub pages: usize,
    /// Bytes of all reports and facts.
    pub bytes: usize,
    /// Bytes that are not shared with an earlier run.
    pub new_bytes: usize,
    /// Free bytes on the disk that holds the run.
    pub free_bytes: u64,
}

/// A report that could not be made.
#[derive(Debug, Serialize)]
pub struct FailedReport {
    /// Code of its subject.
    pub subject: String,
    /// Name of its subject.
    pub name: String,
    /// Why, in one line.
    pub reason: String,
    /// The last run that has it.
    pub last_made: Option<String>,
}

/// How many reports of a kind there are.
#[derive(Debug, Serialize)]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// Reports that were made.
    pub built: usize,
    /// Reports that were reused unchanged.
    pub reused: usize,
    /// Reports that could not be made.
    pub failed: usize,
}

/// A cause, and the reports that had to be made because of it.
#[derive(Debug, Serialize)]
pub struct CauseCount {
    /// The cause in words.
    pub words: &'static str,
    /// How many reports.
    pub reports: usize,
    /// The names of their subjects.
    pub names: Vec<String>,
}

/// What changed in the evaluation's files.
#[derive(Debug, Default, Serialize)]
pub struct InputChanges {
    /// Files that are new.
    pub new: Vec<String>,
    /// Files whose contents changed.
    pub changed: Vec<String>,
    /// Files that are gone.
    pub gone: Vec<String>,
}

/// Most reports to list as slowest.
const SLOWEST: usize = 5;

/// Sums up a run, compared with the one before.
pub fn summary(title: &str, manifest: &Manifest, last: Option<&Manifest>, free_bytes: u64) -> Summary {
    let run = &manifest.run;
    let name = |id: &EditionId| manifest.entry(id).map_or_else(|| id.to_string(), ReportEntry::label);
    let mut causes: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (id, why) in &run.causes {
        why.iter().for_each(|cause| causes.entry(*cause).or_default().push(name(id)));
    }
    let mut slowest: Vec<(String, f64)> =
        run.milliseconds.iter().map(|(id, ms)| (name(id), *ms as f64 / 1000.0)).collect();
    slowest.sort_by(|a, b| b.1.total_cmp(&a.1));
    slowest.truncate(SLOWEST);
    let count = |outcome: &Outcome| manifest.reports.iter().filter(|entry| entry.outcome == *outcome).count();
    let failed = manifest.reports.iter().filter(|entry| !entry.outcome.is_made());
    let size = |all: bool| {
        let entries = manifest.reports.iter().filter(|entry| all || entry.outcome == Outcome::Built);
        entries.flat_map(ReportEntry::files).map(|file| file.size).sum()
    };
    Summary {
        title: title.to_owned(),
        synthetic: manifest.synthetic,
        run: run.id.clone(),
        started: run.started.clone(),
        finished: run.finished.clone(),
        seconds: seconds_between(&run.started, &run.finished),
        built: count(&Outcome::Built),
        reused: count(&Outcome::Reused),
        failed: failed
            .map(|entry| FailedReport {
                subject: entry.id.report.subject.clone(),
                name: entry.label(),
                reason: entry.outcome.reason(),
                last_made: run.last_made.get(&entry.id).cloned(),
            })
            .collect(),
        kinds: kinds(manifest),
        causes: causes
            .into_iter()
            .map(|(cause, names)| CauseCount { words: cause.words(), reports: names.len(), names })
            .collect(),
        moved: run.moved.clone(),
        inputs: last.map(|last| inputs(&last.inputs, &manifest.inputs)),
        completeness: manifest.completeness,
        completeness_before: last.map(|last| last.completeness),
        problems: manifest.counts,
        problems_before: last.map(|last| last.counts),
        slowest,
        proof_seconds: run.proof_milliseconds as f64 / 1000.0,
        pages: manifest.reports.iter().filter_map(|entry| entry.report.as_ref()?.pages).sum(),
        bytes: size(true),
        new_bytes: size(false),
        free_bytes,
    }
}

fn kinds(manifest: &Manifest) -> Vec<KindCount> {
    let of_kind = |kind: &Kind| {
        let entries = || manifest.reports.iter().filter(|entry| entry.id.report.kind == *kind);
        let count = |outcome: &Outcome| entries().filter(|entry| entry.outcome == *outcome).count();
        let (built, reused) = (count(&Outcome::Built), count(&Outcome::Reused));
        KindCount { kind: *kind, built, reused, failed: entries().count() - built - reused }
    };
    Kind::ALL.iter().map(of_kind).filter(|count| count.built + count.reused + count.failed > 0).collect()
}

fn inputs(was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> InputChanges {
    let only = |in_this: &BTreeMap<String, String>, not_in: &BTreeMap<String, String>| {
        in_this.keys().filter(|file| !not_in.contains_key(*file)).cloned().collect()
    };
    let changed = is.iter().filter(|(file, hash)| was.get(*file).is_some_and(|old| old != *hash));
    InputChanges {
        new: only(is, was),
        gone: only(was, is),
        changed: changed.map(|(file, _)| file.clone()).collect(),
    }
}

fn seconds_between(started: &str, finished: &str) -> f64 {
    let parse = |text: &str| text.parse::<jiff::Timestamp>().ok();
    parse(started).zip(parse(finished)).map_or(0.0, |(a, b)| b.duration_since(a).as_secs_f64())
}
