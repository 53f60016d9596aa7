use super::composer::Composer;
use super::measure::cell_id;
use crate::aggregate::Statistic;
use crate::model::{
    AnswerState, Asked, Group, MeasureIndex, QuestionIndex, RegionIndex, Respondents, SectorIndex, Share,
    StatisticView, Submission,
};

impl<'a, A> Composer<'a, A> {
    /// A group's statistic for a cell of a measure.
    pub(super) fn cell(&mut self, (measure, cell): (MeasureIndex, usize), group: Group) -> StatisticView {
        self.group(&self.cell_name(measure, cell), measure, cell, group)
    }

    /// The name of a cell of a measure in the ids of facts.
    pub(super) fn cell_name(&self, measure: MeasureIndex, cell: usize) -> String {
        let declared = &self.questionnaire()[measure];
        cell_id(&declared.id, &declared.cells[cell].id)
    }

    /// A group's statistic; `name` is the name of the cell.
    pub(super) fn group(
        &mut self,
        name: &str,
        measure: MeasureIndex,
        cell: usize,
        group: Group,
    ) -> StatisticView {
        let origin = self.origin(self.fact_id(name, group), group, measure, name);
        self.facts.statistic(origin, self.aggregates.statistic(measure, cell, group))
    }

    /// A group's statistic for several options of a question together; `None` if there are no options. `name` names
    /// them in the id of the fact.
    pub(super) fn group_of(
        &mut self,
        (index, options): (QuestionIndex, &[usize]),
        name: &str,
        group: Group,
    ) -> Option<StatisticView> {
        let question = &self.questionnaire()[index];
        let distribution = self.distribution(index);
        let all = options.iter().map(|option| self.aggregates.statistic(distribution, *option, group));
        let statistic = all.reduce(Statistic::or)?;
        // A figure that adds up several cells names them all.
        let cells: Vec<&str> = options.iter().map(|option| question.options[*option].id.as_str()).collect();
        let cells = cell_id(&question.id, &cells.join("+"));
        let fact = self.fact_id(&cell_id(&question.id, name), group);
        let origin = self.origin(fact, group, distribution, &cells);
        Some(self.facts.statistic(origin, statistic))
    }

    pub(super) fn fact_id(&self, name: &str, group: Group) -> String {
        let sector = |sector: SectorIndex| &self.questionnaire()[sector].id;
        let region = |region: RegionIndex| match self.home {
            Some(home) if home == region => "region".to_owned(),
            _ => format!("regions/{}", self.evaluation.register.region_code(region)),
        };
        match group {
            Group::Nation => format!("nation/{name}"),
            Group::Region(index) => format!("{}/{name}", region(index)),
            Group::Sector(index) => format!("nation/{}/{name}", sector(index)),
            Group::RegionSector(of, index) => format!("{}/{}/{name}", region(of), sector(index)),
        }
    }

    /// How many in a group answered a question; empty if that is withheld. `name` names the group in the id of the fact.
    pub(super) fn base(&mut self, name: &str, index: QuestionIndex, group: Group) -> String {
        let distribution = self.distribution(index);
        let Some(base) = self.aggregates.base(distribution, group) else { return String::new() };
        let id = &self.questionnaire()[index].id;
        let origin = self.origin(format!("base/{name}/{id}"), group, distribution, id);
        self.facts.number(origin, Share { count: base, base })
    }

    /// The measure with the distribution of the answers to a question.
    pub(super) fn distribution(&self, question: QuestionIndex) -> MeasureIndex {
        self.questionnaire().distribution(question).unwrap_or(MeasureIndex(0))
    }

    /// The cells of a question in the order in which they are shown: ordered options keep their order, and others are
    /// sorted by the nation's value, which is the same in every report. "Don't know" is an answer but not an option, so it
    /// comes last.
    pub(super) fn cells(&self, index: QuestionIndex) -> Vec<usize> {
        let question = &self.questionnaire()[index];
        let distribution = self.distribution(index);
        let mut cells: Vec<usize> = (0..question.options.len()).collect();
        if !question.ordered {
            // The order must not give away a withheld value, so it comes after the others.
            let share = |cell: usize| self.aggregates.statistic(distribution, cell, Group::Nation).share();
            cells.sort_by(|a, b| match (share(*a), share(*b)) {
                (Some(first), Some(second)) => second.size_cmp(first).then(a.cmp(b)),
                (first, second) => second.is_some().cmp(&first.is_some()).then(a.cmp(b)),
            });
        }
        cells.extend(question.dont_know.then_some(question.options.len()));
        cells
    }

    /// The label of a cell of a question.
    pub(super) fn cell_label(&self, index: QuestionIndex, cell: usize) -> &'a str {
        match self.questionnaire()[index].options.get(cell) {
            Some(option) => &option.label,
            None => self.words.answer(AnswerState::DontKnow),
        }
    }

    /// True for a measure of a question that an area can answer several times: it has a share, and not one answer.
    pub(super) fn has_several_answers(&self, measure: MeasureIndex) -> bool {
        let questionnaire = self.questionnaire();
        Submission::places(questionnaire, questionnaire.question_of(measure)).len() > 1
    }

    /// Who was asked a question.
    pub(super) fn asked(&self, question: QuestionIndex) -> Respondents {
        match self.questionnaire()[question].asked {
            Asked::StrategicLead => Respondents::Lead,
            Asked::Managers(_) => Respondents::Managers,
        }
    }
}
