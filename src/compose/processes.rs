use super::composer::LocalComposer;
use super::profile;
use crate::model::{
    Asked, Group, ProcessCell, ProcessesFigure, ProcessesRow, Profile, QuestionIndex, Respondent,
    SectorIndex, StatisticView, capitalised,
};

impl LocalComposer<'_> {
    /// Each sector's progress with each question that has a column in the sector profile; `None` without such a
    /// question.
    pub(super) fn processes(&mut self) -> Option<ProcessesFigure> {
        let questionnaire = self.questionnaire();
        let columns: Vec<(QuestionIndex, &Profile)> = questionnaire.columns().collect();
        if columns.is_empty() {
            return None;
        }
        let (number, file) = self.next_figure();
        let mut rows = Vec::new();
        for sector in (0..questionnaire.sectors.len()).map(SectorIndex) {
            rows.push(ProcessesRow {
                sector: capitalised(&questionnaire[sector].name),
                cells: columns
                    .iter()
                    .map(|(question, profile)| self.process(*question, profile, sector))
                    .collect(),
            });
        }
        let cells = rows.iter().flat_map(|row| row.cells.iter().flatten());
        let withheld = cells.flat_map(|cell| [&cell.in_place, &cell.in_hand]).any(StatisticView::is_withheld);
        Some(ProcessesFigure {
            number,
            file,
            questions: columns.iter().map(|(question, _)| questionnaire[*question].id.clone()).collect(),
            columns: columns.iter().map(|(_, profile)| profile.title.clone()).collect(),
            rows,
            withheld,
        })
    }

    /// A sector's progress with one process; `None` if its manager was not asked.
    fn process(
        &mut self,
        index: QuestionIndex,
        profile: &Profile,
        sector: SectorIndex,
    ) -> Option<ProcessCell> {
        let questionnaire = self.questionnaire();
        let Asked::Managers(sectors) = &questionnaire[index].asked else { return None };
        if !sectors.contains(&sector) {
            return None;
        }
        let answer = self.about.answer(questionnaire, Respondent::Manager(sector), index, None);
        self.single(sector, index, answer);
        let own = profile::mark(questionnaire, self.about, index, profile, sector);
        let group = Group::Sector(sector);
        Some(ProcessCell {
            own: profile::view(own, self.words),
            in_place: self.group_of((index, &profile.in_place), "in-place", group)?,
            in_hand: self.group_of((index, &profile.in_hand()), "in-hand", group)?,
        })
    }
}
