use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::exit::Failure;
use area_reports::deliver::with_masked_addresses;
use area_reports::problem::{Problem, Severity};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Most problems of one kind to list.
const MOST_LISTED: usize = 50;

/// The only place that prints. Results go to standard output, and what went wrong to standard error. Styles are dropped
/// where they are not wanted (not a terminal, `NO_COLOR`).
pub(super) struct Terminal {
    out: anstream::AutoStream<std::io::Stdout>,
    err: anstream::AutoStream<std::io::Stderr>,
    /// The lines of output without styles, if they also go into a mail.
    transcript: Option<String>,
    /// True if somebody asked for whole addresses.
    in_full: bool,
    /// Why the output could not be written.
    unwritten: Option<io::Error>,
}

impl Terminal {
    pub(super) fn new() -> Self {
        Self {
            out: anstream::AutoStream::auto(std::io::stdout()),
            err: anstream::AutoStream::auto(std::io::stderr()),
            transcript: None,
            in_full: false,
            unwritten: None,
        }
    }

    /// Keeps every line of output from now on.
    pub(super) fn write_down(&mut self) {
        self.transcript = Some(String::new());
    }

    /// Keeps a line that goes elsewhere.
    fn keep(&mut self, text: Arguments<'_>) {
        if let Some(transcript) = &mut self.transcript {
            // It goes to a mailbox, wherever the program was started.
            transcript.push_str(&format!("{}\n", with_masked_addresses(&visible(text))));
        }
    }

    /// The lines kept so far.
    pub(super) fn transcript(&mut self) -> Option<String> {
        self.transcript.take()
    }

    fn answer(&mut self, style: Style, before: &str, text: Arguments<'_>) {
        let text = visible(text);
        let written = writeln!(self.out, "{before}{style}{text}{style:#}");
        self.written(written);
        self.keep(format_args!("{before}{text}"));
    }

    /// Remembers that output could not be written, for example to a full disk. A closed pipe is not an error.
    fn written(&mut self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.unwritten = Some(error);
        }
    }

    /// Ends the output.
    ///
    /// # Errors
    /// If any of it could not be written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.written(flushed);
        self.unwritten.take().map_or(Ok(()), Err)
    }

    /// True if somebody is watching, so that progress may be drawn.
    pub(super) fn is_watched() -> bool {
        std::io::stderr().is_terminal()
    }

    /// Prints a line of output.
    pub(super) fn line(&mut self, text: Arguments<'_>) {
        self.answer(Style::new(), "", text);
    }

    /// Prints a heading.
    pub(super) fn heading(&mut self, text: Arguments<'_>) {
        self.answer(BOLD, "\n", text);
    }

    /// Prints a less important line.
    pub(super) fn faint(&mut self, text: Arguments<'_>) {
        self.answer(FAINT, "", text);
    }

    /// Prints the command to run next.
    pub(super) fn next(&mut self, command: Arguments<'_>) {
        self.answer(BOLD, "Next: ", command);
    }

    /// Shows whole addresses from now on, if somebody asked for them.
    pub(super) fn in_full(&mut self, asked: bool) {
        self.in_full = asked;
    }

    /// True if whole addresses may be printed: to people at a terminal, or who asked for them, but not to a log.
    pub(super) fn shows_addresses(&self) -> bool {
        self.in_full || std::io::stdout().is_terminal()
    }

    /// Prints a value as JSON, as the whole output. Addresses are masked unless somebody asked for them.
    pub(super) fn json(&mut self, value: &Value) {
        let mut value = value.clone();
        if !self.in_full {
            mask_addresses(&mut value);
        }
        let written = writeln!(self.out, "{}", visible(format_args!("{value:#}")));
        self.written(written);
    }

    /// Prints a line on standard error, apart from the output.
    pub(super) fn note(&mut self, text: Arguments<'_>) {
        drop(writeln!(self.err, "{}", visible(text)));
        self.keep(text);
    }

    /// Prints why a command, or a part of it, ended early.
    pub(super) fn failure(&mut self, failure: &Failure) {
        drop(writeln!(self.err, "{RED}error{RED:#}: {}", visible(format_args!("{}", failure.message))));
        if let Some(hint) = &failure.hint {
            drop(writeln!(self.err, "hint: {}", visible(format_args!("{hint}"))));
        }
        self.keep(format_args!("error: {}", failure.message));
        failure.hint.iter().for_each(|hint| self.keep(format_args!("hint: {hint}")));
    }

    /// Prints every problem on standard error, errors before warnings, grouped by rule.
    pub(super) fn problems(&mut self, problems: &[Problem]) {
        let mut groups: BTreeMap<(Severity, &str), Vec<&Problem>> = BTreeMap::new();
        for problem in problems {
            groups.entry((problem.severity, problem.rule)).or_default().push(problem);
        }
        for ((severity, rule), problems) in groups {
            let (style, word) = match severity {
                Severity::Error => (RED, "error"),
                Severity::Warning => (YELLOW, "warning"),
            };
            let plural = if problems.len() == 1 { "" } else { "s" };
            let count = problems.len();
            drop(writeln!(self.err, "{style}{word}{plural}{style:#} {BOLD}{rule}{BOLD:#} ({count})"));
            self.keep(format_args!("{word}{plural} {rule} ({count})"));
            for problem in problems.iter().take(MOST_LISTED) {
                let Problem { place, message, value, hint, .. } = problem;
                let value = value.as_ref().map(|value| format!(": {}", area_reports::problem::Quoted(value)));
                let line = format!("  {place}: {message}{}", value.unwrap_or_default());
                self.note(format_args!("{line}"));
                if let Some(hint) = hint {
                    let hint = visible(format_args!("{hint}"));
                    drop(writeln!(self.err, "    {FAINT}hint: {hint}{FAINT:#}"));
                    self.keep(format_args!("    hint: {hint}"));
                }
            }
            let more = problems.len().saturating_sub(MOST_LISTED);
            if more > 0 {
                self.note(format_args!("  and {more} more like these; --json lists them all"));
            }
        }
    }
}

/// The text without the characters, perhaps in a name, that move the cursor, colour what follows or reverse it.
fn visible(text: Arguments<'_>) -> String {
    let text = text.to_string();
    if !text.chars().any(is_hidden) {
        return text;
    }
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { seen.push_str(&format!("\\u{:04x}", u32::from(c))) } else { seen.push(c) }
    }
    seen
}

/// Masks every address in a value. A Message-ID looks like one, and is nobody's address.
fn mask_addresses(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('@') => *text = with_masked_addresses(text),
        Value::Array(values) => values.iter_mut().for_each(mask_addresses),
        Value::Object(values) => {
            let is_id = |key: &str, value: &Value| {
                key == "message"
                    && value.as_str().is_some_and(|text| text.starts_with('<') && text.ends_with('>'))
            };
            values
                .iter_mut()
                .filter(|(key, value)| !is_id(key, value))
                .for_each(|(_, value)| mask_addresses(value));
        }
        _ => {}
    }
}

fn is_hidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || area_reports::direction::is_turning(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_reaches_it() {
        assert_eq!(
            visible(format_args!("Ash\u{1b}[31m\u{9b}2J\u{202e}é\n")),
            "Ash\\u001b[31m\\u009b2J\\u202eé\n"
        );
    }
}
