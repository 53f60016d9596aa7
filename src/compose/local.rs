use super::composer::{Composer, LocalComposer};
use super::fact::ClashingFacts;
use super::point::Evidence;
use super::{Sources, received};
use crate::model::{
    BarKind, BarsFigure, Definition, Kind, LocalContent, Measure, MeasureIndex, MeasureView, Question,
    QuestionIndex, ReportModel, Subject, Submission,
};

/// The local report of an area: its submission compared with the region and the nation.
///
/// # Errors
/// When two facts clash, which is a bug in the program.
pub fn local(
    sources: Sources<'_>,
    submission: &Submission,
) -> Result<ReportModel<LocalContent>, ClashingFacts> {
    let Sources { evaluation, words, .. } = sources;
    let home = evaluation.register[submission.area].region;
    let mut composer = Composer::new(sources, Some(home), submission);
    // Figures are numbered in this order.
    let verdicts = composer.verdicts();
    let glance = composer.verdicts_figure(&verdicts, false);
    let key_figures = composer.key_figures();
    let detail = composer.verdicts_figure(&verdicts, true);
    let sides = composer.sides();
    let processes = composer.processes();
    let tallies = composer.tallies();
    let sections = composer.sections();
    let factors = composer.factors();
    let places = composer.places();
    let profile = composer.profile();
    let evidence = Evidence { verdicts: &verdicts, sides: sides.as_ref(), profile: &profile };
    let [strengths, to_discuss] = composer.points(&evidence);
    let measures = composer.measures();
    let content = LocalContent {
        area: sources.area(submission.area),
        response: composer.response(),
        verdicts: glance.zip(detail).map(<[_; 2]>::from),
        key_figures,
        compared: measures.iter().any(|measure| measure.comparison.is_some()),
        profile,
        strengths,
        to_discuss,
        sides,
        processes,
        tallies,
        sections,
        factors,
        places,
        measures,
        submission: received::received(&evaluation.questionnaire, submission, words),
    };
    Ok(sources.report((Kind::Local, Subject::Area(submission.area)), composer.facts.into_facts()?, content))
}

impl LocalComposer<'_> {
    /// Every declared measure, with a row for each of its cells.
    fn measures(&mut self) -> Vec<MeasureView> {
        let measures = self.questionnaire().each_measure();
        let declared =
            measures.filter(|(_, measure)| !matches!(measure.definition, Definition::Distribution(_)));
        declared
            .flat_map(|(index, measure)| (0..measure.cells.len()).map(move |cell| (index, cell)))
            .map(|(measure, cell)| self.measure(measure, cell))
            .collect()
    }

    /// The tallies, each as a figure of its parts. One person's number is an answer, not a whole made of parts.
    fn tallies(&mut self) -> Vec<BarsFigure> {
        let questionnaire = self.questionnaire();
        let tallies = questionnaire.each_measure().filter(|(measure, declared)| {
            matches!(declared.definition, Definition::Tally { .. }) && self.has_several_answers(*measure)
        });
        let tallies: Vec<(MeasureIndex, &Measure)> = tallies.collect();
        let mut figures = Vec::new();
        for (measure, declared) in tallies {
            let asked = self.asked(questionnaire.question_of(measure));
            let cells: Vec<MeasureView> =
                (0..declared.cells.len()).map(|cell| self.measure(measure, cell)).collect();
            let group = self.measure_group(&declared.label, BarKind::Parts, asked, &cells);
            figures.push(self.bars(&declared.label, questionnaire.questions_of(measure), vec![group]));
        }
        figures
    }

    /// What helps and what hinders: a group for each question that asks for it.
    fn factors(&mut self) -> Option<BarsFigure> {
        let questionnaire = self.questionnaire();
        let questions: Vec<(QuestionIndex, &Question)> =
            questionnaire.each_question().filter(|(_, declared)| declared.planning.is_some()).collect();
        if questions.is_empty() {
            return None;
        }
        let groups = questions.iter().map(|(question, declared)| {
            let none = declared.none().map(|none| declared.options[none].label.as_str());
            let mut group = self.question_group(*question);
            group.rows.retain(|row| Some(row.label.as_str()) != none);
            group
        });
        let groups = groups.collect();
        let ids = questions.iter().map(|(_, declared)| declared.id.clone()).collect();
        Some(self.bars("", ids, groups))
    }
}
