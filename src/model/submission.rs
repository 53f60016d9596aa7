use std::collections::BTreeSet;

use super::{AreaIndex, Asked, Question, QuestionIndex, Questionnaire, SectorIndex};

/// A person who answers: in each area, one strategic lead and one implementation manager for each sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Respondent {
    /// The area's strategic lead.
    StrategicLead,
    /// The implementation manager of one sector.
    Manager(SectorIndex),
}

/// A respondent's answer to a question. A further state, withheld, applies to statistics rather than answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One or more options, in questionnaire order.
    Chosen(OptionSet),
    /// Free text, as it was sent.
    Text(Box<str>),
    /// "Don't know": an answer, kept in the base of percentages.
    DontKnow,
    /// "Not applicable": an answer, but not in the base of percentages.
    NotApplicable,
    /// The question was asked and left blank.
    NotAnswered,
    /// The question was never asked, because of routing.
    NotAsked,
}

impl Question {
    /// True when the respondent is among those whom the question is for, whether or not routing leads to it.
    pub fn is_for(&self, respondent: Respondent) -> bool {
        match (&self.asked, respondent) {
            (Asked::StrategicLead, Respondent::StrategicLead) => true,
            (Asked::Managers(sectors), Respondent::Manager(sector)) => sectors.contains(&sector),
            (Asked::StrategicLead, Respondent::Manager(_))
            | (Asked::Managers(_), Respondent::StrategicLead) => false,
        }
    }
}

impl Answer {
    /// True when the answer is in the base of percentages: an option or "don't know".
    pub fn in_base(&self) -> bool {
        matches!(self, Self::Chosen(_) | Self::DontKnow)
    }

    /// True when an option was chosen.
    pub fn chose(&self, option: usize) -> bool {
        matches!(self, Self::Chosen(options) if options.contains(option))
    }
}

/// A set of a question's options, of which there are at most [`OptionSet::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct OptionSet(u64);

impl FromIterator<usize> for OptionSet {
    fn from_iter<I: IntoIterator<Item = usize>>(options: I) -> Self {
        options.into_iter().fold(Self::default(), |set, option| set.union(Self::of(option)))
    }
}

impl OptionSet {
    /// The greatest number of options that a question may have.
    pub const MOST: usize = 64;

    /// A set of one option, given its position in the question.
    pub fn of(option: usize) -> Self {
        debug_assert!(option < Self::MOST, "the questionnaire was checked for this");
        Self(1 << option)
    }

    /// True when the set contains the option.
    pub fn contains(self, option: usize) -> bool {
        option < Self::MOST && self.0 & (1 << option) != 0
    }

    /// The options in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The options in this set but not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True when the sets have an option in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The number of options in the set.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// True when the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True when every option is in the other set too.
    pub fn is_subset(self, other: Self) -> bool {
        self.0 & other.0 == self.0
    }

    /// The options, in questionnaire order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..Self::MOST).filter(move |option| self.contains(*option))
    }
}

/// Identifies an answer within a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerKey {
    /// Who answers.
    pub respondent: Respondent,
    /// The question.
    pub question: QuestionIndex,
    /// The sector being rated, for a grid question.
    pub item: Option<SectorIndex>,
}

/// An [`AnswerKey`] packed into four bytes, in the same sort order. An evaluation holds hundreds of answers for each
/// area, and all areas are in memory at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PackedKey(u32);

impl From<AnswerKey> for PackedKey {
    fn from(key: AnswerKey) -> Self {
        let respondent = match key.respondent {
            Respondent::StrategicLead => 0,
            Respondent::Manager(sector) => sector.0 + 1,
        };
        let item = key.item.map_or(0, |sector| sector.0 + 1);
        debug_assert!(
            respondent < 256 && key.question.0 < 65_536 && item < 256,
            "checked with the questionnaire"
        );
        Self((respondent as u32) << 24 | (key.question.0 as u32) << 8 | item as u32)
    }
}

impl From<PackedKey> for AnswerKey {
    fn from(PackedKey(packed): PackedKey) -> Self {
        let sector = |number: u32| number.checked_sub(1).map(|sector| SectorIndex(sector as usize));
        Self {
            respondent: sector(packed >> 24).map_or(Respondent::StrategicLead, Respondent::Manager),
            question: QuestionIndex((packed >> 8 & 0xFFFF) as usize),
            item: sector(packed & 0xFF),
        }
    }
}

