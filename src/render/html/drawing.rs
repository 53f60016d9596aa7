use serde::{Deserialize, Serialize};

use super::notation::escaped;
use crate::chart::{Chart, ChartError, ChartStyle, Drawing, FONT_FAMILY, Label, Palette, Sizes};

/// A chart for a page, laid out for wide and for narrow screens.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PageChart {
    /// What this kind of chart is called.
    pub(super) name: String,
    pub(super) wide: Layout,
    pub(super) narrow: Layout,
}

/// A chart as drawn for screens of some width. Lengths are in units of the drawing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// What is inside its SVG element.
    pub(super) shapes: String,
}

impl PageChart {
    /// Draws a chart.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    pub(super) fn of(chart: &Chart<'_>, style: ChartStyle<'_>) -> Result<Self, ChartError> {
        let layout = |sizes: Sizes| {
            let drawings = chart.draw(ChartStyle { sizes, ..style })?;
            Ok(Layout::of(&drawings, sizes, style.palette))
        };
        let name = chart.name(style.words).to_owned();
        Ok(Self { name, wide: layout(Sizes::WIDE_SCREEN)?, narrow: layout(Sizes::NARROW_SCREEN)? })
    }
}

impl Layout {
    /// A page has no ends, so there is one drawing; were there several, they would stand one below the other.
    fn of(drawings: &[Drawing], sizes: Sizes, palette: &Palette) -> Self {
        let (mut shapes, mut height) = (String::new(), 0);
        for drawing in drawings {
            let inside = inside(drawing, sizes, palette);
            shapes.push_str(&if height == 0 {
                inside
            } else {
                format!("<g transform=\"translate(0 {height})\">{inside}</g>")
            });
            height += drawing.height;
        }
        Self { width: sizes.width(), height, shapes }
    }
}

/// What is inside the SVG of a drawing. Its colours are those of the style of the page, so that it can be read on a dark
/// screen too.
fn inside(drawing: &Drawing, sizes: Sizes, palette: &Palette) -> String {
    let shapes = drawing.svg.split_once('>').map_or("", |(_, shapes)| shapes);
    let shapes = shapes.rsplit_once("</svg>").map_or(shapes, |(shapes, _)| shapes);
    let mut shapes = shapes.replace(&format!(" font-family=\"{FONT_FAMILY}\""), "");
    for (name, colour) in palette.named() {
        shapes = shapes.replace(&format!("fill=\"{colour}\""), &format!("class=\"{name}\""));
    }
    for absent in [" opacity=\"1\"", " stroke=\"none\"", " text-anchor=\"start\""] {
        shapes = shapes.replace(absent, "");
    }
    let labels = drawing.labels.iter().map(|label| set(label, sizes));
    shapes + &labels.collect::<String>()
}

/// A label that a browser can shape, though a drawing in a PDF cannot hold it.
fn set(label: &Label, sizes: Sizes) -> String {
    let anchor = if label.right { " text-anchor=\"end\"" } else { "" };
    let weight = if label.bold { " font-weight=\"bold\"" } else { "" };
    let colour = if label.light { "paper" } else { "ink" };
    let (x, y, text, size) = (label.x, label.y, escaped(&label.text), sizes.text());
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" class=\"{colour}\"{anchor}{weight}>{text}</text>")
}
