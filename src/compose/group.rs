use super::composer::Composer;
use super::measure::cell_id;
use crate::aggregate::Statistic;
use crate::model::{
    Asked, Group, MeasureIndex, QuestionIndex, RegionIndex, Respondents, SectorIndex, StatisticView,
};

impl Composer<'_> {
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

    fn fact_id(&self, name: &str, group: Group) -> String {
        let sector = |sector: SectorIndex| &self.questionnaire()[sector].id;
        match group {
            Group::Nation => format!("nation/{name}"),
            Group::Region(_) => format!("region/{name}"),
            Group::Sector(index) => format!("nation/{}/{name}", sector(index)),
            Group::RegionSector(_, index) => format!("region/{}/{name}", sector(index)),
        }
    }

    pub(super) fn region(&self) -> RegionIndex {
        self.evaluation.register[self.submission.area].region
    }

    /// Who was asked a question.
    pub(super) fn asked(&self, question: QuestionIndex) -> Respondents {
        match self.questionnaire()[question].asked {
            Asked::StrategicLead => Respondents::Lead,
            Asked::Managers(_) => Respondents::Managers,
        }
    }
}
