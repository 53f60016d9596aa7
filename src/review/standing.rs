use serde::Serialize;

use super::valid_verdicts::ValidVerdicts;
use super::verdict::{Decision, ReviewedContent, Verdict};
use crate::model::ReviewPolicy;
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
        /// How many groups of changes it has; 0 if that is no longer known.
        of: usize,
        /// The ids of those that still need an approval.
        missing: Vec<String>,
    },
    /// Somebody found it wrong.
    Rejected {
        /// Who rejected it.
        by: String,
        /// Why.
        why: String,
        /// Who would lift the rejection: not enough people yet.
        lifted_by: Vec<String>,
    },
    /// It is not to be sent.
    Withdrawn {
        /// Who decided that.
        by: String,
        /// Why.
        why: String,
        /// Who would lift the withdrawal: not enough people yet.
        lifted_by: Vec<String>,
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
            Self::InPart { of: 0, .. } => "some of its changes are approved".to_owned(),
            Self::InPart { of, missing } => format!(
                "{} of its {of} changes approved; still to be approved: {}",
                of - missing.len(),
                missing.join(", ")
            ),
            Self::Rejected { by, why, lifted_by } => format!("rejected by {by}: {why}{}", lifting(lifted_by)),
            Self::Withdrawn { by, why, lifted_by } => {
                format!("withdrawn by {by}: {why}{}", lifting(lifted_by))
            }
            Self::Void { decision, by, at, why } => {
                format!("{} by {by} at {at}, but {}", decision.word(), why.join(", and "))
            }
            Self::Open => "not reviewed yet".to_owned(),
        }
    }
}

/// Who would lift a verdict, in words.
fn lifting(by: &[String]) -> String {
    if by.is_empty() {
        String::new()
    } else {
        format!(" ({} would lift this; one more reviewer is needed)", by.join(" and "))
    }
}

