use super::composer::LocalComposer;
use super::measure::cell_id;
use super::received;
use crate::model::{
    Answer, Group, QuestionIndex, Respondent, SectorIndex, SideView, SidesFigure, SidesRow, StatisticView,
};

/// How many steps apart two views of a sector must be to be worth a discussion.
const FAR_APART: usize = 2;

impl LocalComposer<'_> {
    /// The two questions that look at one thing from two sides; `None` without such a pair.
    pub(super) fn sides(&mut self) -> Option<SidesFigure> {
        let questionnaire = self.questionnaire();
        let mut questions = questionnaire.each_question();
        let (mirror, grid) = questions.find_map(|(index, question)| Some((index, question.mirrors?)))?;
        let (number, file) = self.next_figure();
        let sectors = (0..questionnaire.sectors.len()).map(SectorIndex);
        let rows: Vec<SidesRow> = sectors.map(|sector| self.sides_row(grid, mirror, sector)).collect();
        let mut apart: Vec<SidesRow> =
            rows.iter().filter(|row| row.steps.is_some_and(|steps| steps >= FAR_APART)).cloned().collect();
        apart.sort_by_key(|row| std::cmp::Reverse(row.steps));
        let [of_grid, of_mirror] = [&questionnaire[grid], &questionnaire[mirror]];
        let counted = questionnaire.counted(grid).map(|(_, options)| {
            let labels: Vec<&str> =
                options.iter().map(|option| of_grid.options[*option].label.as_str()).collect();
            self.words.either(&labels)
        });
        let is_withheld = |view: &SideView| view.nation.as_ref().is_some_and(StatisticView::is_withheld);
        let withheld = rows.iter().any(|row| is_withheld(&row.lead) || is_withheld(&row.manager));
        Some(SidesFigure {
            number,
            file,
            questions: vec![of_grid.id.clone(), of_mirror.id.clone()],
            question: of_grid.text.clone(),
            steps: of_grid.options.iter().map(|option| option.label.clone()).collect(),
            apart,
            rated: rows.iter().filter(|row| row.steps.is_some()).count() as u32,
            counted: counted.unwrap_or_default(),
            withheld,
            rows,
        })
    }

    fn sides_row(&mut self, grid: QuestionIndex, mirror: QuestionIndex, sector: SectorIndex) -> SidesRow {
        let questionnaire = self.questionnaire();
        let lead = self.about.answer(questionnaire, Respondent::StrategicLead, grid, Some(sector));
        let manager = self.about.answer(questionnaire, Respondent::Manager(sector), mirror, None);
        let lead = self.side(grid, grid, sector, lead);
        let manager = self.side(mirror, grid, sector, manager);
        let steps = lead.step.zip(manager.step).map(|(lead, manager)| lead.abs_diff(manager));
        SidesRow { sector: questionnaire[sector].name.clone(), lead, manager, steps }
    }

    /// One view of a sector, on the scale of the grid.
    fn side(
        &mut self,
        question: QuestionIndex,
        grid: QuestionIndex,
        sector: SectorIndex,
        answer: &Answer,
    ) -> SideView {
        let questionnaire = self.questionnaire();
        let declared = &questionnaire[question];
        let chosen = match answer {
            Answer::Chosen(options) => options.iter().next(),
            _ => None,
        };
        let nation = questionnaire.counted(question).map(|(measure, _)| {
            let name = cell_id(&questionnaire[measure].id, &questionnaire[measure].cells[0].id);
            self.group(&name, measure, 0, Group::Sector(sector))
        });
        self.single(sector, question, answer);
        SideView {
            step: chosen.and_then(|option| questionnaire[grid].option(&declared.options[option].id)),
            text: received::words(self.words, declared, answer).1,
            nation,
        }
    }
}
