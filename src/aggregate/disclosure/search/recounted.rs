use super::Search;
use crate::aggregate::disclosure::block::MadeOf;
use crate::aggregate::disclosure::exchange::Change;

impl Search<'_> {
    /// Whether somebody's number can be known is no answer: a respondent with a question left blank is counted as though
    /// it had not been, or the other way round.
    pub(super) fn recounted(&mut self, column: usize, group: usize) {
        let block = self.block;
        let family = self.family(column);
        if !matches!(family.made_of, MadeOf::Tally { .. }) {
            return;
        }
        let unknown = family.columns.end - 1;
        let number = |unit: usize| family.columns.clone().find(|column| block.units[unit].bits.has(*column));
        let recount = |unit: usize, to: usize| {
            let from = number(unit)?;
            let replies = block.units[unit].replies.clone();
            (from != to).then_some(Change { unit, replies, recounted: Some((from, to)) })
        };
        let pairs = self.leaf_pairs(column, group);
        for here in self.leaves_of(column, group) {
            for a in self.free_units(here, family.base) {
                let others: Vec<usize> = match number(a) {
                    Some(from) if from == unknown && column == unknown => family.columns.clone().collect(),
                    Some(from) if from == unknown => vec![column],
                    Some(from) if from == column || column == unknown => vec![unknown],
                    _ => Vec::new(),
                };
                for to in others {
                    let alone: Vec<Change> = recount(a, to).into_iter().collect();
                    for (_, there) in pairs.iter().filter(|pair| pair.0 == here) {
                        let opposite = |b: &usize| number(*b) == Some(to);
                        let partner = self.free_units(*there, family.base).into_iter().find(opposite);
                        let back = partner.zip(number(a)).and_then(|(b, from)| recount(b, from));
                        self.consider(alone.iter().cloned().chain(back).collect());
                    }
                    self.consider(alone);
                    if self.is_over() {
                        return;
                    }
                }
            }
        }
    }
}
