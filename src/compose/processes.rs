use super::composer::Composer;
use super::profile;
use crate::model::{
    Asked, Group, ProcessCell, ProcessesFigure, ProcessesRow, QuestionIndex, Respondent, SectorIndex,
    StatisticView, capitalised,
};

impl Composer<'_> {
    /// Each sector's progress with each question that has a column in the sector profile; `None` if there is none.
    pub(super) fn processes(&mut self) -> Option<ProcessesFigure> {
        let questionnaire = self.questionnaire();
        let questions = questionnaire.questions.iter().enumerate();
        let columns: Vec<QuestionIndex> = questions
            .filter(|(_, question)| question.profile.is_some())
            .map(|(q, _)| QuestionIndex(q))
            .collect();
        if columns.is_empty() {
            return None;
        }
        let (number, file) = self.next_figure();
        let mut rows = Vec::new();
        for sector in (0..questionnaire.sectors.len()).map(SectorIndex) {
            rows.push(ProcessesRow {
                sector: capitalised(&questionnaire[sector].name),
                cells: columns.iter().map(|question| self.process(*question, sector)).collect(),
            });
        }
        let cells = rows.iter().flat_map(|row| row.cells.iter().flatten());
        let withheld = cells.flat_map(|cell| [&cell.in_place, &cell.in_hand]).any(StatisticView::is_withheld);
        let profiles = columns.iter().filter_map(|question| questionnaire[*question].profile.as_ref());
        Some(ProcessesFigure {
            number,
            file,
            questions: columns.iter().map(|question| questionnaire[*question].id.clone()).collect(),
            columns: profiles.map(|profile| profile.title.clone()).collect(),
            rows,
            withheld,
        })
    }

    fn process(&mut self, index: QuestionIndex, sector: SectorIndex) -> Option<ProcessCell> {
        let questionnaire = self.questionnaire();
        let question = &questionnaire[index];
        let profile = question.profile.as_ref()?;
        let Asked::Managers(sectors) = &question.asked else { return None };
        if !sectors.contains(&sector) {
            return None;
        }
        let answer = self.submission.answer(questionnaire, Respondent::Manager(sector), index, None);
        self.single(sector, index, answer);
        let own = profile::mark(questionnaire, self.submission, index, profile, sector);
        let in_hand: Vec<usize> = profile.in_place.iter().chain(&profile.begun).copied().collect();
        let group = Group::Sector(sector);
        Some(ProcessCell {
            own: profile::view(own, self.words),
            in_place: self.group_of((index, &profile.in_place), "in-place", group)?,
            in_hand: self.group_of((index, &in_hand), "in-hand", group)?,
        })
    }
}
