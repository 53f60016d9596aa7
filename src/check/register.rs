use std::collections::BTreeMap;

use super::{text, unknown};
use crate::model::{Area, AreaCode, Kind, Region, RegionIndex, Register, Status};
use crate::problem::{Place, Problem};
use crate::read::{RegisterRow, Row};

const FILE: &str = "register.csv";

/// How many areas an evaluation may have.
const MAX_AREAS: usize = 20_000;

/// Checks `register.csv`. A row with a mistake is left out, and so is its area.
pub(super) fn register(rows: &[Row<RegisterRow>], problems: &mut Vec<Problem>) -> Register {
    let mut register = Register::default();
    let mut first_lines = FirstLines::default();
    for Row { line, cells } in rows {
        let before = problems.len();
        let code = code(*line, cells, problems);
        first_lines.add(*line, cells, problems);
        texts(*line, cells, problems);
        let status = status(*line, cells, problems);
        let (Some(code), Some(status)) = (code, status) else { continue };
        if problems.len() > before {
            continue;
        }
        let region = region(&mut register, &cells.region);
        register.add(Area { code, name: cells.name.clone(), region, status });
    }
    if rows.len() > MAX_AREAS {
        let message = format!("there are {} areas; at most {MAX_AREAS} are allowed", rows.len());
        problems.push(Problem::error("too-many", Place::file(FILE), message));
        return Register::default();
    }
    if problems.iter().all(|problem| problem.place.file != FILE) {
        problems.extend(nothing_to_report(&register));
    }
    register
}

fn code(line: u64, cells: &RegisterRow, problems: &mut Vec<Problem>) -> Option<AreaCode> {
    // A list of recipients could not tell an area from a kind of report.
    let is_kind = cells.code.to_ascii_lowercase().parse::<Kind>().is_ok();
    let code = AreaCode::new(&cells.code).filter(|_| !is_kind);
    if is_kind {
        let message = "this is the name of a kind of report, so it cannot be an area code";
        problems.push(Problem::error("wrong-area-code", place(line, "code"), message).value(&cells.code));
    } else if code.is_none() {
        problems.push(
            Problem::error("wrong-area-code", place(line, "code"), "this cannot be an area code")
                .value(&cells.code)
                .hint("use up to 16 letters, digits and hyphens"),
        );
    }
    code
}

/// The line on which each code and each name first appears.
#[derive(Default)]
struct FirstLines {
    codes: BTreeMap<String, u64>,
    names: BTreeMap<String, u64>,
}

impl FirstLines {
    fn add(&mut self, line: u64, cells: &RegisterRow, problems: &mut Vec<Problem>) {
        // Some file systems do not distinguish upper case from lower case, so codes must differ in more than that.
        for (column, value, key, seen) in [
            ("code", &cells.code, cells.code.to_ascii_lowercase(), &mut self.codes),
            ("name", &cells.name, cells.name.clone(), &mut self.names),
        ] {
            if let Some(first) = seen.insert(key, line) {
                let message = format!("line {first} has the same {column}");
                problems.push(Problem::error("duplicate-area", place(line, column), message).value(value));
            }
        }
    }
}

fn texts(line: u64, cells: &RegisterRow, problems: &mut Vec<Problem>) {
    for (column, value) in [("name", &cells.name), ("region", &cells.region)] {
        let place = place(line, column);
        if value.trim().is_empty() {
            problems.push(Problem::error("empty-cell", place, "the cell is empty"));
        } else {
            problems.extend(text::faults(value, text::LONGEST_NAME, &place));
        }
    }
}

fn status(line: u64, cells: &RegisterRow, problems: &mut Vec<Problem>) -> Option<Status> {
    let status = Status::WORDS.iter().find(|(word, _)| *word == cells.status).map(|(_, status)| *status);
    if status.is_none() {
        let (place, message) = (place(line, "status"), "there is no such status");
        let known = Status::WORDS.iter().map(|(word, _)| *word);
        problems.push(unknown("unknown-status", place, message, &cells.status, known));
    }
    status
}

/// The region with this name, which is added if it is new.
fn region(register: &mut Register, name: &str) -> RegionIndex {
    let known = register.regions.iter().position(|region| region.name == name);
    RegionIndex(known.unwrap_or_else(|| {
        register.regions.push(Region { name: name.to_owned() });
        register.regions.len() - 1
    }))
}

/// The problem of a register without areas, or without any area that gets a report.
fn nothing_to_report(register: &Register) -> Option<Problem> {
    if register.areas.is_empty() {
        return Some(Problem::error("empty-register", Place::file(FILE), "the register has no areas"));
    }
    let message = "no area has the status 'completed', so there is no report to make";
    let problem = Problem::error("no-completed-area", Place::file(FILE).column("status"), message);
    (register.completed(None) == 0).then_some(problem)
}

fn place(line: u64, column: &str) -> Place {
    Place::line(FILE, line).column(column)
}
