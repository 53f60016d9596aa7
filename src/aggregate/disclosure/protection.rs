use std::collections::BTreeSet;

use super::Rule;
use super::block::Block;
use super::choice::Choice;
use super::exchange::Exchange;
use super::known::Known;
use super::search::{Conditions, FREE, Search, Shortlists};
use crate::model::{DisclosurePolicy, Group};

/// How many exchanges may be tried in a block: for each withheld count, plus a fixed number. A block that is still
/// undecided by then is withheld as a whole.
const TRIES_FOR_A_COUNT: u64 = 4_000;
const TRIES_FOR_A_COUNT_BY_REGION_AND_SECTOR: u64 = 60;
const BASE_TRIES: u64 = 400_000;

/// How many exchanges found for other counts may also prove one count: nearly all of them change the commonest answers.
const MAX_SHARED_PROOFS: usize = 24;

/// Withholds further counts until it is proved for each withheld count that nobody can work it out.
///
/// The proof is a set of exchanges. Readers of the reports know what is published and their own answers, so an exchange
/// that changes neither shows that a count could have another value. Exchanges with no respondent in common can happen
/// together, so each gives the count one more possible value.
pub(super) struct Protection<'a> {
    block: &'a Block,
    known: &'a Known<'a>,
    policy: &'a DisclosurePolicy,
    pub(super) choice: Choice,
    pub(super) proofs: Proofs,
    shortlists: Shortlists,
    tried: u64,
    /// The counts for which no exchanges give as many values as the policy requires: one other value is enough.
    narrow: BTreeSet<usize>,
    /// The counts that earlier publications reveal to an area, whatever is withheld now.
    known_before: BTreeSet<usize>,
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

/// A gap in the proof of a count: readers who know too much, and what has already been proved for them.
pub(super) struct Gap {
    /// The areas that pool their answers, as positions in the submissions; empty for readers from no area.
    pub(super) readers: Vec<usize>,
    /// The respondents whose replies change in existing proofs.
    used: Vec<usize>,
    /// The counts that change in each existing proof.
    moved: Vec<Vec<(usize, i32)>>,
    /// True when these readers can work out the count exactly.
    pub(super) exact: bool,
}

