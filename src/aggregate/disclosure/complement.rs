use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::system::System;
use crate::model::{DisclosurePolicy, Group};

/// The groups that are withheld with all cells of the linked measures, so that every option is protected by the same
/// groups.
pub(super) struct HiddenGroups<'a> {
    system: &'a System,
    policy: &'a DisclosurePolicy,
    /// The cells of each group that anybody is behind.
    cells: BTreeMap<Group, Vec<usize>>,
    hidden: BTreeSet<Group>,
}

impl<'a> HiddenGroups<'a> {
    /// The groups in which a cell has too few areas behind it.
    pub(super) fn new(system: &'a System, policy: &'a DisclosurePolicy, hidden: BTreeSet<Group>) -> Self {
        let mut cells: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        for (index, cell) in system.cells.iter().enumerate().filter(|(_, cell)| cell.share.base > 0) {
            cells.entry(cell.group).or_default().push(index);
        }
        Self { system, policy, cells, hidden }
    }

    /// Withholds further groups until what remains of a total, when its published parts are subtracted, is a statistic
    /// that could be published itself.
    pub(super) fn close(&mut self) {
        let mut tried = BTreeSet::new();
        loop {
            let lines = self.system.lines.iter().enumerate();
            let mut broken =
                lines.filter(|(index, line)| !tried.contains(index) && self.faults(line, None) > 0);
            let Some((index, line)) = broken.next() else { return };
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

    /// Enters the cells of the groups.
    pub(super) fn mark(&self, withheld: &mut [Option<Rule>]) {
        for cell in self.hidden.iter().filter_map(|group| self.cells.get(group)).flatten() {
            withheld[*cell].get_or_insert(Rule::Complement);
        }
    }

    /// What is wrong with the remainder of a line, when one more group is withheld.
    fn faults(&self, (total, parts): &(Group, Vec<Group>), more: Option<Group>) -> usize {
        let is_hidden = |group: &Group| self.hidden.contains(group) || more == Some(*group);
        let hidden: Vec<Group> =
            parts.iter().copied().filter(|g| is_hidden(g) && self.cells.contains_key(g)).collect();
        if is_hidden(total) {
            return usize::from(hidden.is_empty());
        }
        if hidden.is_empty() {
            return 0;
        }
        let alone = hidden.len() == 1;
        let few = self.areas(&hidden) < u64::from(self.policy.minimum_areas());
        usize::from(alone) + usize::from(few)
    }

    /// The part of a line that costs least to withhold; the total, when no part is left.
    fn cheapest(&self, (total, parts): &(Group, Vec<Group>)) -> Option<Group> {
        let free = |group: &Group| !self.hidden.contains(group) && self.cells.contains_key(group);
        let part = parts.iter().copied().filter(free).min_by_key(|group| self.cost(*group));
        part.or_else(|| Some(*total).filter(free))
    }

    /// What it costs to withhold a group: the faults that it leaves in its lines, then its base.
    fn cost(&self, group: Group) -> (usize, u32, Group) {
        let lines =
            self.system.lines.iter().filter(|(total, parts)| *total == group || parts.contains(&group));
        (lines.map(|line| self.faults(line, Some(group))).sum(), self.base(group), group)
    }

    fn areas(&self, groups: &[Group]) -> u64 {
        let cells = groups.iter().filter_map(|group| self.cells.get(group)).flatten().copied();
        self.system.areas_behind(cells) as u64
    }

    fn base(&self, group: Group) -> u32 {
        let cells = self.cells.get(&group).into_iter().flatten();
        cells.map(|cell| self.system.cells[*cell].share.base).max().unwrap_or_default()
    }
}

/// The sums of a system, with what is withheld of them.
pub(super) struct Sums<'a> {
    system: &'a System,
    /// The relations that each cell stands in.
    of: Vec<Vec<usize>>,
    /// The place of each cell among those of its measure by how often it is chosen in the nation.
    ranks: Vec<usize>,
    /// The cells that everybody can work out whatever is withheld, because of what was published before.
    known: BTreeSet<usize>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(system: &'a System) -> Self {
        let mut of = vec![Vec::new(); system.cells.len()];
        for (number, relation) in system.relations.iter().enumerate() {
            relation.terms.iter().for_each(|(cell, _)| of[*cell].push(number));
        }
        Self { system, of, ranks: ranks(system), known: BTreeSet::new() }
    }

    /// Withholds further cells until no sum is left with one withheld cell in it.
    pub(super) fn close(&self, withheld: &mut [Option<Rule>]) {
        let mut waiting: BTreeSet<usize> = (0..self.system.relations.len()).collect();
        while let Some(number) = waiting.pop_first() {
            let relation = &self.system.relations[number];
            if !relation.equal || self.withheld_in(number, withheld) != 1 {
                continue;
            }
            let cells = relation.terms.iter().map(|(cell, _)| *cell);
            let Some(cell) = self.cheapest(cells, withheld) else { continue };
            withheld[cell] = Some(Rule::Complement);
            waiting.extend(&self.of[cell]);
        }
    }

    /// Withholds one more cell near a cell that can be worked out: one that stands in a relation with it, or with a cell
    /// that does. False when all of them are withheld.
    pub(super) fn widen(&self, withheld: &mut [Option<Rule>], cell: usize) -> bool {
        let mut ring = BTreeSet::from([cell]);
        loop {
            let relations: BTreeSet<usize> = ring.iter().flat_map(|cell| &self.of[*cell]).copied().collect();
            let terms = relations.iter().flat_map(|number| &self.system.relations[*number].terms);
            let wider: BTreeSet<usize> = terms.map(|(cell, _)| *cell).collect();
            if let Some(found) = self.cheapest(wider.iter().copied(), withheld) {
                withheld[found] = Some(Rule::Complement);
                return true;
            }
            if wider.len() == ring.len() {
                return false;
            }
            ring = wider;
        }
    }

    /// Publishes a complement that protects nothing, because everybody can work it out; false for any other cell.
    pub(super) fn give_up(&mut self, withheld: &mut [Option<Rule>], cell: usize) -> bool {
        let complement = withheld[cell] == Some(Rule::Complement);
        if complement {
            withheld[cell] = None;
            self.known.insert(cell);
        }
        complement
    }

    /// Publishes complements of wide groups again, the widest first, as long as nothing is exposed by it: what protected a
    /// cell at first may have come to be needless.
    pub(super) fn release(
        &self,
        withheld: &mut [Option<Rule>],
        mut is_sound: impl FnMut(&[Option<Rule>]) -> bool,
    ) {
        let reach = |cell: usize| match self.system.cells[cell].group {
            Group::RegionSector(..) => None,
            Group::Region(_) | Group::Sector(_) => Some(1),
            Group::Nation => Some(0),
        };
        let complements = (0..withheld.len()).filter(|cell| withheld[*cell] == Some(Rule::Complement));
        let mut wide: Vec<(u32, usize)> = complements.filter_map(|cell| Some((reach(cell)?, cell))).collect();
        wide.sort_unstable();
        for (_, cell) in wide {
            withheld[cell] = None;
            let alone = |number: &usize| {
                self.system.relations[*number].equal && self.withheld_in(*number, withheld) == 1
            };
            if self.of[cell].iter().any(alone) || !is_sound(withheld) {
                withheld[cell] = Some(Rule::Complement);
            }
        }
    }

    fn cheapest(&self, cells: impl Iterator<Item = usize>, withheld: &[Option<Rule>]) -> Option<usize> {
        let free = |cell: &usize| {
            withheld[*cell].is_none() && !self.known.contains(cell) && self.system.cells[*cell].share.base > 0
        };
        cells.filter(free).min_by_key(|cell| self.cost(*cell, withheld))
    }

    /// What it costs to withhold a cell: the wider its group, the more readers miss it; a cell that can hardly take another
    /// value protects little; then the sums that would be left with it as their only withheld cell; then
    /// the base. The commonest answer goes before the others: where it is withheld in every group that has anything to
    /// hide, answers can be exchanged with it between all of them.
    fn cost(&self, cell: usize, withheld: &[Option<Rule>]) -> (u32, u32, usize, usize, u32, usize) {
        let missed = match self.system.cells[cell].group {
            Group::RegionSector(..) => 0,
            Group::Region(_) | Group::Sector(_) => 1,
            Group::Nation => 2,
        };
        let share = self.system.cells[cell].share;
        let rigid = 2 - share.count.min(share.base - share.count).min(2);
        let sums = self.of[cell].iter().filter(|number| self.system.relations[**number].equal);
        let alone = sums.filter(|number| self.withheld_in(**number, withheld) == 0).count();
        (missed, rigid, self.ranks[cell], alone, share.base, cell)
    }

    fn withheld_in(&self, relation: usize, withheld: &[Option<Rule>]) -> usize {
        let terms = &self.system.relations[relation].terms;
        terms.iter().filter(|(cell, _)| withheld[*cell].is_some()).count()
    }
}

fn ranks(system: &System) -> Vec<usize> {
    let national = system.cells.iter().filter(|cell| cell.group == Group::Nation);
    let counts: BTreeMap<_, u32> =
        national.map(|cell| ((cell.measure, cell.cell), cell.share.count)).collect();
    let rank = |measure, cell| {
        let own = counts.get(&(measure, cell)).copied().unwrap_or_default();
        let others = counts.iter().filter(|((other, _), _)| *other == measure);
        others.filter(|((_, other), count)| (**count, cell) > (own, *other)).count()
    };
    system.cells.iter().map(|cell| rank(cell.measure, cell.cell)).collect()
}
