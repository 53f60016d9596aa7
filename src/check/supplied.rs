use super::names::Names;
use super::number::{self, MOST};
use super::{suggestion, unknown};
use crate::model::{Group, MeasureIndex};
use crate::problem::{Place, Problem};
use crate::read::{Row, SuppliedRow};

/// A cell of the supplied aggregates, which someone else counted.
#[derive(Clone, Debug)]
pub struct Supplied {
    /// The file that contains it.
    pub file: &'static str,
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// The measure.
    pub measure: MeasureIndex,
    /// The position of the cell in the measure.
    pub cell: usize,
    /// The group.
    pub group: Group,
    /// The name of the group.
    pub group_name: String,
    /// How many are counted, if given.
    pub count: Option<u32>,
    /// Out of how many, if given.
    pub base: Option<u32>,
    /// The percentage, if given.
    pub percent: Option<u32>,
}

/// Checks a file of supplied aggregates. A row with a mistake is left out.
pub(super) fn supplied(
    file: &'static str,
    rows: &[Row<SuppliedRow>],
    names: Names<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Supplied> {
    let mut supplied = Vec::new();
    for Row { line, cells } in rows {
        let before = problems.len();
        let row = RowReader { file, line: *line, names, problems: &mut *problems }.row(cells);
        if problems.len() == before {
            supplied.extend(row);
        }
    }
    supplied
}

/// Reads one row.
struct RowReader<'a> {
    file: &'static str,
    line: u64,
    names: Names<'a>,
    problems: &'a mut Vec<Problem>,
}

impl RowReader<'_> {
    fn row(&mut self, cells: &SuppliedRow) -> Option<Supplied> {
        let cell = self.cell(cells);
        let group = self.group(cells.region.as_deref());
        let base = self.number("base", &cells.base, MOST);
        let count = self.number("count", &cells.count, base.unwrap_or(MOST));
        let percent = self.number("percent", &cells.percent, 100);
        let (measure, cell) = cell?;
        let group_name = cells.region.as_ref().unwrap_or(&self.names.settings.nation).clone();
        Some(Supplied {
            file: self.file,
            line: self.line,
            measure,
            cell,
            group: group?,
            group_name,
            count,
            base,
            percent,
        })
    }

    fn cell(&mut self, cells: &SuppliedRow) -> Option<(MeasureIndex, usize)> {
        let reference = if cells.option.is_empty() {
            cells.measure.clone()
        } else {
            format!("{}:{}", cells.measure, cells.option)
        };
        let cell = self.names.questionnaire.cell(&reference);
        if cell.is_none() {
            let message = "there is no such measure or cell";
            let mut problem = Problem::error("unknown-measure", self.place("measure"), message);
            problem.hint = suggestion(&cells.measure, self.names.measures());
            self.problems.push(problem.value(&reference));
        }
        cell
    }

    /// The region or, if the file has no column for it, the nation.
    fn group(&mut self, region: Option<&str>) -> Option<Group> {
        let Some(name) = region else { return Some(Group::Nation) };
        let group = self.names.region(name);
        if group.is_none() {
            let (place, message) = (self.place("region"), "there is no such region");
            self.problems.push(unknown("unknown-group", place, message, name, self.names.regions()));
        }
        group
    }

    fn number(&mut self, column: &str, text: &str, most: u32) -> Option<u32> {
        let place = self.place(column);
        let number: Option<i64> = text.parse().ok();
        if number.is_none() && !text.is_empty() {
            let message = "this is not a whole number";
            self.problems.push(Problem::error("wrong-number", place.clone(), message).value(text));
        }
        number::within(number, 0..=most, &place, self.problems)
    }

    fn place(&self, column: &str) -> Place {
        Place::line(self.file, self.line).column(column)
    }
}
