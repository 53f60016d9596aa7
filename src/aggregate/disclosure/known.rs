use std::collections::{BTreeMap, BTreeSet};

use super::block::Block;
use super::exchange::added;
use crate::aggregate::Aggregates;
use crate::aggregate::reconcile::{agrees, satisfies};
use crate::check::{CheckedEvaluation, Published, PublishedCell, Relation};
use crate::model::{Group, MeasureIndex, SectorIndex, Share};

/// What everyone knows about a block's counts from earlier publications.
pub(super) struct Known<'a> {
    evaluation: &'a CheckedEvaluation,
    aggregates: &'a Aggregates,
    /// Each figure with one of its groups. A figure that contradicts the answers is reported elsewhere and left out
    /// here.
    figures: Vec<(&'a Published, Group)>,
    /// The figures that involve each cell.
    of_cell: BTreeMap<usize, Vec<usize>>,
    /// The lowest and highest counts allowed by figures about that cell alone.
    bounds: BTreeMap<usize, (u32, u32)>,
}

impl<'a> Known<'a> {
    pub(super) fn of(evaluation: &'a CheckedEvaluation, aggregates: &'a Aggregates, block: &Block) -> Self {
        let mut known = Self {
            evaluation,
            aggregates,
            figures: Vec::new(),
            of_cell: BTreeMap::new(),
            bounds: BTreeMap::new(),
        };
        let share = |measure, cell, group| aggregates.share(measure, cell, group);
        for published in &evaluation.published {
            for group in published.groups.iter().copied() {
                let cells = known.cells(block, published, group);
                if !cells.is_empty() && agrees(evaluation, published, group, &share) {
                    known.narrow(block, published, group);
                    cells.iter().for_each(|c| known.of_cell.entry(*c).or_default().push(known.figures.len()));
                    known.figures.push((published, group));
                }
            }
        }
        known
    }

    /// True when no figures are already published.
    pub(super) fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// The lowest and highest counts that are possible for a cell, given what was published about it; 0 and `base` by default.
    pub(super) fn bounds(&self, cell: usize, base: u32) -> (u32, u32) {
        self.bounds.get(&cell).copied().unwrap_or((0, base))
    }

    /// True when everything already published still holds after these changes to the counts.
    fn holds(&self, block: &Block, moved: &[(usize, i32)]) -> bool {
        let figures = moved.iter().filter_map(|(cell, _)| self.of_cell.get(cell)).flatten();
        let figures: BTreeSet<usize> = figures.copied().collect();
        let share = |measure: MeasureIndex, cell: usize, group: Group| {
            let share = self.aggregates.share(measure, cell, group);
            let position = block.column(measure, cell).zip(block.group(group));
            let Some((column, group)) = position else { return share };
            let changed = |cell: usize, count: u32| {
                let change = moved.iter().find(|(other, _)| *other == cell).map_or(0, |(_, change)| *change);
                count.saturating_add_signed(change)
            };
            let base = block.families[block.columns[column].family].base;
            Share {
                count: changed(block.cell(column, group), share.count),
                base: changed(block.cell(base, group), share.base),
            }
        };
        figures.iter().all(|figure| {
            let (published, group) = self.figures[*figure];
            agrees(self.evaluation, published, group, &share)
        })
    }

    /// True when everything already published still holds after these changes to the counts, whichever of the other
    /// changes also happen.
    pub(super) fn holds_with(
        &self,
        block: &Block,
        moved: &[(usize, i32)],
        others: &[Vec<(usize, i32)>],
    ) -> bool {
        if !self.concerns(moved) && !others.iter().any(|other| self.concerns(other)) {
            return true;
        }
        (0..1_u32 << others.len()).all(|some| {
            let some = others.iter().enumerate().filter(|(position, _)| some & (1 << position) != 0);
            let all = some.flat_map(|(_, other)| other).chain(moved);
            self.holds(block, &added(all.copied().collect()))
        })
    }

    /// True when anything already published involves these counts.
    fn concerns(&self, moved: &[(usize, i32)]) -> bool {
        moved.iter().any(|(cell, _)| self.of_cell.contains_key(cell))
    }

    /// The cells of the block that a figure compares.
    fn cells(&self, block: &Block, published: &Published, group: Group) -> Vec<usize> {
        let PublishedCell::Cell(measure, cell) = published.cell else { return Vec::new() };
        let questionnaire = &self.evaluation.questionnaire;
        let places: Vec<(MeasureIndex, usize, Group)> = match published.relation {
            Relation::Rank(_) => {
                (0..questionnaire[measure].cells.len()).map(|c| (measure, c, group)).collect()
            }
            Relation::Top(..) | Relation::Bottom(..) => {
                let sectors = (0..questionnaire.sectors.len()).map(SectorIndex);
                sectors.map(|sector| (measure, cell, Group::Sector(sector))).collect()
            }
            Relation::Greater => {
                let than = published.than.iter().map(|(measure, cell)| (*measure, *cell, group));
                than.chain([(measure, cell, group)]).collect()
            }
            _ => vec![(measure, cell, group)],
        };
        let of_block = |(measure, cell, group): (MeasureIndex, usize, Group)| {
            Some(block.cell(block.column(measure, cell)?, block.group(group)?))
        };
        places.into_iter().filter_map(of_block).collect()
    }

    fn narrow(&mut self, block: &Block, published: &Published, group: Group) {
        let PublishedCell::Cell(measure, cell) = published.cell else { return };
        let position = block.column(measure, cell).zip(block.group(group));
        let Some((column, place)) = position else { return };
        let base = block.base(column, place);
        for twin in block.twins(column) {
            let position = block.cell(twin, place);
            let truth = block.cells[position].count;
            let fits =
                |count: &u32| satisfies(published.relation, Share { count: *count, base }).unwrap_or(true);
            let (least, greatest) = self.bounds(position, base);
            let least = (least..=truth).find(fits).unwrap_or(truth);
            let greatest = (truth..=greatest).rev().find(fits).unwrap_or(truth);
            self.bounds.insert(position, (least, greatest));
        }
    }
}
