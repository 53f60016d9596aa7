use super::composer::GroupComposer;
use crate::model::{
    Group, MeasureIndex, PeerRow, PeersView, RegionIndex, SectorIndex, StatisticView, capitalised,
};

impl GroupComposer<'_> {
    /// The regions side by side on the key figures: of everyone, or of the sector that the report is about. `None` if the
    /// evaluation has no such figures.
    pub(super) fn regions(&mut self) -> Option<PeersView> {
        let about = self.about;
        let of = |region: RegionIndex| match about {
            Group::Sector(sector) => Group::RegionSector(region, sector),
            Group::Nation | Group::Region(_) | Group::RegionSector(..) => Group::Region(region),
        };
        let all = if matches!(about, Group::Sector(_)) { about } else { Group::Nation };
        let cells = self.columns(of(RegionIndex(0)));
        let regions = self.evaluation.register.regions.iter().enumerate();
        let rows = regions.map(|(index, region)| (region.name.clone(), of(RegionIndex(index))));
        self.side_by_side(&cells, rows.collect(), all)
    }

    /// The sectors side by side on the key figures: in all areas, or in the region that the report is about. `None` if the
    /// evaluation has no such figures.
    pub(super) fn sectors(&mut self) -> Option<PeersView> {
        let questionnaire = self.questionnaire();
        let about = self.about;
        let of = |sector: SectorIndex| match about {
            Group::Region(region) => Group::RegionSector(region, sector),
            Group::Nation | Group::Sector(_) | Group::RegionSector(..) => Group::Sector(sector),
        };
        let all = if matches!(about, Group::Region(_)) { about } else { Group::Nation };
        let mut cells = self.columns(of(SectorIndex(0)));
        cells.retain(|(measure, _)| questionnaire.by_sector(*measure));
        let sectors = questionnaire.sectors.iter().enumerate();
        let rows = sectors.map(|(index, sector)| (capitalised(&sector.name), of(SectorIndex(index))));
        self.side_by_side(&cells, rows.collect(), all)
    }

    /// The key figures that the evaluation has for groups like this one.
    fn columns(&self, group: Group) -> Vec<(MeasureIndex, usize)> {
        let mut cells = self.own_key_cells();
        let crossed = matches!(group, Group::RegionSector(..));
        cells.retain(|(measure, _)| !crossed || self.aggregates.has_sectors_of_regions(*measure));
        cells
    }

    fn side_by_side(
        &mut self,
        cells: &[(MeasureIndex, usize)],
        groups: Vec<(String, Group)>,
        all: Group,
    ) -> Option<PeersView> {
        if cells.is_empty() || groups.len() < 2 {
            return None;
        }
        let rows: Vec<PeerRow> = groups
            .into_iter()
            .map(|(name, group)| PeerRow {
                name,
                own: group == self.about,
                cells: self.statistics(cells, group),
            })
            .collect();
        let all = self.statistics(cells, all);
        let label = |(measure, cell): &(MeasureIndex, usize)| {
            self.questionnaire()[*measure].cells[*cell].label.clone()
        };
        let mut statistics = rows.iter().flat_map(|row| &row.cells).chain(&all);
        Some(PeersView {
            columns: cells.iter().map(label).collect(),
            withheld: statistics.any(StatisticView::is_withheld),
            rows,
            all,
        })
    }

    fn statistics(&mut self, cells: &[(MeasureIndex, usize)], group: Group) -> Vec<StatisticView> {
        cells.iter().map(|cell| self.cell(*cell, group)).collect()
    }
}
