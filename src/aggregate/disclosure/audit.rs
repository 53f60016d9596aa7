use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions};

use super::Rule;
use super::exchange::{Differences, Exchanges};
use super::system::{Relation, System};
use crate::model::DisclosurePolicy;

/// More than any sound system needs; a search that is given up counts as a finding.
const NODES: u64 = 20_000;

/// A withheld cell that somebody can work out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recoverable {
    /// The cell.
    pub(super) cell: usize,
    /// The areas that can, as positions in the submissions; empty when everybody can.
    pub(super) readers: Vec<usize>,
}

/// Tries to work out withheld cells, as everybody, as each area and as each group of areas that may pool their answers:
/// from all published cells, from what was published before, and from the readers' own answers.
///
/// A cell is safe when there is another table in which it has another value, and which agrees with all that the readers
/// know. Such a table is looked for by integer programming and then checked in whole numbers: if the solver errs, it can
/// only raise a false alarm.
///
/// A complement is a statistic that could be published itself; it only must not be worked out by everybody, for then it
/// would be withheld in vain.
#[derive(Default)]
pub(super) struct Audit {
    /// The tables found so far. They stay good as long as the cells in which they differ are withheld.
    alternatives: Vec<Differences>,
}

impl Audit {
    /// The cells that can be worked out.
    pub(super) fn recoverable(
        &mut self,
        system: &System,
        exchanges: &Exchanges<'_>,
        withheld: &[Option<Rule>],
        policy: &DisclosurePolicy,
    ) -> Vec<Recoverable> {
        let unknown = Unknown::of(system, withheld);
        let publishable: Vec<bool> =
            unknown.cells.iter().map(|cell| withheld[*cell] == Some(Rule::Complement)).collect();
        let mut tables: Vec<Vec<i64>> =
            self.alternatives.iter().filter_map(|alternative| unknown.table(alternative)).collect();
        let readers = readers(system, &unknown, policy);
        let together = Knowledge::joint(readers.keys());
        let mut tried_together = vec![false; unknown.cells.len()];
        let mut found: BTreeMap<usize, Recoverable> = BTreeMap::new();
        for (knowledge, readers) in &readers {
            let mut tried = 0;
            let mut moved = vec![false; unknown.cells.len()];
            for target in 0..unknown.cells.len() {
                let permitted = publishable[target] && !readers.is_empty();
                if permitted || found.contains_key(&target) || knowledge.whole.contains(&target) {
                    continue;
                }
                knowledge.learn(&tables[tried..], &unknown, &mut moved);
                tried = tables.len();
                if moved[target] {
                    continue;
                }
                let exchange = |knowledge: &Knowledge| {
                    let bounds = |cell: usize| Some(knowledge.bounds(unknown.positions[cell]?, &unknown));
                    unknown.table(&exchanges.find(unknown.cells[target], bounds)?)
                };
                // A table that no reader can rule out serves for all of them.
                let first = !std::mem::replace(&mut tried_together[target], true);
                let table = first.then(|| exchange(&together)).flatten();
                let table = table.or_else(|| exchange(knowledge));
                if let Some(table) = table.or_else(|| unknown.solve(target, knowledge)) {
                    self.alternatives.push(unknown.differences(&table));
                    tables.push(table);
                } else {
                    let cell = unknown.cells[target];
                    found.insert(target, Recoverable { cell, readers: readers.clone() });
                }
            }
        }
        found.into_values().collect()
    }
}

/// The withheld counts, as unknowns of the relations between them.
struct Unknown {
    /// The withheld cells.
    cells: Vec<usize>,
    /// Position of each cell in `cells`.
    positions: Vec<Option<usize>>,
    /// Their true counts.
    truth: Vec<i64>,
    /// What everybody knows of each: the least and the greatest that it can be.
    bounds: Vec<(i64, i64)>,
    /// The relations between them, in positions, with all that is published taken to the right side.
    relations: Vec<Relation>,
    /// Unknowns with the same number may depend on each other.
    parts: Vec<usize>,
}

