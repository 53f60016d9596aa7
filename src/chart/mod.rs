//! A chart is a pure function of what it shows: a [`ChartSpec`] in, a [`Drawing`] out. Knows plotters, alone in the program.

mod canvas;
mod label;
mod metrics;
mod options;
mod palette;
mod sectors;
mod spread;
mod style;

use serde_json::json;

use crate::model::{Chart, ChartSpec, Percent};
use crate::words::Lexicon;

pub use label::Label;
pub(crate) use label::stands_on_page;
pub use palette::{Paint, Palette};
pub use style::FONT_FAMILY;

/// Why a chart could not be drawn: a defect of the program.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be drawn: {0}")]
pub struct ChartError(String);

/// What charts print on a scale: its ends and its middle.
pub fn scale(words: &Lexicon) -> [String; 3] {
    [0, 50, 100].map(|percent| words.percentage(Some(Percent::Whole(percent))))
}

/// The dress of a chart: the same values in another dress look and read differently.
#[derive(Clone, Copy)]
pub struct Dress<'a> {
    /// Its colours.
    pub palette: &'a Palette,
    /// The words of its headings and keys.
    pub words: &'a Lexicon,
}

/// A chart as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// SVG with real text.
    pub svg: String,
    /// The text that the page sets over it.
    pub labels: Vec<Label>,
}

/// The files of a chart, by their path in the world of a report: the drawings, and a list of them with the text that is set over
/// each.
///
/// # Errors
/// As for [`draw`].
pub fn files(chart: &Chart, dress: Dress<'_>) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let path = |part: usize| {
        let stem = chart.file.trim_end_matches(".svg");
        if part == 0 { format!("charts/{}", chart.file) } else { format!("charts/{stem}-{}.svg", part + 1) }
    };
    let mut files = Vec::new();
    let mut parts = Vec::new();
    for (part, drawing) in draw(&chart.spec, dress)?.into_iter().enumerate() {
        parts.push(json!({ "file": format!("/{}", path(part)), "labels": drawing.labels }));
        files.push((path(part), drawing.svg.into_bytes()));
    }
    let list = serde_json::to_vec(&parts).map_err(|error| ChartError(error.to_string()))?;
    files.push((format!("{}.parts.json", path(0)), list));
    Ok(files)
}

/// Rows in parts that are no higher than a page allows, by the height of each row and that of the head above each part.
fn parts<T>(rows: &[T], head: i32, height: impl Fn(&T) -> i32) -> Vec<&[T]> {
    let mut parts = Vec::new();
    let (mut start, mut taken) = (0, head);
    for (position, row) in rows.iter().enumerate() {
        if position > start && taken + height(row) > style::TALLEST {
            parts.push(&rows[start..position]);
            (start, taken) = (position, head);
        }
        taken += height(row);
    }
    parts.push(&rows[start..]);
    parts
}

/// Draws a chart: in several parts where it would be taller than a page.
///
/// # Errors
/// Only for a defect of the program: nothing outside it takes part.
pub fn draw(spec: &ChartSpec, dress: Dress<'_>) -> Result<Vec<Drawing>, ChartError> {
    match spec {
        ChartSpec::Options(chart) => options::draw(chart, dress),
        ChartSpec::Sectors(chart) => sectors::draw(chart, dress),
        ChartSpec::Spread(chart) => spread::draw(chart, dress),
    }
}
