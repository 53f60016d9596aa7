use std::collections::BTreeSet;

use super::Rule;
use super::block::Block;
use super::choice::Choice;
use super::exchange::Exchange;
use super::known::Known;
use super::search::{Conditions, FREE, Search, Shortlists};
use crate::model::{DisclosurePolicy, Group};

/// Exchanges that may be tried in a block for each of its counts that are withheld, and in any case. What is not decided
/// by then is withheld as a whole.
const TRIES_FOR_A_COUNT: u64 = 4_000;
const TRIES_FOR_A_COUNT_BY_REGION_AND_SECTOR: u64 = 60;
const TRIES_IN_ANY_CASE: u64 = 400_000;

/// Exchanges that prove one count although they were looked for to prove others: the commonest answers change with nearly
/// all of them.
const IN_PASSING: usize = 24;

/// Withholds further counts, until there is proof for each that is withheld that nobody can work it out.
///
/// The proof is a set of exchanges. Whoever reads the reports knows what is published and the own answers: an exchange
/// that changes neither shows that a count could have another value. Several that have no respondent in common can happen
/// together, so each gives the count one more possible value.
pub(super) struct Protection<'a> {
    block: &'a Block,
    known: &'a Known<'a>,
    policy: &'a DisclosurePolicy,
    pub(super) choice: Choice,
    pub(super) proofs: Proofs,
    shortlists: Shortlists,
    tried: u64,
    /// The counts to which no exchange gives as many values as the policy wants; one other must do.
    narrow: BTreeSet<usize>,
    /// The counts that figures published before tell some area, whatever is withheld now.
    told_before: BTreeSet<usize>,
    /// True when no proof was found within the budget.
    undecided: bool,
}

/// The exchanges that were found, and what they prove.
pub(super) struct Proofs {
    pub(super) exchanges: Vec<Option<Exchange>>,
    /// For each cell, exchanges that prove it.
    of_cell: Vec<Vec<u32>>,
    /// For each cell, all exchanges that change it.
    changing: Vec<Vec<u32>>,
}

/// A count that some readers know too much of.
pub(super) struct Lack {
    /// The areas that read together, as positions in the submissions; none for everybody else.
    pub(super) readers: Vec<usize>,
    /// Respondents whose replies change in what is proved already.
    used: Vec<usize>,
    /// The counts that change in what is proved already.
    moved: Vec<Vec<(usize, i32)>>,
    /// True when these readers can work the count out exactly.
    pub(super) exact: bool,
}

impl Lack {
    /// What an exchange must be like that shows these readers another value.
    fn conditions(&self, limit: u64) -> Conditions<'_> {
        Conditions { areas: &self.readers, units: &self.used, beside: &self.moved, limit }
    }
}

impl<'a> Protection<'a> {
    pub(super) fn new(
        block: &'a Block,
        known: &'a Known<'a>,
        policy: &'a DisclosurePolicy,
        choice: Choice,
    ) -> Self {
        let proofs = Proofs::new(block.cells.len());
        let shortlists = Shortlists::default();
        Self {
            block,
            known,
            policy,
            choice,
            proofs,
            shortlists,
            tried: 0,
            narrow: BTreeSet::new(),
            told_before: BTreeSet::new(),
            undecided: false,
        }
    }

    /// The counts that figures published before tell some area, whatever is withheld now.
    pub(super) fn told_before(&self) -> impl Iterator<Item = usize> {
        self.told_before.iter().copied()
    }

    /// True when no decision was found within the budget.
    pub(super) fn is_undecided(&self) -> bool {
        self.undecided
    }

    /// Proves all counts that are withheld, and those that are withheld for their sake. Stops where the budget is used up
    /// and there are statistics of sectors in regions: without these it is easier.
    pub(super) fn complete(&mut self) {
        let withheld = (0..self.block.cells.len()).filter(|cell| self.choice.is_withheld(*cell));
        let mut waiting: BTreeSet<(u8, usize)> = withheld.map(|cell| (self.turn(cell), cell)).collect();
        let for_a_count = if self.block.has_sectors_of_regions() {
            TRIES_FOR_A_COUNT_BY_REGION_AND_SECTOR
        } else {
            TRIES_FOR_A_COUNT
        };
        let mut budget = TRIES_IN_ANY_CASE;
        while let Some((_, cell)) = waiting.pop_first() {
            budget += for_a_count;
            while let Some(lack) = self.lack(cell) {
                // When everything is withheld, the first exchange that is tried is as good as any.
                let in_budget = self.tried < budget || self.undecided;
                let found = if in_budget { self.search(cell, &lack) } else { None };
                let new = match found {
                    Some(exchange) => self.accept(exchange, cell),
                    // Figures published before can leave a count few values, whatever is withheld.
                    None if in_budget && !lack.exact => {
                        self.narrow.insert(cell);
                        continue;
                    }
                    // Or tell an area, with its own answers, all there is: no more need be withheld for that.
                    None if in_budget && !lack.readers.is_empty() && !self.known.is_nothing() => {
                        self.told_before.insert(cell);
                        continue;
                    }
                    None if self.undecided => break,
                    None if self.block.has_sectors_of_regions() => {
                        self.undecided = true;
                        return;
                    }
                    None => {
                        let new = self.give_up();
                        let counts = (waiting.len() + new.len()) as u64;
                        budget = self.tried + TRIES_IN_ANY_CASE + for_a_count * counts;
                        new
                    }
                };
                waiting.extend(new.into_iter().map(|cell| (self.turn(cell), cell)));
            }
        }
    }

