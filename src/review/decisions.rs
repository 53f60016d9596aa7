use serde::{Deserialize, Serialize};

use super::verdict::{Decision, Part, Seen, Verdict, standing};
use crate::model::{EditionId, Format, Kind, Language, ReportId};
use crate::problem::{Place, Problem};
use crate::publish::Manifest;

/// The decisions of a reviewer, as the page for reviewers exports them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Version of this file's form.
    pub version: u32,
    /// The run that was compared with.
    pub old: String,
    /// The run that was looked at.
    pub new: String,
    /// The reviewer's name, where it was given.
    #[serde(default)]
    pub reviewer: String,
    /// What was decided, report by report.
    pub reports: Vec<ReportDecision>,
}

/// What was decided on a report.
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
    pub seen: Seen,
    /// What was decided.
    pub decision: Decision,
    /// Of an approval in part, the groups of changes that it covers.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Why, or what else there is to say.
    #[serde(default)]
    pub note: String,
}

impl ReportDecision {
    fn id(&self) -> EditionId {
        let (kind, subject, language) = (self.kind, self.subject.clone(), self.language.clone());
        EditionId { report: ReportId { kind, subject, language }, format: self.format }
    }
}

impl Decisions {
    /// The verdicts on the reports of a run, and what cannot become one: a decision on something else than the run has.
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
            let id = report.id();
            let message = match manifest.entry(&id) {
                None => "the run has no such report",
                Some(entry) if Seen::of(entry) != report.seen => "the run does not have what was looked at",
                Some(_) if report.note.trim().is_empty() && report.decision == Decision::Rejected => {
                    "a rejection says why"
                }
                Some(_) => {
                    let part = (report.decision == Decision::ApprovedInPart)
                        .then(|| Part { against: self.old.clone(), groups: report.groups.clone() });
                    verdicts.push(Verdict {
                        at: at.to_owned(),
                        reviewer: reviewer.to_owned(),
                        run: manifest.run.id.clone(),
                        id,
                        decision: report.decision,
                        part,
                        note: report.note.trim().to_owned(),
                        seen: report.seen.clone(),
                    });
                    continue;
                }
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
}

/// Verdicts that would say again what already holds: nothing is gained by recording them.
pub fn news(verdicts: Vec<Verdict>, record: &[Verdict], manifest: &Manifest) -> Vec<Verdict> {
    let again = |verdict: &Verdict| {
        let entry = manifest.entry(&verdict.id);
        let last = record.iter().rev().find(|other| {
            other.id == verdict.id
                && other.seen == verdict.seen
                && super::verdict::same_person(&other.reviewer, &verdict.reviewer)
        });
        let same = last.is_some_and(|last| {
            (last.decision, &last.part, &last.note) == (verdict.decision, &verdict.part, &verdict.note)
        });
        same && entry
            .is_some_and(|entry| standing(entry, manifest.review.approvals, record) != super::Standing::Open)
    };
    verdicts.into_iter().filter(|verdict| !again(verdict)).collect()
}
