use super::composer::{Composer, LocalComposer};
use super::fact::Origin;
use crate::model::{Group, MeasureIndex, RegionIndex, SectorIndex, capitalised};

impl<A> Composer<'_, A> {
    /// The origin of a group's statistic. `cell` names the measure, with its cell if there are several.
    pub(super) fn origin(&self, id: String, group: Group, measure: MeasureIndex, cell: &str) -> Origin {
        let sector = match group {
            Group::Nation | Group::Region(_) => None,
            Group::Sector(sector) | Group::RegionSector(_, sector) => Some(sector),
        };
        self.origin_of(id, (self.group_name(group), sector), measure, cell)
    }

    /// The origin of a fact about those with this name, or about one of their sectors.
    fn origin_of(
        &self,
        id: String,
        (group, sector): (String, Option<SectorIndex>),
        measure: MeasureIndex,
        cell: &str,
    ) -> Origin {
        let questionnaire = self.questionnaire();
        Origin {
            id,
            group,
            sector: sector.map(|sector| questionnaire[sector].id.clone()).unwrap_or_default(),
            section: questionnaire[questionnaire[measure].section].id.clone(),
            measure: cell.to_owned(),
            questions: questionnaire.questions_of(measure),
        }
    }

    /// The name of a group in a heading: of its sector, if it is one.
    pub(super) fn name_of(&self, group: Group) -> String {
        match group {
            Group::Sector(sector) | Group::RegionSector(_, sector) => {
                capitalised(&self.questionnaire()[sector].name)
            }
            Group::Nation | Group::Region(_) => self.group_name(group),
        }
    }

    /// The name of the region or nation that a group is in.
    pub(super) fn group_name(&self, group: Group) -> String {
        match group {
            Group::Nation | Group::Sector(_) => self.evaluation.settings.nation.clone(),
            Group::Region(region) | Group::RegionSector(region, _) => {
                self.evaluation.register[region].name.clone()
            }
        }
    }
}

impl LocalComposer<'_> {
    /// The origin of an answer from the area itself, or from one of its sectors.
    pub(super) fn own_origin(
        &self,
        id: String,
        sector: Option<SectorIndex>,
        measure: MeasureIndex,
        cell: &str,
    ) -> Origin {
        self.origin_of(id, (self.area_name().to_owned(), sector), measure, cell)
    }

    pub(super) fn area_name(&self) -> &str {
        &self.evaluation.register[self.about.area].name
    }

    /// The area's region.
    pub(super) fn region(&self) -> RegionIndex {
        self.evaluation.register[self.about.area].region
    }
}
