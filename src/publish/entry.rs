use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::outcome::Outcome;
use crate::model::{EditionId, Format, Kind};

/// One report in the manifest of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportEntry {
    /// Which report it is, in which format.
    #[serde(flatten)]
    pub id: EditionId,
    /// Name of its subject.
    pub name: String,
    /// Name of the region of its subject.
    pub region: String,
    /// Hash of who is to receive it, and in which format: a verdict is valid only for them.
    pub recipients: String,
    /// The report itself, if it could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportFile>,
    /// Its facts, if it could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<ReportFile>,
    /// What it says as data files beside it, if its kind has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<ReportFile>,
    /// The fingerprint of what it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// What became of it.
    pub outcome: Outcome,
}

impl ReportEntry {
    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = &ReportFile> {
        [&self.report, &self.facts].into_iter().flatten().chain(&self.data)
    }

    /// The name of the report for people: its subject, and how it differs from the usual local report, as in `Bury
    /// (submission, large-print)`.
    pub fn label(&self) -> String {
        label(&self.id, &self.name)
    }
}

/// The name for people of a report on a subject with this name.
pub fn label(EditionId { report, format }: &EditionId, name: &str) -> String {
    let kind = (report.kind != Kind::Local).then(|| report.kind.word());
    let format = (*format != Format::Standard).then(|| format.word());
    let apart: Vec<&str> = kind.into_iter().chain(format).collect();
    if apart.is_empty() { name.to_owned() } else { format!("{name} ({})", apart.join(", ")) }
}

/// A file of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReportFile {
    /// Path in the run folder.
    pub file: String,
    /// Number of pages, if it is a report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
    /// Size in bytes.
    pub size: usize,
    /// Hash of its bytes.
    pub sha256: String,
}
