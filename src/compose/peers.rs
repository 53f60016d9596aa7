use super::composer::GroupComposer;
use super::measure::cell_id;
use crate::model::{
    Group, MeasureIndex, PeerRow, PeersView, RegionIndex, SectorIndex, StatisticView, capitalised,
};

impl GroupComposer<'_> {
    /// The regions side by side on the key figures: of everyone, or of the sector that the report is about. `None` if the
    /// evaluation has no such figures.
    pub(super) fn regions(&mut self) -> Option<PeersView> {
        let regions = 0..self.evaluation.register.regions.len();
        let (own, of, all): (_, Box<dyn Fn(RegionIndex) -> Group>, _) = match self.about {
            Group::Sector(sector) => {
                (None, Box::new(move |region| Group::RegionSector(region, sector)), Group::Sector(sector))
            }
            Group::Region(own) => (Some(own), Box::new(Group::Region), Group::Nation),
            Group::Nation | Group::RegionSector(..) => (None, Box::new(Group::Region), Group::Nation),
        };
        let cells = self.columns(of(RegionIndex(0)));
        let rows = regions
            .map(RegionIndex)
            .map(|region| (self.evaluation.register[region].name.clone(), own == Some(region), of(region)));
        self.side_by_side(&cells, rows.collect(), all)
    }

    /// The sectors side by side on the key figures: in all areas, or in the region that the report is about. `None` if the
    /// evaluation has no such figures.
    pub(super) fn sectors(&mut self) -> Option<PeersView> {
        let questionnaire = self.questionnaire();
        let sectors = (0..questionnaire.sectors.len()).map(SectorIndex);
        let (own, of, all): (_, Box<dyn Fn(SectorIndex) -> Group>, _) = match self.about {
            Group::Region(region) => {
                (None, Box::new(move |sector| Group::RegionSector(region, sector)), Group::Region(region))
            }
            Group::Sector(own) => (Some(own), Box::new(Group::Sector), Group::Nation),
            Group::Nation | Group::RegionSector(..) => (None, Box::new(Group::Sector), Group::Nation),
        };
        let mut cells = self.columns(of(SectorIndex(0)));
        cells.retain(|(measure, _)| questionnaire.by_sector(*measure));
        let rows =
            sectors.map(|sector| (capitalised(&questionnaire[sector].name), own == Some(sector), of(sector)));
        self.side_by_side(&cells, rows.collect(), all)
    }

    /// The key figures that the evaluation has for groups like this one.
    fn columns(&self, group: Group) -> Vec<(MeasureIndex, usize)> {
        let mut cells = self.key_cells();
        let crossed = matches!(group, Group::RegionSector(..));
        cells.retain(|(measure, _)| !crossed || self.aggregates.has_sectors_of_regions(*measure));
        cells
    }

    fn side_by_side(
        &mut self,
        cells: &[(MeasureIndex, usize)],
        groups: Vec<(String, bool, Group)>,
        all: Group,
    ) -> Option<PeersView> {
        if cells.is_empty() || groups.len() < 2 {
            return None;
        }
        let rows: Vec<PeerRow> = groups
            .into_iter()
            .map(|(name, own, group)| PeerRow { name, own, cells: self.statistics(cells, group) })
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
        let questionnaire = self.questionnaire();
        let statistic = |(measure, cell): &(MeasureIndex, usize)| {
            let declared = &questionnaire[*measure];
            self.group(&cell_id(&declared.id, &declared.cells[*cell].id), *measure, *cell, group)
        };
        cells.iter().map(statistic).collect()
    }
}
