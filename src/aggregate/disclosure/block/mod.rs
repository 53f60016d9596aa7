//! Linked measures as one set of numbers.

mod bits;
mod consequences;
mod counting;
mod extent;
mod parts;
mod possible;
mod questions;

use std::collections::BTreeMap;
use std::ops::Range;

use super::linked::LinkedMeasures;
use super::reply::Reply;
use crate::check::CheckedEvaluation;
use crate::model::{Group, MeasureIndex, OptionSet, RegionIndex};
pub(super) use bits::Bits;
use extent::Extent;
pub(super) use parts::{AskedQuestion, Cell, Column, CountedFrom, Family, Leaf, Replies, Unit};
use questions::questions;

/// Linked measures, with everyone counted in them and every count that may be published.
///
/// Counts are numbered cells: a column (what is counted) in a group (who is counted).
pub(super) struct Block {
    pub(super) questions: Vec<AskedQuestion>,
    pub(super) families: Vec<Family>,
    pub(super) columns: Vec<Column>,
    pub(super) groups: Vec<Group>,
    /// Groups that add up to a larger one: the total and its parts, as positions in `groups`.
    pub(super) lines: Vec<(usize, Vec<usize>)>,
    /// Sorted by area, as positions in the submissions.
    pub(super) units: Vec<Unit>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) cells: Vec<Cell>,
    /// The region of each area.
    pub(super) regions: Vec<RegionIndex>,
    units_of_area: Vec<Range<usize>>,
    columns_of_measures: BTreeMap<(MeasureIndex, usize), usize>,
    extent: Extent,
}

impl Block {
    pub(super) fn of(evaluation: &CheckedEvaluation, linked: &LinkedMeasures) -> Self {
        let CheckedEvaluation { questionnaire, register, submissions, settings, .. } = evaluation;
        let by_sector = linked.measures.iter().any(|measure| questionnaire.by_sector(*measure));
        let extent = Extent {
            regions: register.regions.len(),
            sectors: if by_sector { questionnaire.sectors.len() } else { 0 },
            crossed: by_sector && !settings.disclosure.withholds_crossed,
        };
        let questions = questions(questionnaire, &linked.questions);
        let mut block = Self {
            questions,
            families: Vec::new(),
            columns: Vec::new(),
            groups: extent.groups(),
            lines: extent.lines(),
            units: Vec::new(),
            leaves: extent.leaves(),
            cells: Vec::new(),
            regions: submissions.iter().map(|submission| register[submission.area].region).collect(),
            units_of_area: Vec::new(),
            columns_of_measures: BTreeMap::new(),
            extent,
        };
        block.declare(questionnaire, linked);
        for (area, submission) in submissions.iter().enumerate() {
            block.enter(questionnaire, area, submission);
        }
        block.count();
        block
    }

    pub(super) fn cell(&self, column: usize, group: usize) -> usize {
        column * self.groups.len() + group
    }

    /// The column and the group of a cell.
    pub(super) fn place(&self, cell: usize) -> (usize, usize) {
        (cell / self.groups.len(), cell % self.groups.len())
    }

    /// True when the column has a statistic for the group.
    pub(super) fn exists(&self, column: usize, group: usize) -> bool {
        group < self.columns[column].groups
    }

    /// The columns of a family, except its base, paired with each group that has them.
    pub(super) fn places(&self, family: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Family { base, columns, .. } = &self.families[family];
        let groups = self.columns[*base].groups;
        columns.clone().flat_map(move |column| (0..groups).map(move |group| (column, group)))
    }

    /// True when any family has statistics for sectors in regions.
    pub(super) fn has_sectors_of_regions(&self) -> bool {
        self.columns.iter().any(|column| column.groups > self.sector_groups().end)
    }

    /// Removes a family's statistics for sectors in regions; returns the measures that had them.
    pub(super) fn remove_sectors_of_regions(&mut self, family: usize) -> impl Iterator<Item = MeasureIndex> {
        let Family { base, columns, .. } = &self.families[family];
        let end = self.sector_groups().end;
        let columns = &mut self.columns[*base..columns.end];
        let had = columns.iter_mut().filter(move |column| column.groups > end);
        had.filter_map(move |column| {
            column.groups = end;
            Some(column.cell?.0)
        })
    }

    /// The column of a measure's cell, if it is in the block.
    pub(super) fn column(&self, measure: MeasureIndex, cell: usize) -> Option<usize> {
        self.columns_of_measures.get(&(measure, cell)).copied()
    }