impl Unknown {
    fn of(system: &System, withheld: &[Option<Rule>]) -> Self {
        let cells: Vec<usize> = (0..system.cells.len()).filter(|cell| withheld[*cell].is_some()).collect();
        let mut positions = vec![None; system.cells.len()];
        cells.iter().enumerate().for_each(|(position, cell)| positions[*cell] = Some(position));
        let truth = cells.iter().map(|cell| i64::from(system.cells[*cell].share.count)).collect();
        let bounds = cells.iter().map(|cell| system.cells[*cell].bounds);
        let bounds = bounds.map(|(least, greatest)| (i64::from(least), i64::from(greatest))).collect();
        let mut relations = Vec::new();
        let mut parts: Vec<usize> = (0..cells.len()).collect();
        for relation in &system.relations {
            let mut terms = Vec::new();
            let mut constant = relation.constant;
            for (cell, factor) in &relation.terms {
                match positions[*cell] {
                    Some(position) => terms.push((position, *factor)),
                    None => constant -= factor * i64::from(system.cells[*cell].share.count),
                }
            }
            let Some((first, _)) = terms.first().copied() else { continue };
            terms.iter().for_each(|(other, _)| join(&mut parts, first, *other));
            relations.push(Relation { terms, equal: relation.equal, constant });
        }
        let parts = (0..cells.len()).map(|position| root(&parts, position)).collect();
        Self { cells, positions, truth, bounds, relations, parts }
    }

    /// A table with these differences; none when one of them is in a published cell.
    fn table(&self, alternative: &Differences) -> Option<Vec<i64>> {
        let mut table = self.truth.clone();
        for (cell, count) in alternative {
            table[self.positions[*cell]?] = *count;
        }
        Some(table)
    }

    fn differences(&self, table: &[i64]) -> Differences {
        let counts = self.cells.iter().zip(table.iter().zip(&self.truth));
        counts
            .filter(|(_, (count, truth))| count != truth)
            .map(|(cell, (count, _))| (*cell, *count))
            .collect()
    }

    /// A table in which the target has another value, found by the solver.
    fn solve(&self, target: usize, knowledge: &Knowledge) -> Option<Vec<i64>> {
        let (least, greatest) = knowledge.bounds(target, self);
        let truth = self.truth[target];
        let above = (truth + 1, greatest, OptimizationDirection::Maximize);
        let below = (least, truth - 1, OptimizationDirection::Minimize);
        [above, below].into_iter().find_map(|(from, to, direction)| {
            self.solve_within(target, (from, to), direction, knowledge)
                .filter(|table| self.holds(table, knowledge))
        })
    }

    fn solve_within(
        &self,
        target: usize,
        within: (i64, i64),
        direction: OptimizationDirection,
        knowledge: &Knowledge,
    ) -> Option<Vec<i64>> {
        if within.0 > within.1 {
            return None;
        }
        let mut problem = Problem::new(direction);
        let mut variables = vec![None; self.cells.len()];
        for position in (0..self.cells.len()).filter(|p| self.parts[*p] == self.parts[target]) {
            let (least, greatest) =
                if position == target { within } else { knowledge.bounds(position, self) };
            let bounds = (i32::try_from(least).ok()?, i32::try_from(greatest).ok()?);
            let goal = if position == target { 1.0 } else { 0.0 };
            variables[position] = Some(problem.add_integer_var(goal, bounds));
        }
        for Relation { terms, equal, constant } in &self.relations {
            let here = terms.iter().map(|(position, factor)| Some((variables[*position]?, *factor as f64)));
            // A relation is wholly in one part or in none.
            let Some(here) = here.collect::<Option<Vec<_>>>() else { continue };
            let operator = if *equal { ComparisonOp::Eq } else { ComparisonOp::Le };
            problem.add_constraint(here, operator, *constant as f64);
        }
        // Any other value will do, so the search may stop at the first.
        let mut options = SolveOptions::default();
        options.mip_gap = 1e9;
        options.node_limit = Some(NODES);
        let outcome = problem.solve_with(options).ok()?;
        let solution = outcome.solution()?;
        let value = |(position, variable): (usize, &Option<microlp::Variable>)| {
            variable.map_or(self.truth[position], |variable| solution.var_value(variable).round() as i64)
        };
        Some(variables.iter().enumerate().map(value).collect())
    }

