use std::collections::BTreeMap;

use super::LinkedMeasures;
use crate::aggregate::{Aggregates, groups_of, outcome, satisfies};
use crate::check::{CheckedEvaluation, PublishedCell};
use crate::model::{
    Definition, Group, MeasureIndex, QuestionKind, RegionIndex, SectorIndex, Share, Submission,
};

/// The statistics of some measures that can be worked out of one another, with every relation between them that a reader
/// can know.
///
/// Bases are taken as known to everybody: who answered is told in the methods of every report.
pub(super) struct System {
    /// The statistics.
    pub(super) cells: Vec<Cell>,
    /// What holds between their counts.
    pub(super) relations: Vec<Relation>,
    /// The groups that add up to another one: the total, and its parts.
    pub(super) lines: Vec<(Group, Vec<Group>)>,
    /// What each area knows of the cells because it is behind them; in the order of the submissions.
    pub(super) contributions: Vec<Vec<Contribution>>,
    /// The region of each area of `contributions`.
    pub(super) regions: Vec<RegionIndex>,
}

/// One statistic: a cell of a measure in a group.
pub(super) struct Cell {
    pub(super) measure: MeasureIndex,
    pub(super) cell: usize,
    pub(super) group: Group,
    pub(super) share: Share,
    /// The areas behind its base, as positions in [`System::contributions`], with what each adds.
    pub(super) areas: Vec<(usize, Share)>,
    /// What was published of its count before: the least and the greatest that it can be.
    pub(super) bounds: (u32, u32),
}

/// What one area adds to a cell.
#[derive(Clone, Copy)]
pub(super) struct Contribution {
    pub(super) cell: usize,
    pub(super) share: Share,
}

/// A linear relation between counts: the terms add up to the constant, or to at most the constant.
pub(super) struct Relation {
    /// Cells with their coefficients.
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) equal: bool,
    pub(super) constant: i64,
}

impl System {
    /// The statistics of linked measures.
    pub(super) fn of(
        evaluation: &CheckedEvaluation,
        aggregates: &Aggregates,
        linked: &LinkedMeasures,
    ) -> Self {
        let CheckedEvaluation { register, submissions, .. } = evaluation;
        let mut cells = Vec::new();
        let mut index = BTreeMap::new();
        for measure in linked.measures.iter().copied() {
            for group in groups(evaluation, measure) {
                for cell in 0..evaluation.questionnaire[measure].cells.len() {
                    let share = aggregates.share(measure, cell, group);
                    index.insert((measure, cell, group), cells.len());
                    let bounds = (0, share.base);
                    cells.push(Cell { measure, cell, group, share, areas: Vec::new(), bounds });
                }
            }
        }
        let lines = lines(evaluation, linked);
        let mut builder = Builder { evaluation, index: &index, relations: Vec::new(), cells: &cells };
        linked.measures.iter().for_each(|measure| builder.measure(*measure, &lines));
        let relations = builder.relations;
        let mut system = Self {
            cells,
            relations,
            lines,
            contributions: Vec::new(),
            regions: submissions.iter().map(|submission| register[submission.area].region).collect(),
        };
        system.contribute(evaluation, linked, &index);
        system.bound(evaluation, &index);
        system
    }

    /// How many areas are behind all of some cells together, at least.
    pub(super) fn areas_behind(&self, cells: impl Iterator<Item = usize>) -> usize {
        let mut by_measure: BTreeMap<MeasureIndex, Vec<usize>> = BTreeMap::new();
        for cell in cells.map(|cell| &self.cells[cell]).filter(|cell| cell.cell == 0) {
            let areas = cell.areas.iter().map(|(area, _)| *area);
            by_measure.entry(cell.measure).or_default().extend(areas);
        }
        let distinct = by_measure.into_values().map(|mut areas| {
            areas.sort_unstable();
            areas.dedup();
            areas.len()
        });
        distinct.filter(|areas| *areas > 0).min().unwrap_or_default()
    }

