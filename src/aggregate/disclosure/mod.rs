//! Which statistics may be published. Decided once for all reports of a run, before the first is composed.
//!
//! A reader is taken to hold everything that is published of all areas, regions and sectors, and to know the answers of
//! the own area and of those that pool theirs with it. First the policy is applied to each statistic by itself, then
//! others are withheld so that none can be had by subtraction, and then an audit tries to work out every one.

mod audit;
mod complement;
mod exchange;
mod log;
mod primary;
mod protected;
mod system;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use protected::{ProtectedAggregates, Statistic};

use super::Aggregates;
use crate::check::CheckedEvaluation;
use crate::model::{AreaIndex, Definition, Group, MeasureIndex, Questionnaire, Unanimity};
use audit::Audit;
use complement::{HiddenGroups, Sums};
use exchange::Exchanges;
use primary::Primary;
use system::System;

/// Measures that are made of the same answers, so that one may tell of another. They are decided on together, and apart
/// from all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedMeasures {
    /// The measures, in their order.
    measures: Vec<MeasureIndex>,
}

/// A cell of a measure in a group.
pub(super) type CellKey = (MeasureIndex, usize, Group);

/// Why a statistic is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    /// It is of one sector in one region, and the policy publishes none of those.
    Crossed,
    /// Too few areas are behind it.
    MinimumBase,
    /// It would tell a reader that all others answered alike.
    Unanimity,
    /// It would give away another one that is withheld.
    Complement,
}

/// What disclosure control decided on some linked measures.
#[derive(Debug)]
pub struct Decision {
    /// The statistics that are withheld, and those that are published although all answered alike.
    entries: BTreeMap<CellKey, Entry>,
    /// The withheld ones that can be worked out all the same.
    exposures: Vec<Exposure>,
}

/// A line of the suppression log.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Why it is withheld; `None` for one that is only recorded.
    rule: Option<Rule>,
    /// How many areas are behind it.
    areas: usize,
}

/// A withheld statistic that somebody can work out from what is published and from the own answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The statistic.
    cell: CellKey,
    /// The areas that can, together; empty when everybody can.
    readers: Vec<AreaIndex>,
}

/// The measures of a questionnaire by what they are made of: a question's distribution with the counts of its options,
/// and several questions where a tally joins them.
pub fn linked(questionnaire: &Questionnaire) -> Vec<LinkedMeasures> {
    let questions = |measure: usize| match &questionnaire.measures[measure].definition {
        Definition::Tally { of, .. } => of.iter().map(|part| questionnaire.question_of(*part)).collect(),
        _ => BTreeSet::from([questionnaire.question_of(MeasureIndex(measure))]),
    };
    let mut linked: Vec<(BTreeSet<_>, Vec<MeasureIndex>)> = Vec::new();
    for measure in 0..questionnaire.measures.len() {
        let (mut joined, mut measures) = (questions(measure), vec![MeasureIndex(measure)]);
        linked.retain(|(other, members)| {
            let apart = other.is_disjoint(&joined);
            if !apart {
                joined.extend(other.iter().copied());
                measures.extend(members);
            }
            apart
        });
        measures.sort_unstable();
        linked.push((joined, measures));
    }
    linked.into_iter().map(|(_, measures)| LinkedMeasures { measures }).collect()
}

