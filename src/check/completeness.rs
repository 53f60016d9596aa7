use serde::Serialize;

use super::CheckedEvaluation;
use crate::model::{Answer, AreaCode, QuestionIndex, Questionnaire, Respondent, SectorIndex, Submission};

/// How complete the submissions are, by area, sector and question.
#[derive(Clone, Debug, Serialize)]
pub struct Completeness {
    /// Completed areas with a valid submission, in register order.
    pub areas: Vec<AreaCompleteness>,
    /// The sectors, in questionnaire order.
    pub sectors: Vec<SectorCompleteness>,
    /// The questions, in questionnaire order.
    pub questions: Vec<QuestionCompleteness>,
}

/// How complete one area's submission is.
#[derive(Clone, Debug, Serialize)]
pub struct AreaCompleteness {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// True if the strategic lead sent any answers.
    pub strategic_lead: bool,
    /// How many sector managers sent any answers.
    pub managers: u32,
    /// How many answers to closed questions were sent.
    pub answered: u32,
    /// How many answers to closed questions were asked for, from respondents who sent any answers.
    pub asked: u32,
}

/// How many areas had a response from a sector.
#[derive(Clone, Debug, Serialize)]
pub struct SectorCompleteness {
    /// Its name.
    pub name: String,
    /// The number of areas in which its manager sent any answers.
    pub responded: u32,
    /// The number of areas in all.
    pub areas: u32,
}

/// How one question was answered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QuestionCompleteness {
    /// Its id.
    pub id: String,
    /// An option or a text was given.
    pub value: u32,
    /// "Don't know".
    pub dont_know: u32,
    /// "Not applicable".
    pub not_applicable: u32,
    /// Left blank by a respondent who sent other answers.
    pub not_answered: u32,
    /// Not asked, because of routing.
    pub not_asked: u32,
    /// The respondent sent nothing at all.
    pub no_response: u32,
}

/// Counts what was sent and what is missing.
pub fn completeness(evaluation: &CheckedEvaluation) -> Completeness {
    let CheckedEvaluation { register, questionnaire, submissions, .. } = evaluation;
    let areas = submissions.iter().map(|submission| {
        let (answered, asked) = answered(questionnaire, submission);
        AreaCompleteness {
            code: register[submission.area].code.clone(),
            name: register[submission.area].name.clone(),
            strategic_lead: submission.responded(Respondent::StrategicLead),
            managers: managers(questionnaire, submission),
            answered,
            asked,
        }
    });
    let sectors = questionnaire.sectors.iter().enumerate().map(|(s, sector)| {
        let responded =
            submissions.iter().filter(|submission| submission.responded(Respondent::Manager(SectorIndex(s))));
        SectorCompleteness {
            name: sector.name.clone(),
            responded: responded.count() as u32,
            areas: submissions.len() as u32,
        }
    });
    let questions =
        (0..questionnaire.questions.len()).map(|q| question(questionnaire, submissions, QuestionIndex(q)));
    Completeness { areas: areas.collect(), sectors: sectors.collect(), questions: questions.collect() }
}

fn managers(questionnaire: &Questionnaire, submission: &Submission) -> u32 {
    let sectors = (0..questionnaire.sectors.len()).map(SectorIndex);
    sectors.filter(|sector| submission.responded(Respondent::Manager(*sector))).count() as u32
}

/// How many answers to closed questions were sent, and how many were asked for, from respondents who sent any answers.
pub fn answered(questionnaire: &Questionnaire, submission: &Submission) -> (u32, u32) {
    let (mut answered, mut asked) = (0, 0);
    for (q, _) in questionnaire.questions.iter().enumerate().filter(|(_, question)| question.kind.is_closed())
    {
        for key in Submission::places(questionnaire, QuestionIndex(q)) {
            if !submission.responded(key.respondent) {
                continue;
            }
            match submission.answer(questionnaire, key.respondent, key.question, key.item) {
                Answer::NotAsked => {}
                Answer::NotAnswered => asked += 1,
                _ => {
                    asked += 1;
                    answered += 1;
                }
            }
        }
    }
    (answered, asked)
}

fn question(
    questionnaire: &Questionnaire,
    submissions: &[Submission],
    index: QuestionIndex,
) -> QuestionCompleteness {
    let mut counts = QuestionCompleteness { id: questionnaire[index].id.clone(), ..Default::default() };
    let places = Submission::places(questionnaire, index);
    for submission in submissions {
        for key in &places {
            let count = match submission.answer(questionnaire, key.respondent, key.question, key.item) {
                _ if !submission.responded(key.respondent) => &mut counts.no_response,
                Answer::Chosen(_) | Answer::Text(_) => &mut counts.value,
                Answer::DontKnow => &mut counts.dont_know,
                Answer::NotApplicable => &mut counts.not_applicable,
                Answer::NotAnswered => &mut counts.not_answered,
                Answer::NotAsked => &mut counts.not_asked,
            };
            *count += 1;
        }
    }
    counts
}
