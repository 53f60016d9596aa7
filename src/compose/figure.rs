use super::composer::Composer;
use super::measure::cell_id;
use super::{profile, received};
use crate::aggregate::{Statistic, area_share};
use crate::model::{
    Answer, AnswerKey, AnswerState, Asked, Definition, FactState, FigureKind, FigureRow, FigureView, Group,
    Mark, MarkView, MeasureIndex, OwnView, Question, QuestionIndex, QuestionKind, RegionIndex, Respondent,
    Respondents, SectorIndex, Share, StatisticView, capitalised,
};

impl<'a> Composer<'a> {
    /// The figure for a question: by sector for grids and for columns of the sector profile, by option for all others.
    pub(super) fn figure(&mut self, index: QuestionIndex) -> FigureView {
        let question = &self.questionnaire()[index];
        let (number, file) = self.next_figure();
        let (kind, (segments, rows)) = match (question.kind, &question.profile) {
            (QuestionKind::Grid, _) => (FigureKind::Sectors, self.ratings(index)),
            (QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text, Some(_)) => {
                (FigureKind::Sectors, self.sectors(index))
            }
            (QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text, None) => {
                (FigureKind::Options, (Vec::new(), self.option_rows(index)))
            }
        };
        let distribution = self.distribution(index);
        let region = self.region();
        let region_base = self.base("region", index, Group::Region(region));
        let nation_base = self.base("nation", index, Group::Nation);
        let own_base = area_share(self.questionnaire(), self.submission, distribution, 0).base;
        let origin = self.own_origin(format!("base/own/{}", question.id), None, distribution, &question.id);
        self.facts.number(origin, Share { count: own_base, base: own_base });
        // The first of the highest values: there are few rows, so ties need no other rule.
        let value = |row: &&FigureRow| row.nation[0].length;
        let greatest =
            rows.iter().rev().filter(|row| row.nation[0].state == FactState::Value).max_by_key(value);
        FigureView {
            number,
            id: question.id.clone(),
            file,
            kind,
            title: question.title.clone(),
            question: question.text.clone(),
            asked: asked(question),
            shares: self.only_place(index).is_none(),
            multiple: question.kind.takes_several(),
            base: self.words.base(&question.base).to_owned(),
            region_base,
            nation_base,
            own_base,
            segments,
            withheld: rows.iter().any(is_withheld),
            greatest: greatest.cloned(),
            rows,
        }
    }

    /// How many in a group answered a question; empty if that is withheld.
    fn base(&mut self, name: &str, index: QuestionIndex, group: Group) -> String {
        let distribution = self.distribution(index);
        let Some(base) = self.aggregates.base(distribution, group) else { return String::new() };
        let id = &self.questionnaire()[index].id;
        let origin = self.origin(format!("base/{name}/{id}"), group, distribution, id);
        self.facts.number(origin, Share { count: base, base })
    }

    /// A row for each option. Ordered options keep their order; others are sorted by the nation's value, which is the
    /// same in every report.
    pub(super) fn option_rows(&mut self, index: QuestionIndex) -> Vec<FigureRow> {
        let questionnaire = self.questionnaire();
        let question = &questionnaire[index];
        let distribution = self.distribution(index);
        let only = self.only_place(index);
        let mut cells: Vec<usize> = (0..question.options.len()).collect();
        if !question.ordered {
            // The order must not give away a withheld value, so it comes after the others.
            let share = |cell: usize| self.aggregates.statistic(distribution, cell, Group::Nation).share();
            cells.sort_by(|a, b| match (share(*a), share(*b)) {
                (Some(first), Some(second)) => second.size_cmp(first).then(a.cmp(b)),
                (first, second) => second.is_some().cmp(&first.is_some()).then(a.cmp(b)),
            });
        }
        // "Don't know" is an answer but not an option, so it comes last.
        cells.extend(question.dont_know.then_some(question.options.len()));
        let mut rows = Vec::new();
        for cell in cells {
            let option = &questionnaire[distribution].cells[cell];
            let label = match question.options.get(cell) {
                Some(option) => &option.label,
                None => self.words.answer(AnswerState::DontKnow),
            };
            let id = cell_id(&question.id, &option.id);
            let own_share = area_share(questionnaire, self.submission, distribution, cell);
            let own = match only {
                Some(key) => {
                    let text = self.choice(key, own_share);
                    let origin = self.own_origin(format!("own/{id}"), None, distribution, &id);
                    self.facts.own_answer(origin, text, own_share)
                }
                None => {
                    let origin = self.own_origin(format!("own/{id}"), None, distribution, &id);
                    self.facts.own_share(origin, own_share)
                }
            };
            let region = self.group(&id, distribution, cell, Group::Region(self.region()));
            let nation = self.group(&id, distribution, cell, Group::Nation);
            rows.push(FigureRow {
                label: label.to_owned(),
                own,
                mark: None,
                region: Some(region),
                nation: vec![nation],
            });
        }
        rows
    }

    /// The number and file name of the next figure.
    pub(super) fn next_figure(&mut self) -> (u32, String) {
        self.figures += 1;
        (self.figures, format!("figure-{}.svg", self.figures))
    }

