use std::collections::BTreeMap;
use std::rc::Rc;

use super::block::{Block, Family, MadeOf};
use super::choice::Choice;
use super::exchange::{Change, Exchange};
use super::known::Known;
use super::reply::Reply;
use crate::model::{Group, OptionSet};

/// Exchanges, and places to look for them, that are tried for one count before the best so far is taken.
const TRIES: u32 = 6_000;

/// Units of one kind that are remembered of a leaf: enough to avoid those of a coalition and those already used.
const OF_A_KIND: usize = 12;

/// Units of one kind that are tried in each leaf.
const TRIED_OF_A_KIND: usize = 2;

/// An exchange that costs less than this withholds nothing more.
pub(super) const FREE: u64 = 1_000;

/// Respondents that can stand for one another, by leaf and by what is looked for.
#[derive(Default)]
pub(super) struct Shortlists {
    kinds: BTreeMap<Kind, usize>,
    lists: BTreeMap<(usize, usize, usize), Rc<Shortlist>>,
}

/// A few respondents of each kind in a leaf.
type Shortlist = Vec<(Numbered, Vec<usize>)>;

/// What respondents that can stand for one another have in common: whether the column counts them, what they replied, and
/// which columns of tallies count them.
type Kind = (bool, Reply, Vec<usize>);

/// A kind by its number, with what matters of it.
#[derive(Clone, Copy)]
struct Numbered {
    number: usize,
    counted: bool,
    reply: Reply,
}

/// A question by which a column can be changed: the options that count there; none for "don't know".
#[derive(Clone, Copy)]
struct Axis {
    question: usize,
    options: OptionSet,
    column: usize,
}

/// Looks for the exchange that changes one count and costs least to hide.
pub(super) struct Search<'a> {
    pub(super) block: &'a Block,
    pub(super) known: &'a Known<'a>,
    pub(super) choice: &'a Choice,
    pub(super) shortlists: &'a mut Shortlists,
    pub(super) conditions: Conditions<'a>,
    /// How many exchanges were tried.
    pub(super) tried: u32,
    best: Option<Exchange>,
    target: usize,
}

