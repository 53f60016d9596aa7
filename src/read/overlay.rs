use toml::Spanned;
use toml::de::DeValue;

use super::toml_file::{At, TomlFile};
use crate::problem::{Place, Problem};

/// The words of a questionnaire in another language, as in `questionnaire.cy.toml`.
#[derive(Clone, Debug)]
pub struct RawOverlay {
    /// The name of the file.
    pub file: String,
    /// The language code, as in that name.
    pub language: String,
    /// Each text, by its path in the file.
    pub words: Vec<At<(String, String)>>,
}

/// The code in the name of an overlay, `questionnaire.CODE.toml`.
pub(super) fn language_of(file: &str) -> Option<&str> {
    let code = file.strip_prefix("questionnaire.")?.strip_suffix(".toml")?;
    (!code.is_empty() && !code.contains('/')).then_some(code)
}

/// Reads an overlay: nested tables whose values are strings; `None` if the file is not TOML.
pub(super) fn overlay(
    file: &str,
    language: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Option<RawOverlay> {
    let toml = TomlFile::parse(file, text, problems)?;
    let mut words = Vec::new();
    let mut open: Vec<(String, Spanned<DeValue<'_>>)> = Vec::new();
    let mut next = toml.entries();
    loop {
        open.extend(next);
        let Some((path, value)) = open.pop() else { break };
        let line = toml.line(value.span().start);
        next = match value.into_inner() {
            DeValue::String(text) => {
                words.push(At { line, value: (path, text.into_owned()) });
                Vec::new()
            }
            DeValue::Table(table) => {
                let below = |(key, value): (Spanned<_>, _)| (format!("{path}.{}", key.into_inner()), value);
                table.into_iter().map(below).collect()
            }
            _ => {
                let place = Place::line(file, line).column(path);
                problems.push(Problem::error(
                    "wrong-toml",
                    place,
                    "text in quotation marks is expected here",
                ));
                Vec::new()
            }
        };
    }
    words.sort_by(|a, b| (a.line, &a.value.0).cmp(&(b.line, &b.value.0)));
    Some(RawOverlay { file: file.to_owned(), language: language.to_owned(), words })
}
