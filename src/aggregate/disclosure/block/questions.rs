use super::parts::AskedQuestion;
use crate::model::{QuestionIndex, Questionnaire};

/// The questions with their routes, as positions in the block.
pub(super) fn questions(questionnaire: &Questionnaire, indices: &[QuestionIndex]) -> Vec<AskedQuestion> {
    let local = |index: QuestionIndex| indices.iter().position(|other| *other == index);
    let asked = |index: &QuestionIndex| {
        let question = &questionnaire[*index];
        let route = question.route.as_ref().and_then(|route| {
            let options = route.options.iter().copied().collect();
            Some((local(route.question)?, options))
        });
        AskedQuestion {
            index: *index,
            multiple: question.kind.takes_several(),
            grid: question.kind.rates_sectors(),
            options: question.options.len(),
            dont_know: question.dont_know,
            none: question.none().filter(|_| question.kind.takes_several()),
            route,
            children: Vec::new(),
        }
    };
    let mut questions: Vec<AskedQuestion> = indices.iter().map(asked).collect();
    for child in 0..questions.len() {
        if let Some((parent, _)) = questions[child].route {
            questions[parent].children.push(child);
        }
    }
    questions
}