/// All the answers from one area: options, text, "don't know" and "not applicable". The other states are inferred from
/// what is missing.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The area.
    pub area: AreaIndex,
    /// The file as it was received.
    received: Box<str>,
    /// Sorted by key.
    answers: Vec<(PackedKey, Answer)>,
    /// The answers that were sent although routing leads past their questions; sorted by key.
    set_aside: Vec<(PackedKey, Answer)>,
}

impl Submission {
    /// The most sectors that an evaluation may have.
    pub const MOST_SECTORS: usize = 255;
    /// The most questions that an evaluation may have.
    pub const MOST_QUESTIONS: usize = 10_000;

    /// Makes a submission without answers.
    pub fn new(area: AreaIndex) -> Self {
        Self { area, received: Box::default(), answers: Vec::new(), set_aside: Vec::new() }
    }

    /// Attaches the text of the file that the submission came in.
    #[must_use]
    pub fn received_as(self, text: String) -> Self {
        Self { received: text.into(), ..self }
    }

    /// The text of the file that the submission came in; empty for a made-up submission.
    pub fn received(&self) -> &str {
        &self.received
    }

    /// Adds an answer, replacing any earlier one with the same key.
    pub fn insert(&mut self, key: AnswerKey, answer: Answer) {
        let key = key.into();
        match self.position(key) {
            Ok(position) => self.answers[position].1 = answer,
            Err(position) => self.answers.insert(position, (key, answer)),
        }
    }

    /// The answer that was sent, if any.
    pub fn get(&self, key: AnswerKey) -> Option<&Answer> {
        self.position(key.into()).ok().map(|position| &self.answers[position].1)
    }

    /// Removes the answer that was sent and returns it, if there was one.
    pub fn remove(&mut self, key: AnswerKey) -> Option<Answer> {
        self.position(key.into()).ok().map(|position| self.answers.remove(position).1)
    }

    /// Stops counting an answer, and keeps it only to show the area what was set aside.
    pub fn set_aside(&mut self, key: AnswerKey) {
        if let Some(answer) = self.remove(key) {
            let key = key.into();
            let position = self.set_aside.partition_point(|(known, _)| *known < key);
            self.set_aside.insert(position, (key, answer));
        }
    }

    /// The answer that was sent and set aside, if any.
    pub fn answer_set_aside(&self, key: AnswerKey) -> Option<&Answer> {
        let key = key.into();
        let position = self.set_aside.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some(&self.set_aside[position].1)
    }

    /// All the answers that were set aside, by respondent and then in questionnaire order.
    pub fn answers_set_aside(&self) -> impl Iterator<Item = (AnswerKey, &Answer)> {
        self.set_aside.iter().map(|(key, answer)| ((*key).into(), answer))
    }

    /// All the answers that were sent, by respondent and then in questionnaire order.
    pub fn iter(&self) -> impl Iterator<Item = (AnswerKey, &Answer)> {
        self.answers.iter().map(|(key, answer)| ((*key).into(), answer))
    }

    /// A copy with only the answers to the given questions, plus one other answer from each respondent if there is one,
    /// to show that they answered at all.
    #[must_use]
    pub fn answers_to(&self, questions: &BTreeSet<QuestionIndex>) -> Self {
        let mut answers = Vec::new();
        let mut next = 0;
        while let Some((key, _)) = self.answers.get(next) {
            let respondent = AnswerKey::from(*key).respondent;
            let of = |question: usize| {
                AnswerKey { respondent, question: QuestionIndex(question), item: None }.into()
            };
            let end = self.answers.partition_point(|(key, _)| AnswerKey::from(*key).respondent <= respondent);
            let of_respondent = &self.answers[next..end];
            let other =
                of_respondent.iter().find(|(key, _)| !questions.contains(&AnswerKey::from(*key).question));
            answers.extend(other.cloned());
            for question in questions {
                let start = of_respondent.partition_point(|(key, _)| *key < of(question.0));
                let is = |(key, _): &&(PackedKey, Answer)| AnswerKey::from(*key).question == *question;
                answers.extend(of_respondent[start..].iter().take_while(is).cloned());
            }
            next = end;
        }
        answers.sort_by_key(|(key, _)| *key);
        Self { area: self.area, received: Box::default(), answers, set_aside: Vec::new() }
    }

    /// Frees memory reserved for further answers.
    #[must_use]
    pub fn complete(mut self) -> Self {
        self.answers.shrink_to_fit();
        self.set_aside.shrink_to_fit();
        self
    }

    fn position(&self, key: PackedKey) -> Result<usize, usize> {
        self.answers.binary_search_by_key(&key, |(key, _)| *key)
    }

