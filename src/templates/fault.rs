use std::fmt;

use minijinja::ErrorKind;

/// A mistake in a template: where it is, the line itself, what is wrong and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The template, by its path in `report-templates/` (or `wording/...`).
    pub file: String,
    /// The line in the template, counting from 1.
    pub line: usize,
    /// The text of that line.
    pub excerpt: String,
    /// How the line was rendered in this report, if known: this shows which chart, section or value it concerns.
    pub rendered: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl TemplateFault {
    /// Makes a fault from an error found by minijinja.
    pub(crate) fn of_minijinja(error: &minijinja::Error) -> Self {
        // An error in an included template is the source of the one in the template that includes it.
        let mut innermost = error;
        while let Some(cause) =
            std::error::Error::source(innermost).and_then(|e| e.downcast_ref::<minijinja::Error>())
        {
            innermost = cause;
        }
        let error = innermost;
        let line = error.line().unwrap_or(1);
        let excerpt =
            error.template_source().and_then(|source| source.lines().nth(line - 1)).unwrap_or_default();
        let expression =
            error.template_source().zip(error.range()).and_then(|(source, range)| source.get(range));
        let message = match error.detail() {
            _ if error.kind() == ErrorKind::OutOfFuel => {
                "the templates take more steps than [limits] allow: is there an endless loop?".to_owned()
            }
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Self {
            file: error.name().unwrap_or("a template").to_owned(),
            line,
            excerpt: excerpt.trim().to_owned(),
            rendered: None,
            message,
            hint: expression.filter(|text| !text.contains('\n')).map(|text| format!("look at `{text}`")),
        }
    }

    /// Makes a fault at an offset in a file.
    pub(crate) fn at(file: String, text: &str, offset: usize, message: String, hint: Option<String>) -> Self {
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let excerpt = text.lines().nth(line - 1).unwrap_or_default().trim().to_owned();
        Self { file, line, excerpt, rendered: None, message, hint }
    }
}

impl fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)?;
        if !self.excerpt.is_empty() {
            write!(f, "\n    {} | {}", self.line, self.excerpt)?;
        }
        if let Some(rendered) = self.rendered.as_ref().filter(|rendered| **rendered != self.excerpt) {
            write!(f, "\n    in this report: {rendered}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n    hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateFault {}
