use super::composer::Composer;
use super::figure::{asked, is_withheld};
use crate::aggregate::area_share;
use crate::model::{
    FactState, FigureRow, GapView, Group, MeasureView, NamedView, Planning, PlanningView, QuestionIndex,
};

/// The most options that an area is shown because its region, but not the area itself, named them.
const OTHERS: usize = 3;

impl Composer<'_> {
    /// The widest gaps where the area is behind, and what it and its region named as help or hindrance.
    pub(super) fn planning(&mut self, less_far: &[MeasureView]) -> PlanningView {
        let gaps = less_far.iter().filter_map(|measure| self.gap(measure)).collect();
        let questions = self.questionnaire().questions.iter().enumerate();
        let named = questions
            .filter_map(|(q, question)| Some((QuestionIndex(q), question.planning?)))
            .map(|(question, planning)| self.named(question, planning))
            .collect();
        PlanningView { gaps, named }
    }

    fn gap(&mut self, view: &MeasureView) -> Option<GapView> {
        let questionnaire = self.questionnaire();
        let (measure, cell) = questionnaire.cell(&view.id)?;
        let own = area_share(questionnaire, self.submission, measure, cell);
        let region = Group::Region(self.region());
        let mut at = |group: Group, name: &str| {
            let Some(share) = self.aggregates.statistic(measure, cell, group).share() else {
                return self.words.percentages.withheld.clone();
            };
            let origin = self.origin(format!("planning/{name}/{}", view.id), group, measure, &view.id);
            self.facts.own_share(origin, share.of(own.base)).text
        };
        Some(GapView {
            at_region: at(region, "region"),
            at_nation: at(Group::Nation, "nation"),
            measure: view.clone(),
        })
    }

    fn named(&mut self, question: QuestionIndex, planning: Planning) -> NamedView {
        let declared = &self.questionnaire()[question];
        let none = declared.none().map(|none| declared.options[none].label.as_str());
        let mut rows = self.option_rows(question);
        let answered = rows.iter().any(|row| row.own.base > 0);
        rows.retain(|row| Some(row.label.as_str()) != none);
        // Sorted by the region's value, with withheld ones last; the sort is stable.
        let size =
            |row: &FigureRow| row.region.as_ref().filter(|s| s.state == FactState::Value).map(|s| s.length);
        rows.sort_by_key(|row| std::cmp::Reverse(size(row)));
        let (rows, others): (Vec<FigureRow>, Vec<FigureRow>) =
            rows.into_iter().partition(|row| row.own.counted);
        let others: Vec<FigureRow> =
            others.into_iter().filter(|row| size(row).is_some_and(|size| size > 0)).take(OTHERS).collect();
        NamedView {
            title: declared.title.clone(),
            asked: asked(declared),
            helps: planning == Planning::Helps,
            answered,
            withheld: rows.iter().chain(&others).any(is_withheld),
            rows,
            others,
        }
    }
}
