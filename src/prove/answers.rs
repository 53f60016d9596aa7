use std::collections::BTreeMap;

use crate::model::{
    Answer, AnswerKey, AnswerState, Asked, Definition, Fact, GroupView, GroupedRow, MeasureIndex, Question,
    QuestionIndex, Questionnaire, ReceivedTable, Respondent, SectorIndex, Share, Submission, SubmissionView,
};
use crate::words::Lexicon;

/// What an area's submission says, counted and worded independently, so that reports can be checked against it.
pub(super) struct Answers<'a> {
    questionnaire: &'a Questionnaire,
    submission: &'a Submission,
    words: &'a Lexicon,
    /// Everything that was sent, by question, so that no fact has to search the answers to other questions.
    by_question: BTreeMap<QuestionIndex, Vec<(AnswerKey, &'a Answer)>>,
}

impl<'a> Answers<'a> {
    pub(super) fn of(
        questionnaire: &'a Questionnaire,
        submission: &'a Submission,
        words: &'a Lexicon,
    ) -> Self {
        let mut by_question: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (key, answer) in submission.iter() {
            by_question.entry(key.question).or_default().push((key, answer));
        }
        Self { questionnaire, submission, words, by_question }
    }

    /// True when a fact about the area's own answers has the right count and base.
    pub(super) fn match_fact(&self, fact: &Fact) -> bool {
        let share = self.questionnaire.cell(&fact.measure).map(|(measure, cell)| self.share(measure, cell));
        share.is_some_and(|Share { count, base }| (Some(count), Some(base)) == (fact.count, fact.base))
    }

    /// True when the tables of answers as received contain every question and every answer, in order, and gather the
    /// same answers.
    pub(super) fn match_tables(&self, view: &SubmissionView) -> bool {
        let managers = (0..self.questionnaire.sectors.len()).map(|s| Respondent::Manager(SectorIndex(s)));
        self.fill(&view.lead, &[Respondent::StrategicLead])
            && self.fill(&view.managers, &managers.collect::<Vec<_>>())
    }

    fn fill(&self, table: &ReceivedTable, respondents: &[Respondent]) -> bool {
        let heads = respondents.iter().map(|respondent| match respondent {
            Respondent::StrategicLead => self.words.strategic_lead.as_str(),
            Respondent::Manager(sector) => &self.questionnaire[*sector].name,
        });
        let sent = respondents.iter().map(|respondent| self.submission.responded(*respondent));
        table.respondents.iter().map(|respondent| respondent.name.as_str()).eq(heads)
            && table.respondents.iter().map(|respondent| respondent.responded).eq(sent)
            && table.rows.iter().map(|row| (row.question.clone(), answers_of(row))).eq(self.rows(respondents))
            && table.grouped == self.grouped(respondents)
    }

    /// Each question that any of these respondents could be asked, with what they said; once for each sector if it
    /// rates sectors.
    fn rows(&self, respondents: &[Respondent]) -> Vec<(String, Vec<String>)> {
        let mut rows = Vec::new();
        for (index, question) in self.questionnaire.questions.iter().enumerate() {
            if !respondents.iter().any(|who| is_put_to(question, *who)) {
                continue;
            }
            let mut row = |title: String, item: Option<SectorIndex>| {
                let said =
                    respondents.iter().map(|who| self.said(question, QuestionIndex(index), *who, item));
                rows.push((title, said.collect()));
            };
            if question.kind.rates_sectors() {
                for (position, sector) in self.questionnaire.sectors.iter().enumerate() {
                    row(format!("{}: {}", question.title, sector.name), Some(SectorIndex(position)));
                }
            } else {
                row(question.title.clone(), None);
            }
        }
        rows
    }

    fn said(
        &self,
        question: &Question,
        index: QuestionIndex,
        who: Respondent,
        item: Option<SectorIndex>,
    ) -> String {
        let words = &self.words.answers;
        match self.submission.answer(self.questionnaire, who, index, item) {
            Answer::Chosen(options) => {
                let chosen = question.options.iter().enumerate().filter(|(o, _)| options.contains(*o));
                chosen.map(|(_, option)| option.label.as_str()).collect::<Vec<_>>().join("; ")
            }
            Answer::Text(text) => text.to_string(),
            Answer::DontKnow => words.dont_know.clone(),
            Answer::NotApplicable => words.not_applicable.clone(),
            Answer::NotAnswered => words.not_answered.clone(),
            Answer::NotAsked => words.not_asked.clone(),
        }
    }

    /// Each closed question that any of these respondents could be asked, with its answers gathered one by one.
    fn grouped(&self, respondents: &[Respondent]) -> Vec<GroupedRow> {
        let mut rows = Vec::new();
        for (index, question) in self.questionnaire.questions.iter().enumerate() {
            if !question.kind.is_closed() || !respondents.iter().any(|who| is_put_to(question, *who)) {
                continue;
            }
            let mut groups: BTreeMap<usize, GroupView> = BTreeMap::new();
            for who in respondents.iter().copied().filter(|who| self.submission.responded(*who)) {
                for (item, sector) in self.places(question, who) {
                    let index = QuestionIndex(index);
                    let answer = self.submission.answer(self.questionnaire, who, index, item);
                    for (place, words, state) in self.groups_of(question, answer) {
                        let new = || GroupView { answer: words.to_owned(), state, sectors: Vec::new() };
                        groups.entry(place).or_insert_with(new).sectors.extend(sector.map(str::to_owned));
                    }
                }
            }
            rows.push(GroupedRow {
                question: question.title.clone(),
                answers: groups.into_values().collect(),
            });
        }
        rows
    }

