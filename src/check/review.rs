use super::{number, text};
use crate::model::{ReviewPolicy, is_same_person};
use crate::problem::{Place, Problem};
use crate::read::RawReview;

/// Who decides, according to `[review]`: if it does not say, one approval is enough, and nobody may give it. `sends` is
/// true if reports are to be sent.
pub(super) fn review(
    raw: Option<&RawReview>,
    sends: bool,
    problems: &mut Vec<Problem>,
) -> Option<ReviewPolicy> {
    let given = raw.and_then(|raw| raw.approvals);
    let approvals = number::within(given, 1..=2, &place("approvals"), problems).unwrap_or(1);
    let place = place("reviewers");
    let before = problems.len();
    let mut reviewers: Vec<String> = Vec::new();
    for name in raw.iter().flat_map(|raw| &raw.reviewers) {
        problems.extend(fault(name, &reviewers, &place));
        reviewers.push(name.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if sends && reviewers.is_empty() {
        let message = "nobody may approve the reports, so none can be sent";
        let problem = Problem::warning("no-reviewers", place.clone(), message);
        problems.push(problem.hint(EXAMPLE));
    }
    if problems.len() == before && !reviewers.is_empty() && reviewers.len() < approvals as usize {
        let message = "two people must approve each report, but only one reviewer is named";
        let problem = Problem::error("too-few-reviewers", place, message).value(&reviewers[0]);
        problems.push(problem.hint("name a second person, or write approvals = 1"));
    }
    Some(ReviewPolicy { approvals, reviewers })
}

fn place(key: &str) -> Place {
    Place::file("evaluation.toml").column(format!("review.{key}"))
}

/// How to name reviewers.
const EXAMPLE: &str = "write under [review]: reviewers = [\"Ann Lee\", \"Bo Ray\"]";

/// What is wrong with the name of a reviewer that follows others.
fn fault(name: &str, before: &[String], place: &Place) -> Option<Problem> {
    if name.trim().is_empty() {
        let problem = Problem::error("empty-setting", place.clone(), "a reviewer has no name");
        return Some(problem.hint(EXAMPLE));
    }
    if let Some(alike) = before.iter().find(|other| is_same_person(other, name)) {
        let message = "this name looks like another one, and would count as the same person";
        let problem = Problem::error("same-reviewer", place.clone(), message).value(name);
        return Some(problem.hint(format!("distinguish it from '{alike}', for example by a middle name")));
    }
    text::faults(name, text::LONGEST_NAME, place).into_iter().next()
}
