use std::collections::{BTreeMap, BTreeSet};

use super::change::{Fate, ReportChange, Version};
use super::explanation::Explanation;
use super::group::Risk;
use super::inputs::Inputs;
use super::look::Look;
use super::meaning::Meaning;
use super::usual::UsualForms;
use super::wording::Wordings;
use crate::publish::{Cause, FigureChange, Scope};
use crate::read::RECIPIENTS;

/// What one report contributes to a group. Figures and words are given by their position in the change of the report.
#[derive(Default)]
pub(super) struct Contribution {
    pub(super) figures: Vec<ContributedFigure>,
    pub(super) words: Vec<usize>,
    pub(super) looks: BTreeSet<Look>,
    /// By how many pages the report grew; negative if it shrank.
    pub(super) grown: i64,
    pub(super) causes: BTreeSet<Explanation>,
}

/// A figure that a report contributes to a group.
pub(super) struct ContributedFigure {
    pub(super) at: usize,
    pub(super) causes: BTreeSet<Explanation>,
}

/// What one report contributes to each of its groups.
pub(super) type Contributions = BTreeMap<Meaning, Contribution>;

/// Sorts the changes of one report at a time, in the light of all changes.
pub(super) struct Sorter<'c> {
    inputs: &'c Inputs,
    wordings: Wordings,
    usual: UsualForms<'c>,
}

/// What is known of all changed figures of a report.
#[derive(Default)]
struct FiguresSummary {
    causes: BTreeSet<Explanation>,
    most_serious: Option<SortedFigure>,
}

struct SortedFigure {
    risk: Risk,
    meaning: Meaning,
}

impl<'c> Sorter<'c> {
    pub(super) fn of(changes: &'c [ReportChange], inputs: &'c Inputs) -> Self {
        Self { inputs, wordings: Wordings::of(changes, inputs), usual: UsualForms::of(changes) }
    }

    /// What a report contributes to each group. Every report contributes to at least one.
    pub(super) fn contributions(&self, change: &ReportChange) -> Contributions {
        let mut sorted = Contributions::new();
        if change.fate != Fate::Changed {
            let contribution =
                Contribution { causes: self.inputs.of_fate(change), ..Contribution::default() };
            sorted.insert(Meaning::Fate(change.fate.clone()), contribution);
            return sorted;
        }
        if change.recipients.is_some() {
            let meaning = Meaning::Recipients(change.key.subject().into_owned());
            let causes = BTreeSet::from([Explanation::settings(vec![RECIPIENTS.to_owned()])]);
            sorted.insert(meaning, Contribution { causes, ..Contribution::default() });
        }
        let figures = self.sort_figures(change, &mut sorted);
        self.sort_words(change, &figures, &mut sorted);
        self.sort_looks(change, &mut sorted);
        // No changed report goes unmentioned.
        if sorted.is_empty() {
            let contribution =
                Contribution { causes: self.inputs.of_bytes(change), ..Contribution::default() };
            sorted.insert(Meaning::Bytes, contribution);
        }
        sorted
    }

    fn sort_figures(&self, change: &ReportChange, sorted: &mut Contributions) -> FiguresSummary {
        let mut summary = FiguresSummary::default();
        for (at, figure) in change.figures.iter().enumerate() {
            let causes = self.inputs.of_figure(change, figure);
            summary.causes.extend(causes.iter().cloned());
            let risk = Risk::of_figure(figure.kind, &causes);
            let meaning = self.meaning(change, figure, &causes);
            if summary.most_serious.as_ref().is_none_or(|known| risk < known.risk) {
                summary.most_serious = Some(SortedFigure { risk, meaning: meaning.clone() });
            }
            sorted.entry(meaning).or_default().figures.push(ContributedFigure { at, causes });
        }
        summary
    }

    /// What the change of a figure means.
    fn meaning(
        &self,
        change: &ReportChange,
        figure: &FigureChange,
        causes: &BTreeSet<Explanation>,
    ) -> Meaning {
        let scope = match &figure.scope {
            Scope::Own if *causes == own_answers(change) => return own(change),
            Scope::Own => Scope::Place,
            scope => scope.clone(),
        };
        let unusual = self.usual.differ_from(figure);
        Meaning::Figures(Risk::of_figure(figure.kind, causes), scope, u32::from(unusual))
    }

