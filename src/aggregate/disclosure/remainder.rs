use std::collections::BTreeSet;

use super::block::Block;
use crate::model::DisclosurePolicy;

/// The groups in which all columns of a family are withheld, so that whatever is left of a total after subtracting its
/// published parts could itself be published.
pub(super) struct Remainders<'a> {
    block: &'a Block,
    policy: &'a DisclosurePolicy,
    base: usize,
    hidden: BTreeSet<usize>,
}

impl<'a> Remainders<'a> {
    /// Starts with the groups in which too few areas contribute to a family.
    pub(super) fn new(
        block: &'a Block,
        policy: &'a DisclosurePolicy,
        family: usize,
        hidden: BTreeSet<usize>,
    ) -> Self {
        Self { block, policy, base: block.families[family].base, hidden }
    }

    /// The groups to withhold.
    pub(super) fn closed(mut self) -> BTreeSet<usize> {
        let mut tried = BTreeSet::new();
        loop {
            let lines = self.block.lines.iter().enumerate();
            let mut broken =
                lines.filter(|(index, line)| !tried.contains(index) && self.faults(line, None) > 0);
            let Some((index, line)) = broken.next() else { return self.hidden };
            match self.cheapest(line) {
                Some(group) => {
                    self.hidden.insert(group);
                    tried.clear();
                }
                None => {
                    tried.insert(index);
                }
            }
        }
    }

    /// The number of faults in the remainder of a line if one more group is withheld.
    fn faults(&self, (total, parts): &(usize, Vec<usize>), more: Option<usize>) -> usize {
        let is_hidden = |group: &usize| self.hidden.contains(group) || more == Some(*group);
        let hidden = parts.iter().filter(|group| is_hidden(group) && self.areas(**group) > 0);
        let hidden: Vec<usize> = hidden.copied().collect();
        if is_hidden(total) {
            let any = parts.iter().any(|group| self.areas(*group) > 0);
            return usize::from(any && hidden.is_empty());
        }
        if hidden.is_empty() {
            return 0;
        }
        // Regions have no areas in common; sectors do.
        let behind = hidden.iter().map(|group| self.areas(*group));
        let areas = if self.block.share_areas(&hidden) { behind.max() } else { Some(behind.sum()) };
        usize::from(hidden.len() == 1) + usize::from(areas.unwrap_or_default() < self.policy.minimum_areas())
    }

    /// The part of a line that costs least to withhold, or the total if no part is left.
    fn cheapest(&self, (total, parts): &(usize, Vec<usize>)) -> Option<usize> {
        let free = |group: &usize| !self.hidden.contains(group) && self.areas(*group) > 0;
        let part = parts.iter().copied().filter(free).min_by_key(|group| self.cost(*group));
        part.or_else(|| Some(*total).filter(free))
    }

    /// The cost of withholding a group: the faults that it leaves in its lines, then its base.
    fn cost(&self, group: usize) -> (usize, u32, usize) {
        let lines = self.block.lines.iter();
        let lines = lines.filter(|(total, parts)| *total == group || parts.contains(&group));
        let faults = lines.map(|line| self.faults(line, Some(group))).sum();
        (faults, self.block.base(self.base, group), group)
    }

    fn areas(&self, group: usize) -> u32 {
        if self.block.exists(self.base, group) { self.block.areas(self.base, group) } else { 0 }
    }
}
