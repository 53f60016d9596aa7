use super::composer::{Composer, LocalComposer};
use crate::aggregate::area_share;
use crate::model::{
    Answer, BarKind, BarsFigure, CountedView, Definition, MeasureIndex, MeasureView, QuestionIndex,
    Respondents, SectionIndex, SectionView,
};

impl LocalComposer<'_> {
    /// The themes that have something to show, each with those that share its page.
    pub(super) fn sections(&mut self) -> Vec<SectionView> {
        let questionnaire = self.questionnaire();
        let sections = (0..questionnaire.sections.len()).map(SectionIndex);
        let own = sections.filter(|index| questionnaire[*index].with.is_none());
        own.filter_map(|index| self.page(index)).collect()
    }

    /// A theme's page: the measures of all its sections in one figure, then the charts of each.
    fn page(&mut self, index: SectionIndex) -> Option<SectionView> {
        let questionnaire = self.questionnaire();
        let sections = questionnaire.sections.iter().enumerate();
        let companions: Vec<SectionIndex> =
            sections.filter(|(_, other)| other.with == Some(index)).map(|(s, _)| SectionIndex(s)).collect();
        let measures: Vec<MeasureIndex> =
            [index].iter().chain(&companions).flat_map(|section| self.measures_of(*section)).collect();
        let mut page = self.section(index, &measures);
        page.companions = companions.into_iter().map(|companion| self.section(companion, &[])).collect();
        page.companions.retain(|companion| !companion.figures.is_empty());
        (!page.figures.is_empty() || !page.companions.is_empty()).then_some(page)
    }

    fn section(&mut self, index: SectionIndex, measures: &[MeasureIndex]) -> SectionView {
        let questionnaire = self.questionnaire();
        let declared = &questionnaire[index];
        let finding = self.finding(measures);
        let views: Vec<MeasureView> = measures.iter().map(|measure| self.measure(*measure, 0)).collect();
        let mut figures = Vec::new();
        // Measures that only repeat the charts below them are not shown twice.
        let charted = |measure: &MeasureIndex| questionnaire[questionnaire.question_of(*measure)].chart;
        if !measures.iter().all(charted) {
            figures.push(self.figure_of_measures(&declared.title, measures, &views));
        }
        for question in self.charted(index) {
            figures.push(self.figure(question));
        }
        SectionView {
            id: declared.id.clone(),
            title: declared.title.clone(),
            answered: self.answered(index),
            finding,
            measures: views,
            figures,
            companions: Vec::new(),
        }
    }

    /// A figure of measures, in a group for each kind of respondent.
    fn figure_of_measures(
        &mut self,
        title: &str,
        measures: &[MeasureIndex],
        views: &[MeasureView],
    ) -> BarsFigure {
        let questionnaire = self.questionnaire();
        let charts = &self.words.charts;
        let mut groups = Vec::new();
        for (who, heading) in [(Respondents::Lead, &charts.leads), (Respondents::Managers, &charts.managers)]
        {
            let asked = |measure: &MeasureIndex| self.asked(questionnaire.question_of(*measure)) == who;
            let of = measures.iter().zip(views).filter(|(measure, _)| asked(measure));
            let of: Vec<MeasureView> = of.map(|(_, view)| view.clone()).collect();
            if !of.is_empty() {
                groups.push(self.measure_group(heading, BarKind::Measures, who, &of));
            }
        }
        let questions = measures.iter().flat_map(|measure| questionnaire.questions_of(*measure)).collect();
        self.bars(title, questions, groups)
    }

    /// The measures on a theme's page: those that count options of a question which is shown nowhere else.
    fn measures_of(&self, section: SectionIndex) -> Vec<MeasureIndex> {
        let questionnaire = self.questionnaire();
        self.counted_in(section, |question| {
            !(questionnaire[question].chart && self.asked(question) == Respondents::Lead)
        })
    }

    /// The questions with a chart on a theme's page.
    fn charted(&self, section: SectionIndex) -> Vec<QuestionIndex> {
        let questionnaire = self.questionnaire();
        let charted = questionnaire.each_question().filter(|(index, declared)| {
            declared.section == section && declared.chart && !questionnaire.is_gathered(*index)
        });
        charted.map(|(index, _)| index).collect()
    }

    /// The measure that a theme's headline is about: the one on which the area differs most from the nation, or the
    /// first that several people were all asked.
    fn finding(&mut self, measures: &[MeasureIndex]) -> Option<CountedView> {
        let questionnaire = self.questionnaire();
        let of_several = |measure: &MeasureIndex| {
            self.is_asked_of_all(*measure)
                && self.has_several_answers(*measure)
                && area_share(questionnaire, self.about, *measure, 0).base > 0
        };
        let apart = self.furthest_apart(measures);
        let found = apart.or_else(|| measures.iter().copied().find(of_several))?;
        Some(self.counted(found, 0))
    }

    /// True when anyone in the area answered a question in a section.
    fn answered(&self, section: SectionIndex) -> bool {
        let questionnaire = self.questionnaire();
        self.about.iter().any(|(key, answer)| {
            questionnaire[key.question].section == section
                && matches!(
                    answer,
                    Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow | Answer::NotApplicable
                )
        })
    }
}

impl<A> Composer<'_, A> {
    /// The measures in a section that count options of a question which is wanted, and is not gathered elsewhere.
    pub(super) fn counted_in(
        &self,
        section: SectionIndex,
        wanted: impl Fn(QuestionIndex) -> bool,
    ) -> Vec<MeasureIndex> {
        let questionnaire = self.questionnaire();
        let counted = questionnaire.each_measure().filter(|(_, declared)| match declared.definition {
            Definition::Counted { question, .. } => {
                declared.section == section && !questionnaire.is_gathered(question) && wanted(question)
            }
            Definition::Distribution(_) | Definition::Tally { .. } => false,
        });
        counted.map(|(measure, _)| measure).collect()
    }
}
