use super::number::MOST;
use super::{number, suggestion};
use crate::model::{Group, MeasureIndex, Questionnaire, RegionIndex, Register, Settings};
use crate::problem::{Place, Problem};
use crate::read::{Row, SuppliedRow};

/// A cell of the supplied aggregates: what somebody else counted.
#[derive(Clone, Debug)]
pub struct Supplied {
    /// The file that it stands in.
    pub file: &'static str,
    /// Line in it, counted from 1.
    pub line: u64,
    /// The measure.
    pub measure: MeasureIndex,
    /// Its cell.
    pub cell: usize,
    /// The group.
    pub group: Group,
    /// Name of the group.
    pub group_name: String,
    /// How many are counted, where it is given.
    pub count: Option<u32>,
    /// Out of how many, where it is given.
    pub base: Option<u32>,
    /// The percentage, where it is given.
    pub percent: Option<u32>,
}

/// Checks a file of the supplied aggregates. A row with a mistake is left out.
pub(super) fn supplied(
    file: &'static str,
    rows: &[Row<SuppliedRow>],
    settings: &Settings,
    register: &Register,
    questionnaire: &Questionnaire,
    problems: &mut Vec<Problem>,
) -> Vec<Supplied> {
    let mut supplied = Vec::new();
    for Row { line, cells } in rows {
        let place = |column: &str| Place::line(file, *line).column(column);
        let before = problems.len();
        let reference = if cells.option.is_empty() {
            cells.measure.clone()
        } else {
            format!("{}:{}", cells.measure, cells.option)
        };
        let cell = questionnaire.cell(&reference);
        if cell.is_none() {
            let mut problem =
                Problem::error("unknown-measure", place("measure"), "there is no such measure or cell")
                    .value(&reference);
            let known = questionnaire.measures.iter().map(|measure| measure.id.as_str());
            problem.hint = suggestion(&cells.measure, known);
            problems.push(problem);
        }
        let (group, group_name) = match &cells.region {
            None => (Some(Group::Nation), settings.nation.clone()),
            Some(name) => {
                let region = register.regions.iter().position(|region| region.name == *name);
                (region.map(|r| Group::Region(RegionIndex(r))), name.clone())
            }
        };
        if group.is_none() {
            let mut problem = Problem::error("unknown-group", place("region"), "there is no such region")
                .value(&group_name);
            problem.hint =
                suggestion(&group_name, register.regions.iter().map(|region| region.name.as_str()));
            problems.push(problem);
        }
        let mut number = |column: &str, text: &str, most: u32| {
            let number: Option<i64> = text.parse().ok();
            if number.is_none() && !text.is_empty() {
                let message = "this is not a whole number";
                problems.push(Problem::error("wrong-number", place(column), message).value(text));
            }
            number::within(number, 0..=most, &place(column), problems)
        };
        let base = number("base", &cells.base, MOST);
        let count = number("count", &cells.count, base.unwrap_or(MOST));
        let percent = number("percent", &cells.percent, 100);
        let (Some((measure, cell)), Some(group)) = (cell, group) else { continue };
        if problems.len() == before {
            supplied.push(Supplied {
                file,
                line: *line,
                measure,
                cell,
                group,
                group_name,
                count,
                base,
                percent,
            });
        }
    }
    supplied
}
