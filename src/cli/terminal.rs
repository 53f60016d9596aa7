use std::collections::BTreeMap;
use std::fmt::Arguments;
use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use super::exit::Failure;
use crate::problem::{Problem, Severity};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// The only printer. Answers go to standard output, what went wrong to standard error; styles vanish where they are
/// not wanted (not a terminal, `NO_COLOR`).
pub(super) struct Terminal {
    out: anstream::AutoStream<std::io::Stdout>,
    err: anstream::AutoStream<std::io::Stderr>,
    /// The lines of the answer without styles, when they go into a mail too.
    transcript: Option<String>,
}

impl Terminal {
    pub(super) fn new() -> Self {
        Self {
            out: anstream::AutoStream::auto(std::io::stdout()),
            err: anstream::AutoStream::auto(std::io::stderr()),
            transcript: None,
        }
    }

    /// Writes down every line of the answer from now on.
    pub(super) fn write_down(&mut self) {
        self.transcript = Some(String::new());
    }

    /// What was written down.
    pub(super) fn transcript(&mut self) -> Option<String> {
        self.transcript.take()
    }

    fn answer(&mut self, style: Style, before: &str, text: Arguments<'_>) {
        drop(writeln!(self.out, "{before}{style}{text}{style:#}"));
        if let Some(transcript) = &mut self.transcript {
            transcript.push_str(&format!("{before}{text}\n"));
        }
    }

    /// True when somebody watches: progress may be drawn.
    pub(super) fn is_watched() -> bool {
        std::io::stderr().is_terminal()
    }

    /// A line of the answer. A reader that has gone away is no error.
    pub(super) fn line(&mut self, text: Arguments<'_>) {
        self.answer(Style::new(), "", text);
    }

    /// A heading in the answer.
    pub(super) fn heading(&mut self, text: Arguments<'_>) {
        self.answer(BOLD, "\n", text);
    }

    /// A line of the answer that says less than the others.
    pub(super) fn faint(&mut self, text: Arguments<'_>) {
        self.answer(FAINT, "", text);
    }

    /// What to do next.
    pub(super) fn next(&mut self, command: Arguments<'_>) {
        self.answer(BOLD, "Next: ", command);
    }

    /// A value as JSON, the whole answer.
    pub(super) fn json(&mut self, value: &serde_json::Value) {
        drop(writeln!(self.out, "{value:#}"));
    }

    /// A line beside the answer, on standard error.
    pub(super) fn note(&mut self, text: Arguments<'_>) {
        drop(writeln!(self.err, "{text}"));
    }

    /// Why a command ended early.
    pub(super) fn failure(&mut self, failure: &Failure) {
        drop(writeln!(self.err, "{RED}error{RED:#}: {}", failure.message));
        if let Some(hint) = &failure.hint {
            drop(writeln!(self.err, "hint: {hint}"));
        }
    }

    /// Every problem, errors before warnings, grouped by rule, on standard error.
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
            self.note(format_args!(
                "{style}{word}{plural}{style:#} {BOLD}{rule}{BOLD:#} ({})",
                problems.len()
            ));
            for problem in problems {
                let Problem { place, message, value, hint, .. } = problem;
                let value = value.as_ref().map(|value| format!(": {}", crate::problem::Quoted(value)));
                self.note(format_args!("  {place}: {message}{}", value.unwrap_or_default()));
                if let Some(hint) = hint {
                    self.note(format_args!("    {FAINT}hint: {hint}{FAINT:#}"));
                }
            }
        }
    }
}
