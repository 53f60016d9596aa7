use super::Rule;
use super::block::Block;
use crate::model::Group;

/// What has been withheld from a block so far, and what it would cost to withhold more.
#[derive(Clone)]
pub(super) struct Choice {
    withheld: Vec<Option<Rule>>,
    /// The number of groups in which each column is withheld.
    groups_of_column: Vec<u32>,
    prices: Vec<u64>,
}

/// The cost of withholding a count, by how many readers would miss it: one count for a region costs as much as one for each
/// of twenty sectors in regions, and one for the nation as much as one for each of ten regions.
const NATION: u64 = 200_000;
const PART: u64 = 20_000;
const SECTOR_OF_REGION: u64 = 1_000;

/// The cost of withholding a count with an empty base: readers lose only the fact that the base is empty. That can matter,
/// since it shows that no earlier question led anybody to this one.
const EMPTY: u64 = 1_000;

/// The cost of changing a base that is not printed. It may have another value, but it is better left alone, since
/// people may know how many answered.
const UNPRINTED_BASE: u64 = 400;

impl Choice {
    pub(super) fn new(block: &Block) -> Self {
        let mut prices = vec![0; block.cells.len()];
        for (column, group) in (0..block.families.len()).flat_map(|family| block.places(family)) {
            prices[block.cell(column, group)] = price(block, column, group);
        }
        let groups_of_column = vec![0; block.columns.len()];
        Self { withheld: vec![None; block.cells.len()], groups_of_column, prices }
    }

    pub(super) fn rule(&self, cell: usize) -> Option<Rule> {
        self.withheld[cell]
    }

    pub(super) fn is_withheld(&self, cell: usize) -> bool {
        self.withheld[cell].is_some()
    }

    /// True when a column's count is withheld in any group.
    pub(super) fn is_withheld_anywhere(&self, column: usize) -> bool {
        self.groups_of_column[column] > 0
    }

    /// Withholds a count; false if it already was.
    pub(super) fn withhold(&mut self, block: &Block, cell: usize, rule: Rule) -> bool {
        let new = self.withheld[cell].is_none();
        if new {
            self.withheld[cell] = Some(rule);
            self.groups_of_column[block.place(cell).0] += 1;
        }
        new
    }

    /// Publishes a count again.
    pub(super) fn release(&mut self, block: &Block, cell: usize) {
        if self.withheld[cell].take().is_some() {
            self.groups_of_column[block.place(cell).0] -= 1;
        }
    }

    /// The cost of withholding a count; 0 if it is already withheld.
    pub(super) fn price(&self, cell: usize) -> u64 {
        if self.is_withheld(cell) { 0 } else { self.prices[cell] }
    }

    /// The cost of hiding a count so that it can have another value.
    pub(super) fn price_of_change(&self, block: &Block, cell: usize) -> u64 {
        let (column, group) = block.place(cell);
        if !block.exists(column, group) {
            return 0;
        }
        if block.columns[column].cell.is_some() {
            return self.price(cell);
        }
        let columns = block.families[block.columns[column].family].columns.clone();
        let prices = columns.map(|column| self.price(block.cell(column, group)));
        UNPRINTED_BASE + prices.sum::<u64>()
    }

    /// The published counts that must be withheld so that a count can have another value.
    pub(super) fn published_with(&self, block: &Block, cell: usize) -> Vec<usize> {
        let (column, group) = block.place(cell);
        if !block.exists(column, group) {
            return Vec::new();
        }
        let columns = match block.columns[column].cell {
            Some(_) => column..column + 1,
            None => block.families[block.columns[column].family].columns.clone(),
        };
        let cells = columns.map(|column| block.cell(column, group));
        cells.filter(|cell| !self.is_withheld(*cell)).collect()
    }
}

/// The wider the group, the greater the number of readers who would miss a count. Among groups of the same kind, a count that can hardly
/// vary protects little, and the commonest answer is withheld first, because answers can be exchanged with it almost
/// everywhere.
fn price(block: &Block, column: usize, group: usize) -> u64 {
    let readers = match block.groups[group] {
        Group::Nation => NATION,
        Group::Region(_) | Group::Sector(_) => PART,
        Group::RegionSector(..) => SECTOR_OF_REGION,
    };
    let (count, base) = (block.cells[block.cell(column, group)].count, block.base(column, group));
    if base == 0 {
        return EMPTY;
    }
    let rigid = 2 - count.min(base - count).min(2);
    let national = |column: usize| block.cells[block.cell(column, 0)].count;
    let family = block.families[block.columns[column].family].columns.clone();
    let commoner = family.filter(|other| national(*other) > national(column)).count().min(30);
    readers + u64::from(rigid) * 200 + commoner as u64 * 10 + u64::from(base.min(99))
}
