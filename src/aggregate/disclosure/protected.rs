use std::collections::{BTreeMap, BTreeSet};

use super::{CellKey, Decision, Entry, Exposure, Rule};
use crate::aggregate::{Aggregates, Spread, Tenths};
use crate::check::CheckedEvaluation;
use crate::model::{DisclosurePolicy, Group, MeasureIndex, RegionIndex, SectorIndex, Share};

/// A statistic as it may be published: its share, or the fact that it is withheld. Only disclosure control creates
/// these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistic(Option<Share>);

impl Statistic {
    /// The share; `None` if it is withheld.
    pub fn share(self) -> Option<Share> {
        self.0
    }

    /// The combined share of two cells with the same base; withheld if either of them is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (Some(a), Some(b)) = (self.0, other.0) else { return Self(None) };
        Self(Some(Share { count: a.count + b.count, base: a.base }))
    }
}

/// The statistics for all areas, regions and sectors after disclosure control: withheld ones cannot be read from it.
#[derive(Clone, Debug)]
pub struct ProtectedAggregates {
    aggregates: Aggregates,
    entries: BTreeMap<CellKey, Entry>,
    known_before: Vec<CellKey>,
    not_given: BTreeMap<MeasureIndex, Rule>,
}

/// How much is withheld for each kind of group.
#[derive(Clone, Debug, Default)]
pub struct Extent {
    /// For all areas together.
    pub nation: Withheld,
    /// For regions.
    pub regions: Withheld,
    /// For sectors across all areas.
    pub sectors: Withheld,
    /// For sectors in regions.
    pub sectors_of_regions: Withheld,
    /// The measures that are withheld entirely because no decision was reached within the budget.
    pub undecided: BTreeSet<MeasureIndex>,
    /// The measures published without statistics for sectors in regions, although the evaluation has them.
    pub without_sectors_of_regions: BTreeSet<MeasureIndex>,
}

/// How much is withheld for one kind of group.
#[derive(Clone, Debug, Default)]
pub struct Withheld {
    /// The number of statistics that have anyone in their base, or are withheld.
    pub statistics: usize,
    /// How many of them are withheld.
    pub withheld: usize,
}

impl Extent {
    fn of(&mut self, group: Group) -> &mut Withheld {
        match group {
            Group::Nation => &mut self.nation,
            Group::Region(_) => &mut self.regions,
            Group::Sector(_) => &mut self.sectors,
            Group::RegionSector(..) => &mut self.sectors_of_regions,
        }
    }
}

impl Aggregates {
    /// Applies the decisions on all measures.
    ///
    /// # Errors
    /// Returns the withheld statistics that can still be worked out, if any; nothing may then be published.
    pub fn protect(self, decisions: Vec<Decision>) -> Result<ProtectedAggregates, Vec<Exposure>> {
        let mut protected = ProtectedAggregates {
            aggregates: self,
            entries: BTreeMap::new(),
            known_before: Vec::new(),
            not_given: BTreeMap::new(),
        };
        let mut exposures = Vec::new();
        for decision in decisions {
            protected.entries.extend(decision.entries);
            protected.not_given.extend(decision.not_given);
            protected.known_before.extend(decision.known_before);
            exposures.extend(decision.exposures);
        }
        let not_given = &protected.not_given;
        protected.aggregates.tallies.retain(|((measure, group), _)| {
            !matches!(group, Group::RegionSector(..)) || !not_given.contains_key(measure)
        });
        if exposures.is_empty() { Ok(protected) } else { Err(exposures) }
    }
}

impl ProtectedAggregates {
    /// The statistic of a cell in a group; also withheld if the measure has no statistics for such groups.
    pub fn statistic(&self, measure: MeasureIndex, cell: usize, group: Group) -> Statistic {
        let withheld = self.is_withheld(&(measure, cell, group));
        let counted = self.aggregates.cells(measure, group) > 0;
        Statistic((counted && !withheld).then(|| self.aggregates.share(measure, cell, group)))
    }

