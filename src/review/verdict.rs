use serde::{Deserialize, Serialize};

use crate::model::EditionId;
use crate::publish::ReportEntry;

/// What a reviewer decided about a report, bound to what the reviewer saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// When it was given, in UTC.
    pub at: String,
    /// Who gave it.
    pub reviewer: String,
    /// The run that was looked at.
    pub run: String,
    /// Which report.
    #[serde(flatten)]
    pub id: EditionId,
    /// What was decided.
    pub decision: Decision,
    /// For an approval in part: the groups of changes that it covers, and the run that the report was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Why, or any other remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The exported decisions that it was taken from; `None` if it was given at the terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<Source>,
    /// What it applies to.
    #[serde(flatten)]
    pub seen: ReviewedContent,
}

/// The exported decisions that a verdict was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Their hash.
    pub sha256: String,
    /// When they were exported, in UTC, by the clock of the reviewer's computer; not after they were recorded.
    pub at: String,
}

impl Verdict {
    /// When the reviewer decided: when the decision was exported, or given at the terminal.
    pub(super) fn decided(&self) -> &str {
        self.export.as_ref().map_or(&self.at, |export| &export.at)
    }
}

/// What can be decided about a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may be sent.
    Approved,
    /// Some of its changes are right, and the rest have yet to be looked at.
    ApprovedInPart,
    /// It is wrong.
    Rejected,
    /// It is not to be sent, and nobody is waiting for it.
    Withdrawn,
    /// The rejection or withdrawal of somebody else should no longer stand.
    Lifted,
}

impl Decision {
    /// The decision in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedInPart => "approved in part",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Lifted => "lifted",
        }
    }

    /// True for decisions that must say why.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn | Self::Lifted)
    }
}

/// Some of the changes of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The run that the report was compared with.
    pub against: String,
    /// The ids of the groups of changes that are approved.
    pub groups: Vec<String>,
    /// The ids of all groups of changes in the report; empty in records from before they were kept.
    #[serde(default)]
    pub of: Vec<String>,
}

/// What a verdict applies to: exactly these bytes, facts and recipients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedContent {
    /// Hash of the report; `None` if it could not be made.
    pub sha256: Option<String>,
    /// Hash of its facts.
    pub facts: Option<String>,
    /// Hashes of its data files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<String>,
    /// Hash of its recipients.
    pub recipients: String,
}

impl ReviewedContent {
    /// What a reviewer of a report sees.
    pub fn of(entry: &ReportEntry) -> Self {
        Self {
            sha256: entry.report.as_ref().map(|file| file.sha256.clone()),
            facts: entry.facts.as_ref().map(|file| file.sha256.clone()),
            data: entry.data.iter().map(|file| file.sha256.clone()).collect(),
            recipients: entry.recipients.clone(),
        }
    }

    /// What has changed since, in words.
    pub(super) fn differences(&self, now: &Self) -> Vec<&'static str> {
        let mut differences = Vec::new();
        if self.sha256 != now.sha256 {
            differences.push(if self.facts == now.facts {
                "the report has changed"
            } else {
                "its figures have changed"
            });
        } else if self.facts != now.facts {
            differences.push("its facts differ");
        }
        if self.data != now.data {
            differences.push("its data files have changed");
        }
        if self.recipients != now.recipients {
            differences.push("its recipients have changed");
        }
        differences
    }
}
