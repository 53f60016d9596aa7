//! Makes web pages: one file for each report that needs no other, runs nothing and loads nothing.

mod drawing;
mod notation;
mod style;

use std::collections::BTreeMap;

use minijinja::Environment;
use minijinja::value::{Serde, Value};

use super::document::Document;
use super::edition::{EditionRenderer, File};
use super::environment::{Notation, Sources, filled, of_kinds};
use super::error::RenderError;
use crate::chart::{self, ChartStyle, Palette, Sizes};
use crate::model::{Format, ReportModel};
use crate::words::Lexicon;
use drawing::{Layout, PageChart};
use notation::HTML;

/// The rules of the style of all pages.
const RULES: &str = "theme/page.css";

/// Makes web pages.
pub(super) struct PageWriter {
    /// For each kind of report, the templates that it can see.
    environments: BTreeMap<String, Environment<'static>>,
    palette: Palette,
    words: Lexicon,
    style: String,
    policy: String,
}

impl PageWriter {
    /// Prepares templates, the evaluation's own wording and the style.
    ///
    /// # Errors
    /// When a template cannot be parsed, or the colours cannot be used.
    pub(super) fn new(sources: &Sources<'_>, palette: &Palette) -> Result<Self, RenderError> {
        let dark = sources.templates.dark_palette().map_err(RenderError::Palette)?;
        let style = style::style(palette, &dark, sources.templates.get(RULES).unwrap_or_default());
        Ok(Self {
            environments: of_kinds(sources, &HTML)?,
            palette: palette.clone(),
            words: sources.words.clone(),
            policy: style::policy(&style),
            style,
        })
    }
}

impl EditionRenderer for PageWriter {
    fn drawings(&self, model: &ReportModel) -> Result<Vec<File>, RenderError> {
        let style = ChartStyle { palette: &self.palette, words: &self.words, sizes: Sizes::WIDE_SCREEN };
        let drawn = |chart: chart::Chart<'_>| {
            let drawn = PageChart::of(&chart, style).map_err(|error| RenderError::Defect(error.into()))?;
            let json = serde_json::to_vec(&drawn).map_err(|error| RenderError::Defect(error.into()))?;
            Ok((chart.path(), json))
        };
        chart::charts(model).into_iter().map(drawn).collect()
    }

    fn render(&self, model: &ReportModel, files: Vec<File>) -> Result<Document, RenderError> {
        let mut charts = BTreeMap::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with(chart::FOLDER)) {
            let chart = serde_json::from_slice(bytes).map_err(|error| RenderError::Defect(error.into()))?;
            charts.insert(path.trim_start_matches(chart::FOLDER), value(chart));
        }
        let markup = Value::from_safe_string;
        let context = minijinja::context! {
            format => Format::Html.word(),
            charts,
            style => markup(self.style.clone()),
            policy => markup(self.policy.clone()),
            ..Value::from(Serde(model))
        };
        let page = filled(&self.environments, HTML.extension(), model, context)?;
        Ok(Document { bytes: page.into_bytes(), pages: None })
    }
}

/// A chart as templates see it.
fn value(PageChart { name, wide, narrow }: PageChart) -> Value {
    let layout = |Layout { width, height, shapes }: Layout| {
        let number = |number: i32| Value::from_safe_string(number.to_string());
        let (width, height) = (number(width), number(height));
        minijinja::context! { width, height, shapes => Value::from_safe_string(shapes) }
    };
    minijinja::context! { name, wide => layout(wide), narrow => layout(narrow) }
}
