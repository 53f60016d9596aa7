use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cause::{Cause, GroupMoved};
use crate::hash::sha256;
use crate::model::{EditionId, Fact, Format, Kind, ReportModel, ReviewPolicy};

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
    /// The seal of the aggregates: whatever a report prints of them is in them.
    pub seal: String,
    /// Hash of each file of the evaluation, by its path.
    pub inputs: BTreeMap<String, String>,
    /// What was wrong with the inputs.
    pub problems: ReportFile,
    /// How many errors and warnings that is.
    pub counts: ProblemCounts,
    /// How much of what was asked was answered.
    pub completeness: Response,
    /// What was withheld, and by which rule: not for readers.
    pub suppression: ReportFile,
    /// Areas that the run was limited to; empty when it made every report.
    pub only: Vec<String>,
    /// Who decides on its reports.
    pub review: ReviewPolicy,
    /// The reports, sorted by kind, subject, language and format.
    pub reports: Vec<ReportEntry>,
    /// Everything that differs from run to run.
    pub run: RunObject,
}

impl Manifest {
    /// The entry of a report in a form.
    pub fn entry(&self, id: &EditionId) -> Option<&ReportEntry> {
        self.reports.binary_search_by(|entry| entry.id.cmp(id)).ok().map(|at| &self.reports[at])
    }
}

/// What made the reports: with equal inputs and an equal engine the bytes are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Name and version of program and typesetter, with the hash of the program's own sources.
    pub name: String,
    /// Hash of the templates of each kind of report, and of the evaluation's wording.
    pub templates: BTreeMap<String, String>,
    /// Hash of the theme: colours, sizes, page furniture.
    pub style: String,
    /// Hash of the fonts.
    pub fonts: String,
}

/// Numbers of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemCounts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

/// How much of what was asked was answered, in all sound submissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Areas that sent a sound submission.
    pub areas: usize,
    /// Areas that completed the assessment, by the register.
    pub completed: usize,
    /// Answers to closed questions.
    pub answered: u64,
    /// Closed questions that were put to those who answered anything.
    pub asked: u64,
}

/// One report of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportEntry {
    /// Which report it is, in which form.
    #[serde(flatten)]
    pub id: EditionId,
    /// Name of its subject.
    pub name: String,
    /// Name of the region of its subject.
    pub region: String,
    /// Hash of who is to receive it, and in which format: a verdict holds for them only.
    pub recipients: String,
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

impl ReportEntry {
    /// Names the report for people: its subject, and what sets it apart from the usual local report, as in
    /// `Bury (submission, large-print)`.
    pub fn label(&self) -> String {
        let EditionId { report, format } = &self.id;
        let kind = (report.kind != Kind::Local).then(|| report.kind.word());
        let format = (*format != Format::Standard).then(|| format.word());
        let apart: Vec<&str> = kind.into_iter().chain(format).collect();
        if apart.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, apart.join(", ")) }
    }
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

/// What a report was made from, part by part: equal fingerprints, equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Hash of all parts.
    pub all: String,
    /// Its form. Runs that were published before there was a choice have none but this.
    #[serde(default = "standard")]
    pub format: Format,
    /// Hash of its facts.
    pub facts: String,
    /// Hash of all that its template can print: facts in their forms, names, titles.
    pub model: String,
    /// Hash of the submission, as received: it is attached.
    pub submission: String,
    /// Hash of the templates of its kind and of the wording.
    pub templates: String,
    /// Hash of the theme.
    pub style: String,
    /// Hash of the fonts.
    pub fonts: String,
    /// Name of the engine.
    pub engine: String,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Outcome {
    /// Made in this run.
    Built,
    /// Taken over from the run before: everything that reaches it is the same.
    Reused,
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
    /// Given up, because it took too much time or memory.
    Limit {
        /// What it took.
        problem: String,
    },
    /// Not made, because of a defect of the program.
    Defect {
        /// What happened.
        problem: String,
    },
}

