use super::composer::LocalComposer;
use super::measure::cell_id;
use super::received;
use crate::aggregate::area_share;
use crate::model::{
    Answer, AnswerKey, AnswerState, BarGroup, BarKind, BarRow, BarsFigure, FactState, Group, MeasureView,
    OwnView, QuestionIndex, QuestionKind, Respondent, Respondents, SectorIndex, Share, StatisticView,
    capitalised,
};

impl<'a> LocalComposer<'a> {
    /// A figure made of groups of rows, about the answers to these questions.
    pub(super) fn bars(&mut self, title: &str, questions: Vec<String>, groups: Vec<BarGroup>) -> BarsFigure {
        let (number, file) = self.next_figure();
        let withheld = groups.iter().flat_map(|group| &group.rows).any(is_withheld);
        BarsFigure { number, file, title: title.to_owned(), questions, groups, withheld }
    }

    /// The figure of a question that asks for a chart: a row for each option, or for each sector that is rated.
    pub(super) fn figure(&mut self, index: QuestionIndex) -> BarsFigure {
        let group = self.question_group(index);
        let question = &self.questionnaire()[index];
        self.bars(&question.title, vec![question.id.clone()], vec![group])
    }

    /// The rows of a question, with who was asked and who is in the bases.
    pub(super) fn question_group(&mut self, index: QuestionIndex) -> BarGroup {
        let question = &self.questionnaire()[index];
        let distribution = self.distribution(index);
        let (kind, rows) = match question.kind {
            QuestionKind::Grid => (BarKind::Ratings, self.ratings(index)),
            QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text => {
                (BarKind::Options, self.option_rows(index))
            }
        };
        let own_base = area_share(self.questionnaire(), self.about, distribution, 0).base;
        let origin = self.own_origin(format!("base/own/{}", question.id), None, distribution, &question.id);
        self.facts.number(origin, Share { count: own_base, base: own_base });
        BarGroup {
            title: question.title.clone(),
            kind,
            question: question.text.clone(),
            asked: self.asked(index),
            multiple: question.kind.takes_several(),
            base: self.words.base(&question.base).to_owned(),
            region_base: self.base("region", index, Group::Region(self.region())),
            nation_base: self.base("nation", index, Group::Nation),
            own_base,
            greatest: greatest(&rows),
            rows,
        }
    }

    /// The rows of measures that are shown together.
    pub(super) fn measure_group(
        &self,
        title: &str,
        kind: BarKind,
        asked: Respondents,
        measures: &[MeasureView],
    ) -> BarGroup {
        let rows: Vec<BarRow> = measures.iter().map(measure_row).collect();
        let base = match measures {
            [first, rest @ ..] if rest.iter().all(|measure| measure.base == first.base) => first.base.clone(),
            _ => String::new(),
        };
        BarGroup {
            title: title.to_owned(),
            kind,
            question: String::new(),
            asked,
            multiple: false,
            base,
            region_base: String::new(),
            nation_base: String::new(),
            own_base: rows.iter().map(|row| row.own.base).max().unwrap_or_default(),
            greatest: greatest(&rows),
            rows,
        }
    }

    /// A row for each option.
    pub(super) fn option_rows(&mut self, index: QuestionIndex) -> Vec<BarRow> {
        self.cells(index).into_iter().map(|cell| self.option_row(index, cell)).collect()
    }

    fn option_row(&mut self, index: QuestionIndex, cell: usize) -> BarRow {
        let questionnaire = self.questionnaire();
        let distribution = self.distribution(index);
        let id = cell_id(&questionnaire[index].id, &questionnaire[distribution].cells[cell].id);
        BarRow {
            label: self.cell_label(index, cell).to_owned(),
            own: self.own_option(index, cell),
            region: Some(self.group(&id, distribution, cell, Group::Region(self.region()))),
            nation: self.group(&id, distribution, cell, Group::Nation),
            comparison: None,
            too_few: false,
        }
    }

