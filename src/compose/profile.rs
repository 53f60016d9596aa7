use super::composer::LocalComposer;
use crate::model::{
    Answer, Group, Mark, MarkView, Profile, ProfileRow, ProfileView, QuestionIndex, Questionnaire,
    Respondent, SectorIndex, StatisticView, Submission,
};
use crate::words::Lexicon;

impl LocalComposer<'_> {
    /// The sector profile: how far each sector has got on each question that has a column, and the nation's share that
    /// has begun.
    pub(super) fn profile(&mut self) -> ProfileView {
        let questionnaire = self.questionnaire();
        let columns: Vec<(QuestionIndex, &Profile)> = questionnaire.columns().collect();
        let mark = |question: QuestionIndex, profile: &Profile, sector: usize| {
            let mark = mark(questionnaire, self.about, question, profile, SectorIndex(sector));
            view(mark, self.words)
        };
        let rows = questionnaire.sectors.iter().enumerate().map(|(sector, declared)| ProfileRow {
            sector: declared.name.clone(),
            cells: columns.iter().map(|(question, profile)| mark(*question, profile, sector)).collect(),
        });
        let rows = rows.collect();
        let nation: Vec<StatisticView> = columns
            .iter()
            .filter_map(|(question, profile)| {
                self.group_of((*question, &profile.in_hand()), "in-hand", Group::Nation)
            })
            .collect();
        ProfileView {
            rows,
            columns: columns.iter().map(|(_, profile)| profile.title.clone()).collect(),
            nation,
        }
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
