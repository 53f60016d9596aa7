use std::collections::BTreeMap;

use super::possible::possible_numbers;
use super::{Block, Cell, Column, CountedFrom, Extent, Family, Replies, Unit};
use crate::aggregate::disclosure::linked::LinkedMeasures;
use crate::aggregate::disclosure::reply::Reply;
use crate::model::{
    Definition, MeasureIndex, OptionSet, QuestionIndex, Questionnaire, Respondent, SectorIndex, Submission,
};

impl Block {
    /// Lays out the columns: for each family, the base and then its cells.
    pub(super) fn declare(&mut self, questionnaire: &Questionnaire, linked: &LinkedMeasures) {
        let local: BTreeMap<QuestionIndex, usize> = self
            .questions
            .iter()
            .enumerate()
            .map(|(position, question)| (question.index, position))
            .collect();
        let set = |options: &[usize]| options.iter().copied().collect::<OptionSet>();
        for question in 0..self.questions.len() {
            let of_question = |measure: &&MeasureIndex| match &questionnaire[**measure].definition {
                Definition::Distribution(q) | Definition::Counted { question: q, .. } => local[q] == question,
                Definition::Tally { .. } => false,
            };
            // The distribution comes first: it has the question's own cells.
            let mut measures: Vec<MeasureIndex> =
                linked.measures.iter().filter(of_question).copied().collect();
            measures.sort_by_key(|m| !matches!(questionnaire[*m].definition, Definition::Distribution(_)));
            let family = self.begin(questionnaire, measures[0]);
            let mut counted = Vec::new();
            for measure in measures {
                let options = match &questionnaire[measure].definition {
                    Definition::Counted { options, .. } => Some(set(options)),
                    _ => None,
                };
                for cell in 0..questionnaire[measure].cells.len() {
                    let open = self.questions[question].is_open(options.map_or(1, OptionSet::len));
                    let column = self.add(questionnaire, family, (measure, cell), open);
                    counted.extend(options.map(|options| (options, column)));
                }
            }
            self.end(family, CountedFrom::Question { question, counted });
        }
        for measure in linked.measures.iter().copied() {
            let Definition::Tally { of, at_least } = &questionnaire[measure].definition else { continue };
            let part = |part: &MeasureIndex| match &questionnaire[*part].definition {
                Definition::Counted { question, options } => Some((local[question], set(options))),
                _ => None,
            };
            let parts: Vec<(usize, OptionSet)> = of.iter().filter_map(part).collect();
            let family = self.begin(questionnaire, measure);
            let possible = possible_numbers(&self.questions, &parts, *at_least);
            for cell in 0..questionnaire[measure].cells.len() {
                let open = possible.len() > 1 && possible.contains(&cell);
                self.add(questionnaire, family, (measure, cell), open);
            }
            self.end(family, CountedFrom::Tally { parts, at_least: *at_least });
        }
    }

    fn begin(&mut self, questionnaire: &Questionnaire, measure: MeasureIndex) -> usize {
        let (family, base) = (self.families.len(), self.columns.len());
        let by_sector = questionnaire.by_sector(measure);
        let groups = self.extent.groups_of(by_sector);
        self.columns.push(Column { family, cell: None, by_sector, groups, placed: false, open: true });
        let counted_from = CountedFrom::Tally { parts: Vec::new(), at_least: 0 };
        self.families.push(Family { counted_from, base, columns: base + 1..base + 1 });
        family
    }

    fn add(
        &mut self,
        questionnaire: &Questionnaire,
        family: usize,
        (measure, cell): (MeasureIndex, usize),
        open: bool,
    ) -> usize {
        let column = self.columns.len();
        let declared = &questionnaire[measure];
        let counted = matches!(declared.definition, Definition::Counted { .. });
        let placed = counted && declared.polarity.is_some();
        // A cell exists in the same groups as its family's base.
        let Column { by_sector, groups, .. } = self.columns[self.families[family].base];
        self.columns.push(Column { family, cell: Some((measure, cell)), by_sector, groups, placed, open });
        self.columns_of_measures.insert((measure, cell), column);
        column
    }

    fn end(&mut self, family: usize, counted_from: CountedFrom) {
        let end = self.columns.len();
        self.families[family].counted_from = counted_from;
        self.families[family].columns.end = end;
    }

    pub(super) fn enter(&mut self, questionnaire: &Questionnaire, area: usize, submission: &Submission) {
        let mut units: BTreeMap<(Respondent, Option<SectorIndex>), Replies> = BTreeMap::new();
        for (position, question) in self.questions.iter().enumerate() {
            for key in Submission::places(questionnaire, question.index) {
                let answer = submission.answer(questionnaire, key.respondent, question.index, key.item);
                let empty = || vec![Reply::Missing; self.questions.len()].into();
                units.entry((key.respondent, key.item)).or_insert_with(empty)[position] = Reply::of(answer);
            }
        }
        let start = self.units.len();
        let Extent { regions, sectors, .. } = self.extent;
        let region = self.regions[area].0;
        for ((respondent, item), replies) in units {
            let sector = match respondent {
                Respondent::Manager(sector) => Some(sector),
                Respondent::StrategicLead => item,
            };
            let leaf = sector.map_or(region, |sector| regions + region * sectors + sector.0);
            let bits = self.bits(&replies);
            self.leaves[leaf].units.push(self.units.len());
            let responded = submission.responded(respondent);
            self.units.push(Unit { area, respondent, item, leaf, replies, bits, responded });
        }
        self.units_of_area.push(start..self.units.len());
    }

    pub(super) fn count(&mut self) {
        self.cells = vec![Cell::default(); self.columns.len() * self.groups.len()];
        // The last area counted for a cell, and the last that was only in its base; numbered from 1.
        let mut last = vec![(0_usize, 0_usize); self.cells.len()];
        for unit in &self.units {
            for column in unit.bits.iter() {
                for group in &self.leaves[unit.leaf].groups {
                    let cell = column * self.groups.len() + group;
                    self.cells[cell].count += 1;
                    if std::mem::replace(&mut last[cell].0, unit.area + 1) != unit.area + 1 {
                        self.cells[cell].areas_with += 1;
                    }
                }
            }
            for family in self.families.iter().filter(|family| unit.bits.has(family.base)) {
                for column in family.columns.clone().filter(|column| !unit.bits.has(*column)) {
                    for group in &self.leaves[unit.leaf].groups {
                        let cell = column * self.groups.len() + group;
                        if std::mem::replace(&mut last[cell].1, unit.area + 1) != unit.area + 1 {
                            self.cells[cell].areas_without += 1;
                        }
                    }
                }
            }
        }
    }
}
