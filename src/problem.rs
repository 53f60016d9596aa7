//! What can be wrong with an input, and where.

use std::fmt;

use serde::Serialize;

use crate::model::AreaCode;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something is missing or wrong; the exit code says so, and any area that it concerns gets no report.
    Error,
    /// Worth a look; nothing is held back because of it.
    Warning,
}

/// Where a problem is: a file of the evaluation and, if known, the line and the name of the column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Path of the file, relative to the evaluation folder.
    pub file: String,
    /// The line in the file, counting from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The name of the column (or, in a TOML file, of the key).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, column: None }
    }

    /// A line of a file, counting from 1.
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Self { file: file.into(), line: Some(line), column: None }
    }

    /// The same place, narrowed to a column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(shortened(column.into(), LONGEST_VALUE));
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " [{column}]")?;
        }
        Ok(())
    }
}

/// Something wrong with an input: what, where, the value that was found, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// The short name of the rule that was broken; problems are grouped by it.
    pub rule: &'static str,
    /// Where it is.
    pub place: Place,
    /// The value that was found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The area that it concerns; an error holds back that area's report only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
}

impl Problem {
    /// An error at a place.
    pub fn error(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            place,
            value: None,
            message: shortened(message.into(), LONGEST_MESSAGE),
            hint: None,
            area: None,
        }
    }

    /// A warning at a place.
    pub fn warning(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, place, message) }
    }

    /// Adds the value that was found.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(shortened(value.into(), LONGEST_VALUE));
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(shortened(hint.into(), LONGEST_MESSAGE));
        self
    }

    /// Marks it as concerning one area only.
    #[must_use]
    pub fn of_area(mut self, area: &AreaCode) -> Self {
        self.area = Some(area.clone());
        self
    }

    /// True for an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The most characters of a message, and of a value, that are reported.
const LONGEST_MESSAGE: usize = 1_000;
const LONGEST_VALUE: usize = 200;

fn shortened(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        if let Some(value) = &self.value {
            write!(f, ": {}", Quoted(value))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

/// A value in a message: in quotation marks, on one line, and cut short if it is long.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 60;
        f.write_str("'")?;
        for c in self.0.chars().take(LONGEST) {
            if c.is_control() { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
        }
        if self.0.chars().nth(LONGEST).is_some() {
            f.write_str("...")?;
        }
        f.write_str("'")
    }
}

/// The result of a stage, and everything that it found wrong on the way.
#[derive(Clone, Debug)]
pub struct Checked<T> {
    /// The result.
    pub value: T,
    /// The problems, in the order in which they were found.
    pub problems: Vec<Problem>,
}

/// The known name closest to a mistyped one, if any is close enough to suggest.
pub fn nearest<'a>(value: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let value = value.trim().to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&value, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 2.max(name.chars().count() / 4))
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_place_message_value_hint() {
        let problem = Problem::error(
            "unknown-option",
            Place::line("submissions/301.csv", 7).column("answer"),
            "no such option",
        )
        .value("begin\n")
        .hint("did you mean 'begun'?");
        assert_eq!(
            problem.to_string(),
            "submissions/301.csv:7 [answer]: no such option: 'begin\\n' (did you mean 'begun'?)"
        );
    }

    #[test]
    fn the_nearest_name_is_suggested_only_when_it_is_near() {
        assert_eq!(nearest("Leads", ["Leeds", "London"]), Some("Leeds"));
        assert_eq!(nearest("Kent", ["Leeds", "London"]), None);
    }
}
