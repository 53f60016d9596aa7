//! A chart is a pure function of what it shows: a [`ChartSpec`] in, SVG text out. Knows plotters, alone in the program.

mod canvas;
mod metrics;
mod options;
mod palette;
mod sectors;
mod spread;
mod style;

use crate::model::ChartSpec;

pub use palette::{Paint, Palette};
pub use style::FONT_FAMILY;

/// Why a chart could not be drawn: a defect of the program.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be drawn: {0}")]
pub struct ChartError(String);

/// The numbers that charts print besides the values that they are given: the ends and the middle of a scale.
pub fn fixed_text() -> [&'static str; 1] {
    [spread::SCALE]
}

/// Draws a chart as SVG with real text.
///
/// # Errors
/// Only for a defect of the program: nothing outside it takes part.
pub fn draw(spec: &ChartSpec, palette: &Palette) -> Result<String, ChartError> {
    match spec {
        ChartSpec::Options(chart) => options::draw(chart, palette),
        ChartSpec::Sectors(chart) => sectors::draw(chart, palette),
        ChartSpec::Spread(chart) => spread::draw(chart, palette),
    }
}
