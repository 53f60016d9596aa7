use std::collections::{BTreeMap, BTreeSet};

use super::block::Block;
use super::exchange::Exchange;
use super::linked::LinkedMeasures;
use super::{CellKey, Entry, Rule};
use crate::aggregate::reconcile::agrees;
use crate::aggregate::{Aggregates, area_share, groups_of, outcome};
use crate::check::{CheckedEvaluation, PublishedCell};
use crate::model::{
    AnswerKey, Definition, Group, MeasureIndex, QuestionIndex, Respondent, SectorIndex, Share, Submission,
};

/// Checks the proofs of disclosure control with different code from the search: the answers are exchanged in the
/// submissions themselves and counted again in the usual way.
pub(super) struct Audit<'a> {
    evaluation: &'a CheckedEvaluation,
    aggregates: &'a Aggregates,
    linked: &'a LinkedMeasures,
    entries: &'a BTreeMap<CellKey, Entry>,
    /// The questions of the linked measures, and those that lead to them.
    questions: BTreeSet<QuestionIndex>,
    /// The measures published without statistics for sectors in regions.
    not_given: &'a BTreeMap<MeasureIndex, Rule>,
    /// The measures for which reports say where an area's own share ranks among all areas.
    placed: Vec<MeasureIndex>,
}

/// The changes in counts and bases.
#[derive(Default)]
struct Changes {
    counts: BTreeMap<CellKey, i64>,
    bases: BTreeMap<(MeasureIndex, Group), i64>,
}

impl<'a> Audit<'a> {
    pub(super) fn new(
        evaluation: &'a CheckedEvaluation,
        aggregates: &'a Aggregates,
        linked: &'a LinkedMeasures,
        (entries, not_given): (&'a BTreeMap<CellKey, Entry>, &'a BTreeMap<MeasureIndex, Rule>),
    ) -> Self {
        let withheld: BTreeSet<MeasureIndex> =
            entries.iter().filter(|(_, entry)| entry.rule.is_some()).map(|(key, _)| key.0).collect();
        let placed = linked.measures.iter().copied().filter(|measure| {
            let declared = &evaluation.questionnaire[*measure];
            declared.polarity.is_some()
                && matches!(declared.definition, Definition::Counted { .. })
                && !withheld.contains(measure)
        });
        let questions = linked.questions.iter().copied().collect();
        Self { evaluation, aggregates, linked, entries, questions, not_given, placed: placed.collect() }
    }

    /// True when an exchange changes exactly the counts that it claims to, and nothing that anyone can read.
    pub(super) fn confirms(&self, block: &Block, exchange: &Exchange) -> bool {
        let altered = self.altered(block, exchange);
        let mut changes = Changes::default();
        for change in &exchange.changes {
            let unit = &block.units[change.unit];
            let (before, after) = (&self.evaluation.submissions[unit.area], &altered[&unit.area]);
            if before.responded(unit.respondent) != after.responded(unit.respondent) {
                return false;
            }
            self.recount(&mut changes, (before, after), unit.respondent, unit.item);
        }
        changes.counts.retain(|_, change| *change != 0);
        changes.bases.retain(|_, change| *change != 0);
        self.is_as_said(block, exchange, &changes)
            && self.is_unseen(&changes)
            && self.agrees_with_published(&changes)
            && self.leaves_places(&altered)
    }

    /// The submissions of the areas involved, with the exchanged answers.
    fn altered(&self, block: &Block, exchange: &Exchange) -> BTreeMap<usize, Submission> {
        let mut altered: BTreeMap<usize, Submission> = BTreeMap::new();
        for change in &exchange.changes {
            let unit = &block.units[change.unit];
            let original = &self.evaluation.submissions[unit.area];
            let submission = altered.entry(unit.area).or_insert_with(|| original.answers_to(&self.questions));
            for (position, reply) in change.replies.iter().enumerate() {
                if *reply == unit.replies[position] {
                    continue;
                }
                let question = block.questions[position].index;
                let key = AnswerKey { respondent: unit.respondent, question, item: unit.item };
                if reply.is_missing() {
                    submission.remove(key);
                } else {
                    submission.insert(key, reply.answer());
                }
            }
        }
        altered
    }

