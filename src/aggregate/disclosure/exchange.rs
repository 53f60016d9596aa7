use super::block::{Block, Replies};
use super::choice::Choice;

/// Different answers from a few respondents that leave everything published unchanged but change some withheld counts.
///
/// This proves that nobody whose own answers stay the same can work out those counts: both versions look alike to them.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) changes: Vec<Change>,
    /// The counts that change, bases included, in cell order.
    pub(super) moved: Vec<(usize, i32)>,
    /// The columns in which an area's own share changes, out of those where reports compare own shares.
    placed: Vec<usize>,
}

/// What one respondent replies instead.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// Position in [`Block::units`].
    pub(super) unit: usize,
    pub(super) replies: Replies,
}

impl Change {
    pub(super) fn new((unit, replies): (usize, Replies)) -> Self {
        Self { unit, replies }
    }
}

impl Exchange {
    pub(super) fn of(block: &Block, changes: Vec<Change>) -> Self {
        let mut moved: Vec<(usize, i32)> = Vec::new();
        let mut placed = Vec::new();
        for change in &changes {
            let unit = &block.units[change.unit];
            for (column, sign) in unit.bits.changes(&block.bits(&change.replies)) {
                let groups = &block.leaves[unit.leaf].groups;
                moved.extend(groups.iter().map(|group| (block.cell(column, *group), sign)));
                placed.extend(block.columns[column].placed.then_some(column));
            }
        }
        Self { changes, moved: added(moved), placed }
    }

    /// How much a count changes.
    pub(super) fn change_of(&self, cell: usize) -> i32 {
        self.moved.binary_search_by_key(&cell, |(cell, _)| *cell).map_or(0, |position| self.moved[position].1)
    }

    /// The areas whose answers change.
    pub(super) fn areas<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = usize> + 'a {
        self.changes.iter().map(|change| block.units[change.unit].area)
    }

    pub(super) fn units(&self) -> impl Iterator<Item = usize> + '_ {
        self.changes.iter().map(|change| change.unit)
    }

    /// The cost of withholding everything that changes; `None` if that is not enough.
    pub(super) fn price(&self, block: &Block, choice: &Choice) -> Option<u64> {
        // Reports say how many areas have lower and higher shares on a measure with nothing withheld.
        let is_of = |place: (usize, usize), column: usize| place.0 == column && block.exists(column, place.1);
        let is_hidden = |column: &usize| {
            choice.is_withheld_anywhere(*column)
                || self.moved.iter().any(|(cell, _)| is_of(block.place(*cell), *column))
        };
        let prices = self.moved.iter().map(|(cell, _)| choice.price_of_change(block, *cell));
        self.placed.iter().all(is_hidden).then(|| prices.sum())
    }
}

/// Adds up changes to the same count, and returns them in cell order.
pub(super) fn added(mut moved: Vec<(usize, i32)>) -> Vec<(usize, i32)> {
    moved.sort_unstable_by_key(|(cell, _)| *cell);
    moved.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    moved.retain(|(_, change)| *change != 0);
    moved
}