    /// Publishes again what was withheld for the sake of others and is not needed: the widest groups first.
    pub(super) fn release(&mut self) {
        let wide =
            |cell: &usize| !matches!(self.block.groups[self.block.place(*cell).1], Group::RegionSector(..));
        let complement = |cell: &usize| self.choice.rule(*cell) == Some(Rule::Complement);
        let mut cells: Vec<usize> =
            (0..self.block.cells.len()).filter(|c| complement(c) && wide(c)).collect();
        cells.sort_by_key(|cell| (std::cmp::Reverse(self.turn(*cell) == 2), *cell));
        let budget = self.tried + TRIES_IN_ANY_CASE;
        for cell in cells {
            if self.undecided || self.tried > budget {
                return;
            }
            self.choice.release(self.block, cell);
            // With any of the family, the base is published too.
            let (column, group) = self.block.place(cell);
            let base = self.block.families[self.block.columns[column].family].base;
            let mut dropped = self.proofs.drop_those_that_change(cell);
            dropped.extend(self.proofs.drop_those_that_change(self.block.cell(base, group)));
            let mark = self.proofs.exchanges.len();
            let affected = dropped.iter().flat_map(|(_, exchange)| &exchange.moved).map(|(other, _)| *other);
            let affected: BTreeSet<usize> = affected.filter(|other| *other != cell).collect();
            if !affected.into_iter().all(|other| self.prove_freely(other)) {
                self.choice.withhold(self.block, cell, Rule::Complement);
                self.proofs.restore(dropped, mark);
            }
        }
    }

    /// Proves a count without withholding more; false when that cannot be.
    fn prove_freely(&mut self, cell: usize) -> bool {
        if !self.choice.is_withheld(cell) {
            return true;
        }
        while let Some(lack) = self.lack(cell) {
            match self.find(cell, lack.conditions(FREE)) {
                Some(exchange) => drop(self.accept(exchange, cell)),
                None => return false,
            }
        }
        true
    }

    /// Withheld counts of parts are proved before those of sectors of regions, and both before those of the nation: most
    /// of what is withheld of the nation is withheld for their sake.
    fn turn(&self, cell: usize) -> u8 {
        match self.block.groups[self.block.place(cell).1] {
            Group::Region(_) | Group::Sector(_) => 0,
            Group::RegionSector(..) => 1,
            Group::Nation => 2,
        }
    }

    /// An exchange that shows some readers another value: one in areas that no proof of the count uses yet, when there is
    /// one for nothing.
    fn search(&mut self, cell: usize, lack: &Lack) -> Option<Exchange> {
        let mut areas = lack.readers.clone();
        areas.extend(lack.used.iter().map(|unit| self.block.units[*unit].area));
        let elsewhere = Conditions { areas: &areas, units: &[], beside: &lack.moved, limit: FREE };
        self.find(cell, elsewhere).or_else(|| self.find(cell, lack.conditions(u64::MAX)))
    }

    fn find(&mut self, cell: usize, conditions: Conditions<'_>) -> Option<Exchange> {
        let world = (self.block, self.known, &self.choice);
        let mut search = Search::new(world, &mut self.shortlists, conditions);
        let found = search.cheapest(cell);
        self.tried += u64::from(search.tried);
        found
    }

    /// Withholds everything that an exchange changes, and adds it to the proofs; gives what was published until now.
    fn accept(&mut self, exchange: Exchange, target: usize) -> Vec<usize> {
        let published =
            exchange.moved.iter().flat_map(|(cell, _)| self.choice.published_with(self.block, *cell));
        let published: Vec<usize> = published.collect();
        let new =
            published.into_iter().filter(|cell| self.choice.withhold(self.block, *cell, Rule::Complement));
        let new = new.collect();
        self.proofs.add(exchange, target);
        new
    }

    /// Withholds the whole block.
    fn give_up(&mut self) -> Vec<usize> {
        let block = self.block;
        self.undecided = true;
        let places = (0..block.families.len()).flat_map(|family| block.places(family));
        let cells = places.map(|(column, group)| block.cell(column, group));
        cells.filter(|cell| self.choice.withhold(block, *cell, Rule::Undecided)).collect()
    }

    /// Readers who know too much of a count, if there are any.
    pub(super) fn lack(&self, cell: usize) -> Option<Lack> {
        // No coalition can touch all of these exchanges, since they are in different areas: enough are left.
        let enough = self.policy.possible_values - 1 + self.policy.coalition();
        if self.known.is_nothing() && self.in_different_areas(cell, enough) >= enough {
            return None;
        }
        self.lack_of(cell, &mut Vec::new())
    }

