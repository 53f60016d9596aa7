use crate::model::{
    Answer, AnswerState, AnswerView, Question, QuestionIndex, Questionnaire, ReceivedRow, ReceivedTable,
    Respondent, RespondentView, SectorIndex, Submission, SubmissionView,
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
                        let answer =
                            submission.answer(questionnaire, *respondent, place.question, place.item);
                        let (state, answer) = words(lexicon, question, answer);
                        AnswerView { answer, state }
                    })
                    .collect(),
            }
        }));
    }
    let respondents = respondents.iter().enumerate().map(|(place, respondent)| RespondentView {
        name: match respondent {
            Respondent::StrategicLead => lexicon.strategic_lead.clone(),
            Respondent::Manager(sector) => questionnaire[*sector].name.clone(),
        },
        place,
        responded: submission.responded(*respondent),
    });
    ReceivedTable { respondents: respondents.collect(), rows }
}

/// An answer in words, with its state.
pub(super) fn words(lexicon: &Lexicon, question: &Question, answer: &Answer) -> (AnswerState, String) {
    let without = |state: AnswerState| (state, lexicon.answer(state).to_owned());
    match answer {
        Answer::Chosen(options) => {
            let labels: Vec<&str> = options.iter().map(|o| question.options[o].label.as_str()).collect();
            (AnswerState::Value, labels.join("; "))
        }
        Answer::Text(text) => (AnswerState::Value, text.to_string()),
        Answer::DontKnow => without(AnswerState::DontKnow),
        Answer::NotApplicable => without(AnswerState::NotApplicable),
        Answer::NotAnswered => without(AnswerState::NotAnswered),
        Answer::NotAsked => without(AnswerState::NotAsked),
    }
}
