use crate::model::{
    Answer, AnswerState, AnswerView, Question, QuestionIndex, Questionnaire, ReceivedRow, ReceivedTable,
    Respondent, RespondentView, SectorIndex, Submission, SubmissionView,
};

/// The submission as received: every question, and what each respondent answered.
pub(crate) fn received(questionnaire: &Questionnaire, submission: &Submission) -> SubmissionView {
    let managers = (0..questionnaire.sectors.len()).map(|s| Respondent::Manager(SectorIndex(s)));
    let table = |respondents: &[Respondent]| table(questionnaire, submission, respondents);
    SubmissionView {
        lead: table(&[Respondent::StrategicLead]),
        managers: table(&managers.collect::<Vec<_>>()),
    }
}

fn table(
    questionnaire: &Questionnaire,
    submission: &Submission,
    respondents: &[Respondent],
) -> ReceivedTable {
    let mut rows = Vec::new();
    for (index, question) in questionnaire.questions.iter().enumerate() {
        let asked = Submission::respondents(question);
        let places = Submission::places(questionnaire, QuestionIndex(index));
        // The places of one respondent: one for each item of a grid.
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
                        let (state, answer) = words(question, answer);
                        AnswerView { answer, state }
                    })
                    .collect(),
            }
        }));
    }
    let respondents = respondents.iter().enumerate().map(|(place, respondent)| RespondentView {
        name: match respondent {
            Respondent::StrategicLead => "strategic lead".to_owned(),
            Respondent::Manager(sector) => questionnaire[*sector].name.clone(),
        },
        place,
        responded: submission.responded(*respondent),
    });
    ReceivedTable { respondents: respondents.collect(), rows }
}

/// An answer in words, with its state.
pub(super) fn words(question: &Question, answer: &Answer) -> (AnswerState, String) {
    match answer {
        Answer::Chosen(options) => {
            let labels: Vec<&str> = options.iter().map(|o| question.options[o].label.as_str()).collect();
            (AnswerState::Value, labels.join("; "))
        }
        Answer::Text(text) => (AnswerState::Value, text.to_string()),
        Answer::DontKnow => (AnswerState::DontKnow, "Don't know".to_owned()),
        Answer::NotApplicable => (AnswerState::NotApplicable, "Not applicable".to_owned()),
        Answer::NotAnswered => (AnswerState::NotAnswered, "Not answered".to_owned()),
        Answer::NotAsked => (AnswerState::NotAsked, "Not asked".to_owned()),
    }
}
