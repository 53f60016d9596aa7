use crate::model::{
    Answer, AnswerKey, AnswerView, Question, QuestionIndex, Questionnaire, Respondent, RespondentView,
    SectorIndex, Submission,
};

/// The submission as received: every question that was put to each respondent.
pub(crate) fn received(questionnaire: &Questionnaire, submission: &Submission) -> Vec<RespondentView> {
    let managers = (0..questionnaire.sectors.len()).map(|s| Respondent::Manager(SectorIndex(s)));
    std::iter::once(Respondent::StrategicLead)
        .chain(managers)
        .map(|respondent| {
            let questions = (0..questionnaire.questions.len()).map(QuestionIndex);
            let keys = questions.flat_map(|question| Submission::places(questionnaire, question));
            let own = keys.filter(|key| key.respondent == respondent);
            RespondentView {
                name: match respondent {
                    Respondent::StrategicLead => String::new(),
                    Respondent::Manager(sector) => questionnaire[sector].name.clone(),
                },
                lead: respondent == Respondent::StrategicLead,
                responded: submission.responded(respondent),
                answers: own.map(|key| answer(questionnaire, submission, key)).collect(),
            }
        })
        .collect()
}

fn answer(questionnaire: &Questionnaire, submission: &Submission, key: AnswerKey) -> AnswerView {
    let question = &questionnaire[key.question];
    let title = match key.item {
        Some(sector) => format!("{}: {}", question.title, questionnaire[sector].name),
        None => question.title.clone(),
    };
    let (state, answer) =
        words(question, submission.answer(questionnaire, key.respondent, key.question, key.item));
    AnswerView { question: title, answer, state }
}

/// An answer in words, with its state.
pub(super) fn words(question: &Question, answer: &Answer) -> (&'static str, String) {
    match answer {
        Answer::Chosen(options) => {
            let labels: Vec<&str> = options.iter().map(|o| question.options[o].label.as_str()).collect();
            ("value", labels.join("; "))
        }
        Answer::Text(text) => ("value", text.to_string()),
        Answer::DontKnow => ("dont-know", "Don't know".to_owned()),
        Answer::NotApplicable => ("not-applicable", "Not applicable".to_owned()),
        Answer::NotAnswered => ("not-answered", "Not answered".to_owned()),
        Answer::NotAsked => ("not-asked", "Not asked".to_owned()),
    }
}
