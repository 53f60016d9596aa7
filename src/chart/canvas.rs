use std::cell::RefCell;

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, IntoFont, PathElement, Polygon, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};

use super::label::{Label, stands_on_page};
use super::palette::{Paint, Palette};
use super::style::{FONT_FAMILY, Sizes};
use super::{ChartError, Drawing, Dress};
use crate::model::Mark;
use crate::words::Lexicon;

/// Plotters writes font sizes divided by this; undone here, so that sizes are what they say.
const PLOTTERS_FONT_SCALE: f64 = 1.24;
/// From the middle of a line of text to its baseline, as a part of the size: half the height of capitals.
const BASELINE: (i32, i32) = (34, 100);

/// A drawing surface that speaks of bars and marks. Lengths are tenths of a point.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    palette: &'a Palette,
    words: &'a Lexicon,
    sizes: Sizes,
    labels: RefCell<Vec<Label>>,
}

/// Which way a text runs from its anchor.
#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Right,
}

/// Draws on a fresh canvas of a height.
pub(super) fn drawing(
    Dress { palette, words, sizes }: Dress<'_>,
    height: i32,
    paint: impl FnOnce(&Canvas<'_>) -> Result<(), ChartError>,
) -> Result<Drawing, ChartError> {
    let mut svg = String::new();
    let labels = {
        let size = (sizes.width.unsigned_abs(), height.unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let canvas = Canvas { area, palette, words, sizes, labels: RefCell::default() };
        paint(&canvas)?;
        canvas.area.present().map_err(error)?;
        canvas.labels.into_inner()
    };
    Ok(Drawing { svg, labels })
}

impl Canvas<'_> {
    /// The words of headings and keys.
    pub(super) fn words(&self) -> &Lexicon {
        self.words
    }

    /// The sizes of the chart.
    pub(super) fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// A filled rectangle from its upper left corner.
    pub(super) fn bar(
        &self,
        x: i32,
        y: i32,
        width: i32,
        height: i32,
        paint: Paint,
    ) -> Result<(), ChartError> {
        if width <= 0 {
            return Ok(());
        }
        self.area
            .draw(&Rectangle::new([(x, y), (x + width, y + height)], self.palette.colour(paint).filled()))
            .map_err(error)
    }

    /// One line of text, vertically centred on `y`.
    pub(super) fn text(
        &self,
        text: &str,
        x: i32,
        y: i32,
        align: Align,
        bold: bool,
    ) -> Result<(), ChartError> {
        self.line(text, x, y, align, bold, stands_on_page(text))
    }

    fn line(
        &self,
        text: &str,
        x: i32,
        y: i32,
        align: Align,
        bold: bool,
        on_page: bool,
    ) -> Result<(), ChartError> {
        let middle = y + self.sizes.text * BASELINE.0 / BASELINE.1;
        if on_page {
            let right = matches!(align, Align::Right);
            self.labels.borrow_mut().push(Label { text: text.to_owned(), x, y: middle, right, bold });
            return Ok(());
        }
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Right => HPos::Right,
        };
        let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let style = (FONT_FAMILY, f64::from(self.sizes.text) * PLOTTERS_FONT_SCALE)
            .into_font()
            .style(style)
            .color(&self.palette.colour(Paint::Ink))
            .pos(Pos::new(horizontal, VPos::Bottom));
        // `VPos::Bottom` lifts the text by half an ex, a quarter of its size.
        let baseline = middle + self.sizes.text / 4;
        self.area.draw(&Text::new(text.to_owned(), (x, baseline), style)).map_err(error)
    }

    /// Lines of text, together centred on `y`.
    pub(super) fn label(&self, lines: &[String], x: i32, y: i32) -> Result<(), ChartError> {
        self.lines(lines, x, y, Align::Left, false)
    }

    /// A heading in bold lines, together centred on `y`, with its right edge at `x`.
    pub(super) fn heading(&self, lines: &[String], x: i32, y: i32) -> Result<(), ChartError> {
        self.lines(lines, x, y, Align::Right, true)
    }

    fn lines(&self, lines: &[String], x: i32, y: i32, align: Align, bold: bool) -> Result<(), ChartError> {
        let height = self.sizes.line();
        let top = y - height * (lines.len() as i32 - 1) / 2;
        let on_page = lines.iter().any(|line| stands_on_page(line));
        (0..).zip(lines).try_for_each(|(n, line)| self.line(line, x, top + n * height, align, bold, on_page))
    }

    /// The region's marker: a diamond with a white edge.
    pub(super) fn diamond(&self, x: i32, y: i32) -> Result<(), ChartError> {
        for (reach, paint) in [(68, Paint::Paper), (52, Paint::Region)] {
            let reach = self.sizes.scaled(reach);
            let corners = vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
            self.area.draw(&Polygon::new(corners, self.palette.colour(paint).filled())).map_err(error)?;
        }
        Ok(())
    }

    /// The nation's marker: a vertical tick with a white edge.
    pub(super) fn tick(&self, x: i32, y: i32, height: i32) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        self.bar(x - s(22), y - height / 2, s(44), height, Paint::Paper)?;
        self.bar(x - s(12), y - height / 2, s(24), height, Paint::Nation)
    }

    /// A dot for other areas.
    pub(super) fn dot(&self, x: i32, y: i32, radius: i32) -> Result<(), ChartError> {
        self.area
            .draw(&Circle::new((x, y), radius, self.palette.colour(Paint::Others).filled()))
            .map_err(error)
    }

    /// The area itself among others: a square with a white edge.
    pub(super) fn own(&self, x: i32, y: i32) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        self.bar(x - s(62), y - s(62), s(124), s(124), Paint::Paper)?;
        self.bar(x - s(46), y - s(46), s(92), s(92), Paint::Area)
    }

    /// A check mark.
    pub(super) fn check(&self, x: i32, y: i32) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        let path = vec![(x - s(50), y), (x - s(15), y + s(40)), (x + s(55), y - s(50))];
        self.area
            .draw(&PathElement::new(
                path,
                self.palette.colour(Paint::Area).stroke_width(s(24).unsigned_abs()),
            ))
            .map_err(error)
    }

    /// How far a sector is: full, half or empty circle, or a dash.
    pub(super) fn mark(&self, mark: Mark, x: i32, y: i32) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        let radius = s(48);
        let draw = |paint: Paint, radius: i32| {
            self.area.draw(&Circle::new((x, y), radius, self.palette.colour(paint).filled())).map_err(error)
        };
        match mark {
            Mark::InPlace => draw(Paint::Area, radius),
            Mark::NotYet => draw(Paint::Area, radius).and_then(|()| draw(Paint::Paper, radius - s(14))),
            Mark::Begun => {
                draw(Paint::Area, radius)?;
                draw(Paint::Paper, radius - s(14))?;
                // The left half, as a polygon: the same shape in every viewer.
                let arc = HALF_CIRCLE.map(|(dx, dy)| (x + dx * radius / 100, y + dy * radius / 100));
                self.area
                    .draw(&Polygon::new(arc.to_vec(), self.palette.colour(Paint::Area).filled()))
                    .map_err(error)
            }
            Mark::DontKnow | Mark::NoAnswer => self.bar(x - s(40), y - s(8), s(80), s(16), Paint::Area),
        }
    }
}

/// The left half of a circle of radius 100, as whole numbers: no function that differs between platforms.
const HALF_CIRCLE: [(i32, i32); 9] =
    [(0, -100), (-38, -92), (-71, -71), (-92, -38), (-100, 0), (-92, 38), (-71, 71), (-38, 92), (0, 100)];

fn error(error: impl std::fmt::Display) -> ChartError {
    ChartError(error.to_string())
}
