use super::Search;
use crate::aggregate::disclosure::block::{CountedFrom, Unit};
use crate::aggregate::disclosure::exchange::Change;
use crate::aggregate::disclosure::reply::Reply;
use crate::model::OptionSet;

impl Search<'_> {
    /// For a tally's column, tries one respondent in the group leaving a question blank, or answering those left blank:
    /// the number who answered these questions is then hidden too.
    pub(super) fn blanked(&mut self, column: usize, group: usize) {
        let block = self.block;
        let family = self.family(column);
        let CountedFrom::Tally { parts, .. } = &family.counted_from else { return };
        let wanted = column - family.columns.start;
        for leaf in self.leaves_of(column, group) {
            for index in block.leaves[leaf].units.iter().copied() {
                let unit = &block.units[index];
                if !unit.responded {
                    continue;
                }
                let answered = parts.iter().map(|(question, _)| *question);
                let answered = answered.filter(|question| !unit.replies[*question].is_missing());
                let mut ways: Vec<Vec<(usize, Reply)>> =
                    answered.map(|question| vec![(question, Reply::Missing)]).collect();
                ways.extend((0..parts.len()).filter_map(|first| self.filled(unit, parts, (wanted, first))));
                for given in ways {
                    let changes = block.replied(index, &given);
                    if self.is_likely(&changes, index) {
                        self.consider(changes.into_iter().map(Change::new).collect());
                    }
                }
                if self.is_over() {
                    return;
                }
            }
        }
    }

    /// Replies with which a respondent answers all parts of a tally and counts in `wanted` of them. Parts to change are
    /// tried in order, starting with `first`.
    fn filled(
        &self,
        unit: &Unit,
        parts: &[(usize, OptionSet)],
        (wanted, first): (usize, usize),
    ) -> Option<Vec<(usize, Reply)>> {
        let replies = &unit.replies;
        if wanted > parts.len() || parts.iter().any(|(question, _)| !self.block.is_asked(replies, *question))
        {
            return None;
        }
        let is_in = |(question, options): &(usize, OptionSet)| replies[*question].chose_any(*options);
        let mut number = parts.iter().filter(|part| is_in(part)).count();
        let mut given = Vec::new();
        // Blanks first, since they have to be filled anyway; then existing replies that are changed.
        let turned = parts.iter().cycle().skip(first).take(parts.len());
        let (blanks, answers): (Vec<&(usize, OptionSet)>, Vec<_>) =
            turned.partition(|(question, _)| replies[*question].is_missing());
        for part in blanks {
            let more = number < wanted;
            given.push((part.0, self.reply_in(part, more)?));
            number += usize::from(more);
        }
        for part in answers {
            let more = number < wanted;
            if number != wanted && is_in(part) != more {
                given.push((part.0, self.reply_in(part, more)?));
                number = if more { number + 1 } else { number - 1 };
            }
        }
        (number == wanted).then_some(given)
    }

    /// A reply that counts in a part of a tally, or one that does not.
    fn reply_in(&self, (question, options): &(usize, OptionSet), is_in: bool) -> Option<Reply> {
        let mut replies = self.block.questions[*question].single_replies();
        replies.find(|reply| reply.chose_any(*options) == is_in)
    }
}
