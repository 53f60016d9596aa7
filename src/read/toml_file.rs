use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem};

/// A value of a TOML file with the line on which its table starts.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The line in the file, counting from 1.
    pub line: u64,
    /// The value.
    pub value: T,
}

/// Reads a TOML file as one value; anything that does not fit is a problem.
pub(crate) fn toml_of<T: DeserializeOwned>(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    TomlFile::parse(file, text, problems)?.whole(problems)
}

/// A TOML file that is read table by table, so that one mistake does not hide the next.
pub(super) struct TomlFile<'a> {
    file: &'a str,
    text: &'a str,
    lines: Lines,
    table: DeTable<'a>,
}

impl<'a> TomlFile<'a> {
    /// Parses the text; every syntax error is a problem.
    pub(super) fn parse(file: &'a str, text: &'a str, problems: &mut Vec<Problem>) -> Option<Self> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let lines = Lines::of(text);
        if errors.is_empty() {
            return Some(Self { file, text, lines, table: table.into_inner() });
        }
        problems.extend(errors.iter().map(|error| problem(file, &lines, 1, error)));
        None
    }

    /// Takes the array of tables `[[key]]` out of the file; a table that does not fit is reported as a problem and left
    /// out.
    pub(super) fn tables<T: DeserializeOwned>(
        &mut self,
        key: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<At<T>> {
        let Some(value) = self.table.remove(key) else { return Vec::new() };
        let line = self.lines.at(value.span().start);
        let DeValue::Array(entries) = value.into_inner() else {
            let place = Place::line(self.file, line).column(key);
            problems.push(
                Problem::error("wrong-toml", place, "a list of tables is expected here")
                    .hint(format!("write [[{key}]] above each entry")),
            );
            return Vec::new();
        };
        entries.into_iter().filter_map(|entry| self.entry(entry, problems)).collect()
    }

    /// Reads the whole file as one value.
    fn whole<T: DeserializeOwned>(self, problems: &mut Vec<Problem>) -> Option<T> {
        let Self { file, text, lines, table } = self;
        let value = T::deserialize(Spanned::new(0..text.len(), table).into_deserializer());
        value.map_err(|error| problems.push(problem(file, &lines, 1, &error))).ok()
    }

    /// The top-level entries of the file, with their keys.
    pub(super) fn entries(&self) -> Vec<(String, Spanned<DeValue<'a>>)> {
        let entries = self.table.iter();
        entries.map(|(key, value)| (key.get_ref().to_string(), value.clone())).collect()
    }

    /// The line of a byte offset, counting from 1.
    pub(super) fn line(&self, offset: usize) -> u64 {
        self.lines.at(offset)
    }

    /// Reports every key that has not been taken out.
    pub(super) fn no_more(self, known: &[&str], problems: &mut Vec<Problem>) {
        for (key, _) in self.table {
            let line = self.lines.at(key.span().start);
            problems.push(
                Problem::error("unknown-key", Place::line(self.file, line), "there is no such table")
                    .value(key.into_inner())
                    .hint(format!("the tables of this file are {}", known.join(", "))),
            );
        }
    }

    fn entry<T: DeserializeOwned>(
        &self,
        entry: Spanned<DeValue<'a>>,
        problems: &mut Vec<Problem>,
    ) -> Option<At<T>> {
        let line = self.lines.at(entry.span().start);
        match T::deserialize(entry.into_deserializer()) {
            Ok(value) => Some(At { line, value }),
            Err(error) => {
                problems.push(problem(self.file, &self.lines, line, &error));
                None
            }
        }
    }
}

/// Turns an error from the TOML library into a problem with its line.
fn problem(file: &str, lines: &Lines, line: u64, error: &toml::de::Error) -> Problem {
    let line = error.span().map_or(line, |span| lines.at(span.start));
    let message = error.message().replace('\n', " ");
    let rule = if message.starts_with("unknown field") { "unknown-key" } else { "wrong-toml" };
    Problem::error(rule, Place::line(file, line), message)
}

/// Where the lines of a file end.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte offset, counting from 1.
    fn at(&self, offset: usize) -> u64 {
        self.0.partition_point(|end| *end < offset) as u64 + 1
    }
}