    /// Sorts the words that figures do not account for: by what the area itself answered, by what most reports have as
    /// well, by what follows from figures, and the rest as a change of its own.
    fn sort_words(&self, change: &ReportChange, figures: &FiguresSummary, sorted: &mut Contributions) {
        let candidates = self.inputs.of_words(change);
        let of_own_answers = candidates == own_answers(change);
        let only_figures = self.inputs.leave_only_figures(change);
        let (mut usual, mut rest) = (Vec::new(), Vec::new());
        for (at, words) in change.words.iter().enumerate().filter(|(_, words)| !words.follows) {
            if of_own_answers {
                sorted.entry(own(change)).or_default().words.push(at);
            } else if self.wordings.are_usual(words) {
                usual.push(at);
            } else if !change.figures.is_empty() && (only_figures || self.wordings.are_known(words)) {
                sort_following_words(at, figures, &candidates, sorted);
            } else {
                rest.push(at);
            }
        }
        // Without figures there is nothing to tell the rest from: a report with both is unlike the others.
        if change.figures.is_empty() {
            usual.append(&mut rest);
            usual.sort_unstable();
        }
        for same in [usual, rest].into_iter().filter(|same| !same.is_empty()) {
            let patterns: BTreeSet<String> = same.iter().map(|at| change.words[*at].signature()).collect();
            let contribution = sorted.entry(Meaning::Words(patterns.into_iter().collect())).or_default();
            contribution.words.extend(same);
            contribution.causes.extend(candidates.clone());
        }
    }

    fn sort_looks(&self, change: &ReportChange, sorted: &mut Contributions) {
        let looks = unexplained_looks(change);
        let with_words: BTreeSet<Look> = change
            .pages
            .iter()
            .flat_map(|page| &page.looks)
            .filter(|look| !looks.contains(look))
            .cloned()
            .collect();
        if is_redrawn(change) && !with_words.is_empty() {
            // Words move things, but so may whatever reworded them: the group of the words says so as well.
            let mut worded =
                sorted.iter_mut().filter(|(meaning, _)| matches!(meaning, Meaning::Words(_))).peekable();
            if worded.peek().is_none() {
                add_looks(with_words, self.inputs.of_looks(change), 0, sorted);
            } else {
                worded.for_each(|(_, contribution)| contribution.looks.extend(with_words.iter().cloned()));
            }
        }
        if looks.is_empty() {
            return;
        }
        let pages = |version: &Option<Version>| version.as_ref().map_or(0, |version| version.pages as i64);
        let grown = pages(&change.is) - pages(&change.was);
        add_looks(looks, self.inputs.of_looks(change), grown, sorted);
    }
}

/// What looks mean. A layout that changed moves what comes after it, which differs from report to report: how many lines
/// and pages there are, and what else had to move. It means one thing in all of them.
fn meaning_of_looks(looks: &BTreeSet<Look>, grown: i64) -> Meaning {
    if !looks.contains(&Look::Moved) && !looks.contains(&Look::Letters) {
        return Meaning::Looks(looks.clone(), grown);
    }
    let follows = [Look::Moved, Look::Letters, Look::Text, Look::Lines, Look::Layers, Look::Page];
    let own = looks.iter().filter(|look| !follows.contains(look)).cloned();
    Meaning::Looks(own.chain([Look::Moved]).collect(), 0)
}

fn add_looks(looks: BTreeSet<Look>, causes: BTreeSet<Explanation>, grown: i64, sorted: &mut Contributions) {
    let contribution = sorted.entry(meaning_of_looks(&looks, grown)).or_default();
    contribution.looks.extend(looks);
    if grown != 0 {
        contribution.grown = grown;
    }
    contribution.causes.extend(causes);
}

/// Sorts words that follow from figures, and perhaps from other causes as well.
fn sort_following_words(
    at: usize,
    figures: &FiguresSummary,
    candidates: &BTreeSet<Explanation>,
    sorted: &mut Contributions,
) {
    let mut known = candidates.clone();
    known.remove(&Cause::Unknown.into());
    // Words that only the figures can have changed belong with the most serious of these.
    if let (true, Some(figure)) = (known.is_empty(), &figures.most_serious) {
        sorted.entry(figure.meaning.clone()).or_default().words.push(at);
        return;
    }
    let causes: BTreeSet<Explanation> = figures.causes.union(&known).cloned().collect();
    let contribution = sorted.entry(Meaning::WordsThatFollow(causes.clone())).or_default();
    contribution.words.push(at);
    contribution.causes.extend(causes);
}

/// The meaning of whatever follows from the answers of a report's own area.
fn own(change: &ReportChange) -> Meaning {
    Meaning::Own(change.key.subject().into_owned())
}

/// The answers of a report's own area as the only cause.
fn own_answers(change: &ReportChange) -> BTreeSet<Explanation> {
    BTreeSet::from([Explanation::answers_of(&change.key.subject())])
}

/// The ways in which pages look different that neither words nor figures explain.
fn unexplained_looks(change: &ReportChange) -> BTreeSet<Look> {
    let parts = change.parts.unwrap_or_default();
    let model = parts.model || parts.facts || parts.submission;
    let says_different = !change.figures.is_empty() || !change.words.is_empty() || model;
    if !is_redrawn(change) && says_different {
        return BTreeSet::new();
    }
    change.pages.iter().flat_map(|page| page.looks_beyond_words().cloned()).collect()
}

/// True if a cause that redraws pages can be behind a change.
fn is_redrawn(change: &ReportChange) -> bool {
    change.parts.is_none_or(|parts| parts.templates || parts.style || parts.fonts || parts.engine)
}
