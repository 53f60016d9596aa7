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

use crate::model::{Chart, ChartSpec};

pub use label::Label;
pub(crate) use label::stands_on_page;
pub use palette::{Paint, Palette};
pub use style::FONT_FAMILY;

/// Why a chart could not be drawn: a defect of the program.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be drawn: {0}")]
pub struct ChartError(String);

/// What charts print besides the words and values that they are given: the ends and the middle of a scale, and the headings.
pub fn fixed_text() -> [&'static str; 5] {
    [spread::SCALE, "Area", "Other areas", "Region", "All areas"]
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
pub fn files(chart: &Chart, palette: &Palette) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
    let path = |part: usize| {
        let stem = chart.file.trim_end_matches(".svg");
        if part == 0 { format!("charts/{}", chart.file) } else { format!("charts/{stem}-{}.svg", part + 1) }
    };
    let mut files = Vec::new();
    let mut parts = Vec::new();
    for (part, drawing) in draw(&chart.spec, palette)?.into_iter().enumerate() {
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
pub fn draw(spec: &ChartSpec, palette: &Palette) -> Result<Vec<Drawing>, ChartError> {
    match spec {
        ChartSpec::Options(chart) => options::draw(chart, palette),
        ChartSpec::Sectors(chart) => sectors::draw(chart, palette),
        ChartSpec::Spread(chart) => spread::draw(chart, palette),
    }
}
