use super::Search;
use super::chosen::add;
use super::shortlist::Axis;
use crate::aggregate::disclosure::block::CountedFrom;
use crate::aggregate::disclosure::exchange::Change;
use crate::aggregate::disclosure::reply::Reply;
use crate::model::OptionSet;

impl Search<'_> {
    /// Other replies that a respondent could have given and that would, or might, change the count of the column.
    pub(super) fn other_replies(&self, axis: Axis, unit: usize) -> Vec<Reply> {
        let question = &self.block.questions[axis.question];
        let reply = self.block.units[unit].replies[axis.question];
        if reply.is_missing() {
            return Vec::new();
        }
        let single = || question.single_replies().filter(|other| *other != reply);
        let Reply::Chosen(chosen) = reply else { return single().collect() };
        if !question.multiple {
            return single().collect();
        }
        if axis.options.is_empty() {
            return single().filter(|other| *other == Reply::DontKnow).collect();
        }
        let apart = chosen.without(axis.options);
        if apart.is_empty() {
            return single().filter(|other| !other.chose_any(axis.options)).collect();
        }
        if chosen.meets(axis.options) {
            return vec![Reply::Chosen(apart)];
        }
        let more = axis.options.iter().map(|option| {
            Reply::Chosen(add(self.block, axis.question, option)(chosen).unwrap_or(OptionSet::of(option)))
        });
        more.collect()
    }

    /// For a column of a tally: other replies to several of the tally's questions with which the column would count this
    /// respondent.
    pub(super) fn replies_counted_by(&self, column: usize, unit: usize) -> Vec<Vec<Change>> {
        let block = self.block;
        let CountedFrom::Tally { parts, .. } = &self.family(column).counted_from else { return Vec::new() };
        let replies = &block.units[unit].replies;
        let wanted = column - self.family(column).columns.start;
        let is_in = |(question, options): &(usize, OptionSet)| replies[*question].chose_any(*options);
        let number = parts.iter().filter(|part| is_in(part)).count();
        if wanted > parts.len() || parts.iter().any(|(question, _)| replies[*question].is_missing()) {
            return Vec::new();
        }
        let flip = |(question, options): &(usize, OptionSet)| {
            let axis = Axis { question: *question, options: *options, column };
            let other = self.other_replies(axis, unit).into_iter();
            let mut other =
                other.filter(|reply| reply.chose_any(*options) != replies[*question].chose_any(*options));
            Some((*question, other.next()?))
        };
        let flipped = parts.iter().filter(|part| is_in(part) == (number > wanted)).filter_map(flip);
        let flipped: Vec<(usize, Reply)> = flipped.collect();
        let changes = flipped
            .windows(number.abs_diff(wanted).max(1))
            .map(|given| block.replied(unit, given).into_iter().map(Change::new).collect());
        changes.collect()
    }
}