    /// True when a table agrees with everything that is known.
    fn holds(&self, values: &[i64], knowledge: &Knowledge) -> bool {
        let within = |(position, value): (usize, &i64)| {
            let (least, greatest) = knowledge.bounds(position, self);
            (least..=greatest).contains(value)
        };
        values.iter().enumerate().all(within)
            && self.relations.iter().all(|Relation { terms, equal, constant }| {
                let sum: i64 = terms.iter().map(|(position, factor)| factor * values[*position]).sum();
                if *equal { sum == *constant } else { sum <= *constant }
            })
    }
}

/// What some readers know of the withheld cells because they are behind them.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Knowledge {
    /// The least and the greatest that a cell can be.
    narrowed: BTreeMap<usize, (i64, i64)>,
    /// The cells that nobody else is behind: they know them by right.
    whole: BTreeSet<usize>,
}

impl Knowledge {
    fn of(system: &System, unknown: &Unknown, areas: &[usize]) -> Self {
        let mut own: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        for contribution in areas.iter().flat_map(|area| &system.contributions[*area]) {
            let Some(position) = unknown.positions[contribution.cell] else { continue };
            let (count, base) = own.entry(position).or_default();
            *count += i64::from(contribution.share.count);
            *base += i64::from(contribution.share.base);
        }
        let mut knowledge = Self::default();
        for (position, (count, base)) in own {
            let all = i64::from(system.cells[unknown.cells[position]].share.base);
            if base == all {
                knowledge.whole.insert(position);
            }
            let (least, greatest) = unknown.bounds[position];
            knowledge.narrowed.insert(position, (least.max(count), greatest.min(all - (base - count))));
        }
        knowledge
    }

    /// What all of some readers know together; more than any of them knows.
    fn joint<'a>(readers: impl Iterator<Item = &'a Self>) -> Self {
        let mut joint = Self::default();
        for (position, (least, greatest)) in readers.flat_map(|reader| &reader.narrowed) {
            let bounds = joint.narrowed.entry(*position).or_insert((*least, *greatest));
            *bounds = (bounds.0.max(*least), bounds.1.min(*greatest));
        }
        joint
    }

    fn bounds(&self, position: usize, unknown: &Unknown) -> (i64, i64) {
        self.narrowed.get(&position).copied().unwrap_or(unknown.bounds[position])
    }

    /// Marks the cells that have another value in a table that these readers cannot rule out.
    fn learn(&self, alternatives: &[Vec<i64>], unknown: &Unknown, moved: &mut [bool]) {
        let fits = |values: &&Vec<i64>| {
            self.narrowed
                .iter()
                .all(|(position, (least, greatest))| (least..=greatest).contains(&&values[*position]))
        };
        for values in alternatives.iter().filter(fits) {
            for (position, moved) in moved.iter_mut().enumerate() {
                *moved |= values[position] != unknown.truth[position];
            }
        }
    }
}

/// Everybody, then each area or each group of areas of a region that may pool their answers. Readers that know the same
/// stand for one another.
fn readers(system: &System, unknown: &Unknown, policy: &DisclosurePolicy) -> BTreeMap<Knowledge, Vec<usize>> {
    let mut readers = BTreeMap::from([(Knowledge::default(), Vec::new())]);
    let mut by_region: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let concerned =
        |area: &usize| system.contributions[*area].iter().any(|part| unknown.positions[part.cell].is_some());
    for area in (0..system.contributions.len()).filter(concerned) {
        by_region.entry(system.regions[area]).or_default().push(area);
    }
    for areas in by_region.into_values() {
        for group in groups(&areas, policy.coalition() as usize) {
            readers.entry(Knowledge::of(system, unknown, &group)).or_insert(group);
        }
    }
    readers
}

/// Every choice of so many of the areas; all of them, where there are not so many.
fn groups(areas: &[usize], size: usize) -> Vec<Vec<usize>> {
    if areas.len() <= size {
        return vec![areas.to_vec()];
    }
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut chosen = Vec::new();
    for (position, first) in areas.iter().enumerate().take(areas.len() - size + 1) {
        for rest in groups(&areas[position + 1..], size - 1) {
            chosen.push([&[*first], rest.as_slice()].concat());
        }
    }
    chosen
}

fn root(parents: &[usize], mut position: usize) -> usize {
    while parents[position] != position {
        position = parents[position];
    }
    position
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b)] = a.min(b);
}