    /// Counts one respondent's answers before and after.
    fn recount(
        &self,
        changes: &mut Changes,
        (before, after): (&Submission, &Submission),
        respondent: Respondent,
        item: Option<SectorIndex>,
    ) {
        let questionnaire = &self.evaluation.questionnaire;
        let region = self.evaluation.register[before.area].region;
        for measure in self.linked.measures.iter().copied() {
            let question = questionnaire.question_of(measure);
            if questionnaire[question].kind.rates_sectors() != item.is_some() {
                continue;
            }
            let key = AnswerKey { respondent, question, item };
            for (submission, sign) in [(before, -1), (after, 1)] {
                let Some(cells) = outcome(questionnaire, submission, measure, key) else { continue };
                for group in self.groups(measure, region, key) {
                    *changes.bases.entry((measure, group)).or_default() += sign;
                    for cell in &cells {
                        *changes.counts.entry((measure, *cell, group)).or_default() += sign;
                    }
                }
            }
        }
    }

    fn groups(&self, measure: MeasureIndex, region: crate::model::RegionIndex, key: AnswerKey) -> Vec<Group> {
        let crossed = !self.evaluation.settings.disclosure.withholds_crossed;
        let groups = groups_of(&self.evaluation.questionnaire, measure, region, key).into_iter();
        groups.filter(|group| crossed || !matches!(group, Group::RegionSector(..))).collect()
    }

    fn is_as_said(&self, block: &Block, exchange: &Exchange, changes: &Changes) -> bool {
        let said = exchange.moved.iter().filter_map(|(cell, change)| {
            let (column, group) = block.place(*cell);
            let (measure, cell) = block.columns[column].cell?;
            Some(((measure, cell, block.groups[group]), i64::from(*change)))
        });
        said.collect::<BTreeMap<_, _>>() == changes.counts
    }

    /// True when everything that changes is withheld, or not published at all.
    fn is_unseen(&self, changes: &Changes) -> bool {
        let given = |measure: &MeasureIndex, group: &Group| {
            !matches!(group, Group::RegionSector(..)) || !self.not_given.contains_key(measure)
        };
        let withheld = |key: &CellKey| {
            !given(&key.0, &key.2) || self.entries.get(key).is_some_and(|entry| entry.rule.is_some())
        };
        let cells = |measure: MeasureIndex| 0..self.evaluation.questionnaire[measure].cells.len();
        changes.counts.keys().all(withheld)
            && changes
                .bases
                .keys()
                .all(|(measure, group)| cells(*measure).all(|cell| withheld(&(*measure, cell, *group))))
    }

    fn agrees_with_published(&self, changes: &Changes) -> bool {
        let share = |measure: MeasureIndex, cell: usize, group: Group| {
            let Share { count, base } = self.aggregates.share(measure, cell, group);
            let more = changes.counts.get(&(measure, cell, group)).copied().unwrap_or_default();
            let wider = changes.bases.get(&(measure, group)).copied().unwrap_or_default();
            Share { count: (i64::from(count) + more) as u32, base: (i64::from(base) + wider) as u32 }
        };
        let truth = |measure, cell, group| self.aggregates.share(measure, cell, group);
        self.evaluation.published.iter().all(|published| {
            let PublishedCell::Cell(measure, _) = published.cell else { return true };
            let measures = published.than.iter().map(|(measure, _)| *measure).chain([measure]);
            let concerned = measures.into_iter().any(|m| changes.counts.keys().any(|key| key.0 == m));
            !concerned
                || published.groups.iter().all(|group| {
                    !agrees(self.evaluation, published, *group, &truth)
                        || agrees(self.evaluation, published, *group, &share)
                })
        })
    }

    /// True when every area's own share is unchanged on measures with nothing withheld: reports say how many areas have
    /// lower and higher shares.
    fn leaves_places(&self, altered: &BTreeMap<usize, Submission>) -> bool {
        let questionnaire = &self.evaluation.questionnaire;
        let same = |measure: MeasureIndex| {
            altered.iter().all(|(area, after)| {
                let before = &self.evaluation.submissions[*area];
                let share = |submission| area_share(questionnaire, submission, measure, 0);
                share(before) == share(after)
            })
        };
        self.placed.iter().copied().all(same)
    }
}