    /// Goes through the coalitions that touch each proof there is: others know no more than these.
    fn lack_of(&self, cell: usize, readers: &mut Vec<usize>) -> Option<Lack> {
        let need = self.need(cell, readers);
        let proofs = self.apart(cell, readers, need);
        if (proofs.len() as u32) < need {
            let used = proofs.iter().flat_map(|proof| proof.units()).collect();
            let moved = proofs.iter().map(|proof| proof.moved.clone()).collect();
            return Some(Lack { readers: readers.clone(), used, moved, exact: proofs.is_empty() });
        }
        if need == 0 || readers.len() as u32 == self.policy.coalition() {
            return None;
        }
        let areas: BTreeSet<usize> = proofs.iter().flat_map(|proof| proof.areas(self.block)).collect();
        areas.into_iter().find_map(|area| {
            let region = |area: &usize| self.block.regions[*area];
            if readers.first().is_some_and(|first| region(first) != region(&area)) {
                return None;
            }
            readers.push(area);
            let lack = self.lack_of(cell, readers);
            readers.pop();
            lack
        })
    }

    /// How many exchanges a count needs, so that it has enough possible values for some readers.
    fn need(&self, cell: usize, readers: &[usize]) -> u32 {
        let (column, group) = self.block.place(cell);
        let told_before = !readers.is_empty() && self.told_before.contains(&cell);
        if !self.block.columns[column].open || told_before {
            return 0;
        }
        let base = self.block.base(column, group);
        let family = self.block.families[self.block.columns[column].family].base;
        let others = base - self.block.own(readers, family, group);
        let (least, greatest) = self.known.bounds(cell, base);
        let need = (self.policy.possible_values - 1).min(others).min(greatest - least);
        if self.narrow.contains(&cell) { need.min(1) } else { need }
    }

    /// At most `most` exchanges that change a count, leave the readers' answers as they are, and can happen together.
    fn apart(&self, cell: usize, readers: &[usize], most: u32) -> Vec<&Exchange> {
        let mut chosen: Vec<&Exchange> = Vec::new();
        for proof in self.proofs.of(cell) {
            if chosen.len() as u32 >= most {
                break;
            }
            let free = proof.areas(self.block).all(|area| !readers.contains(&area));
            let apart =
                || chosen.iter().all(|other| other.units().all(|unit| proof.units().all(|u| u != unit)));
            let others = || chosen.iter().map(|other| other.moved.clone()).collect::<Vec<_>>();
            if free && apart() && self.known.holds_with(self.block, &proof.moved, &others()) {
                chosen.push(proof);
            }
        }
        chosen
    }

    /// How many of the exchanges that change a count have no area in common, at least; counted up to `enough`.
    fn in_different_areas(&self, cell: usize, enough: u32) -> u32 {
        let mut areas = BTreeSet::new();
        let mut number = 0;
        for proof in self.proofs.of(cell) {
            if proof.areas(self.block).all(|area| !areas.contains(&area)) {
                areas.extend(proof.areas(self.block));
                number += 1;
            }
            if number == enough {
                break;
            }
        }
        number
    }
}

impl Proofs {
    fn new(cells: usize) -> Self {
        Self { exchanges: Vec::new(), of_cell: vec![Vec::new(); cells], changing: vec![Vec::new(); cells] }
    }

    pub(super) fn get(&self, proof: u32) -> Option<&Exchange> {
        self.exchanges[proof as usize].as_ref()
    }

    /// The exchanges that prove a count.
    fn of(&self, cell: usize) -> impl Iterator<Item = &Exchange> {
        self.of_cell[cell].iter().filter_map(|proof| self.get(*proof))
    }

    /// Adds an exchange that was looked for to prove a count. It proves others, too.
    fn add(&mut self, exchange: Exchange, target: usize) {
        let number = self.exchanges.len() as u32;
        for (cell, _) in &exchange.moved {
            self.changing[*cell].push(number);
            if *cell == target || self.of_cell[*cell].len() < IN_PASSING {
                self.of_cell[*cell].push(number);
            }
        }
        self.exchanges.push(Some(exchange));
    }

    /// Takes out an exchange.
    pub(super) fn drop(&mut self, number: u32) -> Option<Exchange> {
        let exchange = self.exchanges[number as usize].take()?;
        for (cell, _) in &exchange.moved {
            self.of_cell[*cell].retain(|proof| *proof != number);
            self.changing[*cell].retain(|proof| *proof != number);
        }
        Some(exchange)
    }

    fn drop_those_that_change(&mut self, cell: usize) -> Vec<(u32, Exchange)> {
        let numbers = self.changing[cell].clone();
        numbers.into_iter().filter_map(|number| Some((number, self.drop(number)?))).collect()
    }

    /// Brings back exchanges that were taken out, in place of those that were added since.
    fn restore(&mut self, dropped: Vec<(u32, Exchange)>, mark: usize) {
        (mark..self.exchanges.len()).for_each(|number| drop(self.drop(number as u32)));
        self.exchanges.truncate(mark);
        for (number, exchange) in dropped {
            for (cell, _) in &exchange.moved {
                self.changing[*cell].push(number);
                self.of_cell[*cell].push(number);
            }
            self.exchanges[number as usize] = Some(exchange);
        }
    }
}
