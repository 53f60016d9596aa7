use csv::{ReaderBuilder, StringRecord};
use serde::de::DeserializeOwned;

use crate::problem::{Place, Problem};

/// One row of a CSV file.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// Line on which it starts, counted from 1.
    pub line: u64,
    /// Its cells.
    pub cells: T,
}

/// Reads a CSV file whose columns are exactly `columns`, in any order. Rows that do not fit are problems and left out;
/// with a wrong header there are no rows at all.
pub(crate) fn rows<T: DeserializeOwned>(
    file: &str,
    text: &str,
    columns: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<Row<T>> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(Problem::error("broken-csv", Place::line(file, 1), error.to_string()));
            return Vec::new();
        }
    };
    if text.trim().is_empty() {
        problems.push(
            Problem::error("empty-file", Place::file(file), "the file is empty")
                .hint(format!("its first line should be {}", columns.join(","))),
        );
        return Vec::new();
    }
    let header_problems = wrong_columns(file, &header, columns);
    if !header_problems.is_empty() {
        problems.extend(header_problems);
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(Problem::error("broken-csv", Place::line(file, line), error.to_string()));
                continue;
            }
        };
        let line = record.position().map_or(1, csv::Position::line);
        if record.len() != header.len() {
            problems.push(
                Problem::error(
                    "wrong-number-of-cells",
                    Place::line(file, line),
                    format!("the row has {} cells and the header has {}", record.len(), header.len()),
                )
                .value(record.iter().collect::<Vec<_>>().join(","))
                .hint("a cell with a comma in it needs quotation marks"),
            );
            continue;
        }
        match record.deserialize(Some(&header)) {
            Ok(cells) => rows.push(Row { line, cells }),
            Err(error) => {
                problems.push(Problem::error("broken-csv", Place::line(file, line), error.to_string()))
            }
        }
    }
    rows
}

/// What is wrong with the names in a header.
fn wrong_columns(file: &str, header: &StringRecord, columns: &[&str]) -> Vec<Problem> {
    let place = || Place::line(file, 1);
    let mut problems = Vec::new();
    for column in columns.iter().filter(|column| !header.iter().any(|name| name == **column)) {
        problems.push(
            Problem::error("wrong-header", place().column(*column), "a column is missing")
                .value(header.iter().collect::<Vec<_>>().join(","))
                .hint(format!("the header should be {}", columns.join(","))),
        );
    }
    for (position, name) in header.iter().enumerate() {
        if !columns.contains(&name) {
            problems.push(
                Problem::error("wrong-header", place().column(name), "there is no such column")
                    .value(name)
                    .hint(format!("the header should be {}", columns.join(","))),
            );
        } else if header.iter().take(position).any(|earlier| earlier == name) {
            problems.push(
                Problem::error("wrong-header", place().column(name), "the column stands twice in the header")
                    .value(name),
            );
        }
    }
    problems
}
