//! Makes plain text that reads well aloud: charts as their sentences, tables as lines of a label and a value.

mod lines;
mod notation;

use std::collections::BTreeMap;

use minijinja::Environment;
use minijinja::value::{Serde, Value};

use super::document::Document;
use super::edition::{EditionRenderer, File};
use super::environment::{Notation, Sources, filled, of_kinds};
use super::error::RenderError;
use crate::model::{Format, ReportModel};
use lines::lines;
use notation::TEXT;

/// Makes text editions.
pub(super) struct TextWriter {
    /// For each kind of report, the templates that it can see.
    environments: BTreeMap<String, Environment<'static>>,
}

impl TextWriter {
    /// Prepares templates and the evaluation's own wording.
    ///
    /// # Errors
    /// When a template cannot be parsed.
    pub(super) fn new(sources: &Sources<'_>) -> Result<Self, RenderError> {
        Ok(Self { environments: of_kinds(sources, &TEXT)? })
    }
}

impl EditionRenderer for TextWriter {
    fn drawings(&self, _: &ReportModel) -> Result<Vec<File>, RenderError> {
        Ok(Vec::new())
    }

    fn render(&self, model: &ReportModel, _: Vec<File>) -> Result<Document, RenderError> {
        let format = Format::Text.word();
        let context = minijinja::context! { format, ..Value::from(Serde(model)) };
        let text = filled(&self.environments, TEXT.extension(), model, context)?;
        Ok(Document { bytes: lines(&text).into_bytes(), pages: None })
    }
}
