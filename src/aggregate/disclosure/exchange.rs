use std::collections::{BTreeMap, BTreeSet};

use super::CellKey;
use super::system::System;
use crate::check::CheckedEvaluation;
use crate::model::{Definition, Group, MeasureIndex, QuestionIndex, QuestionKind, SectorIndex};

/// A table as counts that differ from the true one, by cell.
pub(super) type Differences = Vec<(usize, i64)>;

/// Small changes of a table: one or two respondents in up to four of the smallest groups give another answer. Most cells
/// are shown to be safe by one of them, long before a solver is asked.
pub(super) struct Exchanges<'a> {
    system: &'a System,
    index: BTreeMap<CellKey, usize>,
    /// The relations that each cell stands in.
    relations: Vec<Vec<usize>>,
    /// The groups that all others are made of.
    leaves: BTreeSet<Group>,
    /// For each cell of a measure, what else changes with it.
    strands: BTreeMap<(MeasureIndex, usize), Strand>,
}

/// How a cell of a measure can change in one leaf.
#[derive(Default)]
struct Strand {
    /// The measures that count it too.
    counted_by: Vec<MeasureIndex>,
    /// The cells, one of which must change the other way; empty where several answers were allowed.
    against: Vec<usize>,
    /// For a measure that is made of cells of others: those cells.
    made_of: Vec<(MeasureIndex, usize)>,
    /// The tally that counts respondents who are counted here, and of how many measures it is.
    tally: Option<(MeasureIndex, usize)>,
}

impl<'a> Exchanges<'a> {
    pub(super) fn new(evaluation: &CheckedEvaluation, system: &'a System) -> Self {
        let mut relations = vec![Vec::new(); system.cells.len()];
        for (number, relation) in system.relations.iter().enumerate() {
            relation.terms.iter().for_each(|(cell, _)| relations[*cell].push(number));
        }
        let index = system.cells.iter().enumerate();
        let index = index.map(|(number, cell)| ((cell.measure, cell.cell, cell.group), number)).collect();
        let leaves = leaves(system);
        Self { system, index, relations, leaves, strands: strands(evaluation, system) }
    }

    /// A table in which the target has another value; `bounds` gives what a withheld cell can be, and nothing for a
    /// published one.
    pub(super) fn find(
        &self,
        target: usize,
        bounds: impl Fn(usize) -> Option<(i64, i64)>,
    ) -> Option<Differences> {
        let cell = &self.system.cells[target];
        let strand = &self.strands[&(cell.measure, cell.cell)];
        let own = [(cell.measure, cell.cell)];
        let sources = if strand.made_of.is_empty() { &own[..] } else { &strand.made_of };
        let here = self.leaves.iter().filter(|leaf| covers(cell.group, **leaf));
        here.copied().find_map(|here| {
            self.leaf_patterns(here).find_map(|leaves| {
                sources.iter().find_map(|source| self.exchange(target, *source, &leaves, &bounds))
            })
        })
    }

    /// One leaf; two; and four, two regions by two sectors. With the sign of the change in each.
    fn leaf_patterns(&self, here: Group) -> impl Iterator<Item = Vec<(Group, i64)>> {
        let others = || self.leaves.iter().copied().filter(move |there| *there != here);
        let four = others().filter_map(move |there| {
            let (Group::RegionSector(r, s), Group::RegionSector(q, t)) = (here, there) else { return None };
            let corners =
                [(here, 1), (Group::RegionSector(q, s), -1), (there, 1), (Group::RegionSector(r, t), -1)];
            (r != q && s != t).then(|| corners.to_vec())
        });
        let two = others().map(move |there| vec![(here, 1), (there, -1)]);
        std::iter::once(vec![(here, 1)]).chain(two).chain(four)
    }

    fn exchange(
        &self,
        target: usize,
        (measure, cell): (MeasureIndex, usize),
        leaves: &[(Group, i64)],
        bounds: &impl Fn(usize) -> Option<(i64, i64)>,
    ) -> Option<Differences> {
        // Most exchanges fail in a leaf, which is soon seen.
        let allowed = |cell: usize, sign: i64| {
            leaves.iter().all(|(leaf, change)| {
                self.index.get(&(measure, cell, *leaf)).is_none_or(|index| {
                    let count = i64::from(self.system.cells[*index].share.count) + sign * change;
                    bounds(*index).is_some_and(|(least, greatest)| (least..=greatest).contains(&count))
                })
            })
        };
        let against = &self.strands[&(measure, cell)].against;
        let partners: Vec<Option<usize>> =
            if against.is_empty() { vec![None] } else { against.iter().copied().map(Some).collect() };
        partners.into_iter().flat_map(|partner| [(partner, 1), (partner, -1)]).find_map(|(partner, sign)| {
            if !allowed(cell, sign) || partner.is_some_and(|partner| !allowed(partner, -sign)) {
                return None;
            }
            self.tally_steps((measure, cell), partner).into_iter().find_map(|step| {
                let mut changes = BTreeMap::new();
                for (leaf, change) in leaves {
                    self.change(&mut changes, (measure, cell), *leaf, sign * change);
                    if let Some(partner) = partner {
                        self.change(&mut changes, (measure, partner), *leaf, -sign * change);
                    }
                    for (tally, cell, direction) in step.iter().flatten() {
                        self.change(&mut changes, (*tally, *cell), *leaf, direction * sign * change);
                    }
                }
                changes.retain(|_, change| *change != 0);
                (changes.contains_key(&target) && self.fits(&changes, bounds)).then(|| {
                    let count = |cell: usize| i64::from(self.system.cells[cell].share.count);
                    changes.into_iter().map(|(cell, change)| (cell, count(cell) + change)).collect()
                })
            })
        })
    }

