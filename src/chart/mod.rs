//! A chart is a pure function of a figure of a report and its dress. Knows plotters, alone in the program.
//!
//! A kind of chart is one file: it says what it draws, how it is described, and what proves that a drawing is this one.

mod canvas;
mod label;
mod options;
mod palette;
mod sectors;
mod spread;
mod style;
#[cfg(test)]
mod tests;

use serde_json::json;

use crate::model::{FactState, FigureKind, Percent, ReportModel, StatisticView};
use crate::words::Lexicon;
use canvas::{Canvas, drawing};
use style::Row;

pub use label::Label;
pub(crate) use label::stands_on_page;
pub use palette::{Paint, Palette};
pub use style::{FONT_FAMILY, Sizes};

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
    /// Its sizes.
    pub sizes: Sizes,
}

/// A chart as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// SVG with real text.
    pub svg: String,
    /// The text that the page sets over it.
    pub labels: Vec<Label>,
}

/// A chart of a report.
pub struct Chart<'a> {
    /// Number of its figure.
    pub number: u32,
    /// File name in the report's world, for example `figure-3.svg`.
    file: &'a str,
    kind: Box<dyn ChartKind + 'a>,
}

/// A kind of chart.
trait ChartKind {
    /// What such a chart is called where it is described.
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str;

    /// Draws it: in several parts where it would be taller than a page.
    ///
    /// # Errors
    /// Only for a defect of the program: nothing outside it takes part.
    fn draw(&self, dress: Dress<'_>) -> Result<Vec<Drawing>, ChartError>;

    /// What it prints of its figure, in the order in which it is drawn.
    fn printed(&self) -> Vec<String>;
}

/// The charts of a report, in the order of its figures.
pub fn charts(model: &ReportModel) -> Vec<Chart<'_>> {
    let nation = model.evaluation.nation.as_str();
    let mut charts = Vec::new();
    for figure in model.content.sections().iter().flat_map(|section| &section.figures) {
        let kind: Box<dyn ChartKind> = match figure.kind {
            FigureKind::Options => Box::new(options::Options { figure, nation }),
            FigureKind::Sectors => Box::new(sectors::Sectors { figure, nation }),
        };
        charts.push(Chart { number: figure.number, file: &figure.file, kind });
    }
    for figure in model.content.places() {
        let kind = Box::new(spread::Spread { figure, nation });
        charts.push(Chart { number: figure.number, file: &figure.file, kind });
    }
    charts
}

impl Chart<'_> {
    /// What it prints of its figure, in the order in which it is drawn.
    pub fn printed(&self) -> Vec<String> {
        self.kind.printed()
    }

    /// Its files, by their path in the world of a report: the drawings, and what a template needs to place and describe them.
    ///
    /// # Errors
    /// Only for a defect of the program: nothing outside it takes part.
    pub fn files(&self, dress: Dress<'_>) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
        let path = |part: usize| {
            let stem = self.file.trim_end_matches(".svg");
            if part == 0 {
                format!("charts/{}", self.file)
            } else {
                format!("charts/{stem}-{}.svg", part + 1)
            }
        };
        let mut files = Vec::new();
        let mut parts = Vec::new();
        for (part, drawing) in self.kind.draw(dress)?.into_iter().enumerate() {
            parts.push(json!({ "file": format!("/{}", path(part)), "labels": drawing.labels }));
            files.push((path(part), drawing.svg.into_bytes()));
        }
        let Dress { words, sizes, .. } = dress;
        let chart = json!({
            "name": self.kind.name(words), "continues": words.charts.continues,
            "width": sizes.width, "text": sizes.text, "parts": parts,
        });
        let chart = serde_json::to_vec(&chart).map_err(|error| ChartError(error.to_string()))?;
        files.push((format!("{}.json", path(0)), chart));
        Ok(files)
    }
}

/// A percentage in a chart.
#[derive(Debug, Default)]
struct Bar {
    /// From 0 to 100; `None` where there is no value.
    length: Option<u32>,
    /// As printed.
    label: String,
}

impl Bar {
    fn of(statistic: &StatisticView) -> Self {
        let length = (statistic.state == FactState::Value).then_some(statistic.length);
        Self { length, label: statistic.percent.clone() }
    }
}

/// Rows one below the other under a head, in parts that are no higher than a page allows. Each part has the head.
struct Rows<T> {
    /// Height of the head.
    head: i32,
    /// The rows, with the place that each takes.
    rows: Vec<(Row, T)>,
}

impl<T> Rows<T> {
    fn draw(
        &self,
        dress: Dress<'_>,
        head: impl Fn(&Canvas<'_>) -> Result<(), ChartError>,
        row: impl Fn(&Canvas<'_>, &T, [i32; 2]) -> Result<(), ChartError>,
    ) -> Result<Vec<Drawing>, ChartError> {
        let part = |rows: &[(Row, T)]| {
            let total = self.head + rows.iter().map(|(place, _)| place.height).sum::<i32>();
            drawing(dress, total, |canvas| {
                head(canvas)?;
                let mut top = self.head;
                for (place, shown) in rows {
                    row(canvas, shown, [top + place.label, top + place.values])?;
                    top += place.height;
                }
                Ok(())
            })
        };
        self.parts(dress.sizes.tallest).into_iter().map(part).collect()
    }

    fn parts(&self, tallest: i32) -> Vec<&[(Row, T)]> {
        let mut parts = Vec::new();
        let (mut start, mut taken) = (0, self.head);
        for (position, (place, _)) in self.rows.iter().enumerate() {
            if position > start && taken + place.height > tallest {
                parts.push(&self.rows[start..position]);
                (start, taken) = (position, self.head);
            }
            taken += place.height;
        }
        parts.push(&self.rows[start..]);
        parts
    }
}
