use crate::model::{
    Answer, AnswerKey, AnswerState, AnswerView, GroupView, GroupedRow, Question, QuestionIndex,
    Questionnaire, ReceivedRow, ReceivedTable, Respondent, RespondentView, SectorIndex, Submission,
    SubmissionView,
};
use crate::words::Lexicon;

/// The submission as received: every question, with each respondent's answer.
pub(super) fn received(
    questionnaire: &Questionnaire,
    submission: &Submission,
    words: &Lexicon,
) -> SubmissionView {
    let managers = (0..questionnaire.sectors.len()).map(|s| Respondent::Manager(SectorIndex(s)));
    let table = |respondents: &[Respondent]| table(questionnaire, submission, words, respondents);
    SubmissionView {
        lead: table(&[Respondent::StrategicLead]),
        managers: table(&managers.collect::<Vec<_>>()),
    }
}

fn table(
    questionnaire: &Questionnaire,
    submission: &Submission,
    lexicon: &Lexicon,
    respondents: &[Respondent],
) -> ReceivedTable {
    let mut rows = Vec::new();
    for (index, question) in questionnaire.questions.iter().enumerate() {
        let asked = Submission::respondents(question);
        let places = Submission::places(questionnaire, QuestionIndex(index));
        // One respondent's places: one for each item of a grid.
        let own = places.iter().filter(|place| Some(&place.respondent) == asked.first());
        if !respondents.iter().any(|respondent| asked.contains(respondent)) {
            continue;
        }
        rows.extend(own.map(|place| {
            ReceivedRow {
                question: match place.item {
                    Some(sector) => format!("{}: {}", question.title, questionnaire[sector].name),
                    None => question.title.clone(),
                },
                free_text: !question.kind.is_closed(),
                answers: respondents
                    .iter()
                    .map(|respondent| {
                        let AnswerKey { question: of, item, .. } = *place;
                        let key = AnswerKey { respondent: *respondent, question: of, item };
                        let answer = submission.answer(questionnaire, *respondent, of, item);
                        let set_aside = submission.answer_set_aside(key);
                        let AnswerView { answer, state, .. } = view(lexicon, question, answer);
                        AnswerView {
                            answer,
                            state: if question.is_for(*respondent) { state } else { AnswerState::NotMeant },
                            set_aside: set_aside.map(|answer| Box::new(view(lexicon, question, answer))),
                        }
                    })
                    .collect(),
            }
        }));
    }
    let grouped = grouped(questionnaire, submission, lexicon, respondents);
    let respondents = respondents.iter().enumerate().map(|(place, respondent)| RespondentView {
        name: name(questionnaire, lexicon, *respondent),
        place,
        responded: submission.responded(*respondent),
    });
    ReceivedTable { respondents: respondents.collect(), rows, grouped }
}

fn view(lexicon: &Lexicon, question: &Question, answer: &Answer) -> AnswerView {
    let (state, answer) = words(lexicon, question, answer);
    AnswerView { answer, state, set_aside: None }
}

/// How a respondent is named in tables.
pub(super) fn name(questionnaire: &Questionnaire, lexicon: &Lexicon, respondent: Respondent) -> String {
    match respondent {
        Respondent::StrategicLead => lexicon.strategic_lead.clone(),
        Respondent::Manager(sector) => questionnaire[sector].name.clone(),
    }
}

/// An answer in words, with its state.
pub(super) fn words(lexicon: &Lexicon, question: &Question, answer: &Answer) -> (AnswerState, String) {
    let state = state(answer);
    let words = match answer {
        Answer::Chosen(options) => {
            let labels: Vec<&str> = options.iter().map(|o| question.options[o].label.as_str()).collect();
            labels.join("; ")
        }
        Answer::Text(text) => text.to_string(),
        Answer::DontKnow | Answer::NotApplicable | Answer::NotAnswered | Answer::NotAsked => {
            lexicon.answer(state).to_owned()
        }
    };
    (state, words)
}

fn state(answer: &Answer) -> AnswerState {
    match answer {
        Answer::Chosen(_) | Answer::Text(_) => AnswerState::Value,
        Answer::DontKnow => AnswerState::DontKnow,
        Answer::NotApplicable => AnswerState::NotApplicable,
        Answer::NotAnswered => AnswerState::NotAnswered,
        Answer::NotAsked => AnswerState::NotAsked,
    }
}