    /// Whether the area's only respondent chose an option, or how many of several did.
    pub(super) fn own_option(&mut self, index: QuestionIndex, cell: usize) -> OwnView {
        let questionnaire = self.questionnaire();
        let distribution = self.distribution(index);
        let id = cell_id(&questionnaire[index].id, &questionnaire[distribution].cells[cell].id);
        let share = area_share(questionnaire, self.about, distribution, cell);
        let origin = self.own_origin(format!("own/{id}"), None, distribution, &id);
        match self.only_place(index) {
            Some(key) => {
                let text = self.choice(key, share);
                self.facts.own_answer(origin, text, share)
            }
            None => self.facts.own_share(origin, share),
        }
    }

    /// A row for each sector that the strategic lead rates, using the first measure that counts the ratings.
    fn ratings(&mut self, index: QuestionIndex) -> Vec<BarRow> {
        let questionnaire = self.questionnaire();
        let (measure, options) = questionnaire.counted(index).unwrap_or((self.distribution(index), &[0]));
        let name = cell_id(&questionnaire[measure].id, &questionnaire[measure].cells[0].id);
        let crossed = self.aggregates.has_sectors_of_regions(measure);
        let mut rows = Vec::new();
        for sector in (0..questionnaire.sectors.len()).map(SectorIndex) {
            let key =
                AnswerKey { respondent: Respondent::StrategicLead, question: index, item: Some(sector) };
            let answer = self.about.answer(questionnaire, key.respondent, index, key.item);
            let own = self.single(sector, index, answer);
            let group = Group::RegionSector(self.region(), sector);
            rows.push(BarRow {
                label: capitalised(&questionnaire[sector].name),
                own: OwnView { counted: options.iter().any(|option| answer.chose(*option)), ..own },
                region: crossed.then(|| self.group(&name, measure, 0, group)),
                nation: self.group(&name, measure, 0, Group::Sector(sector)),
                comparison: None,
                too_few: false,
            });
        }
        rows
    }

    /// One respondent's answer in words: that of a sector's manager, or the strategic lead's about the sector.
    pub(super) fn single(&mut self, sector: SectorIndex, index: QuestionIndex, answer: &Answer) -> OwnView {
        let question = &self.questionnaire()[index];
        let (_, text) = received::words(self.words, question, answer);
        let share = Share {
            count: u32::from(matches!(answer, Answer::Chosen(_))),
            base: u32::from(answer.in_base()),
        };
        let id = format!("own/{}/{}", self.questionnaire()[sector].id, question.id);
        let origin = self.own_origin(id, Some(sector), self.distribution(index), &question.id);
        self.facts.own_answer(origin, &text, share)
    }

    /// Whether the only respondent chose what is counted.
    pub(super) fn choice(&self, key: AnswerKey, share: Share) -> &'a str {
        let words = self.words;
        match self.about.answer(self.questionnaire(), key.respondent, key.question, key.item) {
            Answer::NotAnswered => words.answer(AnswerState::NotAnswered),
            Answer::NotAsked => words.answer(AnswerState::NotAsked),
            Answer::NotApplicable => words.answer(AnswerState::NotApplicable),
            Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow if share.count > 0 => &words.own.chosen,
            Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow => &words.own.not_chosen,
        }
    }
}

fn measure_row(measure: &MeasureView) -> BarRow {
    BarRow {
        label: measure.label.clone(),
        own: measure.own.clone(),
        region: Some(measure.region.clone()),
        nation: measure.nation.clone(),
        comparison: measure.comparison,
        too_few: measure.too_few,
    }
}

/// The first of the rows with the highest value: there are few rows, so ties need no other rule.
fn greatest(rows: &[BarRow]) -> Option<BarRow> {
    let with_value = rows.iter().rev().filter(|row| row.nation.state == FactState::Value);
    with_value.max_by_key(|row| row.nation.length).cloned()
}

pub(super) fn is_withheld(row: &BarRow) -> bool {
    row.region.iter().chain([&row.nation]).any(StatisticView::is_withheld)
}