/// What an exchange must be like.
pub(super) struct Conditions<'a> {
    /// Areas whose answers must stay as they are.
    pub(super) areas: &'a [usize],
    /// Respondents whose replies must stay as they are.
    pub(super) units: &'a [usize],
    /// What else changes: with any of it the exchange must be possible, by all that was published before.
    pub(super) beside: &'a [Vec<(usize, i32)>],
    /// It must cost less than this.
    pub(super) limit: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        (block, known, choice): (&'a Block, &'a Known<'a>, &'a Choice),
        shortlists: &'a mut Shortlists,
        conditions: Conditions<'a>,
    ) -> Self {
        Self { block, known, choice, shortlists, conditions, tried: 0, best: None, target: 0 }
    }

    /// The cheapest exchange that changes a count, as far as the tries reach.
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
            self.recounted(column, group);
        }
        self.best.take()
    }

    /// Two respondents exchange what they replied, one of them in the group.
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

    /// The groups that one of two leaves is part of and the other is not.
    fn apart(&self, here: usize, there: usize) -> Vec<usize> {
        let (a, b) = (&self.block.leaves[here].groups, &self.block.leaves[there].groups);
        let apart = a.iter().filter(|g| !b.contains(g)).chain(b.iter().filter(|g| !a.contains(g)));
        apart.copied().collect()
    }

    /// What it costs at least when respondents of two kinds exchange one option for another, and counts of these groups
    /// change with it.
    fn least_price(&self, axis: Axis, a: Numbered, b: Numbered, groups: &[usize]) -> u64 {
        let question = &self.block.questions[axis.question];
        let is_tally = matches!(self.family(axis.column).made_of, MadeOf::Tally { .. });
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

    /// Four respondents exchange what they replied, two regions by two sectors, so that only sectors of regions change.
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

    /// One respondent of the group replies something else, and counts of all wider groups change with it.
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
                for changes in self.other_numbers(axis.column, unit) {
                    self.consider(changes);
                }
            }
        }
    }

    /// Whether somebody's number can be known is no answer: a respondent with a question left blank is counted as though
    /// it had not been, or the other way round.
    fn recounted(&mut self, column: usize, group: usize) {
        let block = self.block;
        let family = self.family(column);
        if !matches!(family.made_of, MadeOf::Tally { .. }) {
            return;
        }
        let unknown = family.columns.end - 1;
        let number = |unit: usize| family.columns.clone().find(|column| block.units[unit].bits.has(*column));
        let recount = |unit: usize, to: usize| {
            let from = number(unit)?;
            let replies = block.units[unit].replies.clone();
            (from != to).then_some(Change { unit, replies, recounted: Some((from, to)) })
        };
        let pairs = self.leaf_pairs(column, group);
        for here in self.leaves_of(column, group) {
            for a in self.free_units(here, family.base) {
                let others: Vec<usize> = match number(a) {
                    Some(from) if from == unknown && column == unknown => family.columns.clone().collect(),
                    Some(from) if from == unknown => vec![column],
                    Some(from) if from == column || column == unknown => vec![unknown],
                    _ => Vec::new(),
                };
                for to in others {
                    let alone: Vec<Change> = recount(a, to).into_iter().collect();
                    for (_, there) in pairs.iter().filter(|pair| pair.0 == here) {
                        let opposite = |b: &usize| number(*b) == Some(to);
                        let partner = self.free_units(*there, family.base).into_iter().find(opposite);
                        let back = partner.zip(number(a)).and_then(|(b, from)| recount(b, from));
                        self.consider(alone.iter().cloned().chain(back).collect());
                    }
                    self.consider(alone);
                    if self.is_over() {
                        return;
                    }
                }
            }
        }
    }

    /// Pairs of leaves, one in the group and one not, that share as many wider groups as can be; for a tally also a leaf
    /// with itself.
    fn leaf_pairs(&self, column: usize, group: usize) -> Vec<(usize, usize)> {
        let block = self.block;
        let by_sector = block.columns[column].by_sector;
        let tally = matches!(block.families[block.columns[column].family].made_of, MadeOf::Tally { .. });
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

    /// The leaves of a group, with sectors where the column has them.
    fn leaves_of(&self, column: usize, group: usize) -> Vec<usize> {
        self.block.leaves_of(group, self.block.columns[column].by_sector)
    }

    /// The ways in which two respondents can exchange what matters: all that they replied to the question, or one option
    /// of several.
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
        if let MadeOf::Tally { parts, .. } = &self.family(axis.column).made_of {
            let parts: Vec<usize> = parts.iter().map(|(question, _)| *question).collect();
            swaps.push(block.exchanged(a, b, &parts));
        }
        swaps.retain(|changes| [a, b].iter().all(|unit| self.is_likely(changes, *unit)));
        if block.questions[axis.question].multiple {
            for option in axis.options.iter() {
                let (with, without) = (add(block, axis.question, option), OptionSet::of(option));
                let swap = match (of_a, of_b) {
                    (Reply::Chosen(x), Reply::Chosen(y)) if x.contains(option) && !y.contains(option) => {
                        taken(x, without).zip(with(y))
                    }
                    (Reply::Chosen(x), Reply::Chosen(y)) if y.contains(option) && !x.contains(option) => {
                        with(x).zip(taken(y, without))
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

    /// Who is said to have answered something has done so: nobody comes to answer or to be silent altogether.
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

    /// Other replies of a respondent that change the column, or may.
    fn other_replies(&self, axis: Axis, unit: usize) -> Vec<Reply> {
        let question = &self.block.questions[axis.question];
        let reply = self.block.units[unit].replies[axis.question];
        if reply.is_missing() {
            return Vec::new();
        }
        let single = || question.single_replies().filter(|other| *other != reply);
        let Reply::Chosen(chosen) = reply else { return single().collect() };
        if !question.multiple {
            return single().collect();
        }
        if axis.options.is_empty() {
            return single().filter(|other| *other == Reply::DontKnow).collect();
        }
        let apart = chosen.without(axis.options);
        if apart.is_empty() {
            return single().filter(|other| !other.chose_any(axis.options)).collect();
        }
        if chosen.meets(axis.options) {
            return vec![Reply::Chosen(apart)];
        }
        let more = axis.options.iter().map(|option| {
            Reply::Chosen(add(self.block, axis.question, option)(chosen).unwrap_or(OptionSet::of(option)))
        });
        more.collect()
    }

    /// For a tally's column, replies of a respondent to several of its questions with which the column counts them.
    fn other_numbers(&self, column: usize, unit: usize) -> Vec<Vec<Change>> {
        let block = self.block;
        let MadeOf::Tally { parts, .. } = &self.family(column).made_of else { return Vec::new() };
        let replies = &block.units[unit].replies;
        let wanted = column - self.family(column).columns.start;
        let is_in = |(question, options): &(usize, OptionSet)| replies[*question].chose_any(*options);
        let number = parts.iter().filter(|part| is_in(part)).count();
        if wanted > parts.len() || parts.iter().any(|(question, _)| replies[*question].is_missing()) {
            return Vec::new();
        }
        let turn = |(question, options): &(usize, OptionSet)| {
            let axis = Axis { question: *question, options: *options, column };
            let other = self.other_replies(axis, unit).into_iter();
            let mut other =
                other.filter(|reply| reply.chose_any(*options) != replies[*question].chose_any(*options));
            Some((*question, other.next()?))
        };
        let turned = parts.iter().filter(|part| is_in(part) == (number > wanted)).filter_map(turn);
        let turned: Vec<(usize, Reply)> = turned.collect();
        let changes = turned
            .windows(number.abs_diff(wanted).max(1))
            .map(|given| block.replied(unit, given).into_iter().map(Change::new).collect());
        changes.collect()
    }

    fn family(&self, column: usize) -> &'a Family {
        &self.block.families[self.block.columns[column].family]
    }

    /// Takes an exchange when it is the best so far.
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
        self.tried >= TRIES || self.conditions.limit == 0
    }

    fn is_free(&self, unit: usize) -> bool {
        let Conditions { areas, units, .. } = self.conditions;
        !areas.contains(&self.block.units[unit].area) && !units.contains(&unit)
    }

    fn free_units(&self, leaf: usize, base: usize) -> Vec<usize> {
        let units = self.block.leaves[leaf].units.iter().copied();
        units.filter(|unit| self.block.units[*unit].bits.has(base) && self.is_free(*unit)).collect()
    }

    /// The first few respondents whose replies may change.
    fn free(&self, units: &[usize]) -> impl Iterator<Item = usize> {
        units.iter().copied().filter(|unit| self.is_free(*unit)).take(TRIED_OF_A_KIND)
    }

    fn shortlist(&mut self, axis: Axis, leaf: usize) -> Rc<Shortlist> {
        let Shortlists { kinds, lists } = &mut *self.shortlists;
        let list = lists.entry((axis.question, axis.column, leaf)).or_insert_with(|| {
            let list = shortlist(self.block, axis, leaf).into_iter().map(|(kind, units)| {
                let (counted, reply, next) = (kind.0, kind.1, kinds.len());
                (Numbered { number: *kinds.entry(kind).or_insert(next), counted, reply }, units)
            });
            Rc::new(list.collect())
        });
        Rc::clone(list)
    }
}

/// Adds an option to those that were chosen; nothing when that cannot be.
fn add(block: &Block, question: usize, option: usize) -> impl Fn(OptionSet) -> Option<OptionSet> {
    let none = block.questions[question].none;
    move |chosen| {
        let excluded = none.is_some_and(|none| none == option || chosen.contains(none));
        (!excluded).then(|| chosen.union(OptionSet::of(option)))
    }
}

fn taken(chosen: OptionSet, options: OptionSet) -> Option<OptionSet> {
    Some(chosen.without(options)).filter(|left| !left.is_empty())
}

fn axes(block: &Block, column: usize) -> Vec<Axis> {
    let family = &block.families[block.columns[column].family];
    match &family.made_of {
        MadeOf::Question { question, counted } => {
            let cell = column - family.columns.start;
            let of_cell = (cell < block.questions[*question].options).then(|| OptionSet::of(cell));
            let counted = counted.iter().find(|(_, counted)| *counted == column).map(|(options, _)| *options);
            let options = counted.or(of_cell).unwrap_or_default();
            vec![Axis { question: *question, options, column }]
        }
        MadeOf::Tally { parts, .. } => parts
            .iter()
            .map(|(question, options)| Axis { question: *question, options: *options, column })
            .collect(),
    }
}

/// The respondents of a leaf by kind. First come those whose reply leads to few others: least changes with them.
fn shortlist(block: &Block, axis: Axis, leaf: usize) -> Vec<(Kind, Vec<usize>)> {
    let question = &block.questions[axis.question];
    let is_tally = |column: usize| {
        let family = &block.families[block.columns[column].family];
        matches!(family.made_of, MadeOf::Tally { .. }) && column != family.base
    };
    let of_tally = is_tally(axis.column);
    let mut kinds: BTreeMap<Kind, Vec<(u32, usize)>> = BTreeMap::new();
    for index in block.leaves[leaf].units.iter().copied() {
        let unit = &block.units[index];
        let reply = unit.replies[axis.question];
        if reply.is_missing() && !(of_tally && unit.responded && block.is_asked(&unit.replies, axis.question))
        {
            continue;
        }
        let tallies = unit.bits.iter().filter(|column| is_tally(*column)).collect();
        // Where several options may be chosen, it matters whether one can be taken away or added.
        let alike = match reply {
            Reply::Chosen(chosen) if question.multiple && chosen.len() > 1 => {
                Reply::Chosen(OptionSet::of(0).union(OptionSet::of(1)))
            }
            other => other,
        };
        let led_to = block.led_to(&unit.replies, axis.question);
        kinds.entry((unit.bits.has(axis.column), alike, tallies)).or_default().push((led_to, index));
    }
    let first = |mut units: Vec<(u32, usize)>| {
        units.sort_unstable();
        units.truncate(OF_A_KIND);
        units.into_iter().map(|(_, unit)| unit).collect()
    };
    kinds.into_iter().map(|(kind, units)| (kind, first(units))).collect()
}
