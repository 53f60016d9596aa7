use super::parts::Leaf;
use crate::model::{Group, RegionIndex, SectorIndex};

/// The number of regions and sectors; no sectors if no measure has figures for them.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) regions: usize,
    pub(super) sectors: usize,
    pub(super) crossed: bool,
}

impl Extent {
    pub(super) fn groups(self) -> Vec<Group> {
        let regions = || (0..self.regions).map(RegionIndex);
        let sectors = || (0..self.sectors).map(SectorIndex);
        let mut groups = vec![Group::Nation];
        groups.extend(regions().map(Group::Region));
        groups.extend(sectors().map(Group::Sector));
        if self.crossed {
            groups.extend(regions().flat_map(|r| sectors().map(move |s| Group::RegionSector(r, s))));
        }
        groups
    }

    /// The number of groups that have a column.
    pub(super) fn groups_of(self, by_sector: bool) -> usize {
        if by_sector { self.groups().len() } else { 1 + self.regions }
    }

    fn sector(self, sector: usize) -> usize {
        1 + self.regions + sector
    }

    fn both(self, region: usize, sector: usize) -> usize {
        1 + self.regions + self.sectors + region * self.sectors + sector
    }

    pub(super) fn lines(self) -> Vec<(usize, Vec<usize>)> {
        let mut lines = vec![(0, (0..self.regions).map(|r| 1 + r).collect())];
        if self.sectors > 0 {
            lines.push((0, (0..self.sectors).map(|s| self.sector(s)).collect()));
        }
        if self.crossed {
            let regions = |s| (0..self.regions).map(|r| self.both(r, s)).collect();
            lines.extend((0..self.sectors).map(|s| (self.sector(s), regions(s))));
            let sectors = |r| (0..self.sectors).map(|s| self.both(r, s)).collect();
            lines.extend((0..self.regions).map(|r| (1 + r, sectors(r))));
        }
        lines
    }

    pub(super) fn leaves(self) -> Vec<Leaf> {
        let regions = (0..self.regions).map(|r| Leaf {
            groups: vec![0, 1 + r],
            region: 1 + r,
            sector: None,
            units: Vec::new(),
        });
        let both = |r: usize, s: usize| {
            let mut groups = vec![0, 1 + r, self.sector(s)];
            groups.extend(self.crossed.then(|| self.both(r, s)));
            Leaf { groups, region: 1 + r, sector: Some(self.sector(s)), units: Vec::new() }
        };
        regions.chain((0..self.regions).flat_map(|r| (0..self.sectors).map(move |s| both(r, s)))).collect()
    }
}
