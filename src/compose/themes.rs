use super::composer::GroupComposer;
use crate::model::{
    ApartView, Asked, Comparison, Definition, Group, GroupSection, MeasureIndex, Question, QuestionIndex,
    Respondents, RowsAre, SectionIndex, SharesFigure,
};

impl GroupComposer<'_> {
    /// The key figures; `None` if no measure that the subject has is one.
    pub(super) fn key_figures(&mut self) -> Option<SharesFigure> {
        let cells = self.own_key_cells();
        (!cells.is_empty()).then(|| self.figure_of_measures("", RowsAre::Measures, &cells))
    }

    /// The key figures that the subject has.
    pub(super) fn own_key_cells(&self) -> Vec<(MeasureIndex, usize)> {
        let mut cells = self.key_cells();
        cells.retain(|(measure, _)| self.has(*measure));
        cells
    }

    /// True when the subject has a statistic of a measure.
    pub(super) fn has(&self, measure: MeasureIndex) -> bool {
        let questionnaire = self.questionnaire();
        let Group::Sector(sector) = self.about else { return true };
        questionnaire.by_sector(measure)
            && match &questionnaire[questionnaire.question_of(measure)].asked {
                Asked::StrategicLead => true,
                Asked::Managers(sectors) => sectors.contains(&sector),
            }
    }

    /// How the subject differs from all together, on every measure that counts answers.
    pub(super) fn apart(&mut self) -> ApartView {
        let measures = self.questionnaire().each_measure();
        let counted = measures.filter(|(measure, declared)| {
            matches!(declared.definition, Definition::Counted { .. }) && self.has(*measure)
        });
        let rows = self.by_gap(counted.map(|(measure, _)| measure).collect());
        let of =
            |comparison| rows.iter().filter(move |row| row.comparison == Some(comparison)).cloned().collect();
        ApartView {
            higher: of(Comparison::Higher),
            lower: of(Comparison::Lower),
            similar: of(Comparison::Similar),
        }
    }

    /// A figure for each verdict of the strategic leads; none for a sector, which they do not give one on.
    pub(super) fn verdicts(&mut self) -> Vec<SharesFigure> {
        self.figures_of(|_, question| question.verdict.is_some())
    }

    /// A figure for each question about what helps and what hinders.
    pub(super) fn factors(&mut self) -> Vec<SharesFigure> {
        self.figures_of(|_, question| question.planning.is_some())
    }

    fn figures_of(&mut self, wanted: impl Fn(&Self, &Question) -> bool) -> Vec<SharesFigure> {
        let questions = self.questionnaire().each_question();
        let questions = questions.filter(|(index, declared)| wanted(self, declared) && self.is_asked(*index));
        let questions: Vec<QuestionIndex> = questions.map(|(index, _)| index).collect();
        questions.into_iter().map(|question| self.figure_of_question(question)).collect()
    }

    fn is_asked(&self, question: QuestionIndex) -> bool {
        self.questionnaire()[question].kind.is_closed() && self.has(self.distribution(question))
    }

    /// The tallies, each as a figure of its parts.
    pub(super) fn tallies(&mut self) -> Vec<SharesFigure> {
        let questionnaire = self.questionnaire();
        let tallies = questionnaire.each_measure().filter(|(measure, declared)| {
            matches!(declared.definition, Definition::Tally { .. }) && self.has(*measure)
        });
        let tallies: Vec<MeasureIndex> = tallies.map(|(measure, _)| measure).collect();
        let figure = |measure: MeasureIndex| {
            let declared = &questionnaire[measure];
            let cells: Vec<_> = (0..declared.cells.len()).map(|cell| (measure, cell)).collect();
            self.figure_of_measures(&declared.label, RowsAre::Parts, &cells)
        };
        tallies.into_iter().map(figure).collect()
    }

    /// The questions that only some sectors were asked, as figures; none if the subject is not one of those.
    pub(super) fn own_questions(&mut self) -> Vec<SharesFigure> {
        self.figures_of(Self::is_own_question)
    }

    /// The themes that have something to show.
    pub(super) fn sections(&mut self) -> Vec<GroupSection> {
        let sections = (0..self.questionnaire().sections.len()).map(SectionIndex);
        sections.filter_map(|section| self.section(section)).collect()
    }

    fn section(&mut self, index: SectionIndex) -> Option<GroupSection> {
        let questionnaire = self.questionnaire();
        let measures = self.measures_of(index);
        let mut figures = Vec::new();
        for who in [Respondents::Lead, Respondents::Managers] {
            let asked = |measure: &&MeasureIndex| self.asked(questionnaire.question_of(**measure)) == who;
            let cells: Vec<_> = measures.iter().filter(asked).map(|measure| (*measure, 0)).collect();
            if !cells.is_empty() {
                figures.push(self.figure_of_measures(&questionnaire[index].title, RowsAre::Measures, &cells));
            }
        }
        figures.extend(self.by_sector(&measures));
        let charted = questionnaire.each_question().filter(|(question, declared)| {
            // How far a process has got is what a report on the nation is about.
            let shown = declared.chart || declared.profile.is_some() && self.about == Group::Nation;
            declared.section == index
                && shown
                && !questionnaire.is_gathered(*question)
                && !self.is_own_question(declared)
                && self.is_asked(*question)
        });
        let charted: Vec<QuestionIndex> = charted.map(|(question, _)| question).collect();
        figures.extend(charted.into_iter().map(|question| self.figure_of_question(question)));
        let rows = self.by_gap(measures);
        let similar = !rows.is_empty() && rows.iter().all(|row| row.comparison == Some(Comparison::Similar));
        let finding = rows
            .into_iter()
            .find(|row| matches!(row.comparison, Some(Comparison::Higher | Comparison::Lower)));
        let declared = &questionnaire[index];
        let (id, title) = (declared.id.clone(), declared.title.clone());
        (!figures.is_empty()).then_some(GroupSection { id, title, finding, similar, figures })
    }

    /// For the nation, a figure by sector for each measure of a theme that is a column of the sector profile.
    fn by_sector(&mut self, measures: &[MeasureIndex]) -> Vec<SharesFigure> {
        let questionnaire = self.questionnaire();
        let shown = measures.iter().copied().filter(|measure| {
            let question = &questionnaire[questionnaire.question_of(*measure)];
            self.about == Group::Nation
                && questionnaire.by_sector(*measure)
                && (question.profile.is_some() && self.is_in_hand(*measure)
                    || questionnaire[*measure].key_figure)
        });
        let shown: Vec<MeasureIndex> = shown.collect();
        let figure =
            |measure: MeasureIndex| self.figure_of_sectors(&questionnaire[measure].label, (measure, None));
        shown.into_iter().map(figure).collect()
    }

    /// True for a measure that counts everyone who has begun or finished what a column of the sector profile shows.
    fn is_in_hand(&self, measure: MeasureIndex) -> bool {
        let questionnaire = self.questionnaire();
        let Definition::Counted { question, options } = &questionnaire[measure].definition else {
            return false;
        };
        questionnaire[*question].profile.as_ref().is_some_and(|profile| {
            let mut in_hand = profile.in_hand();
            let mut counted = options.clone();
            in_hand.sort_unstable();
            counted.sort_unstable();
            in_hand == counted
        })
    }

    /// True for a question that only some sectors were asked, in the report on one of them.
    fn is_own_question(&self, question: &Question) -> bool {
        let few = |of: &[_]| of.len() < self.questionnaire().sectors.len();
        matches!((&question.asked, self.about), (Asked::Managers(of), Group::Sector(_)) if few(of))
    }

    /// The measures of a theme: those that count options of a question which is shown nowhere else.
    fn measures_of(&self, section: SectionIndex) -> Vec<MeasureIndex> {
        let questionnaire = self.questionnaire();
        let mut measures = self.counted_in(section, |question| !questionnaire[question].chart);
        measures.retain(|measure| {
            self.has(*measure) && !self.is_own_question(&questionnaire[questionnaire.question_of(*measure)])
        });
        measures
    }
}
