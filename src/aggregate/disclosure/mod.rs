//! Which statistics may be published. Decided once for all reports of a run, before the first is composed.
//!
//! A reader is taken to hold everything that is published of all areas, regions and sectors, and to know the answers of
//! the own area and of those that pool theirs with it. First the policy is applied to each statistic by itself. Then
//! others are withheld, until there is proof for each withheld count that it could have another value: exchanges of answers
//! between respondents after which everything that a reader knows is as it was. In the end the proofs are audited.

mod audit;
mod block;
mod choice;
mod exchange;
mod known;
mod linked;
mod log;
mod primary;
mod protected;
mod protection;
mod remainder;
mod reply;
mod search;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use linked::{LinkedMeasures, linked};
pub use protected::{Extent, ProtectedAggregates, Statistic, Withheld};

use super::Aggregates;
use crate::check::CheckedEvaluation;
use crate::model::{AreaIndex, DisclosurePolicy, Group, MeasureIndex};
use audit::Audit;
use block::Block;
use choice::Choice;
use known::Known;
use primary::{Primary, primary};
use protection::Protection;
use remainder::Remainders;

/// A cell of a measure in a group.
pub(super) type CellKey = (MeasureIndex, usize, Group);

/// Why a statistic is withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    /// Too few areas are behind it.
    MinimumBase,
    /// It would tell a reader that all others answered alike.
    Unanimity,
    /// It would give away another statistic that is withheld.
    Complement,
    /// It may give away another statistic: the search was not finished within the budget.
    Undecided,
}

/// What disclosure control decided on some linked measures.
#[derive(Debug)]
pub struct Decision {
    /// The statistics that are withheld, and those that are published although all answered alike.
    entries: BTreeMap<CellKey, Entry>,
    /// The withheld ones that can be worked out all the same.
    exposures: Vec<Exposure>,
    /// The withheld ones that some area knows from figures published before and its own answers, whatever is withheld.
    known_before: Vec<CellKey>,
    /// The measures of which there are no statistics of sectors in regions, though the evaluation has them, and why.
    not_given: BTreeMap<MeasureIndex, Rule>,
}

/// A line of the suppression log.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Why it is withheld; `None` for one that is only recorded.
    rule: Option<Rule>,
    /// How many areas are behind it.
    areas: u32,
}

/// A withheld statistic that somebody can work out from what is published and from the own answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The statistic.
    cell: CellKey,
    /// The areas that can, together; empty when everybody can.
    readers: Vec<AreaIndex>,
}

/// Decides which statistics of linked measures are withheld, and audits the outcome.
pub fn decide(evaluation: &CheckedEvaluation, aggregates: &Aggregates, linked: &LinkedMeasures) -> Decision {
    let policy = &evaluation.settings.disclosure;
    let mut block = Block::of(evaluation, linked);
    let known = Known::of(evaluation, aggregates, &block);
    let mut not_given = BTreeMap::new();
    for family in 0..block.families.len() {
        if is_mostly_withheld(&block, &known, policy, family) {
            not_given
                .extend(block.give_no_sectors_of_regions(family).map(|measure| (measure, Rule::MinimumBase)));
        }
    }
    let (mut protection, mut recorded) = protected(&block, &known, policy);
    if protection.is_undecided() && block.has_sectors_of_regions() {
        drop(protection);
        for family in 0..block.families.len() {
            not_given
                .extend(block.give_no_sectors_of_regions(family).map(|measure| (measure, Rule::Undecided)));
        }
        (protection, recorded) = protected(&block, &known, policy);
    }
    let entries = entries(&block, &protection.choice, &recorded);
    let known_before = protection.told_before().filter_map(|cell| key(&block, cell)).collect();
    let audit = Audit::new(evaluation, aggregates, linked, (&entries, &not_given));
    let exposures = audited(&audit, (&block, &known), protection);
    let area = |position: usize| evaluation.submissions[position].area;
    let exposures = exposures
        .into_iter()
        .map(|(cell, readers)| Exposure { cell, readers: readers.into_iter().map(area).collect() });
    Decision { exposures: exposures.collect(), entries, known_before, not_given }
}