    /// A row for each sector of a question with a column in the sector profile, showing "in place" and "begun".
    fn sectors(&mut self, index: QuestionIndex) -> (Vec<String>, Vec<FigureRow>) {
        let questionnaire = self.questionnaire();
        let question = &questionnaire[index];
        let distribution = self.distribution(index);
        let Asked::Managers(sectors) = &question.asked else { return self.ratings(index) };
        let Some(declared) = &question.profile else { return self.ratings(index) };
        let mut rows = Vec::new();
        for sector in sectors.iter().copied() {
            let answer = self.submission.answer(questionnaire, Respondent::Manager(sector), index, None);
            let id = &questionnaire[sector].id;
            let own = self.single(sector, index, answer);
            let mut share = |options: &[usize], name: &str| {
                let group = Group::Sector(sector);
                let all = options.iter().map(|o| self.aggregates.statistic(distribution, *o, group));
                let share = all.reduce(Statistic::or)?;
                // A figure that adds up several cells names them all.
                let cells: Vec<&str> = options.iter().map(|o| question.options[*o].id.as_str()).collect();
                let fact = format!("nation/{id}/{}", cell_id(&question.id, name));
                let cells = cell_id(&question.id, &cells.join("+"));
                let origin = self.origin(fact, group, distribution, &cells);
                Some(self.facts.statistic(origin, share))
            };
            let parts = [share(&declared.in_place, "in-place"), share(&declared.begun, "begun")];
            let nation: Vec<StatisticView> = parts.into_iter().flatten().collect();
            let mark = profile::mark(questionnaire, self.submission, index, declared, sector);
            rows.push(FigureRow {
                label: capitalised(&questionnaire[sector].name),
                own,
                mark: Some(profile::view(mark, self.words)),
                region: None,
                nation,
            });
        }
        let segments = [Mark::InPlace, Mark::Begun].map(|mark| self.words.mark(mark).to_owned()).to_vec();
        (segments, rows)
    }

    /// A row for each sector that the strategic lead rates, using the first measure that counts the ratings.
    fn ratings(&mut self, index: QuestionIndex) -> (Vec<String>, Vec<FigureRow>) {
        let questionnaire = self.questionnaire();
        let question = &questionnaire[index];
        let counted = questionnaire.measures.iter().position(
            |measure| matches!(&measure.definition, Definition::Counted { question, .. } if *question == index),
        );
        let (measure, options) =
            match counted.map(|m| (MeasureIndex(m), &questionnaire.measures[m].definition)) {
                Some((measure, Definition::Counted { options, .. })) => (measure, options.clone()),
                _ => (self.distribution(index), vec![0]),
            };
        let mut rows = Vec::new();
        for sector in (0..questionnaire.sectors.len()).map(SectorIndex) {
            let key =
                AnswerKey { respondent: Respondent::StrategicLead, question: index, item: Some(sector) };
            let answer = self.submission.answer(questionnaire, key.respondent, index, key.item);
            let own = self.single(sector, index, answer);
            let name = cell_id(&questionnaire[measure].id, &questionnaire[measure].cells[0].id);
            let nation = self.group(&name, measure, 0, Group::Sector(sector));
            let crossed = self.aggregates.has_sectors_of_regions(measure);
            let group = Group::RegionSector(self.region(), sector);
            let region = crossed.then(|| self.group(&name, measure, 0, group));
            let mark = match answer {
                Answer::Chosen(_) if options.iter().any(|o| answer.chose(*o)) => Mark::InPlace,
                Answer::Chosen(_) => Mark::NotYet,
                Answer::DontKnow => Mark::DontKnow,
                _ => Mark::NoAnswer,
            };
            let mark = Some(MarkView { mark, word: own.text.clone() });
            let label = capitalised(&questionnaire[sector].name);
            rows.push(FigureRow { label, own, mark, region, nation: vec![nation] });
        }
        let labels: Vec<&str> = options.iter().map(|o| question.options[*o].label.as_str()).collect();
        let segments = vec![self.words.either(&labels)];
        (segments, rows)
    }

    /// One respondent's answer in words: that of a sector's manager, or the strategic lead's about the sector.
    fn single(&mut self, sector: SectorIndex, index: QuestionIndex, answer: &Answer) -> OwnView {
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
        match self.submission.answer(self.questionnaire(), key.respondent, key.question, key.item) {
            Answer::NotAnswered => words.answer(AnswerState::NotAnswered),
            Answer::NotAsked => words.answer(AnswerState::NotAsked),
            Answer::NotApplicable => words.answer(AnswerState::NotApplicable),
            Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow if share.count > 0 => &words.own.chosen,
            Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow => &words.own.not_chosen,
        }
    }

    /// A group's statistic; `name` is the name of the cell.
    pub(super) fn group(
        &mut self,
        name: &str,
        measure: MeasureIndex,
        cell: usize,
        group: Group,
    ) -> StatisticView {
        let sector = |sector: SectorIndex| &self.questionnaire()[sector].id;
        let id = match group {
            Group::Nation => format!("nation/{name}"),
            Group::Region(_) => format!("region/{name}"),
            Group::Sector(index) => format!("nation/{}/{name}", sector(index)),
            Group::RegionSector(_, index) => format!("region/{}/{name}", sector(index)),
        };
        let origin = self.origin(id, group, measure, name);
        self.facts.statistic(origin, self.aggregates.statistic(measure, cell, group))
    }

    pub(super) fn region(&self) -> RegionIndex {
        self.evaluation.register[self.submission.area].region
    }

    pub(super) fn distribution(&self, question: QuestionIndex) -> MeasureIndex {
        self.questionnaire().distribution(question).unwrap_or(MeasureIndex(0))
    }
}

/// Who was asked a question.
pub(super) fn asked(question: &Question) -> Respondents {
    match question.asked {
        Asked::StrategicLead => Respondents::Lead,
        Asked::Managers(_) => Respondents::Managers,
    }
}

pub(super) fn is_withheld(row: &FigureRow) -> bool {
    row.region.iter().chain(&row.nation).any(|statistic| statistic.state == FactState::Withheld)
}
