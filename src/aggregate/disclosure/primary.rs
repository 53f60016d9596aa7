use super::Rule;
use super::system::{Cell, System};
use crate::model::{DisclosurePolicy, Share, Unanimity};

/// What the policy says of a statistic by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primary {
    /// It may be published.
    Free,
    /// It may be published, and the suppression log says that it tells a reader how all others answered.
    Recorded,
    /// It must not be published.
    Withheld(Rule),
}

/// What the policy says of each statistic.
pub(super) fn primary(system: &System, policy: &DisclosurePolicy) -> Vec<Primary> {
    let judge = |cell: &Cell| {
        let small = (cell.areas.len() as u64) < u64::from(policy.minimum_areas());
        let unanimous = || is_unanimous(cell.areas.iter().map(|(_, share)| *share), policy.coalition());
        match () {
            // Nobody is behind it, or everybody knows it already: there is nobody to protect.
            () if cell.share.base == 0 || cell.bounds.0 == cell.bounds.1 => Primary::Free,
            () if small => Primary::Withheld(Rule::MinimumBase),
            () if policy.unanimity == Unanimity::Withheld && unanimous() => {
                Primary::Withheld(Rule::Unanimity)
            }
            () if unanimous() => Primary::Recorded,
            () => Primary::Free,
        }
    };
    system.cells.iter().map(judge).collect()
}

/// Whether a statistic tells some reader, with its allies, that all others answered alike: when their own answers are all
/// that is counted, or all that is not. With one respondent for each area these are the counts 0, 1, R-1 and R.
pub(super) fn is_unanimous(areas: impl Iterator<Item = Share> + Clone, coalition: u32) -> bool {
    let reaches_all = |part: fn(Share) -> u32| {
        let mut parts: Vec<u32> = areas.clone().map(part).collect();
        parts.sort_unstable_by(|a, b| b.cmp(a));
        parts.iter().skip(coalition as usize).all(|part| *part == 0)
    };
    reaches_all(|share| share.count) || reaches_all(|share| share.base - share.count)
}