    /// The position of a group, if the block has figures for it.
    pub(super) fn group(&self, group: Group) -> Option<usize> {
        let Extent { regions, sectors, crossed } = self.extent;
        match group {
            Group::Nation => Some(0),
            Group::Region(r) => Some(1 + r.0),
            Group::Sector(s) => (s.0 < sectors).then_some(1 + regions + s.0),
            Group::RegionSector(r, s) => crossed.then_some(1 + regions + sectors + r.0 * sectors + s.0),
        }
    }

    /// The columns of a question.
    pub(super) fn family_of(&self, question: usize) -> &Family {
        // Families of questions come first, in question order.
        &self.families[question]
    }

    /// The columns that count the same replies as the given one, itself included.
    pub(super) fn twins(&self, column: usize) -> Vec<usize> {
        let family = &self.families[self.columns[column].family];
        let CountedFrom::Question { question, counted } = &family.counted_from else { return vec![column] };
        let options = |column: usize| {
            let option = column - family.columns.start;
            let counted = counted.iter().find(|(_, counted)| *counted == column).map(|(options, _)| *options);
            counted.or((option < self.questions[*question].options).then(|| OptionSet::of(option)))
        };
        let same = |other: &usize| {
            *other == column || options(column).is_some() && options(*other) == options(column)
        };
        family.columns.clone().filter(same).collect()
    }

    /// The base of a column in a group.
    pub(super) fn base(&self, column: usize, group: usize) -> u32 {
        self.cells[self.cell(self.families[self.columns[column].family].base, group)].count
    }

    /// The number of areas that contribute to a column in a group.
    pub(super) fn areas(&self, column: usize, group: usize) -> u32 {
        self.cells[self.cell(self.families[self.columns[column].family].base, group)].areas_with
    }

    /// How much these areas contribute to a column in a group.
    pub(super) fn own(&self, areas: &[usize], column: usize, group: usize) -> u32 {
        let units = areas.iter().flat_map(|area| &self.units[self.units_of_area[*area].clone()]);
        let counted = |unit: &&Unit| unit.bits.has(column) && self.leaves[unit.leaf].groups.contains(&group);
        units.filter(counted).count() as u32
    }

    /// True when an area can contribute to several of these groups: sectors share areas, regions do not.
    pub(super) fn share_areas(&self, groups: &[usize]) -> bool {
        let region = |group: &usize| match self.groups[*group] {
            Group::Region(region) | Group::RegionSector(region, _) => Some(region),
            _ => None,
        };
        groups.windows(2).any(|pair| region(&pair[0]).is_none() || region(&pair[0]) == region(&pair[1]))
    }

    /// The leaf of a region, or of a sector in it; both are positions of groups.
    pub(super) fn leaf(&self, region: usize, sector: Option<usize>) -> &Leaf {
        &self.leaves[self.leaf_position(region, sector)]
    }

    /// The position of [`Self::leaf`].
    pub(super) fn leaf_position(&self, region: usize, sector: Option<usize>) -> usize {
        let Extent { regions, sectors, .. } = self.extent;
        sector.map_or(region - 1, |sector| regions + (region - 1) * sectors + (sector - 1 - regions))
    }

    /// The leaves of a group: regions, or sectors in them.
    pub(super) fn leaves_of(&self, group: usize, by_sector: bool) -> Vec<usize> {
        let (region, sector) = match self.groups[group] {
            Group::Nation => (None, None),
            Group::Region(region) => (Some(region), None),
            Group::Sector(sector) => (None, Some(sector)),
            Group::RegionSector(region, sector) => (Some(region), Some(sector)),
        };
        let regions = region.map_or(self.region_groups(), |region| 1 + region.0..2 + region.0);
        if !by_sector {
            return regions.map(|region| self.leaf_position(region, None)).collect();
        }
        let first = self.sector_groups().start;
        let sectors = sector.map_or(self.sector_groups(), |s| first + s.0..first + s.0 + 1);
        let both = |region| sectors.clone().map(move |sector| self.leaf_position(region, Some(sector)));
        regions.flat_map(both).collect()
    }

    /// The number of replies given to the follow-ups of a question, and to theirs in turn.
    pub(super) fn led_to(&self, replies: &[Reply], question: usize) -> u32 {
        let children = self.questions[question].children.iter();
        children.map(|child| u32::from(!replies[*child].is_missing()) + self.led_to(replies, *child)).sum()
    }

    /// The regions, as positions of groups.
    pub(super) fn region_groups(&self) -> Range<usize> {
        1..1 + self.extent.regions
    }

    /// The sectors, as positions of groups.
    pub(super) fn sector_groups(&self) -> Range<usize> {
        1 + self.extent.regions..1 + self.extent.regions + self.extent.sectors
    }
}
