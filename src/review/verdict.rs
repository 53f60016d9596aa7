use serde::{Deserialize, Serialize};

use crate::model::EditionId;
use crate::publish::ReportEntry;

/// What a reviewer decided on a report, bound to what the reviewer saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// When, in UTC.
    pub at: String,
    /// Who.
    pub reviewer: String,
    /// The run that was looked at.
    pub run: String,
    /// Which report.
    #[serde(flatten)]
    pub id: EditionId,
    /// What was decided.
    pub decision: Decision,
    /// Of an approval in part: the groups of changes that it covers, and the run that they were changes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Why, or what else there is to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What it holds for.
    #[serde(flatten)]
    pub seen: Seen,
}

/// What can be decided on a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It may be sent.
    Approved,
    /// Some of its changes are right; others are still to be looked at.
    ApprovedInPart,
    /// It is wrong.
    Rejected,
    /// It is not to be sent, and nobody waits for it.
    Withdrawn,
}

impl Decision {
    /// The decision in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedInPart => "approved in part",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Some of the changes of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The run that the report was compared with.
    pub against: String,
    /// The ids of the groups of changes.
    pub groups: Vec<String>,
}

/// What a verdict holds for: these bytes, these facts, these recipients, and no others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Hash of the report; `None` if it could not be made.
    pub sha256: Option<String>,
    /// Hash of its facts.
    pub facts: Option<String>,
    /// Hash of who is to receive it.
    pub recipients: String,
}

impl Seen {
    /// What there is to see of a report.
    pub fn of(entry: &ReportEntry) -> Self {
        Self {
            sha256: entry.report.as_ref().map(|file| file.sha256.clone()),
            facts: entry.facts.as_ref().map(|file| file.sha256.clone()),
            recipients: entry.recipients.clone(),
        }
    }

    /// What has changed since, in words.
    fn differences(&self, now: &Self) -> Vec<&'static str> {
        let mut differences = Vec::new();
        if self.sha256 != now.sha256 {
            differences.push(if self.facts == now.facts {
                "the report has other bytes"
            } else {
                "the report has other figures"
            });
        } else if self.facts != now.facts {
            differences.push("its facts are others");
        }
        if self.recipients != now.recipients {
            differences.push("it is for other recipients");
        }
        differences
    }
}

/// How a report stands after all verdicts on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "standing")]
pub enum Standing {
    /// As many people as must approved it.
    Approved {
        /// Who.
        by: Vec<String>,
    },
    /// Somebody approved it, and somebody else must.
    Waiting {
        /// Who did.
        by: Vec<String>,
    },
    /// Some of its changes are approved.
    InPart {
        /// How many groups of changes.
        groups: usize,
    },
    /// Somebody found it wrong.
    Rejected {
        /// Who.
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
    /// There was a verdict, but for something else than what is there now.
    Void {
        /// What was decided.
        decision: Decision,
        /// By whom.
        by: String,
        /// When.
        at: String,
        /// What has changed since.
        why: Vec<&'static str>,
    },
    /// Nobody has looked at it.
    Open,
}

impl Standing {
    /// True when nothing is left to decide.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Approved { .. } | Self::Withdrawn { .. })
    }

    /// The standing in words.
    pub fn words(&self) -> String {
        match self {
            Self::Approved { by } => format!("approved by {}", by.join(" and ")),
            Self::Waiting { by } => format!("approved by {}; a second person must", by.join(" and ")),
            Self::InPart { groups: 1 } => "one of its changes is approved".to_owned(),
            Self::InPart { groups } => format!("{groups} of its changes are approved"),
            Self::Rejected { by, why } => format!("rejected by {by}: {why}"),
            Self::Withdrawn { by, why } => format!("withdrawn by {by}: {why}"),
            Self::Void { decision, by, at, why } => {
                format!("{} by {by} at {at}, but {}", decision.word(), why.join(", and "))
            }
            Self::Open => "not looked at".to_owned(),
        }
    }
}

