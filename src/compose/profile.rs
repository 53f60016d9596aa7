use crate::model::{
    Answer, Mark, MarkView, Profile, ProfileRow, ProfileView, QuestionIndex, Questionnaire, Respondent,
    SectorIndex, Submission,
};
use crate::words::Lexicon;

/// The sector profile: how far each sector has got on each question that has a column.
pub(super) fn profile(
    questionnaire: &Questionnaire,
    submission: &Submission,
    words: &Lexicon,
) -> ProfileView {
    let columns: Vec<(QuestionIndex, &Profile)> = questionnaire
        .questions
        .iter()
        .enumerate()
        .filter_map(|(q, question)| Some((QuestionIndex(q), question.profile.as_ref()?)))
        .collect();
    let rows = questionnaire.sectors.iter().enumerate().map(|(s, sector)| ProfileRow {
        sector: sector.name.clone(),
        cells: columns
            .iter()
            .map(|(question, profile)| mark(questionnaire, submission, *question, profile, SectorIndex(s)))
            .map(|mark| view(mark, words))
            .collect(),
    });
    ProfileView {
        rows: rows.collect(),
        columns: columns.iter().map(|(_, profile)| profile.title.clone()).collect(),
    }
}

/// How far one sector has got.
pub(super) fn mark(
    questionnaire: &Questionnaire,
    submission: &Submission,
    question: QuestionIndex,
    profile: &Profile,
    sector: SectorIndex,
) -> Mark {
    let answer = submission.answer(questionnaire, Respondent::Manager(sector), question, None);
    let chose = |options: &[usize]| options.iter().any(|option| answer.chose(*option));
    match answer {
        Answer::DontKnow => Mark::DontKnow,
        Answer::Chosen(_) if chose(&profile.in_place) => Mark::InPlace,
        Answer::Chosen(_) if chose(&profile.begun) => Mark::Begun,
        Answer::Chosen(_) => Mark::NotYet,
        _ => Mark::NoAnswer,
    }
}

/// A mark with its word.
pub(super) fn view(mark: Mark, words: &Lexicon) -> MarkView {
    MarkView { mark, word: words.mark(mark).to_owned() }
}
