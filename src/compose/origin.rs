use super::Composer;
use super::fact::Origin;
use crate::model::{Definition, Group, MeasureIndex, Questionnaire, RegionIndex, SectorIndex};

impl Composer<'_> {
    /// Where a statistic of a group comes from. `cell` names the measure, with its cell where there are several.
    pub(super) fn origin(&self, id: String, group: Group, measure: MeasureIndex, cell: &str) -> Origin {
        Origin { group: self.group_name(group), ..self.own_origin(id, None, measure, cell) }
    }

    /// Where something comes from that the area itself says, or one of its sectors.
    pub(super) fn own_origin(
        &self,
        id: String,
        sector: Option<SectorIndex>,
        measure: MeasureIndex,
        cell: &str,
    ) -> Origin {
        let questionnaire = self.questionnaire();
        Origin {
            id,
            group: self.within(self.area_name(), sector),
            section: questionnaire[questionnaire[measure].section].id.clone(),
            measure: cell.to_owned(),
            questions: questions(questionnaire, measure),
        }
    }

    /// Where a number of areas, people or measures comes from.
    pub(super) fn count_of(&self, id: String, group: String) -> Origin {
        Origin { id, group, section: String::new(), measure: String::new(), questions: Vec::new() }
    }

    pub(super) fn area_name(&self) -> &str {
        &self.evaluation.register[self.submission.area].name
    }

    /// The name of a group, with that of its sector.
    pub(super) fn group_name(&self, group: Group) -> String {
        let region = |region: RegionIndex| self.evaluation.register[region].name.as_str();
        let nation = &self.evaluation.settings.nation;
        match group {
            Group::Nation => nation.clone(),
            Group::Region(index) => region(index).to_owned(),
            Group::Sector(sector) => self.within(nation, Some(sector)),
            Group::RegionSector(index, sector) => self.within(region(index), Some(sector)),
        }
    }

    fn within(&self, name: &str, sector: Option<SectorIndex>) -> String {
        sector.map_or_else(
            || name.to_owned(),
            |sector| format!("{name}, {}", self.questionnaire()[sector].name),
        )
    }
}

/// The questions whose answers a measure counts.
fn questions(questionnaire: &Questionnaire, measure: MeasureIndex) -> Vec<String> {
    let measures = match &questionnaire[measure].definition {
        Definition::Tally { of, .. } => of.clone(),
        _ => vec![measure],
    };
    measures.iter().map(|m| questionnaire[questionnaire.question_of(*m)].id.clone()).collect()
}