impl Gap {
    /// The conditions for an exchange to show these readers another value.
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
            known_before: BTreeSet::new(),
            undecided: false,
        }
    }

    /// The counts that earlier publications reveal to an area, whatever is withheld now.
    pub(super) fn known_before(&self) -> impl Iterator<Item = usize> {
        self.known_before.iter().copied()
    }

    /// True when no decision was reached within the budget.
    pub(super) fn is_undecided(&self) -> bool {
        self.undecided
    }

    /// Proves all withheld counts, including those withheld to protect others. Stops if the budget runs out while there
    /// are statistics for sectors in regions: it is easier without them.
    pub(super) fn complete(&mut self) {
        let withheld = (0..self.block.cells.len()).filter(|cell| self.choice.is_withheld(*cell));
        let mut waiting: BTreeSet<(u8, usize)> =
            withheld.map(|cell| (self.proof_order(cell), cell)).collect();
        let for_a_count = if self.block.has_sectors_of_regions() {
            TRIES_FOR_A_COUNT_BY_REGION_AND_SECTOR
        } else {
            TRIES_FOR_A_COUNT
        };
        let mut budget = BASE_TRIES;
        while let Some((_, cell)) = waiting.pop_first() {
            budget += for_a_count;
            while let Some(gap) = self.gap(cell) {
                // When everything is withheld, the first exchange tried is as good as any.
                let in_budget = self.tried < budget || self.undecided;
                let found = if in_budget { self.search(cell, &gap) } else { None };
                let new = match found {
                    Some(exchange) => self.accept(exchange, cell),
                    // Earlier publications can leave a count with few possible values, whatever is withheld.
                    None if in_budget && !gap.exact => {
                        self.narrow.insert(cell);
                        continue;
                    }
                    // With an area's own answers, they can also reveal the count to it: withholding more cannot help.
                    None if in_budget && !gap.readers.is_empty() && !self.known.is_empty() => {
                        self.known_before.insert(cell);
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
                        budget = self.tried + BASE_TRIES + for_a_count * counts;
                        new
                    }
                };
                waiting.extend(new.into_iter().map(|cell| (self.proof_order(cell), cell)));
            }
        }
    }

    /// Republishes counts that were withheld to protect others but are not needed, widest groups first.
    pub(super) fn release(&mut self) {
        let wide =
            |cell: &usize| !matches!(self.block.groups[self.block.place(*cell).1], Group::RegionSector(..));
        let complement = |cell: &usize| self.choice.rule(*cell) == Some(Rule::Complement);
        let mut cells: Vec<usize> =
            (0..self.block.cells.len()).filter(|c| complement(c) && wide(c)).collect();
        cells.sort_by_key(|cell| (std::cmp::Reverse(self.proof_order(*cell) == 2), *cell));
        let budget = self.tried + BASE_TRIES;
        for cell in cells {
            if self.undecided || self.tried > budget {
                return;
            }
            self.choice.release(self.block, cell);
            // Publishing any cell of the family also publishes the base.
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

    /// Proves a count without withholding any more; false if that is impossible.
    fn prove_freely(&mut self, cell: usize) -> bool {
        if !self.choice.is_withheld(cell) {
            return true;
        }
        while let Some(gap) = self.gap(cell) {
            match self.find(cell, gap.conditions(FREE)) {
                Some(exchange) => drop(self.accept(exchange, cell)),
                None => return false,
            }
        }
        true
    }

    /// The order of proof: regions and sectors first, then sectors of regions, then the nation, since most of what is
    /// withheld for the nation is withheld to protect the others.
    fn proof_order(&self, cell: usize) -> u8 {
        match self.block.groups[self.block.place(cell).1] {
            Group::Region(_) | Group::Sector(_) => 0,
            Group::RegionSector(..) => 1,
            Group::Nation => 2,
        }
    }

    /// An exchange that shows these readers another value, preferably in areas not yet used to prove the count if that
    /// costs nothing.
    fn search(&mut self, cell: usize, gap: &Gap) -> Option<Exchange> {
        let mut areas = gap.readers.clone();
        areas.extend(gap.used.iter().map(|unit| self.block.units[*unit].area));
        let elsewhere = Conditions { areas: &areas, units: &[], beside: &gap.moved, limit: FREE };
        self.find(cell, elsewhere).or_else(|| self.find(cell, gap.conditions(u64::MAX)))
    }

    fn find(&mut self, cell: usize, conditions: Conditions<'_>) -> Option<Exchange> {
        let world = (self.block, self.known, &self.choice);
        let mut search = Search::new(world, &mut self.shortlists, conditions);
        let found = search.cheapest(cell);
        self.tried += u64::from(search.tried);
        found
    }

    /// Withholds everything that an exchange changes and adds it to the proofs; returns what was published until now.
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

    /// The gap in the proof of a count, if there is one.
    pub(super) fn gap(&self, cell: usize) -> Option<Gap> {
        // These exchanges are in different areas, so no coalition can affect all of them: enough are left.
        let enough = self.policy.possible_values - 1 + self.policy.coalition();
        if self.known.is_empty() && self.in_different_areas(cell, enough) >= enough {
            return None;
        }
        self.gap_of(cell, &mut Vec::new())
    }

    /// Goes through the coalitions that touch the existing proofs: no others know more than these.
    fn gap_of(&self, cell: usize, readers: &mut Vec<usize>) -> Option<Gap> {
        let need = self.need(cell, readers);
        let proofs = self.apart(cell, readers, need);
        if (proofs.len() as u32) < need {
            let used = proofs.iter().flat_map(|proof| proof.units()).collect();
            let moved = proofs.iter().map(|proof| proof.moved.clone()).collect();
            return Some(Gap { readers: readers.clone(), used, moved, exact: proofs.is_empty() });
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
            let gap = self.gap_of(cell, readers);
            readers.pop();
            gap
        })
    }

    /// How many exchanges a count needs to have enough possible values for these readers.
    fn need(&self, cell: usize, readers: &[usize]) -> u32 {
        let (column, group) = self.block.place(cell);
        let known_before = !readers.is_empty() && self.known_before.contains(&cell);
        if !self.block.columns[column].open || known_before {
            return 0;
        }
        let base = self.block.base(column, group);
        let family = self.block.families[self.block.columns[column].family].base;
        let others = base - self.block.own(readers, family, group);
        let (least, greatest) = self.known.bounds(cell, base);
        let need = (self.policy.possible_values - 1).min(others).min(greatest - least);
        if self.narrow.contains(&cell) { need.min(1) } else { need }
    }

    /// Up to `most` exchanges that change a count, leave the readers' answers unchanged and can happen together.
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

    /// A lower bound on how many exchanges that change a count have no area in common; counted up to `enough`.
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

    /// Adds an exchange found to prove a count. It may prove others too.
    fn add(&mut self, exchange: Exchange, target: usize) {
        let number = self.exchanges.len() as u32;
        for (cell, _) in &exchange.moved {
            self.changing[*cell].push(number);
            if *cell == target || self.of_cell[*cell].len() < MAX_SHARED_PROOFS {
                self.of_cell[*cell].push(number);
            }
        }
        self.exchanges.push(Some(exchange));
    }

    /// Removes an exchange.
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

    /// Restores exchanges that were removed, in place of those added since.
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
