//! Counting: a [`CheckedEvaluation`] in, [`Aggregates`] out. Each run has one set of statistics, shared by every
//! report.

mod disclosure;
mod outcome;
mod reconcile;
mod seal;
mod spread;
mod supplied;
mod table;
mod tenths;

pub use disclosure::{
    Decision, Exposure, Extent, LinkedMeasures, ProtectedAggregates, Statistic, Withheld, decide, linked,
};
pub use outcome::{area_share, outcome};
pub use reconcile::{Reconciliation, confirmed, reconcile};
pub use seal::{SealedAggregates, seal_of, seal_of_facts};
pub use spread::Spread;
pub use supplied::reconcile_supplied;
pub use table::{AggregateFile, PublishedCells};
pub use tenths::Tenths;

use std::collections::BTreeMap;

use crate::check::CheckedEvaluation;
use crate::model::{
    AnswerKey, Group, MeasureIndex, Questionnaire, RegionIndex, Respondent, Share, Submission,
};

/// The statistics for all areas together, for regions and for sectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregates {
    /// Sorted by measure and group.
    tallies: Vec<((MeasureIndex, Group), Tally)>,
    /// The spread of area shares for each measure.
    spreads: Vec<Spread>,
    /// The same in each region.
    spreads_in_regions: BTreeMap<(MeasureIndex, RegionIndex), Spread>,
}

/// The counts of one measure for one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    base: u32,
    counts: Box<[u32]>,
}

/// Counts every measure, for every group that has figures, across all valid submissions.
pub fn aggregate(evaluation: &CheckedEvaluation) -> Aggregates {
    let CheckedEvaluation { register, questionnaire, submissions, settings, .. } = evaluation;
    let published =
        |group: &Group| !settings.disclosure.withholds_crossed || !matches!(group, Group::RegionSector(..));
    let mut aggregates = Aggregates::default();
    for m in 0..questionnaire.measures.len() {
        let measure = MeasureIndex(m);
        let cells = questionnaire[measure].cells.len();
        let mut groups = questionnaire.groups(measure, register.regions.len());
        groups.retain(published);
        groups.sort_unstable();
        let empty = Tally { base: 0, counts: vec![0; cells].into() };
        aggregates.tallies.extend(groups.into_iter().map(|group| ((measure, group), empty.clone())));
        let places = Submission::places(questionnaire, questionnaire.question_of(measure));
        aggregates.spreads.push(Spread::of(questionnaire, submissions.iter(), measure));
        for region in (0..register.regions.len()).map(RegionIndex) {
            let in_region =
                submissions.iter().filter(|submission| register[submission.area].region == region);
            let spread = Spread::of(questionnaire, in_region, measure);
            aggregates.spreads_in_regions.insert((measure, region), spread);
        }
        for submission in submissions {
            let region = register[submission.area].region;
            for key in &places {
                let Some(cells) = outcome(questionnaire, submission, measure, *key) else { continue };
                for group in groups_of(questionnaire, measure, region, *key) {
                    aggregates.count(measure, group, &cells);
                }
            }
        }
    }
    aggregates
}

impl Aggregates {
    /// The share of a cell in a group; its base is 0 if the measure has no statistics for that group.
    pub fn share(&self, measure: MeasureIndex, cell: usize, group: Group) -> Share {
        self.position(measure, group).map_or_else(Share::default, |position| {
            let tally = &self.tallies[position].1;
            Share { count: tally.counts.get(cell).copied().unwrap_or_default(), base: tally.base }
        })
    }

    /// Every measure and group that has statistics, sorted.
    pub fn groups(&self) -> impl Iterator<Item = (MeasureIndex, Group)> {
        self.tallies.iter().map(|(key, _)| *key)
    }

    /// How many cells a measure has in a group.
    fn cells(&self, measure: MeasureIndex, group: Group) -> usize {
        self.position(measure, group).map_or(0, |position| self.tallies[position].1.counts.len())
    }

    fn position(&self, measure: MeasureIndex, group: Group) -> Option<usize> {
        self.tallies.binary_search_by_key(&(measure, group), |(key, _)| *key).ok()
    }

    fn count(&mut self, measure: MeasureIndex, group: Group, cells: &[usize]) {
        if let Some(position) = self.position(measure, group) {
            let tally = &mut self.tallies[position].1;
            tally.base += 1;
            for cell in cells {
                tally.counts[*cell] += 1;
            }
        }
    }
}

/// The groups in which one respondent's answer counts. In a grid, the sector is the one being rated.
fn groups_of(
    questionnaire: &Questionnaire,
    measure: MeasureIndex,
    region: RegionIndex,
    key: AnswerKey,
) -> Vec<Group> {
    let mut groups = vec![Group::Nation, Group::Region(region)];
    let sector = match key.respondent {
        Respondent::Manager(sector) => Some(sector),
        Respondent::StrategicLead => key.item,
    };
    if let Some(sector) = sector.filter(|_| questionnaire.by_sector(measure)) {
        groups.extend([Group::Sector(sector), Group::RegionSector(region, sector)]);
    }
    groups
}
