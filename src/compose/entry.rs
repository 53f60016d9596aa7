use super::received;
use crate::model::{
    Answer, AnswerKey, AnswerState, EntryState, EntryView, QuestionIndex, Questionnaire, Respondent,
    SectorIndex, Submission,
};
use crate::words::Lexicon;

/// Every question that was meant for every respondent, with what they sent and what became of it: by respondent, then
/// in questionnaire order, with an entry for each item of a grid.
pub(super) fn entries(
    questionnaire: &Questionnaire,
    submission: &Submission,
    words: &Lexicon,
) -> Vec<EntryView> {
    let reader = Reader { questionnaire, submission, words };
    let managers = (0..questionnaire.sectors.len()).map(|s| Respondent::Manager(SectorIndex(s)));
    let mut entries = Vec::new();
    for respondent in [Respondent::StrategicLead].into_iter().chain(managers) {
        for (index, _) in questionnaire.each_question() {
            let places = Submission::places(questionnaire, index).into_iter();
            let own = places.filter(|place| place.respondent == respondent);
            entries.extend(own.map(|key| reader.entry(key)));
        }
    }
    entries
}

struct Reader<'a> {
    questionnaire: &'a Questionnaire,
    submission: &'a Submission,
    words: &'a Lexicon,
}

impl Reader<'_> {
    fn entry(&self, key: AnswerKey) -> EntryView {
        let question = &self.questionnaire[key.question];
        let (state, answer) = self.state(key);
        EntryView {
            respondent: received::name(self.questionnaire, self.words, key.respondent),
            question_id: question.id.clone(),
            question: question.title.clone(),
            wording: question.text.clone(),
            free_text: !question.kind.is_closed(),
            item: key.item.map(|sector| self.questionnaire[sector].name.clone()),
            answer: answer.map(|answer| self.said(key.question, answer)),
            state,
            reason: self.reason(state, key),
        }
    }

    /// What became of a question, with the answer that was sent.
    fn state(&self, key: AnswerKey) -> (EntryState, Option<&Answer>) {
        if let Some(answer) = self.submission.answer_set_aside(key) {
            return (EntryState::SetAside, Some(answer));
        }
        if !self.submission.responded(key.respondent) {
            return (EntryState::NoResponse, None);
        }
        let answer = self.submission.answer(self.questionnaire, key.respondent, key.question, key.item);
        match answer {
            Answer::Chosen(_) | Answer::Text(_) => (EntryState::Answered, Some(answer)),
            Answer::DontKnow => (EntryState::DontKnow, Some(answer)),
            Answer::NotApplicable => (EntryState::NotApplicable, Some(answer)),
            Answer::NotAnswered => (EntryState::LeftBlank, None),
            Answer::NotAsked => (EntryState::NotAsked, None),
        }
    }

    fn reason(&self, state: EntryState, key: AnswerKey) -> Option<String> {
        match state {
            EntryState::Answered | EntryState::DontKnow | EntryState::NotApplicable => None,
            EntryState::LeftBlank => Some(self.words.gaps.nothing_sent.clone()),
            EntryState::NoResponse => Some(self.words.gaps.no_response.clone()),
            EntryState::NotAsked | EntryState::SetAside => self.led_past(key),
        }
    }

    /// Which earlier answer led past a question.
    fn led_past(&self, key: AnswerKey) -> Option<String> {
        let (earlier, answer) = self.submission.turning(self.questionnaire, key.respondent, key.question)?;
        let question = &self.questionnaire[earlier];
        let (state, said) = received::words(self.words, question, answer);
        let sent = state != AnswerState::NotAnswered;
        Some(self.words.led_past(&question.title, sent.then_some(said.as_str())))
    }

    fn said(&self, question: QuestionIndex, answer: &Answer) -> String {
        received::words(self.words, &self.questionnaire[question], answer).1
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{AreaIndex, Language, OptionSet};
    use crate::templates::Templates;

    /// A questionnaire in which one answer leads past two questions, and a submission that answers them all the same.
    pub(in super::super) fn routed_out_twice() -> (Questionnaire, Submission, Lexicon) {
        let text = include_str!("../../tests/cases/routed-out-twice/questionnaire.toml");
        let mut problems = Vec::new();
        let raw = crate::read::questionnaire_of(text, &mut problems).unwrap();
        let questionnaire = crate::check::questionnaire_of(&raw, &mut problems).unwrap();
        let words = Templates::embedded().lexicon(&Language::english()).unwrap();
        let mut submission = Submission::new(AreaIndex(0));
        let [lead, schools, libraries] = [
            Respondent::StrategicLead,
            Respondent::Manager(SectorIndex(0)),
            Respondent::Manager(SectorIndex(1)),
        ];
        let key = |respondent, question: &str, item: Option<usize>| AnswerKey {
            respondent,
            question: questionnaire.question(question).unwrap(),
            item: item.map(SectorIndex),
        };
        let chosen = |option: usize| Answer::Chosen(OptionSet::of(option));
        submission.insert(key(lead, "pace", None), Answer::DontKnow);
        submission.insert(key(lead, "engaged", Some(0)), Answer::NotApplicable);
        submission.insert(key(schools, "comment", None), Answer::Text("=1+1, {answer}".into()));
        submission.insert(key(libraries, "cards", None), chosen(2));
        submission.insert(key(libraries, "card-uses", None), chosen(1));
        submission.insert(key(libraries, "songs", None), chosen(0));
        for question in ["card-uses", "songs"] {
            submission.set_aside(key(libraries, question, None));
        }
        (questionnaire, submission, words)
    }

    #[test]
    fn every_question_has_what_was_sent_and_what_became_of_it() {
        let (questionnaire, submission, words) = routed_out_twice();
        let entries = entries(&questionnaire, &submission, &words);
        let short = |entry: &EntryView| {
            let optional =
                [&entry.item, &entry.answer, &entry.reason].map(|text| text.as_deref().unwrap_or("-"));
            let [item, answer, reason] = optional;
            format!("{}|{}|{item}|{answer}|{}|{reason}", entry.respondent, entry.question_id, entry.state)
        };
        let no = "because the answer to “Library cards” was “No”";
        let blank = "because “Library cards” was left blank";
        assert_eq!(
            entries.iter().map(short).collect::<Vec<_>>(),
            [
                "strategic lead|pace|-|Don't know|dont-know|-".to_owned(),
                "strategic lead|engaged|schools|Not applicable|not-applicable|-".to_owned(),
                "strategic lead|engaged|libraries|-|left-blank|because no answer was sent".to_owned(),
                "schools|cards|-|-|left-blank|because no answer was sent".to_owned(),
                format!("schools|card-uses|-|-|not-asked|{blank}"),
                format!("schools|songs|-|-|not-asked|{blank}"),
                "schools|comment|-|=1+1, {answer}|answered|-".to_owned(),
                "libraries|cards|-|No|answered|-".to_owned(),
                format!("libraries|card-uses|-|Music|set-aside|{no}"),
                format!("libraries|songs|-|Yes|set-aside|{no}"),
                "libraries|comment|-|-|left-blank|because no answer was sent".to_owned(),
            ]
        );
    }

    #[test]
    fn a_respondent_whose_answers_do_not_count_has_not_responded() {
        let (questionnaire, mut submission, words) = routed_out_twice();
        let libraries = Respondent::Manager(SectorIndex(1));
        let cards = questionnaire.question("cards").unwrap();
        submission.remove(AnswerKey { respondent: libraries, question: cards, item: None });
        let entries = entries(&questionnaire, &submission, &words);
        let states = entries.iter().filter(|entry| entry.respondent == "libraries").map(|entry| entry.state);
        assert_eq!(
            states.collect::<Vec<_>>(),
            [EntryState::NoResponse, EntryState::SetAside, EntryState::SetAside, EntryState::NoResponse]
        );
    }
}