/// Decides which statistics of linked measures are withheld, and audits the outcome.
pub fn decide(evaluation: &CheckedEvaluation, aggregates: &Aggregates, linked: &LinkedMeasures) -> Decision {
    let policy = &evaluation.settings.disclosure;
    let system = System::of(evaluation, aggregates, linked);
    let primaries = primary::primary(&system, policy);
    let rule = |primary: &Primary| match primary {
        Primary::Withheld(rule) => Some(*rule),
        Primary::Free | Primary::Recorded => None,
    };
    let mut withheld: Vec<Option<Rule>> = primaries.iter().map(rule).collect();
    let small = |(cell, rule): (&system::Cell, &Option<Rule>)| {
        (*rule == Some(Rule::MinimumBase)).then_some(cell.group)
    };
    let small: BTreeSet<Group> = system.cells.iter().zip(&withheld).filter_map(small).collect();
    let told = told_by_unanimity(&system, &primaries, policy.unanimity);
    let mut groups = HiddenGroups::new(&system, policy, small);
    groups.close();
    groups.mark(&mut withheld);
    let mut sums = Sums::new(&system);
    sums.close(&mut withheld);
    let exchanges = Exchanges::new(evaluation, &system);
    let mut audit = Audit::default();
    let mut exposed = |withheld: &[Option<Rule>]| {
        let mut found = audit.recoverable(&system, &exchanges, withheld, policy);
        found.retain(|recoverable| !told[recoverable.cell]);
        found
    };
    let exposures = loop {
        let found = exposed(&withheld);
        let mut widened = false;
        for recoverable in &found {
            let cell = recoverable.cell;
            widened |= sums.widen(&mut withheld, cell) || sums.give_up(&mut withheld, cell);
        }
        if !widened {
            break found;
        }
        sums.close(&mut withheld);
    };
    if exposures.is_empty() {
        sums.release(&mut withheld, |withheld| exposed(withheld).is_empty());
    }
    decision(evaluation, aggregates, linked, &system, &primaries, &withheld, exposures)
}

/// The cells that a published statistic tells of, because all in its group answered alike, where the policy lets such a
/// statistic be published: what holds of all holds of each.
fn told_by_unanimity(system: &System, primaries: &[Primary], unanimity: Unanimity) -> Vec<bool> {
    if unanimity == Unanimity::Withheld {
        return vec![false; system.cells.len()];
    }
    let cells = system.cells.iter().zip(primaries);
    let unanimous: BTreeSet<CellKey> = cells
        .filter(|(_, primary)| **primary == Primary::Recorded)
        .map(|(cell, _)| (cell.measure, cell.cell, cell.group))
        .collect();
    let told = |cell: &system::Cell| {
        let wider: &[Group] = match cell.group {
            Group::Nation => &[],
            Group::Region(_) | Group::Sector(_) => &[Group::Nation],
            Group::RegionSector(region, sector) => {
                &[Group::Nation, Group::Region(region), Group::Sector(sector)]
            }
        };
        wider.iter().any(|group| unanimous.contains(&(cell.measure, cell.cell, *group)))
    };
    system.cells.iter().map(told).collect()
}

/// The statistics of one sector in one region, where the policy publishes none of them.
fn crossed(
    evaluation: &CheckedEvaluation,
    aggregates: &Aggregates,
    linked: &LinkedMeasures,
) -> Vec<(CellKey, Entry)> {
    let CheckedEvaluation { questionnaire, register, settings, .. } = evaluation;
    let mut entries = Vec::new();
    for measure in linked.measures.iter().copied().filter(|_| settings.disclosure.withholds_crossed) {
        for group in questionnaire.groups(measure, register.regions.len()) {
            // One respondent of each area is behind it.
            let areas = aggregates.share(measure, 0, group).base as usize;
            if matches!(group, Group::RegionSector(..)) && areas > 0 {
                let cells = 0..questionnaire[measure].cells.len();
                let entry = Entry { rule: Some(Rule::Crossed), areas };
                entries.extend(cells.map(|cell| ((measure, cell, group), entry)));
            }
        }
    }
    entries
}

fn decision(
    evaluation: &CheckedEvaluation,
    aggregates: &Aggregates,
    linked: &LinkedMeasures,
    system: &System,
    primaries: &[Primary],
    withheld: &[Option<Rule>],
    found: Vec<audit::Recoverable>,
) -> Decision {
    let key = |cell: &system::Cell| (cell.measure, cell.cell, cell.group);
    let cells = system.cells.iter().zip(primaries.iter().zip(withheld));
    let entries = cells
        .filter(|(_, (primary, rule))| rule.is_some() || **primary == Primary::Recorded)
        .map(|(cell, (_, rule))| (key(cell), Entry { rule: *rule, areas: cell.areas.len() }));
    let entries = entries.chain(crossed(evaluation, aggregates, linked));
    let area = |position: &usize| evaluation.submissions[*position].area;
    let exposures = found.into_iter().map(|recoverable| Exposure {
        cell: key(&system.cells[recoverable.cell]),
        readers: recoverable.readers.iter().map(area).collect(),
    });
    Decision { entries: entries.collect(), exposures: exposures.collect() }
}
