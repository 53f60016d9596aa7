//! Searches for the cheapest exchange that changes a count: its price is what must be withheld to hide it.

mod blanked;
mod chosen;
mod compensated;
mod other;
mod shortlist;

use std::rc::Rc;

use super::block::{Block, CountedFrom, Family};
use super::choice::Choice;
use super::exchange::{Change, Exchange};
use super::known::Known;
use super::reply::Reply;
use crate::model::{Group, OptionSet};
use chosen::{add, remove};
pub(super) use shortlist::Shortlists;
use shortlist::{Axis, Numbered, Shortlist, axes};

/// How many exchanges, and places to look for them, are tried for one count before the best so far is taken.
const TRIES: u32 = 6_000;

/// How many units of one kind are tried in each leaf.
const TRIES_PER_KIND: usize = 2;

/// An exchange that costs less than this requires nothing more to be withheld.
pub(super) const FREE: u64 = 1_000;

/// A search for the cheapest exchange that changes a count.
pub(super) struct Search<'a> {
    pub(super) block: &'a Block,
    pub(super) known: &'a Known<'a>,
    pub(super) choice: &'a Choice,
    pub(super) shortlists: &'a mut Shortlists,
    pub(super) conditions: Conditions<'a>,
    /// How many exchanges were tried.
    pub(super) tried: u32,
    /// How many may be tried.
    last: u32,
    best: Option<Exchange>,
    target: usize,
}

