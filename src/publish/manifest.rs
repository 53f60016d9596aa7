use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::hash::sha256;
use crate::model::{Fact, ReportModel};

/// What a run folder holds. All but `run` follows from the inputs alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this file's form.
    pub version: u32,
    /// Id of the evaluation.
    pub evaluation: String,
    /// True when the answers are made up.
    pub synthetic: bool,
    /// What made the reports.
    pub engine: Engine,
    /// Hash of each file of `aggregates/`.
    pub aggregates: BTreeMap<String, String>,
    /// The seal of the aggregates: every report carries it.
    pub seal: String,
    /// What was wrong with the inputs.
    pub problems: ReportFile,
    /// What was withheld, and by which rule: not for readers.
    pub suppression: ReportFile,
    /// Areas that the run was limited to; empty when it made every report.
    pub only: Vec<String>,
    /// The reports, sorted by kind, subject and format.
    pub reports: Vec<ReportEntry>,
    /// Everything that differs from run to run.
    pub run: RunObject,
}

/// What made the reports: with equal inputs and an equal engine the bytes are equal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Engine {
    /// Name and version of program and typesetter.
    pub name: String,
    /// Hash of the templates.
    pub templates: String,
    /// Hash of the fonts.
    pub fonts: String,
}

/// One report of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportEntry {
    /// What kind of report it is.
    pub kind: String,
    /// Code of its subject.
    pub subject: String,
    /// Name of its subject.
    pub name: String,
    /// Its format.
    pub format: String,
    /// The report itself, when it could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportFile>,
    /// Its facts, when it could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<ReportFile>,
    /// What it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// What became of it.
    pub outcome: Outcome,
}

/// A file of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportFile {
    /// Path in the run folder.
    pub file: String,
    /// Number of pages, of a report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
    /// Size in bytes.
    pub size: usize,
    /// Hash of its bytes.
    pub sha256: String,
}

/// What a report was made from: equal fingerprints, equal bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Hash of all parts.
    pub all: String,
    /// Hash of what the report says: its model.
    pub model: String,
    /// Hash of its charts as drawn and of the files attached to it.
    pub files: String,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Outcome {
    /// Made in this run.
    Built,
    /// Not made, because the area's submission has errors.
    NoSubmission,
    /// Not made, because a template does not suit it.
    Template {
        /// What is wrong, with its place.
        problem: String,
    },
    /// Made and thrown away, because it could not be proved.
    Unproven {
        /// Every doubt, with its page.
        doubts: Vec<String>,
    },
    /// Not made, because of a defect of the program.
    Defect {
        /// What happened.
        problem: String,
    },
}

/// What differs from run to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunObject {
    /// Id of the run.
    pub id: String,
    /// When it started, in UTC.
    pub started: String,
    /// When its last report was done, in UTC.
    pub finished: String,
    /// How long each report took, in milliseconds, by subject.
    pub milliseconds: BTreeMap<String, i64>,
    /// How much of that time went into reading finished reports back and proving them.
    pub proof_milliseconds: i64,
}

/// A file with the facts of a report, stable in order.
#[derive(Debug, Serialize)]
struct FactsFile<'a> {
    /// Id of the report.
    report: &'a str,
    /// Code of its area.
    area: &'a str,
    /// The seal of the aggregates that it was made from.
    aggregates: &'a str,
    /// The facts, sorted by id.
    facts: &'a [Fact],
}

/// The facts of a report as JSON: attached to the report, and beside it in the run.
///
/// # Errors
/// Never in practice: facts are plain data.
pub fn facts_file(model: &ReportModel) -> Result<Vec<u8>, serde_json::Error> {
    let facts =
        FactsFile { report: &model.id, area: &model.area.code, aggregates: &model.seal, facts: &model.facts };
    serde_json::to_vec_pretty(&facts)
}

/// The fingerprint of a report.
///
/// # Errors
/// Never in practice: the model is plain data.
pub fn fingerprint(
    model: &ReportModel,
    files: &[(String, Vec<u8>)],
    engine: &Engine,
) -> Result<Fingerprint, serde_json::Error> {
    let model = sha256(&serde_json::to_vec(model)?);
    let files: Vec<(&str, String)> =
        files.iter().map(|(path, bytes)| (path.as_str(), sha256(bytes))).collect();
    let files = sha256(&serde_json::to_vec(&files)?);
    let all = sha256(
        [engine.name.as_str(), &engine.templates, &engine.fonts, &model, &files].join("\n").as_bytes(),
    );
    Ok(Fingerprint { all, model, files })
}