/// How a report stands: of each person the last verdict counts that holds for the report as it is. Any rejection stands until
/// the same person approves, or the report changes.
pub fn standing(entry: &ReportEntry, approvals: u32, verdicts: &[Verdict]) -> Standing {
    let now = Seen::of(entry);
    let about = |verdict: &&Verdict| verdict.id == entry.id;
    let mut last: Vec<&Verdict> = Vec::new();
    let mut groups: Vec<&String> = Vec::new();
    for verdict in verdicts.iter().filter(about).filter(|verdict| verdict.seen == now) {
        if let (Decision::ApprovedInPart, Some(part)) = (verdict.decision, &verdict.part) {
            groups.extend(&part.groups);
            continue;
        }
        last.retain(|other| !same_person(&other.reviewer, &verdict.reviewer));
        last.push(verdict);
    }
    let of = |decision: Decision| last.iter().find(|verdict| verdict.decision == decision);
    if let Some(verdict) = of(Decision::Rejected) {
        return Standing::Rejected { by: verdict.reviewer.clone(), why: verdict.note.clone() };
    }
    if let Some(verdict) = of(Decision::Withdrawn) {
        return Standing::Withdrawn { by: verdict.reviewer.clone(), why: verdict.note.clone() };
    }
    // What does not exist cannot be sent, whatever was said of it.
    let approved = last.iter().filter(|v| v.decision == Decision::Approved && now.sha256.is_some());
    let by: Vec<String> = approved.map(|verdict| verdict.reviewer.clone()).collect();
    if by.len() >= approvals.max(1) as usize {
        return Standing::Approved { by };
    }
    if !by.is_empty() {
        return Standing::Waiting { by };
    }
    if !groups.is_empty() {
        groups.sort();
        groups.dedup();
        return Standing::InPart { groups: groups.len() };
    }
    let before = verdicts.iter().rev().filter(about).find(|v| v.decision != Decision::ApprovedInPart);
    before.map_or(Standing::Open, |verdict| Standing::Void {
        decision: verdict.decision,
        by: verdict.reviewer.clone(),
        at: verdict.at.clone(),
        why: verdict.seen.differences(&now),
    })
}

/// True when two names are of one person: case and spaces make no second one.
pub(super) fn same_person(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(a) == plain(b)
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
            seen: Seen::of(on),
        }
    }

    #[test]
    fn a_verdict_holds_for_what_it_saw_alone() {
        let seen = entry("bytes", "to");
        let said = [verdict("A", Decision::Approved, &seen)];
        assert!(standing(&seen, 1, &said).is_settled());
        let why = |now: &ReportEntry| match standing(now, 1, &said) {
            Standing::Void { why, .. } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(&entry("others", "to")), ["the report has other bytes"]);
        assert_eq!(why(&entry("bytes", "of others")), ["it is for other recipients"]);
        assert_eq!(standing(&seen, 1, &[]), Standing::Open);
        for other in ["local/384/en/standard", "submission/383/en/standard", "local/383/en/large-print"] {
            let other = ReportEntry { id: other.parse().unwrap(), ..seen.clone() };
            assert_eq!(standing(&other, 1, &said), Standing::Open, "{}", other.id);
        }
    }

    #[test]
    fn bytes_that_come_back_bring_their_verdict_back() {
        let (first, second) = (entry("1", "to"), entry("2", "to"));
        let said = [verdict("A", Decision::Approved, &first), verdict("A", Decision::Rejected, &second)];
        assert!(matches!(standing(&second, 1, &said), Standing::Rejected { .. }));
        assert!(matches!(standing(&first, 1, &said), Standing::Approved { .. }));
    }

    #[test]
    fn the_second_person_is_another() {
        let report = entry("bytes", "to");
        let approved = |names: &[&str]| -> Vec<Verdict> {
            names.iter().map(|name| verdict(name, Decision::Approved, &report)).collect()
        };
        assert!(matches!(
            standing(&report, 2, &approved(&["Ann Lee", " ann  LEE "])),
            Standing::Waiting { .. }
        ));
        assert!(standing(&report, 2, &approved(&["Ann Lee", "Bo Ray"])).is_settled());
        let mut said = approved(&["Ann Lee", "Bo Ray"]);
        said.push(verdict("Bo Ray", Decision::Rejected, &report));
        assert!(matches!(standing(&report, 2, &said), Standing::Rejected { .. }));
        said.push(verdict("Bo Ray", Decision::Approved, &report));
        assert!(standing(&report, 2, &said).is_settled());
    }

    #[test]
    fn what_could_not_be_made_can_be_withdrawn_and_not_approved() {
        let missing = entry("", "to");
        assert!(!standing(&missing, 1, &[verdict("A", Decision::Approved, &missing)]).is_settled());
        assert!(standing(&missing, 1, &[verdict("A", Decision::Withdrawn, &missing)]).is_settled());
    }
}