/// The conditions that an exchange must meet.
pub(super) struct Conditions<'a> {
    /// Areas whose answers must not change.
    pub(super) areas: &'a [usize],
    /// Respondents whose replies must not change.
    pub(super) units: &'a [usize],
    /// Other changes: combined with any of them, the exchange must agree with everything already published.
    pub(super) beside: &'a [Vec<(usize, i32)>],
    /// The exchange must cost less than this.
    pub(super) limit: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        (block, known, choice): (&'a Block, &'a Known<'a>, &'a Choice),
        shortlists: &'a mut Shortlists,
        conditions: Conditions<'a>,
    ) -> Self {
        Self { block, known, choice, shortlists, conditions, tried: 0, last: TRIES, best: None, target: 0 }
    }

    /// The cheapest exchange found that changes a count, within the limit on tries.
    pub(super) fn cheapest(&mut self, target: usize) -> Option<Exchange> {
        self.target = target;
        let (column, group) = self.block.place(target);
        for axis in axes(self.block, column) {
            self.pairs(axis, group);
            self.squares(axis, group);
        }
        if self.conditions.limit >= FREE {
            for axis in axes(self.block, column) {
                self.alone(axis, group);
            }
        }
        if self.best.is_none() && self.conditions.limit == u64::MAX {
            if !self.known.is_empty() {
                self.last = self.tried + TRIES;
                for axis in axes(self.block, column) {
                    self.compensated(axis, group);
                }
            }
            self.last = self.tried + TRIES;
            self.blanked(column, group);
        }
        self.best.take()
    }

    /// Tries exchanges of replies between two respondents, one of them in the group.
    fn pairs(&mut self, axis: Axis, group: usize) {
        let mut pairs = Vec::new();
        for (here, there) in self.leaf_pairs(axis.column, group) {
            let apart = self.apart(here, there);
            let price =
                apart.iter().map(|g| self.choice.price(self.block.cell(axis.column, *g))).sum::<u64>();
            pairs.push((price, here, there));
        }
        pairs.sort_unstable();
        for (price, here, there) in pairs {
            if price >= self.conditions.limit || self.is_over() {
                return;
            }
            self.tried += 1;
            let apart = self.apart(here, there);
            let (ours, theirs) = (self.shortlist(axis, here), self.shortlist(axis, there));
            for ((kind, ours), (other, theirs)) in
                ours.iter().flat_map(|ours| theirs.iter().map(move |theirs| (ours, theirs)))
            {
                if self.least_price(axis, *kind, *other, &apart) >= self.conditions.limit {
                    continue;
                }
                for (a, b) in
                    self.free(ours).flat_map(|a| self.free(theirs).map(move |b| (a, b))).collect::<Vec<_>>()
                {
                    for changes in self.swaps(axis, a, b) {
                        self.consider(changes);
                    }
                }
                if self.is_over() {
                    return;
                }
            }
        }
    }

    /// The groups that contain only one of two leaves.
    fn apart(&self, here: usize, there: usize) -> Vec<usize> {
        let (a, b) = (&self.block.leaves[here].groups, &self.block.leaves[there].groups);
        let apart = a.iter().filter(|g| !b.contains(g)).chain(b.iter().filter(|g| !a.contains(g)));
        apart.copied().collect()
    }

    /// The least it can cost if respondents of two kinds exchange options and the counts of these groups change.
    fn least_price(&self, axis: Axis, a: Numbered, b: Numbered, groups: &[usize]) -> u64 {
        let question = &self.block.questions[axis.question];
        let is_tally = matches!(self.family(axis.column).counted_from, CountedFrom::Tally { .. });
        if a.counted == b.counted && !is_tally {
            return u64::MAX;
        }
        if question.multiple || a.reply == b.reply {
            return 0;
        }
        let first = self.block.family_of(axis.question).columns.start;
        let price = |reply: Reply| {
            let column = match reply {
                Reply::Missing => return 0,
                Reply::DontKnow => first + question.options,
                Reply::Chosen(options) => first + options.iter().next().unwrap_or_default(),
            };
            groups.iter().map(|group| self.choice.price(self.block.cell(column, *group))).sum::<u64>()
        };
        price(a.reply) + price(b.reply)
    }

    /// Tries exchanges of replies between four respondents, from two regions and two sectors, so that only sectors of
    /// regions change.
    fn squares(&mut self, axis: Axis, group: usize) {
        let Group::RegionSector(region, sector) = self.block.groups[group] else { return };
        let (Some(region), Some(sector)) =
            (self.block.group(Group::Region(region)), self.block.group(Group::Sector(sector)))
        else {
            return;
        };
        let mut squares = Vec::new();
        for other_region in self.block.region_groups().filter(|other| *other != region) {
            for other_sector in self.block.sector_groups().filter(|other| *other != sector) {
                let corners = [(other_region, sector), (region, other_sector), (other_region, other_sector)];
                let price = corners.map(|(region, sector)| {
                    let both = self.block.leaf(region, Some(sector)).groups[3];
                    self.choice.price(self.block.cell(axis.column, both))
                });
                squares.push((price.iter().sum::<u64>(), other_region, other_sector));
            }
        }
        squares.sort_unstable();
        for (price, other_region, other_sector) in squares {
            if price >= self.conditions.limit || self.is_over() {
                return;
            }
            self.tried += 1;
            let leaf = |region, sector| self.block.leaf_position(region, Some(sector));
            let corners = [
                leaf(region, sector),
                leaf(other_region, sector),
                leaf(region, other_sector),
                leaf(other_region, other_sector),
            ];
            let groups = corners.map(|leaf| self.block.leaves[leaf].groups[3]);
            let corners = corners.map(|leaf| self.shortlist(axis, leaf));
            let like = |kind: &Numbered, corner: &Shortlist| {
                let units = corner.iter().find(|(other, _)| other.number == kind.number);
                units.map(|(_, units)| units.clone()).unwrap_or_default()
            };
            for ((kind, a), (other, b)) in
                corners[0].iter().flat_map(|a| corners[1].iter().map(move |b| (a, b)))
            {
                if self.least_price(axis, *kind, *other, &groups) >= self.conditions.limit {
                    continue;
                }
                let (c, d) = (like(other, &corners[2]), like(kind, &corners[3]));
                let first = [a, b, &c, &d].map(|units| self.free(units).next());
                let [Some(a), Some(b), Some(c), Some(d)] = first else { continue };
                for (mut changes, more) in self.swaps(axis, a, b).into_iter().zip(self.swaps(axis, c, d)) {
                    changes.extend(more);
                    self.consider(changes);
                }
                if self.is_over() {
                    return;
                }
            }
        }
    }

    /// Tries a different reply from one respondent in the group, which also changes the counts of all wider groups.
    fn alone(&mut self, axis: Axis, group: usize) {
        let mut leaves: Vec<(u64, usize)> = Vec::new();
        for leaf in self.leaves_of(axis.column, group) {
            let groups = self.block.leaves[leaf].groups.iter();
            let price: u64 = groups.map(|g| self.choice.price(self.block.cell(axis.column, *g))).sum();
            leaves.push((price, leaf));
        }
        leaves.sort_unstable();
        for (price, leaf) in leaves {
            if price >= self.conditions.limit || self.is_over() {
                return;
            }
            let units = self.shortlist(axis, leaf);
            for unit in units.iter().flat_map(|(_, units)| self.free(units)).collect::<Vec<_>>() {
                for reply in self.other_replies(axis, unit) {
                    let changes = self.block.replied(unit, &[(axis.question, reply)]);
                    self.consider(changes.into_iter().map(Change::new).collect());
                }
                for changes in self.replies_counted_by(axis.column, unit) {
                    self.consider(changes);
                }
            }
        }
    }

    /// Pairs of leaves, one in the group and one outside it, that share as many wider groups as possible; for a tally,
    /// also a leaf with itself.
    fn leaf_pairs(&self, column: usize, group: usize) -> Vec<(usize, usize)> {
        let block = self.block;
        let by_sector = block.columns[column].by_sector;
        let tally =
            matches!(block.families[block.columns[column].family].counted_from, CountedFrom::Tally { .. });
        let mut pairs = Vec::new();
        for here in self.leaves_of(column, group) {
            let leaf = &block.leaves[here];
            pairs.extend(tally.then_some((here, here)));
            if group == 0 {
                continue;
            }
            if group != leaf.region {
                let sectors = block.sector_groups().filter(|s| by_sector && Some(*s) != leaf.sector);
                pairs.extend(sectors.map(|s| (here, block.leaf_position(leaf.region, Some(s)))));
            }
            if Some(group) != leaf.sector {
                let regions = block.region_groups().filter(|r| *r != leaf.region);
                pairs.extend(regions.map(|r| (here, block.leaf_position(r, leaf.sector))));
            }
        }
        pairs
    }

    /// The leaves of a group, by sector if the column has sectors.
    fn leaves_of(&self, column: usize, group: usize) -> Vec<usize> {
        self.block.leaves_of(group, self.block.columns[column].by_sector)
    }

    /// The ways in which two respondents can exchange replies: everything they replied to the question, or one of
    /// several options.
    fn swaps(&self, axis: Axis, a: usize, b: usize) -> Vec<Vec<Change>> {
        let block = self.block;
        if a == b {
            return Vec::new();
        }
        let (of_a, of_b) = (block.units[a].replies[axis.question], block.units[b].replies[axis.question]);
        let mut swaps = Vec::new();
        if of_a != of_b {
            swaps.push(block.exchanged(a, b, &[axis.question]));
        }
        if let CountedFrom::Tally { parts, .. } = &self.family(axis.column).counted_from {
            let parts: Vec<usize> = parts.iter().map(|(question, _)| *question).collect();
            swaps.push(block.exchanged(a, b, &parts));
        }
        swaps.retain(|changes| [a, b].iter().all(|unit| self.is_likely(changes, *unit)));
        if block.questions[axis.question].multiple {
            for option in axis.options.iter() {
                let (with, without) = (add(block, axis.question, option), OptionSet::of(option));
                let swap = match (of_a, of_b) {
                    (Reply::Chosen(x), Reply::Chosen(y)) if x.contains(option) && !y.contains(option) => {
                        remove(x, without).zip(with(y))
                    }
                    (Reply::Chosen(x), Reply::Chosen(y)) if y.contains(option) && !x.contains(option) => {
                        with(x).zip(remove(y, without))
                    }
                    _ => None,
                };
                let Some((x, y)) = swap else { continue };
                let mut changes = block.replied(a, &[(axis.question, Reply::Chosen(x))]);
                changes.extend(block.replied(b, &[(axis.question, Reply::Chosen(y))]));
                swaps.push(changes);
            }
        }
        swaps.into_iter().map(|changes| changes.into_iter().map(Change::new).collect()).collect()
    }

    /// True when the change to a unit is plausible: a respondent who answered something still does, and one who did not
    /// still does not.
    fn is_likely(&self, changes: &[(usize, Box<[Reply]>)], unit: usize) -> bool {
        let before = &self.block.units[unit];
        let Some((_, after)) = changes.iter().find(|(changed, _)| *changed == unit) else { return true };
        let answers = |replies: &[Reply]| replies.iter().filter(|reply| !reply.is_missing()).count();
        match answers(after).cmp(&answers(&before.replies)) {
            std::cmp::Ordering::Less => answers(after) > 0,
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Greater => before.responded,
        }
    }

    fn family(&self, column: usize) -> &'a Family {
        &self.block.families[self.block.columns[column].family]
    }

    /// Keeps an exchange if it is the best so far.
    fn consider(&mut self, changes: Vec<Change>) {
        self.tried += 1;
        if changes.is_empty() {
            return;
        }
        let exchange = Exchange::of(self.block, changes);
        if exchange.change_of(self.target) == 0 || exchange.units().any(|unit| !self.is_free(unit)) {
            return;
        }
        let Some(price) = exchange.price(self.block, self.choice) else { return };
        let Conditions { beside, limit, .. } = self.conditions;
        if price < limit && self.known.holds_with(self.block, &exchange.moved, beside) {
            self.conditions.limit = price;
            self.best = Some(exchange);
        }
    }

    fn is_over(&self) -> bool {
        self.tried >= self.last || self.conditions.limit == 0
    }

    fn is_free(&self, unit: usize) -> bool {
        let Conditions { areas, units, .. } = self.conditions;
        !areas.contains(&self.block.units[unit].area) && !units.contains(&unit)
    }

    /// The first few respondents whose replies may change.
    fn free(&self, units: &[usize]) -> impl Iterator<Item = usize> {
        units.iter().copied().filter(|unit| self.is_free(*unit)).take(TRIES_PER_KIND)
    }

    fn shortlist(&mut self, axis: Axis, leaf: usize) -> Rc<Shortlist> {
        self.shortlists.of(self.block, axis, leaf)
    }
}
