use std::collections::{BTreeMap, BTreeSet};

use super::change::{Fate, ReportChange};
use super::explanation::Explanation;
use super::inputs::Inputs;
use super::words::{Replaced, WordChange};
use crate::publish::Cause;

/// Changes of words that come from templates: patterns shared by more than half of the reports whose templates, theme
/// or settings changed. A pattern that only a few reports have may just as well follow from figures.
pub(super) struct Wordings {
    patterns: BTreeSet<String>,
    /// The words before: a report in which something else replaced them stands apart.
    replaced: BTreeSet<Replaced>,
}

impl Wordings {
    pub(super) fn of(changes: &[ReportChange], inputs: &Inputs) -> Self {
        let reworded: Vec<&ReportChange> =
            changes.iter().filter(|change| may_be_reworded(change, inputs)).collect();
        let patterns = majority(&reworded);
        let words = reworded.iter().flat_map(|change| &change.words);
        let from_templates = words.filter(|words| patterns.contains(&words.signature()));
        Self { replaced: from_templates.filter_map(WordChange::replaced).collect(), patterns }
    }

    /// True if a change of words comes from templates.
    pub(super) fn explain(&self, words: &WordChange) -> bool {
        self.patterns.contains(&words.signature())
            || words.replaced().is_some_and(|replaced| self.replaced.contains(&replaced))
    }
}

/// True if a cause other than answers can be behind the changed words of a report.
fn may_be_reworded(change: &ReportChange, inputs: &Inputs) -> bool {
    let answers = |why: &Explanation| matches!(why.cause, Cause::Answers | Cause::Unknown);
    change.fate == Fate::Changed && !inputs.of_words(change).iter().all(answers)
}

/// The patterns that more than half of the reports have.
fn majority(reports: &[&ReportChange]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for change in reports {
        let patterns: BTreeSet<String> = change.words.iter().map(WordChange::signature).collect();
        patterns.into_iter().for_each(|pattern| *counts.entry(pattern).or_default() += 1);
    }
    let common = counts.into_iter().filter(|(_, count)| count * 2 > reports.len());
    common.map(|(pattern, _)| pattern).collect()
}