/// Applies the policy to each statistic by itself, then withholds others until those that are withheld are protected.
/// Gives also the cells that are published although all answered alike.
fn protected<'a>(
    block: &'a Block,
    known: &'a Known<'a>,
    policy: &'a DisclosurePolicy,
) -> (Protection<'a>, BTreeSet<usize>) {
    let mut choice = Choice::new(block);
    let mut recorded = BTreeSet::new();
    for family in 0..block.families.len() {
        let mut small = BTreeSet::new();
        for (column, group) in block.places(family) {
            let cell = block.cell(column, group);
            match primary(block, known, (column, group), policy) {
                Primary::Free => {}
                Primary::Recorded => {
                    recorded.insert(cell);
                }
                Primary::Withheld(rule) => {
                    choice.withhold(block, cell, rule);
                    small.extend((rule == Rule::MinimumBase).then_some(group));
                }
            }
        }
        for group in Remainders::new(block, policy, family, small).closed() {
            for column in block.families[family].columns.clone() {
                choice.withhold(block, block.cell(column, group), Rule::Complement);
            }
        }
    }
    let mut protection = Protection::new(block, known, policy, choice);
    protection.complete();
    protection.release();
    (protection, recorded)
}

/// True when the policy by itself withholds more than a fifth of a family's counts of sectors in regions. Then none of
/// them is given: few would be left, in places that nobody could foresee, and much else would be withheld for their sake.
fn is_mostly_withheld(block: &Block, known: &Known<'_>, policy: &DisclosurePolicy, family: usize) -> bool {
    let answered = block.places(family).filter(|(column, group)| {
        matches!(block.groups[*group], Group::RegionSector(..)) && block.base(*column, *group) > 0
    });
    let (mut all, mut withheld) = (0, 0);
    for place in answered {
        all += 1;
        withheld += usize::from(matches!(primary(block, known, place, policy), Primary::Withheld(_)));
    }
    5 * withheld > all
}

fn entries(block: &Block, choice: &Choice, recorded: &BTreeSet<usize>) -> BTreeMap<CellKey, Entry> {
    let mut entries = BTreeMap::new();
    for (index, column) in block.columns.iter().enumerate() {
        let Some((measure, cell)) = column.cell else { continue };
        for (position, group) in block.groups.iter().enumerate() {
            let place = block.cell(index, position);
            let rule = choice.rule(place);
            if rule.is_some() || recorded.contains(&place) {
                let areas = block.areas(index, position);
                entries.insert((measure, cell, *group), Entry { rule, areas });
            }
        }
    }
    entries
}

/// The statistic that a cell is; `None` for a base.
fn key(block: &Block, cell: usize) -> Option<CellKey> {
    let (column, group) = block.place(cell);
    let (measure, cell) = block.columns[column].cell?;
    Some((measure, cell, block.groups[group]))
}

/// The withheld statistics that can be worked out, and by whom, when only proofs count that the audit confirms.
fn audited(
    audit: &Audit<'_>,
    (block, known): (&Block, &Known<'_>),
    mut protection: Protection<'_>,
) -> Vec<(CellKey, Vec<usize>)> {
    for number in 0..protection.proofs.exchanges.len() as u32 {
        let confirmed = |exchange| audit.confirms(block, exchange);
        if !protection.proofs.get(number).is_none_or(confirmed) {
            drop(protection.proofs.drop(number));
        }
    }
    let withheld = (0..block.cells.len()).filter(|cell| protection.choice.is_withheld(*cell));
    // When everything is withheld and nothing was published before, a count that cannot have another value follows from the
    // questionnaire itself, or from who answered at all: nobody gives it away.
    let nothing_is_known = protection.is_undecided() && known.is_nothing();
    let exposed = |cell: usize| {
        let lack = protection.lack(cell).filter(|lack| lack.exact && !nothing_is_known)?;
        Some((key(block, cell)?, lack.readers))
    };
    withheld.filter_map(exposed).collect()
}