    fn contribute(
        &mut self,
        evaluation: &CheckedEvaluation,
        linked: &LinkedMeasures,
        index: &BTreeMap<(MeasureIndex, usize, Group), usize>,
    ) {
        let CheckedEvaluation { questionnaire, submissions, .. } = evaluation;
        for (area, submission) in submissions.iter().enumerate() {
            let mut shares: BTreeMap<usize, Share> = BTreeMap::new();
            for measure in linked.measures.iter().copied() {
                let question = questionnaire.question_of(measure);
                for key in Submission::places(questionnaire, question) {
                    let Some(counted) = outcome(questionnaire, submission, measure, key) else { continue };
                    for group in groups_of(questionnaire, measure, self.regions[area], key) {
                        for cell in 0..questionnaire[measure].cells.len() {
                            let Some(cell_index) = index.get(&(measure, cell, group)) else { continue };
                            let share = shares.entry(*cell_index).or_default();
                            share.base += 1;
                            share.count += u32::from(counted.contains(&cell));
                        }
                    }
                }
            }
            shares.iter().for_each(|(cell, share)| self.cells[*cell].areas.push((area, *share)));
            self.contributions
                .push(shares.into_iter().map(|(cell, share)| Contribution { cell, share }).collect());
        }
    }

    /// Narrows the cells that figures were published of before.
    fn bound(
        &mut self,
        evaluation: &CheckedEvaluation,
        index: &BTreeMap<(MeasureIndex, usize, Group), usize>,
    ) {
        for published in &evaluation.published {
            let PublishedCell::Cell(measure, cell) = published.cell else { continue };
            for group in &published.groups {
                let Some(position) = index.get(&(measure, cell, *group)) else { continue };
                let Cell { share, bounds, .. } = &mut self.cells[*position];
                let fits = |count: &u32| {
                    satisfies(published.relation, Share { count: *count, base: share.base }).unwrap_or(true)
                };
                if !fits(&share.count) {
                    // The figure contradicts the answers, which is a problem of its own and tells nothing here.
                    continue;
                }
                let least = (bounds.0..=share.count).find(fits).unwrap_or(share.count);
                let greatest = (share.count..=bounds.1).rev().find(fits).unwrap_or(share.count);
                *bounds = (least, greatest);
            }
        }
    }
}

/// The groups that a measure may be published of.
fn groups(evaluation: &CheckedEvaluation, measure: MeasureIndex) -> Vec<Group> {
    let mut groups = evaluation.questionnaire.groups(measure, evaluation.register.regions.len());
    if evaluation.settings.disclosure.withholds_crossed {
        groups.retain(|group| !matches!(group, Group::RegionSector(..)));
    }
    groups
}

/// All groups that add up to another one.
fn lines(evaluation: &CheckedEvaluation, linked: &LinkedMeasures) -> Vec<(Group, Vec<Group>)> {
    let questionnaire = &evaluation.questionnaire;
    let regions = || (0..evaluation.register.regions.len()).map(RegionIndex);
    let sectors = || (0..questionnaire.sectors.len()).map(SectorIndex);
    let mut lines = vec![(Group::Nation, regions().map(Group::Region).collect())];
    if linked.measures.iter().any(|measure| questionnaire.by_sector(*measure)) {
        lines.push((Group::Nation, sectors().map(Group::Sector).collect()));
    }
    let crossed = !evaluation.settings.disclosure.withholds_crossed;
    if crossed && lines.len() > 1 {
        lines.extend(
            sectors().map(|s| (Group::Sector(s), regions().map(|r| Group::RegionSector(r, s)).collect())),
        );
        lines.extend(
            regions().map(|r| (Group::Region(r), sectors().map(|s| Group::RegionSector(r, s)).collect())),
        );
    }
    lines
}

/// Writes down what holds between the cells of a measure, and between them and those of others.
struct Builder<'a> {
    evaluation: &'a CheckedEvaluation,
    index: &'a BTreeMap<(MeasureIndex, usize, Group), usize>,
    cells: &'a [Cell],
    relations: Vec<Relation>,
}