    /// The base of a measure in a group; `None` if all its cells in that group are withheld.
    pub fn base(&self, measure: MeasureIndex, group: Group) -> Option<u32> {
        let mut cells = 0..self.aggregates.cells(measure, group);
        cells.find_map(|cell| self.statistic(measure, cell, group).share()).map(|share| share.base)
    }

    /// The areas' shares in the first cell of a measure; `None` if too few areas contribute, or if the measure is
    /// withheld for any group, so that its spread reveals nothing about it.
    pub fn spread(&self, measure: MeasureIndex, policy: &DisclosurePolicy) -> Option<&Spread> {
        let spread = self.aggregates.spreads.get(measure.0)?;
        let first = (measure, 0, Group::Nation);
        let mut of_cell = self.entries.range(first..).take_while(|(key, _)| (key.0, key.1) == (measure, 0));
        let withheld = of_cell.any(|(_, entry)| entry.rule.is_some());
        let enough = spread.shares.len() as u64 >= u64::from(policy.minimum_areas());
        (enough && !withheld).then_some(spread)
    }

    /// How many areas of a region are nearest to each tenth in the first cell of a measure; `None` if the measure is withheld
    /// for any group, or if the areas of this region could give away one of them.
    pub fn tenths(
        &self,
        measure: MeasureIndex,
        region: RegionIndex,
        policy: &DisclosurePolicy,
    ) -> Option<Tenths> {
        self.spread(measure, policy)?;
        Tenths::of(self.aggregates.spreads_in_regions.get(&(measure, region))?, policy)
    }

    /// True when a measure has statistics for sectors in regions.
    pub fn has_sectors_of_regions(&self, measure: MeasureIndex) -> bool {
        let first = (measure, Group::RegionSector(RegionIndex(0), SectorIndex(0)));
        let tallies = &self.aggregates.tallies;
        let position = tallies.partition_point(|(key, _)| *key < first);
        tallies.get(position).is_some_and(|((of, _), _)| *of == measure)
    }

    /// Every measure and group that has statistics, sorted.
    pub fn groups(&self) -> impl Iterator<Item = (MeasureIndex, Group)> {
        self.aggregates.groups()
    }

    /// Returns how much is withheld for each kind of group.
    pub fn extent(&self) -> Extent {
        let mut extent = Extent::default();
        for (measure, group) in self.groups() {
            let answered = self.aggregates.share(measure, 0, group).base > 0;
            let cells = 0..self.aggregates.cells(measure, group);
            let counts = |cell: &usize| answered || self.is_withheld(&(measure, *cell, group));
            extent.of(group).statistics += cells.filter(counts).count();
        }
        for (_, _, group) in self.entries.iter().filter(|(_, e)| e.rule.is_some()).map(|(key, _)| *key) {
            extent.of(group).withheld += 1;
        }
        let undecided =
            |(key, entry): (&CellKey, &Entry)| (entry.rule == Some(Rule::Undecided)).then_some(key.0);
        extent.without_sectors_of_regions = self.not_given.keys().copied().collect();
        extent.undecided = self.entries.iter().filter_map(undecided).collect();
        extent
    }

    /// Describes the withheld statistics that an area knows anyway, from earlier publications and its own answers.
    pub fn known_before(&self, evaluation: &CheckedEvaluation) -> Vec<String> {
        self.known_before.iter().map(|cell| super::log::describe(evaluation, *cell)).collect()
    }

    /// The suppression log as CSV: every statistic that is withheld, or published even though everyone gave the same
    /// answer, with its value and the rule. Only for those who produce the reports.
    ///
    /// # Errors
    /// Never in practice: it is written to memory.
    pub fn suppression_log(&self, evaluation: &CheckedEvaluation) -> Result<String, csv::Error> {
        super::log::text(evaluation, &self.aggregates, &self.entries, &self.not_given)
    }

    fn is_withheld(&self, cell: &CellKey) -> bool {
        self.entries.get(cell).is_some_and(|entry| entry.rule.is_some())
    }
}
