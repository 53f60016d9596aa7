//! Draws charts, each a pure function of a figure in a report and a [`ChartStyle`]. Only this module uses plotters.
//!
//! Each kind of chart has its own file, which draws it, names it for descriptions, and lists the values that it prints:
//! the proof of a report looks for these.

mod bars;
mod canvas;
mod columns;
mod dots;
mod label;
mod palette;
mod places;
mod processes;
mod scale;
mod shares;
mod sides;
mod strips;
mod style;
#[cfg(test)]
mod tests;
mod units;
mod verdicts;

use serde_json::json;

use crate::model::{Figure, Percent, ReportModel};
use crate::words::Lexicon;
use canvas::{Canvas, drawing};
use style::Row;

pub use label::Label;
pub(crate) use label::stands_on_page;
pub use palette::{Paint, Palette};
pub use style::{FONT_FAMILY, Sizes};

/// The folder of charts in the world of a report.
pub const FOLDER: &str = "charts/";

/// The error when a chart cannot be drawn, which is a bug in the program.
#[derive(Debug, thiserror::Error)]
#[error("the chart could not be drawn")]
pub struct ChartError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// The labels that charts print on a scale: at its ends and in its middle.
pub fn scale(words: &Lexicon) -> [String; 3] {
    [0, 50, 100].map(|percent| words.percentage(Some(Percent::Whole(percent))))
}

/// The appearance of a chart: how the same values look and read.
#[derive(Clone, Copy)]
pub struct ChartStyle<'a> {
    /// Its colours.
    pub palette: &'a Palette,
    /// The words of its headings and keys.
    pub words: &'a Lexicon,
    /// Its sizes.
    pub sizes: Sizes,
}

/// A chart, or a part of one, as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG, with real text.
    pub svg: String,
    /// Its height, in tenths of a point.
    pub height: i32,
    /// The text that the page sets over it.
    pub labels: Vec<Label>,
}

/// A chart of a report.
pub struct Chart<'a> {
    /// The number of its figure.
    pub number: u32,
    /// The file name in the report's world, for example `figure-3.svg`.
    file: String,
    kind: Box<dyn ChartKind + 'a>,
}

/// A kind of chart.
trait ChartKind {
    /// The name of this kind of chart in descriptions.
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str;

    /// Draws the chart, in several parts if it would be taller than a page.
    ///
    /// # Errors
    /// Only if there is a bug in the program, as nothing outside it is involved.
    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError>;

    /// The values that it prints from its figure, in drawing order.
    fn printed(&self) -> Vec<String>;
}

/// The charts of a report, in the order of its figures.
pub fn charts(model: &ReportModel) -> Vec<Chart<'_>> {
    let nation = model.evaluation.nation.as_str();
    let figures = model.content.figures().into_iter();
    figures
        .map(|figure| Chart {
            number: figure.number(),
            file: figure.file().to_owned(),
            kind: kind(figure, nation),
        })
        .collect()
}

fn kind<'a>(figure: Figure<'a>, nation: &'a str) -> Box<dyn ChartKind + 'a> {
    match figure {
        Figure::Verdicts(figure) => Box::new(verdicts::Verdicts { figure, nation }),
        Figure::Units(figure) => Box::new(units::Units { figure, nation }),
        Figure::Sides(figure) => Box::new(sides::Sides { figure, nation }),
        Figure::Processes(figure) => Box::new(processes::Processes { figure, nation }),
        Figure::Bars(figure) => Box::new(bars::Bars { figure, nation }),
        Figure::Places(figure) => Box::new(places::Places { figure, nation }),
        Figure::Shares(figure) => Box::new(shares::Shares { figure }),
        Figure::Strips(figure) => Box::new(strips::Strips { figure, nation }),
    }
}

impl Chart<'_> {
    /// The values that it prints from its figure, in drawing order.
    pub fn printed(&self) -> Vec<String> {
        self.kind.printed()
    }

    /// What this kind of chart is called.
    pub fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        self.kind.name(words)
    }

    /// Draws it, in several parts if it would be taller than a page.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    pub fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        self.kind.draw(style)
    }

    /// The path of its first drawing in the world of a report.
    pub fn path(&self) -> String {
        format!("{FOLDER}{}", self.file)
    }

    /// Its files, by their path in the world of a report: the drawings, and the details a template needs to place and
    /// describe them.
    ///
    /// # Errors
    /// Only if there is a bug in the program, as nothing outside it is involved.
    pub fn files(&self, style: ChartStyle<'_>) -> Result<Vec<(String, Vec<u8>)>, ChartError> {
        let path = |part: usize| {
            let stem = self.file.trim_end_matches(".svg");
            if part == 0 { self.path() } else { format!("{FOLDER}{stem}-{}.svg", part + 1) }
        };
        let mut files = Vec::new();
        let mut parts = Vec::new();
        for (part, drawing) in self.kind.draw(style)?.into_iter().enumerate() {
            parts.push(json!({ "file": format!("/{}", path(part)), "height": drawing.height, "labels": drawing.labels }));
            files.push((path(part), drawing.svg.into_bytes()));
        }
        let ChartStyle { words, sizes, .. } = style;
        let chart = json!({
            "name": self.kind.name(words), "continues": words.charts.continues,
            "width": sizes.width, "text": sizes.text, "parts": parts,
        });
        let chart = serde_json::to_vec(&chart).map_err(|error| ChartError(Box::new(error)))?;
        files.push((format!("{}.json", path(0)), chart));
        Ok(files)
    }
}

/// Rows below a heading, in parts no taller than a page allows. Each part repeats the heading.
struct Rows<T> {
    /// The height of the heading.
    head: i32,
    /// The rows, with the space that each takes.
    rows: Vec<(Row, T)>,
}

impl<T> Rows<T> {
    fn draw(
        &self,
        style: ChartStyle<'_>,
        head: impl Fn(&Canvas<'_>) -> Result<(), ChartError>,
        row: impl Fn(&Canvas<'_>, &T, [i32; 2]) -> Result<(), ChartError>,
    ) -> Result<Vec<Drawing>, ChartError> {
        let part = |rows: &[(Row, T)]| {
            let total = self.head + rows.iter().map(|(place, _)| place.height).sum::<i32>();
            drawing(style, total, |canvas| {
                head(canvas)?;
                let mut top = self.head;
                for (place, shown) in rows {
                    row(canvas, shown, [top + place.label, top + place.values])?;
                    top += place.height;
                }
                Ok(())
            })
        };
        self.parts(style.sizes.tallest).into_iter().map(part).collect()
    }

    fn parts(&self, tallest: i32) -> Vec<&[(Row, T)]> {
        let mut parts = Vec::new();
        let (mut start, mut taken) = (0, self.head);
        for (position, (place, _)) in self.rows.iter().enumerate() {
            if position > start && taken + place.height > tallest {
                // Headings stay with what is below them.
                let heads = |row: &&(Row, T)| row.0.leads;
                let leading = self.rows[start..position].iter().rev().take_while(heads).count();
                let cut = if start + leading < position { position - leading } else { position };
                parts.push(&self.rows[start..cut]);
                taken =
                    self.head + self.rows[cut..position].iter().map(|(place, _)| place.height).sum::<i32>();
                start = cut;
            }
            taken += place.height;
        }
        parts.push(&self.rows[start..]);
        parts
    }
}
