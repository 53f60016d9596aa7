use std::collections::BTreeSet;

use super::names::Names;
use super::number::MOST;
use super::{suggestion, unknown};
use crate::model::{Group, MeasureIndex};
use crate::problem::{Place, Problem};
use crate::read::{PublishedRow, Row};

const FILE: &str = "published.csv";

/// A figure that has already been published, as a relation that the aggregates must satisfy.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its id.
    pub id: String,
    /// Its line in `published.csv`, counted from 1.
    pub line: u64,
    /// What it is about.
    pub cell: PublishedCell,
    /// For [`Relation::Greater`]: the cells that it exceeds.
    pub than: Vec<(MeasureIndex, usize)>,
    /// The groups that it holds for.
    pub groups: Vec<Group>,
    /// What was published, in words.
    pub statement: String,
    /// The relation.
    pub relation: Relation,
    /// Where it was published.
    pub source: String,
}

/// What a published figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedCell {
    /// All areas of the register.
    RegisterTotal,
    /// The areas that signed up, including those that completed.
    RegisterSignedUp,
    /// The areas that completed.
    RegisterCompleted,
    /// A cell of a measure.
    Cell(MeasureIndex, usize),
}

/// The relation of a published figure to the aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The count equals the value.
    Exact(u32),
    /// The percentage, rounded half up, equals the value.
    Percent(u32),
    /// The percentage is within 3 points of the value.
    AboutPercent(u32),
    /// The percentage is the value or more.
    AtLeastPercent(u32),
    /// The percentage is more than the value.
    MoreThanPercent(u32),
    /// The percentage is the value or less.
    AtMostPercent(u32),
    /// The cell has this place when the cells of its measure are ordered by count, and shares it with no other.
    Rank(u32),
    /// Each sector named is among the k with the highest percentages (and above the value, if there is one).
    Top(u32, Option<u32>),
    /// Each sector named is among the k with the lowest percentages (and above the value, if there is one).
    Bottom(u32, Option<u32>),
    /// In each group named, the percentage is greater than those of the other cells.
    Greater,
}

/// Checks `published.csv`. A row with a mistake is left out.
pub(super) fn published(
    rows: &[Row<PublishedRow>],
    names: Names<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Published> {
    let mut published = Vec::new();
    let mut ids = BTreeSet::new();
    for Row { line, cells } in rows {
        let before = problems.len();
        let mut reader = RowReader { line: *line, names, problems: &mut *problems };
        let figure = reader.row(cells);
        if !ids.insert(cells.id.as_str()) {
            let problem = reader.error("id", "duplicate-id", "the id appears twice");
            problems.push(problem.value(&cells.id));
        }
        if problems.len() == before {
            published.extend(figure);
        }
    }
    published
}

/// Reads one row.
struct RowReader<'a> {
    line: u64,
    names: Names<'a>,
    problems: &'a mut Vec<Problem>,
}

impl RowReader<'_> {
    fn row(&mut self, cells: &PublishedRow) -> Option<Published> {
        let cell = self.cell(&cells.measure);
        let than = self.than(&cells.than);
        let groups = self.groups(&cells.group);
        let relation = relation(&cells.relation, &cells.value);
        if relation.is_none() {
            let message = "the relation or its value is invalid";
            let problem = self.error("relation", "unknown-relation", message);
            self.problems.push(problem.value(format!("{} {}", cells.relation, cells.value)));
        }
        Some(Published {
            id: cells.id.clone(),
            line: self.line,
            cell: cell?,
            than,
            groups,
            statement: cells.statement.clone(),
            relation: relation?,
            source: cells.source.clone(),
        })
    }

    fn cell(&mut self, reference: &str) -> Option<PublishedCell> {
        match reference {
            "register:total" => Some(PublishedCell::RegisterTotal),
            "register:signed-up" => Some(PublishedCell::RegisterSignedUp),
            "register:completed" => Some(PublishedCell::RegisterCompleted),
            reference => {
                let cell = self.measure_cell("measure", reference);
                cell.map(|(measure, cell)| PublishedCell::Cell(measure, cell))
            }
        }
    }

    fn than(&mut self, references: &str) -> Vec<(MeasureIndex, usize)> {
        let references = references.split('|').filter(|reference| !reference.is_empty());
        references.filter_map(|reference| self.measure_cell("than", reference)).collect()
    }

    fn measure_cell(&mut self, column: &str, reference: &str) -> Option<(MeasureIndex, usize)> {
        let cell = self.names.questionnaire.cell(reference);
        if cell.is_none() {
            let id = reference.split(':').next().unwrap_or_default();
            let mut problem = self.error(column, "unknown-measure", "there is no such measure or cell");
            problem.hint = suggestion(id, self.names.measures())
                .or_else(|| Some("write measure or measure:cell".to_owned()));
            self.problems.push(problem.value(reference));
        }
        cell
    }

    fn groups(&mut self, names: &str) -> Vec<Group> {
        names.split('|').filter_map(|name| self.group(name)).collect()
    }

    fn group(&mut self, name: &str) -> Option<Group> {
        let Names { settings, questionnaire, .. } = self.names;
        if name == settings.nation {
            return Some(Group::Nation);
        }
        let region = self.names.region(name);
        let group = region.or_else(|| questionnaire.sector(name).map(Group::Sector));
        if group.is_none() {
            let sectors = questionnaire.sectors.iter().map(|sector| sector.id.as_str());
            let known = sectors.chain(self.names.regions());
            let message = "there is no such group";
            self.problems.push(unknown("unknown-group", self.place("group"), message, name, known));
        }
        group
    }

    fn error(&self, column: &str, rule: &'static str, message: &str) -> Problem {
        Problem::error(rule, self.place(column), message)
    }

    fn place(&self, column: &str) -> Place {
        Place::line(FILE, self.line).column(column)
    }
}

fn relation(word: &str, value: &str) -> Option<Relation> {
    let number = |most: u32| value.parse().ok().filter(|number| *number <= most);
    let percent = number(100);
    let optional = if value.is_empty() { Some(None) } else { percent.map(Some) };
    let places = |k: &str| k.parse().ok().filter(|k| (1..=MOST).contains(k));
    if let Some(k) = word.strip_prefix("top-") {
        return Some(Relation::Top(places(k)?, optional?));
    }
    if let Some(k) = word.strip_prefix("bottom-") {
        return Some(Relation::Bottom(places(k)?, optional?));
    }
    match word {
        "exact" => number(MOST).map(Relation::Exact),
        "percent" => percent.map(Relation::Percent),
        "about-percent" => percent.map(Relation::AboutPercent),
        "at-least-percent" => percent.map(Relation::AtLeastPercent),
        "more-than-percent" => percent.map(Relation::MoreThanPercent),
        "at-most-percent" => percent.map(Relation::AtMostPercent),
        "rank" => number(MOST).filter(|place| *place > 0).map(Relation::Rank),
        "greater" => value.is_empty().then_some(Relation::Greater),
        _ => None,
    }
}