/// How a report stands. For each reviewer, the last verdict that applies to the report as it is now counts. Approvals
/// count only from reviewers whom the policy names, and those of parts add up, whoever gave them. A rejection stands
/// until the same person approves the report, until [`LIFTERS`](super::LIFTERS) others lift it, or until the report changes.
pub fn standing(entry: &ReportEntry, policy: &ReviewPolicy, verdicts: &[Verdict]) -> Standing {
    let now = ReviewedContent::of(entry);
    let about = || verdicts.iter().filter(|verdict| verdict.id == entry.id);
    let valid = ValidVerdicts::of(about().filter(|verdict| verdict.seen == now), policy);
    let against = [Decision::Rejected, Decision::Withdrawn].map(|decision| valid.standing_against(decision));
    if let Some((verdict, lifted_by)) = against.into_iter().flatten().next() {
        let (by, why) = (verdict.reviewer.clone(), verdict.note.clone());
        return match verdict.decision {
            Decision::Rejected => Standing::Rejected { by, why, lifted_by },
            _ => Standing::Withdrawn { by, why, lifted_by },
        };
    }
    // A report that does not exist cannot be sent, whatever the verdicts on it.
    let approvals = policy.approvals.max(1) as usize;
    let by = if now.sha256.is_some() { valid.approvers(approvals) } else { Vec::new() };
    if by.len() >= approvals {
        return Standing::Approved { by };
    }
    if !by.is_empty() {
        return Standing::Waiting { by };
    }
    if let Some((of, missing)) = valid.parts(approvals) {
        return Standing::InPart { of, missing };
    }
    let is_void = |verdict: &&Verdict| match verdict.decision {
        Decision::ApprovedInPart | Decision::Lifted => false,
        Decision::Approved if policy.reviewer(&verdict.reviewer).is_none() => true,
        _ => verdict.seen != now,
    };
    about().rfind(is_void).map_or(Standing::Open, |verdict| Standing::Void {
        decision: verdict.decision,
        by: verdict.reviewer.clone(),
        at: verdict.at.clone(),
        why: match verdict.seen.differences(&now) {
            why if why.is_empty() => vec!["that person is not one of the reviewers"],
            why => why,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::{Outcome, ReportFile};
    use crate::review::verdict::Part;

    fn policy(approvals: u32) -> ReviewPolicy {
        let reviewers = ["A", "Ann Lee", "Bo Ray", "Cy Dow"].map(str::to_owned).to_vec();
        ReviewPolicy { approvals, reviewers }
    }

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
            data: Vec::new(),
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
            export: None,
            note: "because".to_owned(),
            seen: ReviewedContent::of(on),
        }
    }

    #[test]
    fn a_verdict_applies_only_to_what_was_seen() {
        let seen = entry("bytes", "to");
        let verdicts = [verdict("A", Decision::Approved, &seen)];
        assert!(standing(&seen, &policy(1), &verdicts).is_settled());
        let why = |now: &ReportEntry| match standing(now, &policy(1), &verdicts) {
            Standing::Void { why, .. } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(why(&entry("others", "to")), ["the report has changed"]);
        assert_eq!(why(&entry("bytes", "of others")), ["its recipients have changed"]);
        assert_eq!(standing(&seen, &policy(1), &[]), Standing::Open);
        for other in ["local/384/en/standard", "submission/383/en/standard", "local/383/en/large-print"] {
            let other = ReportEntry { id: other.parse().unwrap(), ..seen.clone() };
            assert_eq!(standing(&other, &policy(1), &verdicts), Standing::Open, "{}", other.id);
        }
    }

    #[test]
    fn a_verdict_applies_again_when_its_bytes_return() {
        let (first, second) = (entry("1", "to"), entry("2", "to"));
        let verdicts = [verdict("A", Decision::Approved, &first), verdict("A", Decision::Rejected, &second)];
        assert!(matches!(standing(&second, &policy(1), &verdicts), Standing::Rejected { .. }));
        assert!(matches!(standing(&first, &policy(1), &verdicts), Standing::Approved { .. }));
    }

    #[test]
    fn two_approvals_must_come_from_different_people() {
        let report = entry("bytes", "to");
        let approved = |names: &[&str]| -> Vec<Verdict> {
            names.iter().map(|name| verdict(name, Decision::Approved, &report)).collect()
        };
        assert!(matches!(
            standing(&report, &policy(2), &approved(&["Ann Lee", " ann  LEE "])),
            Standing::Waiting { .. }
        ));
        assert!(standing(&report, &policy(2), &approved(&["Ann Lee", "Bo Ray"])).is_settled());
        let mut verdicts = approved(&["Ann Lee", "Bo Ray"]);
        verdicts.push(verdict("Bo Ray", Decision::Rejected, &report));
        assert!(matches!(standing(&report, &policy(2), &verdicts), Standing::Rejected { .. }));
        verdicts.push(verdict("Bo Ray", Decision::Approved, &report));
        assert!(standing(&report, &policy(2), &verdicts).is_settled());
    }

    #[test]
    fn a_report_that_could_not_be_made_can_be_withdrawn_but_not_approved() {
        let missing = entry("", "to");
        assert!(!standing(&missing, &policy(1), &[verdict("A", Decision::Approved, &missing)]).is_settled());
        assert!(standing(&missing, &policy(1), &[verdict("A", Decision::Withdrawn, &missing)]).is_settled());
    }

    #[test]
    fn only_reviewers_approve_and_anybody_may_have_rejected() {
        let report = entry("bytes", "to");
        let words = |verdicts: &[Verdict]| standing(&report, &policy(1), verdicts).words();
        let stranger = verdict("Di Fox", Decision::Approved, &report);
        assert_eq!(
            words(std::slice::from_ref(&stranger)),
            "approved by Di Fox at 2008-11-03T09:00:00Z, but that person is not one of the reviewers"
        );
        let nobody = ReviewPolicy { approvals: 1, reviewers: Vec::new() };
        let ann = verdict("Ann Lee", Decision::Approved, &report);
        assert!(!standing(&report, &nobody, std::slice::from_ref(&ann)).is_settled());
        let rejected = verdict("Di Fox", Decision::Rejected, &report);
        assert_eq!(words(&[ann.clone(), rejected]), "rejected by Di Fox: because");
    }

    #[test]
    fn a_rejection_is_lifted_by_two_others() {
        let report = entry("bytes", "to");
        let by = |name, decision| verdict(name, decision, &report);
        let mut verdicts = vec![by("Cy Dow", Decision::Lifted), by("Ann Lee", Decision::Rejected)];
        let words = |verdicts: &[Verdict]| standing(&report, &policy(1), verdicts).words();
        verdicts.push(by("ann lee", Decision::Lifted));
        verdicts.push(by("Di Fox", Decision::Lifted));
        assert_eq!(
            words(&verdicts),
            "rejected by Ann Lee: because",
            "not by oneself, a stranger, or in advance"
        );
        verdicts.extend([by("Bo Ray", Decision::Lifted), by("Bo Ray", Decision::Lifted)]);
        assert_eq!(
            words(&verdicts),
            "rejected by Ann Lee: because (Bo Ray would lift this; one more reviewer is needed)"
        );
        verdicts.push(by("Cy Dow", Decision::Lifted));
        assert_eq!(words(&verdicts), "not reviewed yet");
        verdicts.push(by("Bo Ray", Decision::Approved));
        assert_eq!(words(&verdicts), "approved by Bo Ray");
        verdicts.push(by("Ann Lee", Decision::Rejected));
        assert_eq!(words(&verdicts), "rejected by Ann Lee: because", "again, after it was lifted");
    }

    #[test]
    fn approvals_of_parts_add_up() {
        let report = entry("bytes", "to");
        let part = |name: &str, groups: &[&str], against: &str| {
            let owned = |ids: &[&str]| ids.iter().copied().map(str::to_owned).collect();
            let part =
                Part { against: against.to_owned(), groups: owned(groups), of: owned(&["a", "b", "c"]) };
            Verdict { part: Some(part), ..verdict(name, Decision::ApprovedInPart, &report) }
        };
        let words = |approvals, verdicts: &[Verdict]| standing(&report, &policy(approvals), verdicts).words();
        let mut verdicts = vec![part("Ann Lee", &["a"], "old"), part("Di Fox", &["b", "c"], "old")];
        assert_eq!(words(1, &verdicts), "1 of its 3 changes approved; still to be approved: b, c");
        verdicts.push(part("Bo Ray", &["b", "c"], "older"));
        assert_eq!(words(1, &verdicts), "2 of its 3 changes approved; still to be approved: a");
        verdicts.push(part("Bo Ray", &["b", "c"], "old"));
        assert_eq!(words(1, &verdicts), "approved by Ann Lee and Bo Ray");
        assert_eq!(words(2, &verdicts), "0 of its 3 changes approved; still to be approved: a, b, c");
        verdicts.push(verdict("Cy Dow", Decision::Approved, &report));
        assert_eq!(words(2, &verdicts), "approved by Cy Dow and Ann Lee and Bo Ray");
    }
}
