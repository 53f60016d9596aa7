use super::Sources;
use super::fact::FactBook;
use crate::aggregate::SealedAggregates;
use crate::check::CheckedEvaluation;
use crate::model::{Group, Questionnaire, RegionIndex, Submission};
use crate::words::Lexicon;

/// A report about something while it is being composed.
pub(super) struct Composer<'a, A> {
    pub(super) evaluation: &'a CheckedEvaluation,
    pub(super) aggregates: &'a SealedAggregates,
    pub(super) words: &'a Lexicon,
    pub(super) facts: FactBook<'a>,
    /// How many figures there are so far.
    pub(super) figures: u32,
    /// The region that its facts call "the region"; `None` if it has none of its own.
    pub(super) home: Option<RegionIndex>,
    pub(super) about: A,
}

/// A local report, about an area's submission.
pub(super) type LocalComposer<'a> = Composer<'a, &'a Submission>;

/// A report about a region, a sector or the nation.
pub(super) type GroupComposer<'a> = Composer<'a, Group>;

impl<'a, A> Composer<'a, A> {
    pub(super) fn new(sources: Sources<'a>, home: Option<RegionIndex>, about: A) -> Self {
        let Sources { evaluation, aggregates, words } = sources;
        Self { evaluation, aggregates, words, facts: FactBook::new(words), figures: 0, home, about }
    }

    pub(super) fn questionnaire(&self) -> &'a Questionnaire {
        &self.evaluation.questionnaire
    }

    /// The number and file name of the next figure.
    pub(super) fn next_figure(&mut self) -> (u32, String) {
        self.figures += 1;
        (self.figures, format!("figure-{}.svg", self.figures))
    }
}
