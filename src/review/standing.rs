use std::collections::BTreeSet;

use serde::Serialize;

use super::verdict::{Decision, ReviewedContent, Verdict, same_person};
use crate::publish::ReportEntry;

/// How a report stands after all verdicts on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "standing")]
pub enum Standing {
    /// Enough people approved it.
    Approved {
        /// Who approved it.
        by: Vec<String>,
    },
    /// Somebody approved it, and somebody else must still do so.
    Waiting {
        /// Who approved it.
        by: Vec<String>,
    },
    /// Some of its changes are approved.
    InPart {
        /// How many groups of changes are approved.
        groups: usize,
    },
    /// Somebody found it wrong.
    Rejected {
        /// Who rejected it.
        by: String,
        /// Why.
        why: String,
    },
    /// It is not to be sent.
    Withdrawn {
        /// Who decided that.
        by: String,
        /// Why.
        why: String,
    },
    /// There was a verdict, but it applies to something that has changed since.
    Void {
        /// What was decided.
        decision: Decision,
        /// Who decided it.
        by: String,
        /// When it was decided.
        at: String,
        /// What has changed since.
        why: Vec<&'static str>,
    },
    /// Nobody has looked at it.
    Open,
}

impl Standing {
    /// True if nothing is left to decide.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Approved { .. } | Self::Withdrawn { .. })
    }

    /// The standing in words.
    pub fn words(&self) -> String {
        match self {
            Self::Approved { by } => format!("approved by {}", by.join(" and ")),
            Self::Waiting { by } => {
                format!("approved by {}; a second person must still approve it", by.join(" and "))
            }
            Self::InPart { groups: 1 } => "one of its changes is approved".to_owned(),
            Self::InPart { groups } => format!("{groups} of its changes are approved"),
            Self::Rejected { by, why } => format!("rejected by {by}: {why}"),
            Self::Withdrawn { by, why } => format!("withdrawn by {by}: {why}"),
            Self::Void { decision, by, at, why } => {
                format!("{} by {by} at {at}, but {}", decision.word(), why.join(", and "))
            }
            Self::Open => "not reviewed yet".to_owned(),
        }
    }
}

/// How a report stands. For each person, the last verdict that applies to the report as it is now counts. A rejection
/// stands until the same person approves the report, or until the report changes.
pub fn standing(entry: &ReportEntry, approvals: u32, verdicts: &[Verdict]) -> Standing {
    let now = ReviewedContent::of(entry);
    let about = || verdicts.iter().filter(|verdict| verdict.id == entry.id);
    let valid = ValidVerdicts::of(about().filter(|verdict| verdict.seen == now));
    if let Some(verdict) = valid.first(Decision::Rejected) {
        return Standing::Rejected { by: verdict.reviewer.clone(), why: verdict.note.clone() };
    }
    if let Some(verdict) = valid.first(Decision::Withdrawn) {
        return Standing::Withdrawn { by: verdict.reviewer.clone(), why: verdict.note.clone() };
    }
    // A report that does not exist cannot be sent, whatever the verdicts on it.
    let by = if now.sha256.is_some() { valid.approvers() } else { Vec::new() };
    if by.len() >= approvals.max(1) as usize {
        return Standing::Approved { by };
    }
    if !by.is_empty() {
        return Standing::Waiting { by };
    }
    if !valid.groups.is_empty() {
        return Standing::InPart { groups: valid.groups.len() };
    }
    let before = about().rfind(|verdict| verdict.decision != Decision::ApprovedInPart);
    before.map_or(Standing::Open, |verdict| Standing::Void {
        decision: verdict.decision,
        by: verdict.reviewer.clone(),
        at: verdict.at.clone(),
        why: verdict.seen.differences(&now),
    })
}

/// The verdicts that apply to a report as it is now.
#[derive(Default)]
struct ValidVerdicts<'v> {
    /// The last verdict on the whole report from each person, in the order in which they were given.
    last: Vec<&'v Verdict>,
    /// The groups of changes that are approved.
    groups: BTreeSet<&'v String>,
}

impl<'v> ValidVerdicts<'v> {
    fn of(verdicts: impl Iterator<Item = &'v Verdict>) -> Self {
        let mut valid = Self::default();
        for verdict in verdicts {
            if let (Decision::ApprovedInPart, Some(part)) = (verdict.decision, &verdict.part) {
                valid.groups.extend(&part.groups);
                continue;
            }
            valid.last.retain(|other| !same_person(&other.reviewer, &verdict.reviewer));
            valid.last.push(verdict);
        }
        valid
    }

