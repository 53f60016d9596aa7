use std::collections::{BTreeMap, BTreeSet};

use super::change::{Fate, ReportChange};
use super::explanation::Explanation;
use super::inputs::Inputs;
use super::words::WordChange;
use crate::publish::Cause;

/// Which changes of words come from templates, and which may follow from figures.
pub(super) struct Wordings {
    /// Patterns shared by more than half of the reports whose templates, theme or settings changed.
    usual: BTreeSet<String>,
    /// Patterns of words that other reports had before.
    known: BTreeSet<String>,
}

impl Wordings {
    pub(super) fn of(changes: &[ReportChange], inputs: &Inputs) -> Self {
        let reworded: Vec<&ReportChange> =
            changes.iter().filter(|change| may_be_reworded(change, inputs)).collect();
        Self { usual: majority(&reworded), known: known(changes) }
    }

    /// True if most reports have a change of words: it comes from templates.
    pub(super) fn are_usual(&self, words: &WordChange) -> bool {
        self.usual.contains(&words.signature())
    }

    /// True if a change of words made no new words: other reports had them, so they may follow from figures.
    pub(super) fn are_known(&self, words: &WordChange) -> bool {
        self.known.contains(&words.signature())
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

/// The patterns of words that some report has on the other side as well.
fn known(changes: &[ReportChange]) -> BTreeSet<String> {
    let texts = |side: usize| changes.iter().map(|change| change.texts[side].as_str()).collect::<Vec<_>>();
    let (was, is) = (texts(0), texts(1));
    // Nothing follows from figures where none moved.
    let moved = changes.iter().filter(|change| !change.figures.is_empty());
    let words: BTreeMap<String, &WordChange> =
        moved.flat_map(|change| &change.words).map(|words| (words.signature(), words)).collect();
    words.into_iter().filter(|(_, words)| words.is_known(&was, &is)).map(|(pattern, _)| pattern).collect()
}
