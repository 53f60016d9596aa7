use super::composer::Composer;
use crate::model::{
    Answer, BarGroup, BarKind, BarsFigure, CountedView, Definition, MeasureIndex, MeasureView, OwnState,
    Question, QuestionIndex, Respondents, SectionIndex, SectionView,
};

impl Composer<'_> {
    /// The themes that have something to show, each with those that share its page.
    pub(super) fn sections(&mut self) -> Vec<SectionView> {
        let sections = (0..self.questionnaire().sections.len()).map(SectionIndex);
        let own: Vec<SectionIndex> =
            sections.filter(|index| self.questionnaire()[*index].with.is_none()).collect();
        own.into_iter().filter_map(|index| self.page(index)).collect()
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
            figures.push(self.figure_of_measures(&declared.title, measures));
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
    fn figure_of_measures(&mut self, title: &str, measures: &[MeasureIndex]) -> BarsFigure {
        let questionnaire = self.questionnaire();
        let mut groups = Vec::new();
        for who in [Respondents::Lead, Respondents::Managers] {
            let asked = |measure: &&MeasureIndex| self.asked(questionnaire.question_of(**measure)) == who;
            let of: Vec<MeasureIndex> = measures.iter().filter(asked).copied().collect();
            let views: Vec<MeasureView> = of.iter().map(|measure| self.measure(*measure, 0)).collect();
            let heading = match who {
                Respondents::Lead => &self.words.charts.leads,
                Respondents::Managers => &self.words.charts.managers,
            };
            if !views.is_empty() {
                groups
                    .push(BarGroup { asked: who, ..self.measure_group(heading, BarKind::Measures, &views) });
            }
        }
        let questions = measures.iter().flat_map(|measure| questionnaire.questions_of(*measure)).collect();
        self.bars(title, questions, groups)
    }

    /// The measures on a theme's page: those that count options of a question which is shown nowhere else.
    fn measures_of(&self, section: SectionIndex) -> Vec<MeasureIndex> {
        let questionnaire = self.questionnaire();
        let measures = questionnaire.measures.iter().enumerate();
        let shown = measures.filter(|(_, measure)| match measure.definition {
            Definition::Counted { question, .. } => {
                measure.section == section
                    && !questionnaire.is_gathered(question)
                    && !(questionnaire[question].chart && self.asked(question) == Respondents::Lead)
            }
            Definition::Distribution(_) | Definition::Tally { .. } => false,
        });
        shown.map(|(m, _)| MeasureIndex(m)).collect()
    }

    /// The questions with a chart on a theme's page.
    fn charted(&self, section: SectionIndex) -> Vec<QuestionIndex> {
        let questionnaire = self.questionnaire();
        let questions = questionnaire.questions.iter().enumerate();
        let charted = questions.filter(|(_, question)| question.section == section && question.chart);
        let charted = charted.map(|(q, _)| QuestionIndex(q));
        charted.filter(|question| !questionnaire.is_gathered(*question)).collect()
    }

    /// The measure that a theme's headline is about: the one on which the area differs most from the nation, or the
    /// first that several people were all asked.
    fn finding(&mut self, measures: &[MeasureIndex]) -> Option<CountedView> {
        let questionnaire = self.questionnaire();
        let asked_of_all =
            |measure: &&MeasureIndex| questionnaire[questionnaire.question_of(**measure)].route.is_none();
        let views: Vec<CountedView> =
            measures.iter().filter(asked_of_all).map(|measure| self.counted(*measure, 0)).collect();
        let of_several = || views.iter().filter(|view| view.measure.own.state == OwnState::Share);
        let apart = self.furthest_apart(measures);
        let first = apart.and_then(|first| {
            of_several().find(|view| questionnaire.measure(&view.measure.id) == Some(first))
        });
        first.or_else(|| of_several().next()).cloned()
    }

    /// True when anyone in the area answered a question in a section.
    fn answered(&self, section: SectionIndex) -> bool {
        let questionnaire = self.questionnaire();
        let of_section = |question: &Question| question.section == section;
        self.submission.iter().any(|(key, answer)| {
            of_section(&questionnaire[key.question])
                && matches!(
                    answer,
                    Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow | Answer::NotApplicable
                )
        })
    }
}
