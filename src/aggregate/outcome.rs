use crate::model::{Answer, AnswerKey, Definition, MeasureIndex, Questionnaire, Share, Submission};

/// The cells of a measure in which a respondent counts, or `None` if the respondent is not in its base.
///
/// The base is everyone who chose an option or said "don't know". It leaves out those who were not asked, left the
/// question blank, or said "not applicable".
pub fn outcome(
    questionnaire: &Questionnaire,
    submission: &Submission,
    measure: MeasureIndex,
    key: AnswerKey,
) -> Option<Vec<usize>> {
    match &questionnaire[measure].definition {
        Definition::Distribution(question) => {
            let answer = submission.answer(questionnaire, key.respondent, *question, key.item);
            match answer {
                Answer::Chosen(options) => Some(options.iter().collect()),
                // The cell for "don't know" is the last one.
                Answer::DontKnow => Some(vec![questionnaire[*question].options.len()]),
                _ => None,
            }
        }
        Definition::Counted { question, options } => {
            let answer = submission.answer(questionnaire, key.respondent, *question, key.item);
            let counts = options.iter().any(|option| answer.chose(*option));
            answer.in_base().then(|| if counts { vec![0] } else { Vec::new() })
        }
        Definition::Tally { of, at_least } => {
            let answered: Vec<bool> = of
                .iter()
                .filter_map(|measure| outcome(questionnaire, submission, *measure, key))
                .map(|cells| !cells.is_empty())
                .collect();
            let number = answered.iter().filter(|counts| **counts).count();
            let cell = if answered.len() == of.len() { number } else { of.len() + 1 };
            (answered.len() >= *at_least).then(|| vec![cell])
        }
    }
}

/// The share of a cell among the respondents of one area.
pub fn area_share(
    questionnaire: &Questionnaire,
    submission: &Submission,
    measure: MeasureIndex,
    cell: usize,
) -> Share {
    let mut share = Share::default();
    for key in Submission::places(questionnaire, questionnaire.question_of(measure)) {
        if let Some(cells) = outcome(questionnaire, submission, measure, key) {
            share.base += 1;
            share.count += u32::from(cells.contains(&cell));
        }
    }
    share
}
