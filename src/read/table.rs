use csv::{Reader, ReaderBuilder, StringRecord};
use serde::de::DeserializeOwned;

use crate::problem::{Place, Problem};

/// One row of a CSV file.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// The line on which it starts, counting from 1.
    pub line: u64,
    /// Its cells.
    pub cells: T,
}

/// Reads a CSV file whose columns are exactly `columns`, in any order. Rows that do not fit are reported as problems
/// and left out; if the header is wrong, no rows are read.
pub(crate) fn rows<T: DeserializeOwned>(
    file: &str,
    text: &str,
    columns: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<Row<T>> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match header(file, text, columns, &mut reader) {
        Ok(header) => header,
        Err(found) => {
            problems.extend(found);
            return Vec::new();
        }
    };
    let mut lines = Lines { bytes: text.as_bytes(), at: 0, line: 1 };
    let mut rows = Vec::new();
    for record in reader.records() {
        let position = match &record {
            Ok(record) => record.position(),
            Err(error) => error.position(),
        };
        let line = position.map_or(1, |position| lines.line(position.byte()));
        let cells = record
            .map_err(|error| broken(file, line, &error))
            .and_then(|record| cells(file, line, &header, &record));
        match cells {
            Ok(cells) => rows.push(Row { line, cells }),
            Err(problem) => problems.push(*problem),
        }
    }
    rows
}

/// The header of a CSV file that can be read at all, or the problems that keep its rows from being read.
fn header(
    file: &str,
    text: &str,
    columns: &[&str],
    reader: &mut Reader<&[u8]>,
) -> Result<StringRecord, Vec<Problem>> {
    if let Some((line, message)) = wrong_quotation(text) {
        let problem = Problem::error("wrong-quotation-marks", Place::line(file, line), message)
            .hint("a quoted cell must end with a quotation mark, and any inside it must be doubled");
        return Err(vec![problem]);
    }
    let header = reader.headers().map_err(|error| vec![*broken(file, 1, &error)])?;
    if text.trim().is_empty() {
        let problem = Problem::error("empty-file", Place::file(file), "the file is empty")
            .hint(format!("its first line should be {}", columns.join(",")));
        return Err(vec![problem]);
    }
    let problems = wrong_columns(file, header, columns);
    if problems.is_empty() { Ok(header.clone()) } else { Err(problems) }
}

/// The cells of a row, or why they do not fit.
fn cells<T: DeserializeOwned>(
    file: &str,
    line: u64,
    header: &StringRecord,
    record: &StringRecord,
) -> Result<T, Box<Problem>> {
    if record.len() != header.len() {
        let message = format!("the row has {} cells and the header has {}", record.len(), header.len());
        let problem = Problem::error("wrong-number-of-cells", Place::line(file, line), message)
            .value(record.iter().collect::<Vec<_>>().join(","))
            .hint("a cell with a comma in it needs quotation marks");
        return Err(Box::new(problem));
    }
    record.deserialize(Some(header)).map_err(|error| broken(file, line, &error))
}

fn broken(file: &str, line: u64, error: &csv::Error) -> Box<Problem> {
    Box::new(Problem::error("broken-csv", Place::line(file, line), error.to_string()))
}

/// Counts the lines of a text, which end with a line feed, a carriage return, or both.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, counting from 1, of the first row that starts at or after a byte. Bytes must be asked for in order.
    fn line(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(b) = self.bytes.get(self.at) {
            let ends = matches!(b, b'\n' | b'\r');
            if self.at >= byte && !ends {
                break;
            }
            let both = *b == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(ends);
            self.at += if both { 2 } else { 1 };
        }
        self.line
    }
}

/// The line of the first cell with unmatched quotation marks, and what is wrong with it. Such a cell would swallow the
/// rows after it.
fn wrong_quotation(text: &str) -> Option<(u64, &'static str)> {
    let bytes = text.as_bytes();
    let mut lines = Lines { bytes, at: 0, line: 1 };
    let mut at = 0;
    let mut begins = true;
    while let Some(b) = bytes.get(at) {
        if *b != b'"' || !begins {
            begins = matches!(b, b',' | b'\n' | b'\r');
            at += 1;
            continue;
        }
        let began = at as u64;
        at += 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (None, _) => return Some((lines.line(began), "a quotation mark is never closed")),
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), None | Some(b',' | b'\n' | b'\r')) => break,
                (Some(b'"'), _) => return Some((lines.line(began), "text follows a closing quotation mark")),
                _ => at += 1,
            }
        }
        begins = false;
        at += 1;
    }
    None
}

/// The problems with the column names in a header.
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
                Problem::error("wrong-header", place().column(name), "the column is in the header twice")
                    .value(name),
            );
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> (Vec<u64>, Vec<(&'static str, Option<u64>)>) {
        let mut problems = Vec::new();
        let rows: Vec<Row<(String, String)>> = rows("f", text, &["a", "b"], &mut problems);
        let problems = problems.iter().map(|problem| (problem.rule, problem.place.line));
        (rows.iter().map(|row| row.line).collect(), problems.collect())
    }

    #[test]
    fn lines_are_counted_whatever_they_end_with() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,2", "", "3,\"4", "5\"", "6,7"].join(end);
            assert_eq!(lines_of(&text).0, [2, 4, 6], "{end:?}");
        }
    }

    #[test]
    fn quotation_marks_that_do_not_match_are_found_where_they_begin() {
        let found = |text: &str| lines_of(text).1;
        assert_eq!(found("a,b\n1,\"He said \"\"no\"\" twice\"\n"), []);
        assert_eq!(found("a,b\n1,2\" pipe\n"), []);
        for text in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\r\n1,2\r\n3,\"He said \"no\" twice\"\r\n"] {
            assert_eq!(found(text), [("wrong-quotation-marks", Some(3))], "{text:?}");
        }
    }
}