impl Outcome {
    /// True when the run has the report.
    pub fn is_made(&self) -> bool {
        matches!(self, Self::Built | Self::Reused)
    }

    /// What became of the report, in one line; the first of several faults.
    pub fn reason(&self) -> String {
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        match self {
            Self::Built => "made".to_owned(),
            Self::Reused => "taken over unchanged".to_owned(),
            Self::NoSubmission => "its submission has errors".to_owned(),
            Self::Template { problem } => format!("a template does not suit it: {}", first(problem)),
            Self::Unproven { doubts } => {
                format!(
                    "it could not be proved: {}",
                    doubts.first().map(|doubt| first(doubt)).unwrap_or_default()
                )
            }
            Self::Limit { problem } => problem.clone(),
            Self::Defect { problem } => format!("a defect of the program: {}", first(problem)),
        }
    }

    /// The name of the outcome, as in the manifest.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Reused => "reused",
            Self::NoSubmission => "no-submission",
            Self::Template { .. } => "template",
            Self::Unproven { .. } => "unproven",
            Self::Limit { .. } => "limit",
            Self::Defect { .. } => "defect",
        }
    }
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
    /// How long each report took, in milliseconds.
    #[serde(with = "by_edition")]
    pub milliseconds: BTreeMap<EditionId, i64>,
    /// Why each report that was made was made.
    #[serde(with = "by_edition")]
    pub causes: BTreeMap<EditionId, Vec<Cause>>,
    /// The figures that are printed in another form than in the last run.
    pub moved: Vec<GroupMoved>,
    /// For each report that could not be made, the last run that has it.
    #[serde(with = "by_edition")]
    pub last_made: BTreeMap<EditionId, String>,
    /// The log, and what staff read in the morning.
    pub files: Vec<ReportFile>,
    /// How much of that time went into reading finished reports back and proving them.
    pub proof_milliseconds: i64,
}

/// A file with the facts of a report, stable in order.
#[derive(Debug, Serialize)]
struct FactsFile<'a> {
    /// Names the report for ever.
    report: String,
    /// Code of its area.
    area: &'a str,
    /// The seal of what it prints of the aggregates.
    aggregates: &'a str,
    /// The facts, sorted by id.
    facts: &'a [Fact],
}

/// The facts of a report as JSON: attached to the report, and beside it in the run.
///
/// # Errors
/// Never in practice: facts are plain data.
pub fn facts_file(model: &ReportModel) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec_pretty(&FactsFile {
        report: model.reference(),
        area: &model.area.code,
        aggregates: &model.seal,
        facts: &model.facts,
    })
}

/// The fingerprint of a report in a form: of its model, the bytes of its facts, and the submission as received.
///
/// # Errors
/// Never in practice: the model is plain data.
pub fn fingerprint(
    model: &ReportModel,
    format: Format,
    facts: &[u8],
    submission: &str,
    engine: &Engine,
) -> Result<Fingerprint, serde_json::Error> {
    let facts = sha256(facts);
    let submission = sha256(submission.as_bytes());
    let model_hash = sha256(&serde_json::to_vec(model)?);
    let templates = engine.templates.get(model.id.kind.word()).cloned().unwrap_or_default();
    let Engine { name, style, fonts, .. } = engine.clone();
    let parts = [&facts, &model_hash, &submission, &templates, &style, &fonts, &name];
    let all = sha256(format!("{format}\n{}", parts.map(String::as_str).join("\n")).as_bytes());
    Ok(Fingerprint {
        all,
        format,
        facts,
        model: model_hash,
        submission,
        templates,
        style,
        fonts,
        engine: name,
    })
}

fn standard() -> Format {
    Format::Standard
}

/// Maps by edition, whose keys are texts in JSON.
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
        // The first version had local reports only, by the code of their area.
        let id = |key: &str| key.parse().or_else(|_| format!("local/{key}/en/standard").parse());
        map.into_iter().map(|(key, value)| Ok((id(&key).map_err(D::Error::custom)?, value))).collect()
    }
}
