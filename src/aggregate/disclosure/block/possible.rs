use std::collections::BTreeSet;

use super::parts::AskedQuestion;
use crate::aggregate::disclosure::reply::Reply;
use crate::model::OptionSet;

/// How many combinations of replies are tried; beyond this, every number is assumed to be possible.
const MAX_COMBINATIONS: usize = 100_000;

/// The cells of a tally that the questionnaire allows: the numbers of parts, then the cell for respondents whose number
/// is unknown.
pub(super) fn possible_numbers(
    questions: &[AskedQuestion],
    parts: &[(usize, OptionSet)],
    at_least: usize,
) -> BTreeSet<usize> {
    let mut involved: BTreeSet<usize> = parts.iter().map(|(question, _)| *question).collect();
    let mut waiting: Vec<usize> = involved.iter().copied().collect();
    while let Some(question) = waiting.pop() {
        if let Some((parent, _)) = questions[question].route
            && involved.insert(parent)
        {
            waiting.push(parent);
        }
    }
    // A question comes after the one that leads to it.
    let choices: Vec<(usize, Vec<Reply>)> =
        involved.iter().map(|question| (*question, replies(questions, parts, *question))).collect();
    let mut tried = Tried { questions, parts, at_least, cells: BTreeSet::new(), combinations: 0 };
    tried.go(&choices, &mut vec![Reply::Missing; questions.len()]);
    if tried.combinations > MAX_COMBINATIONS {
        tried.cells.extend(0..=parts.len());
        tried.cells.extend((at_least < parts.len()).then_some(parts.len() + 1));
    }
    tried.cells
}

struct Tried<'a> {
    questions: &'a [AskedQuestion],
    parts: &'a [(usize, OptionSet)],
    at_least: usize,
    cells: BTreeSet<usize>,
    combinations: usize,
}

impl Tried<'_> {
    fn go(&mut self, choices: &[(usize, Vec<Reply>)], replies: &mut Vec<Reply>) {
        if self.combinations > MAX_COMBINATIONS {
            return;
        }
        let Some(((question, choice), rest)) = choices.split_first() else {
            self.combinations += 1;
            let answered = self.parts.iter().filter(|(question, _)| !replies[*question].is_missing()).count();
            let in_part = |(question, options): &&(usize, OptionSet)| replies[*question].chose_any(*options);
            let number = self.parts.iter().filter(in_part).count();
            if answered >= self.at_least {
                self.cells.insert(if answered == self.parts.len() { number } else { self.parts.len() + 1 });
            }
            return;
        };
        let route = self.questions[*question].route;
        let asked = route.is_none_or(|(parent, options)| replies[parent].chose_any(options));
        for reply in choice.iter().filter(|reply| asked || reply.is_missing()) {
            replies[*question] = *reply;
            self.go(rest, replies);
        }
        replies[*question] = Reply::Missing;
    }
}

/// The replies to a question that differ in the parts they count in or the questions they lead to.
fn replies(questions: &[AskedQuestion], parts: &[(usize, OptionSet)], question: usize) -> Vec<Reply> {
    let asked = &questions[question];
    let of_parts = parts.iter().filter(|(of, _)| *of == question).map(|(_, options)| *options);
    let leads = questions.iter().filter_map(|other| other.route).filter(|(parent, _)| *parent == question);
    let sets: Vec<OptionSet> = of_parts.chain(leads.map(|(_, options)| options)).collect();
    let matters =
        |reply: Reply| (reply.is_missing(), sets.iter().map(|set| reply.chose_any(*set)).collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    let mut replies: Vec<Reply> = std::iter::once(Reply::Missing)
        .chain(asked.single_replies())
        .filter(|r| seen.insert(matters(*r)))
        .collect();
    let mut position = 0;
    while let Some(reply) = replies.get(position).copied().filter(|_| asked.multiple && replies.len() < 64) {
        for option in (0..asked.options).filter(|option| asked.none != Some(*option)) {
            let Reply::Chosen(chosen) = reply else { continue };
            let more = Reply::Chosen(chosen.union(OptionSet::of(option)));
            if !asked.none.is_some_and(|none| chosen.contains(none)) && seen.insert(matters(more)) {
                replies.push(more);
            }
        }
        position += 1;
    }
    replies
}
