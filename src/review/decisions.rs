use serde::{Deserialize, Serialize};

use super::standing::{Standing, standing};
use super::verdict::{Decision, ReviewedContent, Verdict};
use crate::model::{EditionId, Format, Kind, Language, ReportId, is_same_person};
use crate::publish::{Manifest, ReportEntry};

/// The decisions of a reviewer, as the review page exports them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// When they were exported, in UTC, by the clock of the reviewer's computer.
    pub at: String,
    /// The run that the new one was compared with.
    pub old: String,
    /// The run that was looked at.
    pub new: String,
    /// The reviewer's name.
    pub reviewer: String,
    /// What was decided, report by report.
    pub reports: Vec<ReportDecision>,
}

/// What was decided about a report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportDecision {
    /// What kind of report it is.
    pub kind: Kind,
    /// Code of its subject.
    pub subject: String,
    /// Its language.
    pub language: Language,
    /// Its format.
    pub format: Format,
    /// What was looked at.
    pub seen: ReviewedContent,
    /// What was decided.
    pub decision: Decision,
    /// For an approval in part, the groups of changes that it covers.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Why, or any other remark.
    #[serde(default)]
    pub note: String,
}

impl ReportDecision {
    /// Which report it is about.
    pub(super) fn id(&self) -> EditionId {
        let (kind, subject, language) = (self.kind, self.subject.clone(), self.language.clone());
        EditionId { report: ReportId { kind, subject, language }, format: self.format }
    }

    /// Why this decision of a reviewer, exported at some time, cannot become a verdict.
    pub(super) fn fault(
        &self,
        manifest: &Manifest,
        record: &[Verdict],
        reviewer: &str,
        at: &str,
    ) -> Option<&'static str> {
        let id = self.id();
        let later = record.iter().rfind(|verdict| {
            verdict.id == id && verdict.seen == self.seen && is_same_person(&verdict.reviewer, reviewer)
        });
        match manifest.entry(&id) {
            None => Some("the run has no such report"),
            Some(entry) if ReviewedContent::of(entry) != self.seen => {
                Some("the run does not have what was looked at")
            }
            Some(entry) if !entry.outcome.is_made() && self.decision != Decision::Withdrawn => {
                Some("the report was not made")
            }
            Some(_) if self.note.trim().is_empty() && self.decision.needs_reason() => {
                Some("a decision against a report must say why")
            }
            // A rejection always counts, whatever the clock of the reviewer's computer says.
            Some(_)
                if !self.decision.needs_reason() && later.is_some_and(|verdict| verdict.decided() > at) =>
            {
                Some("the reviewer has decided on it again since")
            }
            Some(_) => None,
        }
    }
}

/// The verdicts that say something new. A verdict that only repeats what already applies is not worth recording.
pub(super) fn news(verdicts: Vec<Verdict>, record: &[Verdict], manifest: &Manifest) -> Vec<Verdict> {
    let mut news = verdicts;
    news.retain(|verdict| !repeats(verdict, record, manifest));
    news
}

fn repeats(verdict: &Verdict, record: &[Verdict], manifest: &Manifest) -> bool {
    // A rejection in the same words may be a new one: the first may have been lifted.
    if verdict.decision.needs_reason() {
        return false;
    }
    let last = record.iter().rfind(|other| {
        other.id == verdict.id
            && other.seen == verdict.seen
            && is_same_person(&other.reviewer, &verdict.reviewer)
    });
    let same = last.is_some_and(|last| {
        (last.decision, &last.part, &last.note) == (verdict.decision, &verdict.part, &verdict.note)
    });
    let applies = |entry: &ReportEntry| standing(entry, &manifest.review, record) != Standing::Open;
    same && manifest.entry(&verdict.id).is_some_and(applies)
}
