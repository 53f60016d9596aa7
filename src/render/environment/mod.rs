//! The templates of a format, ready to be filled: what all formats have in common.

mod filters;
mod notation;
mod parts;
mod tags;
mod wording;

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Template, UndefinedBehavior};

use parts::Numbering;

use super::error::RenderError;
use crate::model::{Language, Limits, ReportModel};
use crate::problem::{Place, Problem};
use crate::templates::{Templates, WORDING_TEMPLATE, is_words};
use crate::words::Lexicon;

pub(super) use notation::{Notation, Piece};
pub(super) use tags::{Part, parts};
pub(super) use wording::paragraphs;

/// The name of our escaping, as minijinja passes it to the formatter.
const ESCAPING: &str = "report";

/// What the templates of all formats are made from.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    /// The templates.
    pub(super) templates: &'a Templates,
    /// The evaluation's own wording, by path.
    pub(super) wording: &'a BTreeMap<String, String>,
    /// The language.
    pub(super) language: &'a Language,
    /// Its words.
    pub(super) words: &'a Lexicon,
    /// The limits on filling a template.
    pub(super) limits: Limits,
}

/// All templates of a format, ready to be filled: the files of `report-templates/` and the evaluation's `wording/`.
///
/// The delimiters are `<< value >>`, `<% tag %>` and `<# comment #>`, so that Typst's braces are never mistaken for
/// them. Values are escaped; an undefined value is an error.
pub(super) fn environment(
    sources: &Sources<'_>,
    notation: &'static dyn Notation,
) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_debug(true);
    environment.set_fuel(Some(sources.limits.steps()));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .block_delimiters("<%", "%>")
            .variable_delimiters("<<", ">>")
            .comment_delimiters("<#", "#>")
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.set_auto_escape_callback(|_| AutoEscape::Custom(ESCAPING.into()));
    let words = sources.words.clone();
    environment.set_formatter(move |out, _, value| write_value(out, value, &words, notation));
    filters::add(&mut environment, sources, notation)?;
    let extension = notation.extension();
    for (path, text) in sources.templates.files().filter(|(path, _)| path.ends_with(extension)) {
        environment.add_template_owned(path.to_owned(), text.to_owned())?;
    }
    for (path, text) in sources.templates.files().filter(|(path, _)| is_words(path)) {
        environment.add_template_owned(path.to_owned(), sentences(text, notation))?;
    }
    for (path, text) in sources.wording.iter().filter(|(path, _)| path.ends_with(WORDING_TEMPLATE)) {
        let path = format!("wording/{path}");
        let markup = wording::wording(text, notation).map_err(|line| unfit(&path, line))?;
        environment.add_template_owned(path, markup)?;
    }
    Ok(environment)
}

/// The error for wording that reports have no place for.
fn unfit(path: &str, line: usize) -> Error {
    let message =
        "wording has paragraphs, headings, lists, words with meanings, bold and links, and nothing else";
    let problem = Problem::error("wording", Place::line(path, line as u64), message);
    Error::new(ErrorKind::SyntaxError, problem.to_string())
}

/// The templates of a format for each kind of report, as it can see them.
///
/// # Errors
/// When a template cannot be parsed.
pub(super) fn of_kinds(
    sources: &Sources<'_>,
    notation: &'static dyn Notation,
) -> Result<BTreeMap<String, Environment<'static>>, RenderError> {
    let of_kind = |kind: &str| {
        let templates = sources.templates.of_kind(kind);
        let environment = environment(&Sources { templates: &templates, ..*sources }, notation);
        Ok((kind.to_owned(), environment.map_err(|error| RenderError::of_template(&error))?))
    };
    sources.templates.kinds().into_iter().map(of_kind).collect()
}

/// The main template of a report, with the environment that it is in.
///
/// # Errors
/// When the templates have no such template.
pub(super) fn main_template<'e>(
    environments: &'e BTreeMap<String, Environment<'static>>,
    extension: &str,
    model: &ReportModel,
) -> Result<Template<'e, 'e>, RenderError> {
    let name = format!("{}/report{extension}", model.id.kind);
    let missing = || RenderError::Defect(format!("there is no template {name}").into());
    let environment = environments.get(model.id.kind.word()).ok_or_else(missing)?;
    environment.get_template(&name).map_err(|error| RenderError::of_template(&error))
}

/// A report in a format, from its main template.
///
/// # Errors
/// When a template does not fit the report's data.
pub(super) fn filled(
    environments: &BTreeMap<String, Environment<'static>>,
    extension: &str,
    model: &ReportModel,
    context: Value,
) -> Result<String, RenderError> {
    let template = main_template(environments, extension, model)?;
    let numbering = Arc::new(Numbering::default());
    let context =
        minijinja::context! { numbering => Value::from_dyn_object(Arc::clone(&numbering)), ..context };
    let report = template.render(context).map_err(|error| RenderError::of_template(&error))?;
    numbering.resolved(&report).map_err(|part| {
        let message = format!("the report refers to a part '{part}' that it does not have");
        RenderError::of_template(&Error::new(ErrorKind::InvalidOperation, message))
    })
}

/// Writes a value so that the format prints exactly its own characters.
fn write_value(
    out: &mut minijinja::Output<'_>,
    value: &Value,
    words: &Lexicon,
    notation: &dyn Notation,
) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::Undefined | ValueKind::None => {
            return Err(Error::new(ErrorKind::UndefinedError, "there is no such value here"));
        }
        _ if value.is_safe() => out.write_str(&notation.markup(value.as_str().unwrap_or_default())),
        ValueKind::Number => match u64::try_from(value.clone()) {
            Ok(number) => write!(out, "{}", words.digits(number)),
            Err(_) => write!(out, "{value}"),
        },
        _ => match value.as_str() {
            Some(text) => out.write_str(&notation.value(text)),
            None => return Err(Error::new(ErrorKind::InvalidOperation, "this value is not text")),
        },
    };
    written.map_err(Error::from)
}

/// Turns the plain sentences of a template into the markup of a format.
fn sentences(source: &str, notation: &dyn Notation) -> String {
    let part = |part| match part {
        Part::Tag(tag) => tag.to_owned(),
        Part::Text(text) => notation.sentence(text),
    };
    tags::parts(source).into_iter().map(part).collect()
}
