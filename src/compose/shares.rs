use super::composer::GroupComposer;
use super::measure::{cell_id, wider};
use crate::model::{
    Comparison, Dots, FactState, Group, MeasureIndex, QuestionIndex, RegionIndex, Respondents, RowsAre,
    SectorIndex, Share, SharesFigure, SharesRow, StatisticView, capitalised,
};

impl GroupComposer<'_> {
    /// A figure of measures, or of the cells of one.
    pub(super) fn figure_of_measures(
        &mut self,
        title: &str,
        rows_are: RowsAre,
        cells: &[(MeasureIndex, usize)],
    ) -> SharesFigure {
        let questionnaire = self.questionnaire();
        let rows: Vec<SharesRow> =
            cells.iter().map(|(measure, cell)| self.measure_row(*measure, *cell)).collect();
        let bases: Vec<&str> =
            cells.iter().map(|(measure, _)| self.words.base(&questionnaire[*measure].base)).collect();
        let same = bases.iter().all(|base| *base == bases[0]);
        let base = if same { bases.first().copied().unwrap_or_default() } else { "" };
        let questions: Vec<String> =
            cells.iter().flat_map(|(measure, _)| questionnaire.questions_of(*measure)).collect();
        let first = questionnaire.question_of(cells[0].0);
        let (number, file) = self.next_figure();
        SharesFigure {
            title: title.to_owned(),
            rows_are,
            base: base.to_owned(),
            asked: self.asked(first),
            dots: self.dots_of(rows.iter()),
            ..self.figure((number, file), questions, rows)
        }
    }

    /// A figure of the answers to a question.
    pub(super) fn figure_of_question(&mut self, index: QuestionIndex) -> SharesFigure {
        let question = &self.questionnaire()[index];
        let distribution = self.distribution(index);
        let rows: Vec<SharesRow> = self
            .cells(index)
            .into_iter()
            .map(|cell| {
                let label = self.cell_label(index, cell).to_owned();
                self.row(label, distribution, cell)
            })
            .collect();
        let bar_base = self.base_of(index, self.about);
        let mark_base = self.whole().map(|whole| self.base_of(index, whole)).unwrap_or_default();
        let (number, file) = self.next_figure();
        SharesFigure {
            title: question.title.clone(),
            rows_are: RowsAre::Options,
            question: question.text.clone(),
            asked: self.asked(index),
            multiple: question.kind.takes_several(),
            base: self.words.base(&question.base).to_owned(),
            bar_base,
            mark_base,
            dots: self.dots_of(rows.iter()),
            ..self.figure((number, file), vec![question.id.clone()], rows)
        }
    }

    /// A figure with a row for each sector, and for all together: what the first measure counts and, as ticks, the second.
    pub(super) fn figure_of_sectors(
        &mut self,
        title: &str,
        (measure, other): (MeasureIndex, Option<MeasureIndex>),
    ) -> SharesFigure {
        let questionnaire = self.questionnaire();
        let mut rows = Vec::new();
        for sector in (0..questionnaire.sectors.len()).map(SectorIndex) {
            let group = Group::Sector(sector);
            rows.push(SharesRow {
                label: capitalised(&questionnaire[sector].name),
                bar: self.cell((measure, 0), group),
                mark: other.map(|other| self.cell((other, 0), group)),
                dots: Vec::new(),
                comparison: None,
            });
        }
        let questions = [Some(measure), other].into_iter().flatten();
        let questions = questions.flat_map(|measure| questionnaire.questions_of(measure)).collect();
        let (number, file) = self.next_figure();
        SharesFigure {
            title: title.to_owned(),
            rows_are: RowsAre::Sectors,
            asked: self.asked(questionnaire.question_of(measure)),
            base: self.words.base(&questionnaire[measure].base).to_owned(),
            bar: other.map(|_| self.words.charts.leads.clone()).unwrap_or_default(),
            mark: other.map(|_| self.words.charts.managers.clone()).unwrap_or_default(),
            ..self.figure((number, file), questions, rows)
        }
    }

    /// A figure of one sector, step by step: how its managers see it, and as ticks how the strategic leads do.
    pub(super) fn figure_of_two_views(
        &mut self,
        sector: SectorIndex,
        grid: QuestionIndex,
        mirror: QuestionIndex,
    ) -> SharesFigure {
        let questionnaire = self.questionnaire();
        let group = Group::Sector(sector);
        let (of_grid, of_mirror) = (self.distribution(grid), self.distribution(mirror));
        let mut rows = Vec::new();
        for (step, option) in questionnaire[grid].options.iter().enumerate() {
            let own = questionnaire[mirror].option(&option.id);
            let Some(own) = own else { continue };
            let rated = cell_id(&questionnaire[grid].id, &option.id);
            let said = cell_id(&questionnaire[mirror].id, &option.id);
            rows.push(SharesRow {
                label: option.label.clone(),
                bar: self.group(&said, of_mirror, own, group),
                mark: Some(self.group(&rated, of_grid, step, group)),
                dots: Vec::new(),
                comparison: None,
            });
        }
        let questions = vec![questionnaire[grid].id.clone(), questionnaire[mirror].id.clone()];
        let (bar_base, mark_base) =
            (self.base("own-view", mirror, group), self.base("leads-view", grid, group));
        let (number, file) = self.next_figure();
        SharesFigure {
            title: questionnaire[grid].title.clone(),
            rows_are: RowsAre::Options,
            question: questionnaire[grid].text.clone(),
            asked: self.asked(mirror),
            bar: self.words.charts.managers.clone(),
            mark: self.words.charts.leads.clone(),
            bar_base,
            mark_base,
            ..self.figure((number, file), questions, rows)
        }
    }

    /// One cell of a measure.
    pub(super) fn measure_row(&mut self, measure: MeasureIndex, cell: usize) -> SharesRow {
        let label = self.questionnaire()[measure].cells[cell].label.clone();
        let row = self.row(label, measure, cell);
        let comparison = self.compare(measure, cell);
        let id = self.fact_id(&self.cell_name(measure, cell), self.about);
        self.facts.reads(&id, comparison);
        SharesRow { comparison, ..row }
    }

    fn row(&mut self, label: String, measure: MeasureIndex, cell: usize) -> SharesRow {
        let dots = self.peers(measure).into_iter().filter_map(|group| {
            let view = self.cell((measure, cell), group);
            (view.state == FactState::Value).then_some(view.length)
        });
        let dots = dots.collect();
        SharesRow {
            label,
            bar: self.cell((measure, cell), self.about),
            mark: self.whole().map(|whole| self.cell((measure, cell), whole)),
            dots,
            comparison: None,
        }
    }

    /// The groups that are shown as dots: the other regions, or the other sectors if the measure has figures for them.
    fn peers(&self, measure: MeasureIndex) -> Vec<Group> {
        let register = &self.evaluation.register;
        let regions = (0..register.regions.len()).map(RegionIndex);
        let sectors = (0..self.questionnaire().sectors.len()).map(SectorIndex);
        match self.about {
            Group::Region(own) => regions.filter(|region| *region != own).map(Group::Region).collect(),
            Group::Sector(own) if self.questionnaire().by_sector(measure) => {
                sectors.filter(|sector| *sector != own).map(Group::Sector).collect()
            }
            Group::Nation | Group::Sector(_) | Group::RegionSector(..) => Vec::new(),
        }
    }

    fn dots_of<'r>(&self, mut rows: impl Iterator<Item = &'r SharesRow>) -> Option<Dots> {
        let any = rows.any(|row| !row.dots.is_empty());
        match self.about {
            Group::Region(_) if any => Some(Dots::Regions),
            Group::Sector(_) if any => Some(Dots::Sectors),
            _ => None,
        }
    }

    /// A figure without particulars.
    fn figure(
        &self,
        (number, file): (u32, String),
        questions: Vec<String>,
        rows: Vec<SharesRow>,
    ) -> SharesFigure {
        let is_withheld = |row: &SharesRow| row.mark.iter().chain([&row.bar]).any(StatisticView::is_withheld);
        let (greatest, least) = extremes(&rows);
        SharesFigure {
            number,
            file,
            title: String::new(),
            questions,
            rows_are: RowsAre::Measures,
            question: String::new(),
            asked: Respondents::Lead,
            multiple: false,
            base: String::new(),
            bar_base: String::new(),
            mark_base: String::new(),
            bar: self.name_of(self.about),
            mark: self.whole().map(|_| self.whole_name()).unwrap_or_default(),
            dots: None,
            withheld: rows.iter().any(is_withheld),
            greatest,
            least,
            rows,
        }
    }

    /// What the subject is compared with; `None` for the nation.
    fn whole(&self) -> Option<Group> {
        (self.about != Group::Nation).then_some(Group::Nation)
    }

    /// Its name: of the nation, or of all sectors together.
    fn whole_name(&self) -> String {
        match self.about {
            Group::Sector(_) => self.words.charts.all_sectors.clone(),
            _ => self.evaluation.settings.nation.clone(),
        }
    }

    fn base_of(&mut self, index: QuestionIndex, group: Group) -> String {
        let name = match group {
            Group::Nation => "nation",
            Group::Region(_) => "region",
            Group::Sector(_) | Group::RegionSector(..) => "sector",
        };
        self.base(name, index, group)
    }

    /// The shares of the subject and of all together; `None` if either is withheld or nothing to compare.
    fn shares(&self, measure: MeasureIndex, cell: usize) -> Option<(Share, Share)> {
        let share = |group: Group| self.aggregates.statistic(measure, cell, group).share();
        Some((share(self.about)?, share(self.whole()?)?)).filter(|_| self.is_compared(measure))
    }

    fn compare(&self, measure: MeasureIndex, cell: usize) -> Option<Comparison> {
        self.shares(measure, cell).and_then(|(own, other)| own.compare(other))
    }

    /// The first cells of measures, sorted by how far the subject is from all together, widest gap first.
    pub(super) fn by_gap(&mut self, mut measures: Vec<MeasureIndex>) -> Vec<SharesRow> {
        let gap = |measure: &MeasureIndex| self.shares(*measure, 0).unwrap_or_default();
        measures.sort_by(|a, b| wider(gap(b), gap(a)).then(a.cmp(b)));
        measures.into_iter().map(|measure| self.measure_row(measure, 0)).collect()
    }
}

/// The rows with the longest and the shortest bar. None is called so if a bar is withheld, which may be longer or shorter,
/// if another is as long or as short, or if it is the only one or has no length.
fn extremes(rows: &[SharesRow]) -> (Option<SharesRow>, Option<SharesRow>) {
    let lengths: Vec<u32> = rows.iter().map(|row| row.bar.length).collect();
    let all = rows.len() > 1 && rows.iter().all(|row| row.bar.state == FactState::Value);
    let alone = |length: Option<&u32>| {
        let length = length.filter(|_| all)?;
        let mut found = rows.iter().filter(|row| row.bar.length == *length);
        found.next().filter(|_| found.next().is_none()).cloned()
    };
    let greatest = alone(lengths.iter().max()).filter(|row| row.bar.length > 0);
    (greatest, alone(lengths.iter().min()))
}
