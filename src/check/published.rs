use std::collections::BTreeSet;

use super::number::MOST;
use super::suggestion;
use crate::model::{Group, MeasureIndex, Questionnaire, RegionIndex, Register, Settings};
use crate::problem::{Place, Problem};
use crate::read::{PublishedRow, Row};

const FILE: &str = "published.csv";

/// A figure that was published before, as a relation that the aggregates must satisfy.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its id.
    pub id: String,
    /// Line in `published.csv`, counted from 1.
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
    /// The areas that signed up, those that completed included.
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
    /// The percentage lies within 3 points of the value.
    AboutPercent(u32),
    /// The percentage is the value or more.
    AtLeastPercent(u32),
    /// The percentage is more than the value.
    MoreThanPercent(u32),
    /// The percentage is the value or less.
    AtMostPercent(u32),
    /// The cell is at that place when the cells of its measure are ordered by count, with no tie.
    Rank(u32),
    /// Each sector named is among the k with the highest percentage (and above the value, where there is one).
    Top(u32, Option<u32>),
    /// Each sector named is among the k with the lowest percentage (and above the value, where there is one).
    Bottom(u32, Option<u32>),
    /// In each group named, the percentage is greater than those of the other cells.
    Greater,
}

/// Checks `published.csv`. A row with a mistake is left out.
pub(super) fn published(
    rows: &[Row<PublishedRow>],
    settings: &Settings,
    register: &Register,
    questionnaire: &Questionnaire,
    problems: &mut Vec<Problem>,
) -> Vec<Published> {
    let mut published: Vec<Published> = Vec::new();
    let mut ids = BTreeSet::new();
    for Row { line, cells } in rows {
        let place = |column: &str| Place::line(FILE, *line).column(column);
        let cell_ids = || questionnaire.measures.iter().map(|measure| measure.id.as_str());
        let unknown_cell = |column: &str, reference: &str| {
            let id = reference.split(':').next().unwrap_or_default();
            let mut problem =
                Problem::error("unknown-measure", place(column), "there is no such measure or cell")
                    .value(reference);
            problem.hint = suggestion(id, cell_ids()).or(Some("write measure or measure:cell".to_owned()));
            problem
        };
        let before = problems.len();
        let cell = match cells.measure.as_str() {
            "register:total" => Some(PublishedCell::RegisterTotal),
            "register:signed-up" => Some(PublishedCell::RegisterSignedUp),
            "register:completed" => Some(PublishedCell::RegisterCompleted),
            reference => {
                questionnaire.cell(reference).map(|(measure, cell)| PublishedCell::Cell(measure, cell))
            }
        };
        if cell.is_none() {
            problems.push(unknown_cell("measure", &cells.measure));
        }
        let mut than = Vec::new();
        for reference in cells.than.split('|').filter(|reference| !reference.is_empty()) {
            match questionnaire.cell(reference) {
                Some(cell) => than.push(cell),
                None => problems.push(unknown_cell("than", reference)),
            }
        }
        let mut groups = Vec::new();
        for name in cells.group.split('|') {
            match group(name, settings, register, questionnaire) {
                Some(group) => groups.push(group),
                None => {
                    let known = questionnaire.sectors.iter().map(|sector| sector.id.as_str());
                    let mut problem =
                        Problem::error("unknown-group", place("group"), "there is no such group").value(name);
                    problem.hint =
                        suggestion(name, known.chain(register.regions.iter().map(|r| r.name.as_str())));
                    problems.push(problem);
                }
            }
        }
        let relation = relation(&cells.relation, &cells.value);
        if relation.is_none() {
            problems.push(
                Problem::error(
                    "unknown-relation",
                    place("relation"),
                    "the relation and its value make no sense",
                )
                .value(format!("{} {}", cells.relation, cells.value)),
            );
        }
        if !ids.insert(cells.id.as_str()) {
            problems
                .push(Problem::error("duplicate-id", place("id"), "the id stands twice").value(&cells.id));
        }
        let (Some(cell), Some(relation)) = (cell, relation) else { continue };
        if problems.len() == before {
            published.push(Published {
                id: cells.id.clone(),
                line: *line,
                cell,
                than,
                groups,
                statement: cells.statement.clone(),
                relation,
                source: cells.source.clone(),
            });
        }
    }
    published
}

fn group(
    name: &str,
    settings: &Settings,
    register: &Register,
    questionnaire: &Questionnaire,
) -> Option<Group> {
    if name == settings.nation {
        return Some(Group::Nation);
    }
    let region = register.regions.iter().position(|region| region.name == name);
    region.map(|r| Group::Region(RegionIndex(r))).or_else(|| questionnaire.sector(name).map(Group::Sector))
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