    /// The items of a question about which a respondent answers, each with the name of the sector it is for, if any.
    fn places(&self, question: &Question, who: Respondent) -> Vec<(Option<SectorIndex>, Option<&str>)> {
        let sectors = self.questionnaire.sectors.iter().enumerate();
        match who {
            Respondent::Manager(sector) => vec![(None, Some(self.questionnaire[sector].name.as_str()))],
            Respondent::StrategicLead if question.kind.rates_sectors() => {
                sectors.map(|(s, sector)| (Some(SectorIndex(s)), Some(sector.name.as_str()))).collect()
            }
            Respondent::StrategicLead => vec![(None, None)],
        }
    }

    /// The groups that an answer belongs to: their places among those of the question, their words and their states.
    fn groups_of<'b>(
        &'b self,
        question: &'b Question,
        answer: &Answer,
    ) -> Vec<(usize, &'b str, AnswerState)> {
        let words = &self.words.answers;
        let (place, words, state) = match answer {
            Answer::Chosen(options) => {
                let chosen = question.options.iter().enumerate().filter(|(o, _)| options.contains(*o));
                return chosen.map(|(o, option)| (o, option.label.as_str(), AnswerState::Value)).collect();
            }
            // No closed question is answered in words.
            Answer::Text(_) => return Vec::new(),
            Answer::DontKnow => (0, &words.dont_know, AnswerState::DontKnow),
            Answer::NotApplicable => (1, &words.not_applicable, AnswerState::NotApplicable),
            Answer::NotAnswered => (2, &words.not_answered, AnswerState::NotAnswered),
            Answer::NotAsked => (3, &words.not_asked, AnswerState::NotAsked),
        };
        vec![(question.options.len() + place, words.as_str(), state)]
    }

    /// How many of the area's respondents a cell of a measure counts, answer by answer.
    fn share(&self, measure: MeasureIndex, cell: usize) -> Share {
        match &self.questionnaire[measure].definition {
            Definition::Distribution(question) => {
                let dont_know = self.questionnaire[*question].options.len();
                self.count(*question, |answer| match answer {
                    Answer::DontKnow => cell == dont_know,
                    other => other.chose(cell),
                })
            }
            Definition::Counted { question, options } => {
                self.count(*question, |answer| options.iter().any(|option| answer.chose(*option)))
            }
            Definition::Tally { of, at_least } => {
                // For each respondent: how many of the measures they answered, and how many count them.
                let mut tallies: BTreeMap<(Respondent, Option<SectorIndex>), (usize, usize)> =
                    BTreeMap::new();
                for measure in of {
                    let Definition::Counted { question, options } = &self.questionnaire[*measure].definition
                    else {
                        continue;
                    };
                    for (key, answer) in self.to(*question) {
                        if is_in_base(answer) {
                            let tally = tallies.entry((key.respondent, key.item)).or_default();
                            tally.0 += 1;
                            tally.1 += usize::from(options.iter().any(|option| answer.chose(*option)));
                        }
                    }
                }
                let in_base = tallies.values().filter(|(answered, _)| answered >= at_least);
                let cells = in_base
                    .map(|(answered, counted)| if *answered == of.len() { *counted } else { of.len() + 1 });
                let cells: Vec<usize> = cells.collect();
                let count = cells.iter().filter(|of_one| **of_one == cell).count();
                Share { count: count as u32, base: cells.len() as u32 }
            }
        }
    }

    /// The answers to a question.
    fn to(&self, question: QuestionIndex) -> &[(AnswerKey, &'a Answer)] {
        self.by_question.get(&question).map(Vec::as_slice).unwrap_or_default()
    }

    fn count(&self, question: QuestionIndex, counts: impl Fn(&Answer) -> bool) -> Share {
        let answers = self.to(question).iter();
        let in_base: Vec<_> = answers.map(|(_, answer)| answer).filter(|answer| is_in_base(answer)).collect();
        let count = in_base.iter().filter(|answer| counts(answer)).count();
        Share { count: count as u32, base: in_base.len() as u32 }
    }
}

/// True when a respondent is among those whom a question is for.
fn is_put_to(question: &Question, who: Respondent) -> bool {
    match (&question.asked, who) {
        (Asked::StrategicLead, Respondent::StrategicLead) => true,
        (Asked::Managers(sectors), Respondent::Manager(sector)) => sectors.contains(&sector),
        (Asked::StrategicLead, Respondent::Manager(_)) | (Asked::Managers(_), Respondent::StrategicLead) => {
            false
        }
    }
}

fn answers_of(row: &crate::model::ReceivedRow) -> Vec<String> {
    row.answers.iter().map(|answer| answer.answer.clone()).collect()
}

/// True for an answer that chose an option or said "don't know".
fn is_in_base(answer: &Answer) -> bool {
    match answer {
        Answer::Chosen(_) | Answer::DontKnow => true,
        Answer::Text(_) | Answer::NotApplicable | Answer::NotAnswered | Answer::NotAsked => false,
    }
}
