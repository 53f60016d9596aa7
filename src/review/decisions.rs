use serde::{Deserialize, Serialize};

use super::standing::{Standing, standing};
use super::verdict::{Decision, Part, ReviewedContent, Verdict, same_person};
use crate::model::{EditionId, Format, Kind, Language, ReportId};
use crate::problem::{Place, Problem};
use crate::publish::{Manifest, ReportEntry};

/// The decisions of a reviewer, as the review page exports them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Version of the file format.
    pub version: u32,
    /// The run that the new one was compared with.
    pub old: String,
    /// The run that was looked at.
    pub new: String,
    /// The reviewer's name, if it was given.
    #[serde(default)]
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

impl Decisions {
    /// The verdicts on the reports of a run, and the decisions that cannot become verdicts, because the run does not
    /// have what was looked at or because a rejection gives no reason.
    pub fn verdicts(
        &self,
        file: &str,
        manifest: &Manifest,
        reviewer: &str,
        at: &str,
    ) -> (Vec<Verdict>, Vec<Problem>) {
        let mut verdicts = Vec::new();
        let mut problems = Vec::new();
        for (number, report) in (1..).zip(&self.reports) {
            let Some(message) = report.fault(manifest) else {
                verdicts.push(Verdict {
                    at: at.to_owned(),
                    reviewer: reviewer.to_owned(),
                    run: manifest.run.id.clone(),
                    id: report.id(),
                    decision: report.decision,
                    part: self.part(report),
                    note: report.note.trim().to_owned(),
                    seen: report.seen.clone(),
                });
                continue;
            };
            let place = Place::file(file).column(format!("reports {number}"));
            problems.push(
                Problem::error("decision", place, message)
                    .value(&report.subject)
                    .hint("compare the runs again and look at it"),
            );
        }
        (verdicts, problems)
    }

    /// What an approval in part covers.
    fn part(&self, report: &ReportDecision) -> Option<Part> {
        (report.decision == Decision::ApprovedInPart)
            .then(|| Part { against: self.old.clone(), groups: report.groups.clone() })
    }
}

impl ReportDecision {
    fn id(&self) -> EditionId {
        let (kind, subject, language) = (self.kind, self.subject.clone(), self.language.clone());
        EditionId { report: ReportId { kind, subject, language }, format: self.format }
    }

    /// Why this decision cannot become a verdict.
    fn fault(&self, manifest: &Manifest) -> Option<&'static str> {
        match manifest.entry(&self.id()) {
            None => Some("the run has no such report"),
            Some(entry) if ReviewedContent::of(entry) != self.seen => {
                Some("the run does not have what was looked at")
            }
            Some(_) if self.note.trim().is_empty() && self.decision == Decision::Rejected => {
                Some("a rejection says why")
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
    let last = record.iter().rfind(|other| {
        other.id == verdict.id
            && other.seen == verdict.seen
            && same_person(&other.reviewer, &verdict.reviewer)
    });
    let same = last.is_some_and(|last| {
        (last.decision, &last.part, &last.note) == (verdict.decision, &verdict.part, &verdict.note)
    });
    let approvals = manifest.review.approvals;
    let applies = |entry: &ReportEntry| standing(entry, approvals, record) != Standing::Open;
    same && manifest.entry(&verdict.id).is_some_and(applies)
}
