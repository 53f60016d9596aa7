use super::Rule;
use super::block::{Block, Cell};
use super::known::Known;
use crate::model::{DisclosurePolicy, Unanimity};

/// What the policy says about a count on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primary {
    /// It may be published.
    Free,
    /// It may be published, but the suppression log records that it shows a reader how everyone else answered.
    Recorded,
    /// It must not be published.
    Withheld(Rule),
}

/// What the policy says about a column's count in a group.
pub(super) fn primary(
    block: &Block,
    known: &Known<'_>,
    (column, group): (usize, usize),
    policy: &DisclosurePolicy,
) -> Primary {
    let position = block.cell(column, group);
    let (cell, base) = (&block.cells[position], block.base(column, group));
    let (least, greatest) = known.bounds(position, base);
    let small = block.areas(column, group) < policy.minimum_areas();
    match () {
        // Nobody is in the base, or everyone knows the count already: there is nobody to protect.
        () if base == 0 || least == greatest => Primary::Free,
        () if small => Primary::Withheld(Rule::MinimumBase),
        () if !is_unanimous(cell, policy.coalition()) => Primary::Free,
        () if policy.unanimity == Unanimity::Withheld => Primary::Withheld(Rule::Unanimity),
        () => Primary::Recorded,
    }
}

/// True when a count shows a reader, with its allies, that everyone else gave the same answer: their own answers are
/// all that is counted, or all that is not. With one respondent per area, these are the counts 0, 1, R-1 and R.
pub(super) fn is_unanimous(cell: &Cell, coalition: u32) -> bool {
    cell.areas_with <= coalition || cell.areas_without <= coalition
}
