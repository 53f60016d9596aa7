//! Decides which statistics may be published, once for all reports of a run, before the first is composed.
//!
//! A reader is assumed to know everything that is published about all areas, regions and sectors, as well as the
//! answers of their own area and of any that pool theirs with it. First the policy is applied to each statistic on its
//! own. Then others are withheld until each withheld count is proved to have other possible values. The proofs are
//! exchanges of answers between respondents that leave everything a reader knows unchanged. Finally, the proofs are
//! audited.

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
    /// Too few areas contribute to it.
    MinimumBase,
    /// It would show a reader that everyone else gave the same answer.
    Unanimity,
    /// It would reveal another withheld statistic.
    Complement,
    /// It might reveal another statistic: the search was not finished within the budget.
    Undecided,
}

/// What disclosure control decided for one set of linked measures.
#[derive(Debug)]
pub struct Decision {
    /// The statistics that are withheld, and those published even though everyone gave the same answer.
    entries: BTreeMap<CellKey, Entry>,
    /// The withheld statistics that can still be worked out.
    exposures: Vec<Exposure>,
    /// The withheld statistics that an area knows anyway, from earlier publications and its own answers.
    known_before: Vec<CellKey>,
    /// The measures published without statistics for sectors in regions, although the evaluation has them, and why.
    not_given: BTreeMap<MeasureIndex, Rule>,
}

/// A line of the suppression log.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Why it is withheld; `None` if it is only recorded.
    rule: Option<Rule>,
    /// How many areas contribute to it.
    areas: u32,
}

/// A withheld statistic that readers can work out from what is published and their own answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// The statistic.
    cell: CellKey,
    /// The areas that can work it out together; empty if everyone can.
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
                .extend(block.remove_sectors_of_regions(family).map(|measure| (measure, Rule::MinimumBase)));
        }
    }
    let (mut protection, mut recorded) = protected(&block, &known, policy);
    if protection.is_undecided() && block.has_sectors_of_regions() {
        drop(protection);
        for family in 0..block.families.len() {
            not_given
                .extend(block.remove_sectors_of_regions(family).map(|measure| (measure, Rule::Undecided)));
        }
        (protection, recorded) = protected(&block, &known, policy);
    }
    let entries = entries(&block, &protection.choice, &recorded);
    let known_before = protection.known_before().filter_map(|cell| key(&block, cell)).collect();
    let audit = Audit::new(evaluation, aggregates, linked, (&entries, &not_given));
    let exposures = audited(&audit, (&block, &known), protection);
    let area = |position: usize| evaluation.submissions[position].area;
    let exposures = exposures
        .into_iter()
        .map(|(cell, readers)| Exposure { cell, readers: readers.into_iter().map(area).collect() });
    Decision { exposures: exposures.collect(), entries, known_before, not_given }
}

/// Applies the policy to each statistic on its own, then withholds others until all withheld ones are protected. Also
/// returns the cells that are published even though everyone gave the same answer.
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

/// True when the policy alone withholds more than a fifth of a family's counts for sectors in regions. None of them is
/// then published: few would remain, in unpredictable places, and much else would be withheld to protect the rest.
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

/// The statistic in a cell; `None` for a base.
fn key(block: &Block, cell: usize) -> Option<CellKey> {
    let (column, group) = block.place(cell);
    let (measure, cell) = block.columns[column].cell?;
    Some((measure, cell, block.groups[group]))
}

/// The withheld statistics that can be worked out, and by whom, counting only proofs that the audit confirms.
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
    // If everything is withheld and nothing is already published, a count with only one possible value follows from the
    // questionnaire itself, or from who answered at all: no published figure reveals it.
    let nothing_is_known = protection.is_undecided() && known.is_empty();
    let exposed = |cell: usize| {
        let gap = protection.gap(cell).filter(|gap| gap.exact && !nothing_is_known)?;
        Some((key(block, cell)?, gap.readers))
    };
    withheld.filter_map(exposed).collect()
}