    fn first(&self, decision: Decision) -> Option<&'v Verdict> {
        self.last.iter().copied().find(|verdict| verdict.decision == decision)
    }

    fn approvers(&self) -> Vec<String> {
        let approved = self.last.iter().filter(|verdict| verdict.decision == Decision::Approved);
        approved.map(|verdict| verdict.reviewer.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::{Outcome, ReportFile};

    fn entry(report: &str, recipients: &str) -> ReportEntry {
        let file = |sha256: &str| ReportFile {
            file: String::new(),
            pages: None,
            size: 0,
            sha256: sha256.to_owned(),
        };
        ReportEntry {
            id: "local/383/en/standard".parse().unwrap(),
            name: "Leeds".to_owned(),
            region: String::new(),
            recipients: recipients.to_owned(),
            report: (!report.is_empty()).then(|| file(report)),
            facts: (!report.is_empty()).then(|| file("facts")),
            fingerprint: None,
            outcome: Outcome::Built,
        }
    }

    fn verdict(reviewer: &str, decision: Decision, on: &ReportEntry) -> Verdict {
        Verdict {
            at: "2008-11-03T09:00:00Z".to_owned(),
            reviewer: reviewer.to_owned(),
            run: "a".to_owned(),
            id: on.id.clone(),
            decision,
            part: None,
            note: "because".to_owned(),
            seen: ReviewedContent::of(on),
        }
    }

    #[test]
    fn a_verdict_applies_only_to_what_was_seen() {
        let seen = entry("bytes", "to");
        let verdicts = [verdict("A", Decision::Approved, &seen)];
        assert!(standing(&seen, 1, &verdicts).is_settled());
        let why = |now: &ReportEntry| match standing(now, 1, &verdicts) {
            Standing::Void { why, .. } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(&entry("others", "to")), ["the report has changed"]);
        assert_eq!(why(&entry("bytes", "of others")), ["its recipients have changed"]);
        assert_eq!(standing(&seen, 1, &[]), Standing::Open);
        for other in ["local/384/en/standard", "submission/383/en/standard", "local/383/en/large-print"] {
            let other = ReportEntry { id: other.parse().unwrap(), ..seen.clone() };
            assert_eq!(standing(&other, 1, &verdicts), Standing::Open, "{}", other.id);
        }
    }

    #[test]
    fn a_verdict_applies_again_when_its_bytes_return() {
        let (first, second) = (entry("1", "to"), entry("2", "to"));
        let verdicts = [verdict("A", Decision::Approved, &first), verdict("A", Decision::Rejected, &second)];
        assert!(matches!(standing(&second, 1, &verdicts), Standing::Rejected { .. }));
        assert!(matches!(standing(&first, 1, &verdicts), Standing::Approved { .. }));
    }

    #[test]
    fn two_approvals_must_come_from_different_people() {
        let report = entry("bytes", "to");
        let approved = |names: &[&str]| -> Vec<Verdict> {
            names.iter().map(|name| verdict(name, Decision::Approved, &report)).collect()
        };
        assert!(matches!(
            standing(&report, 2, &approved(&["Ann Lee", " ann  LEE "])),
            Standing::Waiting { .. }
        ));
        assert!(standing(&report, 2, &approved(&["Ann Lee", "Bo Ray"])).is_settled());
        let mut verdicts = approved(&["Ann Lee", "Bo Ray"]);
        verdicts.push(verdict("Bo Ray", Decision::Rejected, &report));
        assert!(matches!(standing(&report, 2, &verdicts), Standing::Rejected { .. }));
        verdicts.push(verdict("Bo Ray", Decision::Approved, &report));
        assert!(standing(&report, 2, &verdicts).is_settled());
    }

    #[test]
    fn a_report_that_could_not_be_made_can_be_withdrawn_but_not_approved() {
        let missing = entry("", "to");
        assert!(!standing(&missing, 1, &[verdict("A", Decision::Approved, &missing)]).is_settled());
        assert!(standing(&missing, 1, &[verdict("A", Decision::Withdrawn, &missing)]).is_settled());
    }
}