    /// When a respondent comes to be counted in a measure of a tally, or ceases to be, one more or one less of its measures
    /// counts them: the ways in which that can show in the tally. One of them is that it does not show, because an answer
    /// is missing.
    fn tally_steps(
        &self,
        (measure, cell): (MeasureIndex, usize),
        partner: Option<usize>,
    ) -> Vec<Option<[(MeasureIndex, usize, i64); 2]>> {
        let tally = |cell: usize| self.strands[&(measure, cell)].tally;
        let (here, there) = (tally(cell), partner.and_then(tally));
        let mut steps = vec![None];
        let Some((tally, number)) = here.or(there).filter(|_| here != there) else { return steps };
        let direction = if here.is_some() { 1 } else { -1 };
        steps.extend((0..number).map(|n| Some([(tally, n, -direction), (tally, n + 1, direction)])));
        steps
    }

    /// Changes a cell in a leaf, and with it in every wider group and in the measures that count it.
    fn change(
        &self,
        changes: &mut BTreeMap<usize, i64>,
        (measure, cell): (MeasureIndex, usize),
        leaf: Group,
        change: i64,
    ) {
        let counted_by = self.strands[&(measure, cell)].counted_by.iter().map(|measure| (*measure, 0));
        for (measure, cell) in std::iter::once((measure, cell)).chain(counted_by) {
            for group in wider(leaf) {
                if let Some(index) = self.index.get(&(measure, cell, group)) {
                    *changes.entry(*index).or_default() += change;
                }
            }
        }
    }

    fn fits(&self, changes: &BTreeMap<usize, i64>, bounds: &impl Fn(usize) -> Option<(i64, i64)>) -> bool {
        let count = |cell: usize| i64::from(self.system.cells[cell].share.count);
        let within = |(cell, change): (&usize, &i64)| {
            bounds(*cell)
                .is_some_and(|(least, greatest)| (least..=greatest).contains(&(count(*cell) + change)))
        };
        let holds = |relation: &usize| {
            let relation = &self.system.relations[*relation];
            let value = |cell: usize| count(cell) + changes.get(&cell).copied().unwrap_or_default();
            let sum: i64 = relation.terms.iter().map(|(cell, factor)| factor * value(*cell)).sum();
            if relation.equal { sum == relation.constant } else { sum <= relation.constant }
        };
        changes.iter().all(within) && changes.keys().flat_map(|cell| &self.relations[*cell]).all(holds)
    }
}

/// The groups that all others are made of, whether or not they are published themselves.
fn leaves(system: &System) -> BTreeSet<Group> {
    let groups: BTreeSet<Group> = system.cells.iter().map(|cell| cell.group).collect();
    let regions = groups.iter().filter_map(|group| match group {
        Group::Region(region) => Some(*region),
        _ => None,
    });
    let sectors: Vec<SectorIndex> = groups
        .iter()
        .filter_map(|group| match group {
            Group::Sector(sector) => Some(*sector),
            _ => None,
        })
        .collect();
    if sectors.is_empty() {
        return regions.map(Group::Region).collect();
    }
    regions
        .flat_map(|region| sectors.iter().map(move |sector| Group::RegionSector(region, *sector)))
        .collect()
}

fn strands(evaluation: &CheckedEvaluation, system: &System) -> BTreeMap<(MeasureIndex, usize), Strand> {
    let questionnaire = &evaluation.questionnaire;
    let multiple = |question: QuestionIndex| questionnaire[question].kind == QuestionKind::Multiple;
    let measures: BTreeSet<MeasureIndex> = system.cells.iter().map(|cell| cell.measure).collect();
    let mut strands: BTreeMap<(MeasureIndex, usize), Strand> = BTreeMap::new();
    for measure in measures {
        let cells = 0..questionnaire[measure].cells.len();
        let alone = match &questionnaire[measure].definition {
            Definition::Distribution(question) | Definition::Counted { question, .. } => multiple(*question),
            Definition::Tally { .. } => false,
        };
        for cell in cells.clone() {
            let strand = strands.entry((measure, cell)).or_default();
            if !alone {
                strand.against = cells.clone().filter(|other| *other != cell).collect();
            }
        }
        if let Definition::Counted { question, options } = &questionnaire[measure].definition {
            let Some(distribution) = questionnaire.distribution(*question).filter(|_| !alone) else {
                continue;
            };
            let made_of: Vec<_> = options.iter().map(|option| (distribution, *option)).collect();
            for option in &made_of {
                strands.entry(*option).or_default().counted_by.push(measure);
            }
            strands.entry((measure, 0)).or_default().made_of = made_of;
        }
        if let Definition::Tally { of, .. } = &questionnaire[measure].definition {
            let made_of = of.iter().map(|part| strands.entry((*part, 0)).or_default().made_of.clone());
            let made_of: Vec<_> = made_of.collect::<Vec<_>>().concat();
            for option in &made_of {
                strands.entry(*option).or_default().tally = Some((measure, of.len()));
            }
            for cell in cells {
                strands.entry((measure, cell)).or_default().made_of.clone_from(&made_of);
            }
        }
    }
    strands
}

/// A leaf and every group that it is part of.
fn wider(leaf: Group) -> Vec<Group> {
    match leaf {
        Group::RegionSector(region, sector) => {
            vec![leaf, Group::Region(region), Group::Sector(sector), Group::Nation]
        }
        Group::Region(_) | Group::Sector(_) => vec![leaf, Group::Nation],
        Group::Nation => vec![leaf],
    }
}

fn covers(group: Group, leaf: Group) -> bool {
    wider(leaf).contains(&group)
}
