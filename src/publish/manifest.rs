use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::cause::Cause;
use super::entry::{ReportEntry, ReportFile};
use super::fingerprint::Engine;
use super::moved::MovedGroup;
use crate::hash::sha256;
use crate::model::{EditionId, ReviewPolicy};

/// What a run folder contains. Everything except `run` depends only on the inputs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the file's layout.
    pub version: u32,
    /// Id of the evaluation.
    pub evaluation: String,
    /// True if the answers are made up.
    pub synthetic: bool,
    /// What made the reports.
    pub engine: Engine,
    /// Hash of each file of `aggregates/`.
    pub aggregates: BTreeMap<String, String>,
    /// The seal of the aggregates from which reports print their figures.
    pub seal: String,
    /// Hash of each file of the evaluation, by its path.
    pub inputs: BTreeMap<String, String>,
    /// What was wrong with the inputs.
    pub problems: ReportFile,
    /// How many errors and warnings there were.
    pub counts: ProblemCounts,
    /// How many of the questions asked were answered.
    pub completeness: Response,
    /// What was withheld, and by which rule: not for publication.
    pub suppression: ReportFile,
    /// All figures as data files, if it has the national report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_pack: Vec<ReportFile>,
    /// What the run was limited to: areas by their codes, kinds as in `local/`; empty when it made every report.
    pub only: Vec<String>,
    /// Who decides on its reports.
    pub review: ReviewPolicy,
    /// The reports, sorted by kind, subject, language and format.
    pub reports: Vec<ReportEntry>,
    /// Everything that differs from run to run.
    pub run: RunObject,
}

impl Manifest {
    /// The entry of a report in a format.
    pub fn entry(&self, id: &EditionId) -> Option<&ReportEntry> {
        self.reports.binary_search_by(|entry| entry.id.cmp(id)).ok().map(|at| &self.reports[at])
    }

    /// A sample of the reports that were made, chosen by the id of the run so that each night tests different ones.
    pub fn sample(&self, count: NonZeroUsize) -> Vec<&ReportEntry> {
        let mut made: Vec<&ReportEntry> =
            self.reports.iter().filter(|entry| entry.outcome.is_made()).collect();
        made.sort_by_key(|entry| sha256(format!("{} {}", self.run.id, entry.id).as_bytes()));
        made.truncate(count.get());
        made
    }
}

/// Numbers of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemCounts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

/// How many of the questions asked were answered, in all valid submissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Areas that sent a valid submission.
    pub areas: usize,
    /// Areas that completed the assessment, by the register.
    pub completed: usize,
    /// Answers to closed questions.
    pub answered: u64,
    /// Closed questions put to people who answered at least one question.
    pub asked: u64,
}

/// What differs from run to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunObject {
    /// Id of the run.
    pub id: String,
    /// When it started, in UTC.
    pub started: String,
    /// When its last report was finished, in UTC.
    pub finished: String,
    /// How long each report took, in milliseconds.
    #[serde(with = "by_edition")]
    pub milliseconds: BTreeMap<EditionId, i64>,
    /// Why each report that was made was made.
    #[serde(with = "by_edition")]
    pub causes: BTreeMap<EditionId, Vec<Cause>>,
    /// The figures of regions and the nation that are printed differently from in the last run.
    pub moved: Vec<MovedGroup>,
    /// For each report that could not be made, the last run that has it.
    #[serde(with = "by_edition")]
    pub last_made: BTreeMap<EditionId, String>,
    /// The log, and the summary for staff.
    pub files: Vec<ReportFile>,
    /// How much of that time was spent reading back and proving finished reports.
    pub proof_milliseconds: i64,
}

/// (De)serialises maps by edition, whose keys are strings in JSON.
mod by_edition {
    use std::collections::BTreeMap;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::EditionId;

    pub(super) fn serialize<S: Serializer, T: Serialize>(
        map: &BTreeMap<EditionId, T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(map.iter().map(|(id, value)| (id.to_string(), value)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<EditionId, T>, D::Error> {
        let map = BTreeMap::<String, T>::deserialize(deserializer)?;
        // The first version had only local reports, keyed by the code of their area.
        let id = |key: &str| key.parse().or_else(|_| format!("local/{key}/en/standard").parse());
        map.into_iter().map(|(key, value)| Ok((id(&key).map_err(D::Error::custom)?, value))).collect()
    }
}
