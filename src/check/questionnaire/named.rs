//! What is referred to by its id.

use super::Builder;
use crate::check::unknown;
use crate::model::{AnswerOption, QuestionIndex, SectionIndex, SectorIndex};

impl Builder {
    pub(super) fn section(&mut self, id: &str) -> Option<SectionIndex> {
        let section = self.questionnaire.section(id);
        if section.is_none() {
            let (place, message) = (self.place("section"), "there is no such section");
            let known = self.questionnaire.sections.iter().map(|section| section.id.as_str());
            self.problems.push(unknown("unknown-section", place, message, id, known));
        }
        section
    }

    /// The sectors with these ids, in questionnaire order; without ids, all sectors.
    pub(super) fn sectors(&mut self, ids: Option<&[String]>) -> Vec<SectorIndex> {
        let all = 0..self.questionnaire.sectors.len();
        let Some(ids) = ids else { return all.map(SectorIndex).collect() };
        let mut sectors = Vec::new();
        for id in ids {
            match self.questionnaire.sector(id) {
                Some(sector) => sectors.push(sector),
                None => {
                    let (place, message) = (self.place("sectors"), "there is no such sector");
                    let known = self.questionnaire.sectors.iter().map(|sector| sector.id.as_str());
                    self.problems.push(unknown("unknown-sector", place, message, id, known));
                }
            }
        }
        sectors.sort_unstable();
        sectors.dedup();
        sectors
    }

    pub(super) fn earlier_question(&mut self, key: &str, id: &str) -> Option<QuestionIndex> {
        let question = self.questionnaire.question(id);
        if question.is_none() {
            let (place, message) = (self.place(key), "there is no such question above");
            let known = self.questionnaire.questions.iter().map(|question| question.id.as_str());
            self.problems.push(unknown("unknown-question", place, message, id, known));
        }
        question
    }

    /// Positions of the options with these ids. `None` if an id is unknown or there are no ids.
    pub(super) fn all_options(
        &mut self,
        key: &str,
        question: QuestionIndex,
        ids: &[String],
    ) -> Option<Vec<usize>> {
        let known = self.questionnaire[question].options.clone();
        let options = self.named_options(key, &known, ids);
        if ids.is_empty() {
            self.error(key, "empty-list", "no options are named", "");
        }
        (options.len() == ids.len() && !ids.is_empty()).then_some(options)
    }

    /// Positions of the options with these ids. An unknown id is reported and left out.
    pub(super) fn named_options(&mut self, key: &str, known: &[AnswerOption], ids: &[String]) -> Vec<usize> {
        let mut options = Vec::new();
        for id in ids {
            match known.iter().position(|option| option.id == *id) {
                Some(option) => options.push(option),
                None => {
                    let (place, message) = (self.place(key), "the question has no such option");
                    let known = known.iter().map(|option| option.id.as_str());
                    self.problems.push(unknown("unknown-option", place, message, id, known));
                }
            }
        }
        options
    }
}
