use super::fact::FactBook;
use crate::aggregate::SealedAggregates;
use crate::check::CheckedEvaluation;
use crate::model::{Questionnaire, Submission};
use crate::words::Lexicon;

/// A local report while it is being composed.
pub(super) struct Composer<'a> {
    pub(super) evaluation: &'a CheckedEvaluation,
    pub(super) aggregates: &'a SealedAggregates,
    pub(super) submission: &'a Submission,
    pub(super) words: &'a Lexicon,
    pub(super) facts: FactBook<'a>,
    /// How many figures there are so far.
    pub(super) figures: u32,
}

impl<'a> Composer<'a> {
    pub(super) fn questionnaire(&self) -> &'a Questionnaire {
        &self.evaluation.questionnaire
    }
}