/// The closed questions put to any of these respondents, with the answers of those who responded gathered.
fn grouped(
    questionnaire: &Questionnaire,
    submission: &Submission,
    lexicon: &Lexicon,
    respondents: &[Respondent],
) -> Vec<GroupedRow> {
    let closed = questionnaire.questions.iter().enumerate().filter(|(_, question)| question.kind.is_closed());
    let put = closed.filter(|(_, question)| {
        let asked = Submission::respondents(question);
        respondents.iter().any(|respondent| asked.contains(respondent))
    });
    put.map(|(index, question)| {
        let given = given(questionnaire, submission, respondents, QuestionIndex(index));
        GroupedRow { question: question.title.clone(), answers: groups(lexicon, question, &given) }
    })
    .collect()
}

/// An answer, and the sector that it belongs to: none if a strategic lead answered for the whole area.
struct Given<'a> {
    sector: Option<&'a str>,
    answer: &'a Answer,
}

/// What everyone who responded said to a question, in the order of the sectors.
fn given<'a>(
    questionnaire: &'a Questionnaire,
    submission: &'a Submission,
    respondents: &[Respondent],
    question: QuestionIndex,
) -> Vec<Given<'a>> {
    let items: Vec<Option<SectorIndex>> = if questionnaire[question].kind.rates_sectors() {
        (0..questionnaire.sectors.len()).map(|s| Some(SectorIndex(s))).collect()
    } else {
        vec![None]
    };
    let mut given = Vec::new();
    for respondent in respondents.iter().copied().filter(|respondent| submission.responded(*respondent)) {
        for item in items.iter().copied() {
            let sector = match respondent {
                Respondent::StrategicLead => item,
                Respondent::Manager(sector) => Some(sector),
            };
            given.push(Given {
                sector: sector.map(|sector| questionnaire[sector].name.as_str()),
                answer: submission.answer(questionnaire, respondent, question, item),
            });
        }
    }
    given
}

/// The answers that were given, each with its sectors. Several options may have been chosen by one respondent.
fn groups(lexicon: &Lexicon, question: &Question, given: &[Given<'_>]) -> Vec<GroupView> {
    let options = question.options.iter().enumerate();
    let options = options.map(|(o, option)| (option.label.as_str(), AnswerState::Value, Some(o)));
    let others =
        [AnswerState::DontKnow, AnswerState::NotApplicable, AnswerState::NotAnswered, AnswerState::NotAsked];
    let others = others.into_iter().map(|state| (lexicon.answer(state), state, None));
    let gathered = options.chain(others).filter_map(|(answer, of, option)| {
        let is_it = |given: &&Given<'_>| match option {
            Some(option) => given.answer.chose(option),
            None => state(given.answer) == of,
        };
        let those: Vec<&Given<'_>> = given.iter().filter(is_it).collect();
        let sectors = those.iter().filter_map(|given| given.sector.map(str::to_owned)).collect();
        (!those.is_empty()).then(|| GroupView { answer: answer.to_owned(), state: of, sectors })
    });
    gathered.collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::AreaIndex;
    use crate::pipeline;

    /// A row as "question: answer (sector, sector); answer".
    fn in_short(row: &GroupedRow) -> String {
        let answer = |group: &GroupView| match group.sectors.as_slice() {
            [] => group.answer.clone(),
            sectors => format!("{} ({})", group.answer, sectors.join(", ")),
        };
        format!("{}: {}", row.question, row.answers.iter().map(answer).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn answers_are_gathered_in_the_order_of_the_questionnaire() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/healthy-schools-2024");
        let evaluation = pipeline::load(&folder).unwrap().value.unwrap();
        let words = Lexicon::of("en.toml", include_str!("../../report-templates/lexicon/en.toml")).unwrap();
        let submission = evaluation.submission(AreaIndex(0)).unwrap();
        let view = received(&evaluation.questionnaire, submission, &words);
        let short = |table: &ReceivedTable| table.grouped.iter().map(in_short).collect::<Vec<_>>();
        assert_eq!(
            short(&view.lead),
            [
                "Priority of healthy food: 3",
                "Support by kind of school: 4 (secondary schools); 2 (primary schools); \
                 Don't know (special schools)",
            ]
        );
        assert_eq!(
            short(&view.managers),
            [
                "Meals cooked at school: Every day (primary schools, special schools); Never (secondary schools)",
                "What helps schools to cook: A kitchen (special schools); Trained cooks (primary schools); \
                 Not asked (secondary schools)",
                "A mile a day: No pupils (primary schools, secondary schools); Not applicable (special schools)",
                "Time in front of screens: Don't know (secondary schools); \
                 Not asked (primary schools, special schools)",
            ]
        );
    }
}
