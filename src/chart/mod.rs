//! A chart is a pure function of what it shows: a [`ChartSpec`] in, a [`Drawing`] out. Knows plotters, alone in the program.

mod canvas;
mod label;
mod metrics;
mod options;
mod palette;
mod sectors;
mod spread;
mod style;

use crate::model::ChartSpec;

pub use label::Label;
pub(crate) use label::stands_on_page;
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

/// A chart as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// SVG with real text.
    pub svg: String,
    /// The text that the page sets over it.
    pub labels: Vec<Label>,
}

/// Draws a chart.
///
/// # Errors
/// Only for a defect of the program: nothing outside it takes part.
pub fn draw(spec: &ChartSpec, palette: &Palette) -> Result<Drawing, ChartError> {
    match spec {
        ChartSpec::Options(chart) => options::draw(chart, palette),
        ChartSpec::Sectors(chart) => sectors::draw(chart, palette),
        ChartSpec::Spread(chart) => spread::draw(chart, palette),
    }
}
