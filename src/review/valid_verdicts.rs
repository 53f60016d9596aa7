use std::collections::BTreeSet;

use super::verdict::{Decision, Part, Verdict};
use crate::model::{ReviewPolicy, is_same_person};

/// How many other reviewers it takes to lift a rejection or withdrawal.
pub const LIFTERS: usize = 2;

/// The verdicts that apply to a report as it is now.
#[derive(Default)]
pub(super) struct ValidVerdicts<'v> {
    /// The last verdict on the whole report from each person, in the order in which they were given, and who has lifted
    /// it since.
    last: Vec<(&'v Verdict, Vec<&'v str>)>,
    /// Who approved the report.
    approvers: Vec<&'v str>,
    /// Who approved some of its changes.
    parts: Vec<(&'v str, &'v Part)>,
}

impl<'v> ValidVerdicts<'v> {
    /// Sorts verdicts, oldest first. A rejection counts whoever gave it; an approval and a lift count from reviewers only.
    pub(super) fn of(verdicts: impl Iterator<Item = &'v Verdict>, policy: &ReviewPolicy) -> Self {
        let mut valid = Self::default();
        for verdict in verdicts {
            let by = verdict.reviewer.as_str();
            let counts = policy.reviewer(by).is_some();
            match (verdict.decision, &verdict.part) {
                (Decision::ApprovedInPart, Some(part)) if counts => valid.parts.push((by, part)),
                (Decision::ApprovedInPart, _) => {}
                (Decision::Lifted, _) => {
                    let others =
                        valid.last.iter_mut().filter(|(last, _)| !is_same_person(&last.reviewer, by));
                    others.filter(|_| counts).for_each(|(_, lifted_by)| add(lifted_by, by));
                }
                (decision, _) => {
                    valid.last.retain(|(last, _)| !is_same_person(&last.reviewer, by));
                    valid.last.push((verdict, Vec::new()));
                    valid.approvers.retain(|other| !is_same_person(other, by));
                    if decision != Decision::Approved {
                        valid.parts.retain(|(other, _)| !is_same_person(other, by));
                    } else if counts {
                        valid.approvers.push(by);
                    }
                }
            }
        }
        valid
    }

    /// The first verdict with this decision that has not been lifted, and who would lift it.
    pub(super) fn standing_against(&self, decision: Decision) -> Option<(&'v Verdict, Vec<String>)> {
        let stands = |(last, lifted_by): &&(&Verdict, Vec<&str>)| {
            last.decision == decision && lifted_by.len() < LIFTERS
        };
        self.last.iter().find(stands).map(|(last, lifted_by)| (*last, owned(lifted_by)))
    }

    /// Who approved the report: those who approved it as a whole and, if each of its changes has enough approvals, those
    /// who approved some of them.
    pub(super) fn approvers(&self, approvals: usize) -> Vec<String> {
        let mut by = self.approvers.clone();
        if by.len() < approvals {
            // Those whose parts completed a comparison.
            let has = |part: &Part, group: &String| self.approved_group(&part.against, group) >= approvals;
            let complete = |part: &Part| !part.of.is_empty() && part.of.iter().all(|group| has(part, group));
            let parts = self.parts.iter().filter(|(_, part)| complete(part));
            parts.for_each(|(other, _)| add(&mut by, other));
        }
        owned(&by)
    }

    /// How many changes the report has and which of them still need an approval, by the comparison that lacks the
    /// fewest; `None` if nobody approved any of them alone.
    pub(super) fn parts(&self, approvals: usize) -> Option<(usize, Vec<String>)> {
        let comparisons: BTreeSet<(&String, &Vec<String>)> =
            self.parts.iter().map(|(_, part)| (&part.against, &part.of)).collect();
        let missing = |(against, of): (&String, &Vec<String>)| {
            let missing = of.iter().filter(|group| self.approved_group(against, group) < approvals);
            (of.len(), missing.cloned().collect::<Vec<_>>())
        };
        comparisons.into_iter().map(missing).min_by_key(|(of, missing)| (*of == 0, missing.len()))
    }

    /// How many people approved a group of changes, alone or with the whole report.
    fn approved_group(&self, against: &str, group: &String) -> usize {
        let mut by = self.approvers.clone();
        let parts =
            self.parts.iter().filter(|(_, part)| part.against == against && part.groups.contains(group));
        parts.for_each(|(other, _)| add(&mut by, other));
        by.len()
    }
}

/// Adds a person to a list, once.
fn add<'v>(people: &mut Vec<&'v str>, person: &'v str) {
    if !people.iter().any(|other| is_same_person(other, person)) {
        people.push(person);
    }
}

fn owned(people: &[&str]) -> Vec<String> {
    people.iter().copied().map(str::to_owned).collect()
}