impl Builder<'_> {
    fn measure(&mut self, measure: MeasureIndex, lines: &[(Group, Vec<Group>)]) {
        let questionnaire = &self.evaluation.questionnaire;
        let cells = questionnaire[measure].cells.len();
        for (total, parts) in lines {
            for cell in 0..cells {
                let part = |group: &Group| (self.at(measure, cell, *group), -1);
                let mut terms = vec![(self.at(measure, cell, *total), 1)];
                terms.extend(parts.iter().map(part));
                self.relations.push(Relation { terms, equal: true, constant: 0 });
            }
        }
        for group in groups(self.evaluation, measure) {
            let all = (0..cells).map(|cell| (self.at(measure, cell, group), 1));
            let base = i64::from(self.base(measure, group));
            match &questionnaire[measure].definition {
                Definition::Distribution(question) => {
                    if questionnaire[*question].kind == QuestionKind::Multiple {
                        // Everybody in the base chose something; nobody who did not know chose anything else.
                        let terms = all.map(|(cell, one)| (cell, -one)).collect();
                        self.relations.push(Relation { terms, equal: false, constant: -base });
                        let options = questionnaire[*question].options.len();
                        for option in (0..options).filter(|_| cells > options) {
                            let terms = vec![
                                (self.at(measure, option, group), 1),
                                (self.at(measure, options, group), 1),
                            ];
                            self.relations.push(Relation { terms, equal: false, constant: base });
                        }
                    } else {
                        let terms = all.collect();
                        self.relations.push(Relation { terms, equal: true, constant: base });
                    }
                }
                Definition::Counted { question, options } => {
                    self.counted(measure, *question, options, group);
                }
                Definition::Tally { of, .. } => {
                    let terms = all.collect();
                    self.relations.push(Relation { terms, equal: true, constant: base });
                    self.tally(measure, of, group);
                }
            }
        }
    }

    /// A count of some options is their sum, or at least the greatest of them and at most their sum.
    fn counted(
        &mut self,
        measure: MeasureIndex,
        question: crate::model::QuestionIndex,
        options: &[usize],
        group: Group,
    ) {
        let questionnaire = &self.evaluation.questionnaire;
        let Some(distribution) = questionnaire.distribution(question) else { return };
        let counted = self.at(measure, 0, group);
        let mut sum = vec![(counted, 1)];
        sum.extend(options.iter().map(|option| (self.at(distribution, *option, group), -1)));
        let multiple = questionnaire[question].kind == QuestionKind::Multiple;
        self.relations.push(Relation { terms: sum, equal: !multiple, constant: 0 });
        if multiple {
            for option in options {
                let terms = vec![(self.at(distribution, *option, group), 1), (counted, -1)];
                self.relations.push(Relation { terms, equal: false, constant: 0 });
            }
        }
    }

    /// The parts of a tally are counted at least as often as those tell who answered all of them, and beyond that at
    /// most as often as there are other answers.
    fn tally(&mut self, measure: MeasureIndex, of: &[MeasureIndex], group: Group) {
        let number = of.len();
        let cell = |n: usize| self.at(measure, n, group);
        let parts = || of.iter().map(|part| (self.at(*part, 0, group), 1));
        let answers: i64 = of.iter().map(|part| i64::from(self.base(*part, group))).sum();
        let told = || (0..=number).map(|n| (cell(n), n as i64));
        let mut least: Vec<(usize, i64)> = told().collect();
        least.extend(parts().map(|(part, one)| (part, -one)));
        let mut most: Vec<(usize, i64)> = parts().collect();
        most.extend(told().map(|(cell, n)| (cell, number as i64 - n)));
        let mut relations = vec![
            Relation { terms: least, equal: false, constant: 0 },
            Relation { terms: most, equal: false, constant: answers },
        ];
        for part in of {
            let base = i64::from(self.base(*part, group));
            let part = self.at(*part, 0, group);
            let all_of_them = vec![(cell(number), 1), (part, -1)];
            relations.push(Relation { terms: all_of_them, equal: false, constant: 0 });
            let none_of_them = vec![(cell(0), 1), (part, 1)];
            relations.push(Relation { terms: none_of_them, equal: false, constant: base });
        }
        self.relations.extend(relations);
    }

    fn at(&self, measure: MeasureIndex, cell: usize, group: Group) -> usize {
        self.index[&(measure, cell, group)]
    }

    fn base(&self, measure: MeasureIndex, group: Group) -> u32 {
        self.cells[self.at(measure, 0, group)].share.base
    }
}
