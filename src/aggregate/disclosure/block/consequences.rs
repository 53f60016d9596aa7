use super::{Bits, Block, CountedFrom, Replies};
use crate::aggregate::disclosure::reply::Reply;
use crate::model::OptionSet;

impl Block {
    /// True when a unit with these replies is asked the question.
    pub(in super::super) fn is_asked(&self, replies: &[Reply], question: usize) -> bool {
        self.questions[question].route.is_none_or(|(from, options)| replies[from].chose_any(options))
    }

    /// The replies that follow if a unit answers some questions differently: questions no longer asked have no reply,
    /// and those newly asked are left blank.
    pub(in super::super) fn replied(&self, unit: usize, given: &[(usize, Reply)]) -> Vec<(usize, Replies)> {
        let mut replies = self.units[unit].replies.clone();
        given.iter().for_each(|(question, reply)| replies[*question] = *reply);
        let mut changes = vec![(unit, replies)];
        given.iter().for_each(|(question, _)| self.follow(&mut changes, *question));
        changes
    }

    /// The replies of two units that swap their replies to some questions, and to follow-ups that only one of them was
    /// asked.
    pub(in super::super) fn exchanged(
        &self,
        a: usize,
        b: usize,
        questions: &[usize],
    ) -> Vec<(usize, Replies)> {
        let (before_a, before_b) = (&self.units[a].replies, &self.units[b].replies);
        let (mut of_a, mut of_b) = (before_a.clone(), before_b.clone());
        let mut exchange = questions.to_vec();
        let mut position = 0;
        while let Some(question) = exchange.get(position).copied() {
            for child in self.questions[question].children.iter().copied() {
                if self.is_asked(before_a, child) != self.is_asked(before_b, child)
                    && !exchange.contains(&child)
                {
                    exchange.push(child);
                }
            }
            of_a[question] = before_b[question];
            of_b[question] = before_a[question];
            position += 1;
        }
        let mut changes = vec![(a, of_a), (b, of_b)];
        questions.iter().for_each(|question| self.follow(&mut changes, *question));
        changes
    }

    /// Removes the replies to questions that are no longer asked, including the strategic lead's views.
    fn follow(&self, changes: &mut Vec<(usize, Replies)>, question: usize) {
        let mut changed = vec![question];
        while let Some(question) = changed.pop() {
            for child in self.questions[question].children.iter().copied() {
                changed.push(child);
                for position in 0..changes.len() {
                    let unit = changes[position].0;
                    if self.units[unit].item.is_none() && !self.is_asked(&changes[position].1, child) {
                        changes[position].1[child] = Reply::Missing;
                        self.drop_views(changes, unit, child);
                    }
                }
            }
        }
    }

    /// Removes a strategic lead's views of the sectors.
    fn drop_views(&self, changes: &mut Vec<(usize, Replies)>, lead: usize, question: usize) {
        let units = self.units_of_area[self.units[lead].area].clone();
        for view in units.filter(|unit| self.questions[question].grid && self.units[*unit].item.is_some()) {
            let position = changes.iter().position(|(unit, _)| *unit == view).unwrap_or_else(|| {
                changes.push((view, self.units[view].replies.clone()));
                changes.len() - 1
            });
            changes[position].1[question] = Reply::Missing;
        }
    }

    /// The columns that count a respondent with these replies.
    pub(in super::super) fn bits(&self, replies: &[Reply]) -> Bits {
        let mut bits = Bits::none(self.columns.len());
        for family in &self.families {
            match &family.counted_from {
                CountedFrom::Question { question, counted } => {
                    let reply = replies[*question];
                    match reply {
                        Reply::Missing => continue,
                        Reply::DontKnow => {
                            bits.set(family.columns.start + self.questions[*question].options);
                        }
                        Reply::Chosen(options) => {
                            options.iter().for_each(|option| bits.set(family.columns.start + option));
                        }
                    }
                    bits.set(family.base);
                    let counted = counted.iter().filter(|(options, _)| reply.chose_any(*options));
                    counted.for_each(|(_, column)| bits.set(*column));
                }
                CountedFrom::Tally { parts, at_least } => {
                    let answered = parts.iter().filter(|(question, _)| !replies[*question].is_missing());
                    let answered = answered.count();
                    if answered < *at_least {
                        continue;
                    }
                    let in_part =
                        |(question, options): &&(usize, OptionSet)| replies[*question].chose_any(*options);
                    let number = parts.iter().filter(in_part).count();
                    let cell = if answered == parts.len() { number } else { parts.len() + 1 };
                    bits.set(family.base);
                    bits.set(family.columns.start + cell);
                }
            }
        }
        bits
    }
}
