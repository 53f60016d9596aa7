use super::composer::{Composer, LocalComposer};
use crate::aggregate::area_share;
use crate::model::{
    Answer, AnswerKey, CountedView, Definition, Group, MeasureIndex, Respondent, SectorIndex, Submission,
    UnitsFigure,
};

impl LocalComposer<'_> {
    /// The key figures, in people; `None` if no measure is one.
    pub(super) fn key_figures(&mut self) -> Option<UnitsFigure> {
        let questionnaire = self.questionnaire();
        let keys = self.key_cells();
        if keys.is_empty() {
            return None;
        }
        let (number, file) = self.next_figure();
        let questions = keys.iter().flat_map(|(measure, _)| questionnaire.questions_of(*measure)).collect();
        let rows: Vec<CountedView> =
            keys.into_iter().map(|(measure, cell)| self.counted(measure, cell)).collect();
        let withheld = rows.iter().any(|row| row.measure.withheld);
        Some(UnitsFigure { number, file, questions, rows, withheld })
    }

    /// A measure in people.
    pub(super) fn counted(&mut self, measure: MeasureIndex, cell: usize) -> CountedView {
        let questionnaire = self.questionnaire();
        let view = self.measure(measure, cell);
        let own = area_share(questionnaire, self.about, measure, cell);
        let at_nation = match self.aggregates.statistic(measure, cell, Group::Nation).share() {
            Some(share) => {
                let id = format!("planning/nation/{}", view.id);
                let origin = self.origin(id, Group::Nation, measure, &view.id);
                self.facts.own_share(origin, share.of(own.base)).text
            }
            None => self.words.percentages.withheld.clone(),
        };
        let places = Submission::places(questionnaire, questionnaire.question_of(measure));
        let not_in_base = (places.len() as u32).saturating_sub(own.base);
        CountedView { at_nation, not_counted: self.not_counted(measure, &places), not_in_base, measure: view }
    }

    /// The sectors that are in the base of a measure and not counted; none for a tally, which counts answers to
    /// several questions.
    fn not_counted(&self, measure: MeasureIndex, places: &[AnswerKey]) -> Vec<String> {
        let questionnaire = self.questionnaire();
        let Definition::Counted { options, .. } = &questionnaire[measure].definition else {
            return Vec::new();
        };
        let left_out =
            |answer: &Answer| answer.in_base() && !options.iter().any(|option| answer.chose(*option));
        let name = |sector: SectorIndex| questionnaire[sector].name.clone();
        let sector = |key: &AnswerKey| {
            let answer = self.about.answer(questionnaire, key.respondent, key.question, key.item);
            match (key.item, key.respondent) {
                _ if !left_out(answer) => None,
                (Some(sector), _) | (None, Respondent::Manager(sector)) => Some(name(sector)),
                (None, Respondent::StrategicLead) => None,
            }
        };
        places.iter().filter_map(sector).collect()
    }
}

impl<A> Composer<'_, A> {
    /// The key figures, each with the cell that counts: for a tally, the one for all.
    pub(super) fn key_cells(&self) -> Vec<(MeasureIndex, usize)> {
        let keys = self.questionnaire().each_measure().filter(|(_, declared)| declared.key_figure);
        let cell = |definition: &Definition| match definition {
            Definition::Tally { of, .. } => of.len(),
            Definition::Counted { .. } | Definition::Distribution(_) => 0,
        };
        keys.map(|(measure, declared)| (measure, cell(&declared.definition))).collect()
    }
}
