use std::collections::BTreeMap;

use super::{suggestion, text};
use crate::model::{Area, AreaCode, Region, RegionIndex, Register, Status};
use crate::problem::{Place, Problem};
use crate::read::{RegisterRow, Row};

const FILE: &str = "register.csv";

/// How many areas an evaluation may have.
const MOST_AREAS: usize = 20_000;

/// Checks `register.csv`. A row with a mistake is left out, and its area with it.
pub(super) fn register(rows: &[Row<RegisterRow>], problems: &mut Vec<Problem>) -> Register {
    let mut register = Register::default();
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    for Row { line, cells } in rows {
        let place = |column: &str| Place::line(FILE, *line).column(column);
        let before = problems.len();
        let code = AreaCode::new(&cells.code);
        if code.is_none() {
            problems.push(
                Problem::error("wrong-area-code", place("code"), "this cannot be an area code")
                    .value(&cells.code)
                    .hint("use up to 16 letters, digits and hyphens"),
            );
        }
        // File systems may take capitals for small letters, so codes must differ in more.
        for (column, value, key, seen) in [
            ("code", &cells.code, cells.code.to_ascii_lowercase(), &mut codes),
            ("name", &cells.name, cells.name.clone(), &mut names),
        ] {
            if let Some(first) = seen.insert(key, *line) {
                problems.push(
                    Problem::error(
                        "duplicate-area",
                        place(column),
                        format!("line {first} has the same {column}"),
                    )
                    .value(value),
                );
            }
        }
        for (column, value) in [("name", &cells.name), ("region", &cells.region)] {
            if value.trim().is_empty() {
                problems.push(Problem::error("empty-cell", place(column), "the cell is empty"));
            } else {
                problems.extend(text::faults(value, text::LONGEST_NAME, &place(column)));
            }
        }
        let status = Status::WORDS.iter().find(|(word, _)| *word == cells.status).map(|(_, status)| *status);
        if status.is_none() {
            let mut problem = Problem::error("unknown-status", place("status"), "there is no such status")
                .value(&cells.status);
            problem.hint = suggestion(&cells.status, Status::WORDS.iter().map(|(word, _)| *word));
            problems.push(problem);
        }
        let (Some(code), Some(status)) = (code, status) else { continue };
        if problems.len() > before {
            continue;
        }
        let region =
            register.regions.iter().position(|region| region.name == cells.region).unwrap_or_else(|| {
                register.regions.push(Region { name: cells.region.clone() });
                register.regions.len() - 1
            });
        register.add(Area { code, name: cells.name.clone(), region: RegionIndex(region), status });
    }
    if rows.len() > MOST_AREAS {
        let message = format!("there are {} areas; at most {MOST_AREAS} are allowed", rows.len());
        problems.push(Problem::error("too-many", Place::file(FILE), message));
        return Register::default();
    }
    if register.areas.is_empty() && problems.iter().all(|problem| problem.place.file != FILE) {
        problems.push(Problem::error("empty-register", Place::file(FILE), "the register has no areas"));
    } else if register.completed(None) == 0 && problems.iter().all(|problem| problem.place.file != FILE) {
        let message = "no area has the status 'completed', so there is no report to make";
        problems.push(Problem::error("no-completed-area", Place::file(FILE).column("status"), message));
    }
    register
}