    /// A respondent's answer to a question; for a grid question, about the sector `item`.
    pub fn answer(
        &self,
        questionnaire: &Questionnaire,
        respondent: Respondent,
        question: QuestionIndex,
        item: Option<SectorIndex>,
    ) -> &Answer {
        if let Some(answer) = self.get(AnswerKey { respondent, question, item }) {
            return answer;
        }
        if self.is_asked(questionnaire, respondent, question) {
            &Answer::NotAnswered
        } else {
            &Answer::NotAsked
        }
    }

    /// The earlier question at which a respondent's way through the questionnaire turned off before this one, with the
    /// answer that led past it; `None` if the question was put to them or is not for them.
    pub fn turning(
        &self,
        questionnaire: &Questionnaire,
        respondent: Respondent,
        question: QuestionIndex,
    ) -> Option<(QuestionIndex, &Answer)> {
        if self.is_asked(questionnaire, respondent, question) || !questionnaire[question].is_for(respondent) {
            return None;
        }
        // An earlier question may itself have been skipped: then an even earlier one decided. Routes only lead back.
        let earlier = questionnaire[question].route.as_ref()?.question;
        let answer = self.answer(questionnaire, respondent, earlier, None);
        self.turning(questionnaire, respondent, earlier).or(Some((earlier, answer)))
    }

    /// True when the question was put to the respondent: they are among those asked, and routing led to it.
    pub fn is_asked(
        &self,
        questionnaire: &Questionnaire,
        respondent: Respondent,
        question: QuestionIndex,
    ) -> bool {
        let asked = &questionnaire[question];
        asked.is_for(respondent)
            && asked.route.as_ref().is_none_or(|route| {
                let earlier = self.answer(questionnaire, respondent, route.question, None);
                route.options.iter().any(|option| earlier.chose(*option))
            })
    }

    /// True when the respondent sent any answer at all.
    pub fn responded(&self, respondent: Respondent) -> bool {
        let first = AnswerKey { respondent, question: QuestionIndex(0), item: None };
        let (Ok(next) | Err(next)) = self.position(first.into());
        self.answers.get(next).is_some_and(|(key, _)| AnswerKey::from(*key).respondent == respondent)
    }

    /// Everyone who could answer a question: the strategic lead, or the managers of its sectors.
    pub fn respondents(question: &Question) -> Vec<Respondent> {
        match &question.asked {
            Asked::StrategicLead => vec![Respondent::StrategicLead],
            Asked::Managers(sectors) => sectors.iter().copied().map(Respondent::Manager).collect(),
        }
    }

    /// Every answer that a question calls for in a submission: from whom, and about which sector.
    pub fn places(questionnaire: &Questionnaire, question: QuestionIndex) -> Vec<AnswerKey> {
        let asked = &questionnaire[question];
        let items: Vec<Option<SectorIndex>> = if asked.kind.rates_sectors() {
            (0..questionnaire.sectors.len()).map(|s| Some(SectorIndex(s))).collect()
        } else {
            vec![None]
        };
        Self::respondents(asked)
            .into_iter()
            .flat_map(|respondent| {
                items.iter().map(move |item| AnswerKey { respondent, question, item: *item })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> impl Strategy<Value = AnswerKey> {
        let respondent = prop_oneof![
            Just(Respondent::StrategicLead),
            (0..Submission::MOST_SECTORS).prop_map(|s| Respondent::Manager(SectorIndex(s))),
        ];
        let item = proptest::option::of((0..Submission::MOST_SECTORS).prop_map(SectorIndex));
        (respondent, 0..Submission::MOST_QUESTIONS, item).prop_map(|(respondent, question, item)| AnswerKey {
            respondent,
            question: QuestionIndex(question),
            item,
        })
    }

    proptest! {
        #[test]
        fn a_packed_key_is_the_key_and_sorts_like_it(a in keys(), b in keys()) {
            prop_assert_eq!(AnswerKey::from(PackedKey::from(a)), a);
            prop_assert_eq!(PackedKey::from(a).cmp(&PackedKey::from(b)), a.cmp(&b));
        }

        #[test]
        fn an_option_set_is_a_set(options in proptest::collection::btree_set(0..OptionSet::MOST, 0..10)) {
            let set: OptionSet = options.iter().copied().collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), options.iter().copied().collect::<Vec<_>>());
            prop_assert!(set.is_subset(set) && OptionSet::default().is_subset(set));
        }
    }
}
