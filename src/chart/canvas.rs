use std::cell::RefCell;

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, IntoFont, Polygon, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle};

use super::label::{Label, stands_on_page};
use super::palette::{Paint, Palette};
use super::style::{FONT_FAMILY, Sizes};
use super::{ChartError, ChartStyle, Drawing};
use crate::font::printed;
use crate::model::Mark;
use crate::words::Lexicon;

/// Plotters divides font sizes by this when it writes them; multiplying first keeps them as specified.
const PLOTTERS_FONT_SCALE: f64 = 1.24;
/// The distance from the middle of a line of text to its baseline, as a fraction of the text size: half the height of
/// capitals.
const BASELINE: (i32, i32) = (34, 100);

/// A drawing surface for bars and marks. Lengths are in tenths of a point.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    palette: &'a Palette,
    words: &'a Lexicon,
    sizes: Sizes,
    labels: RefCell<Vec<Label>>,
}

/// A point: its distance from the left and top edges.
pub(super) type Point = (i32, i32);

/// Which end of a text is at its anchor, its weight and its colour.
#[derive(Clone, Copy)]
pub(super) struct TextStyle {
    right: bool,
    bold: bool,
    paint: Paint,
}

impl TextStyle {
    pub(super) const LEFT: Self = Self { right: false, bold: false, paint: Paint::Ink };
    pub(super) const LEFT_BOLD: Self = Self { right: false, bold: true, paint: Paint::Ink };
    pub(super) const RIGHT: Self = Self { right: true, bold: false, paint: Paint::Ink };
    pub(super) const RIGHT_BOLD: Self = Self { right: true, bold: true, paint: Paint::Ink };
}

/// Draws on a new canvas of the given height.
pub(super) fn drawing(
    ChartStyle { palette, words, sizes }: ChartStyle<'_>,
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
    Ok(Drawing { svg, height, labels })
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

    /// Draws a filled rectangle, given its top left corner, width and height.
    pub(super) fn bar(
        &self,
        (x, y): Point,
        (width, height): (i32, i32),
        paint: Paint,
    ) -> Result<(), ChartError> {
        if width <= 0 {
            return Ok(());
        }
        self.area
            .draw(&Rectangle::new([(x, y), (x + width, y + height)], self.palette.colour(paint).filled()))
            .map_err(error)
    }

    /// Draws one line of text, vertically centred on a point.
    pub(super) fn text(&self, text: &str, at: Point, style: TextStyle) -> Result<(), ChartError> {
        self.line(&printed(text), at, style, stands_on_page(text))
    }

    /// Draws lines of text, centred on a point as a block.
    pub(super) fn label(&self, lines: &[String], at: Point) -> Result<(), ChartError> {
        self.lines(lines, at, TextStyle::LEFT)
    }

    /// Draws bold lines, centred on a point as a block, with their left edge there.
    pub(super) fn bold(&self, lines: &[String], at: Point) -> Result<(), ChartError> {
        self.lines(lines, at, TextStyle::LEFT_BOLD)
    }

    /// Draws lines in a colour, centred on a point as a block, with their left edge there.
    pub(super) fn label_in(&self, lines: &[String], at: Point, paint: Paint) -> Result<(), ChartError> {
        self.lines(lines, at, TextStyle { paint, ..TextStyle::LEFT })
    }

    /// Draws lines, each centred on a point, one below the other.
    pub(super) fn centred(&self, lines: &[String], (x, y): Point) -> Result<(), ChartError> {
        let height = self.sizes.line();
        let top = y - height * (lines.len() as i32 - 1) / 2;
        (0..).zip(lines).try_for_each(|(n, line)| {
            self.text(line, (x - self.sizes.width_of(line) / 2, top + n * height), TextStyle::LEFT)
        })
    }

    /// The name of the nation, or the words for all areas if it is wider than a limit.
    pub(super) fn short<'t>(&'t self, nation: &'t str, limit: i32) -> &'t str {
        short(self.sizes, self.words, nation, limit)
    }

    fn lines(&self, lines: &[String], (x, y): Point, style: TextStyle) -> Result<(), ChartError> {
        let height = self.sizes.line();
        let top = y - height * (lines.len() as i32 - 1) / 2;
        let on_page = lines.iter().any(|line| stands_on_page(line));
        (0..).zip(lines).try_for_each(|(n, line)| self.line(line, (x, top + n * height), style, on_page))
    }

    fn line(
        &self,
        text: &str,
        (x, y): Point,
        TextStyle { right, bold, paint }: TextStyle,
        on_page: bool,
    ) -> Result<(), ChartError> {
        let middle = y + self.sizes.text * BASELINE.0 / BASELINE.1;
        if on_page {
            self.labels.borrow_mut().push(Label {
                text: text.to_owned(),
                x,
                y: middle,
                right,
                bold,
                light: paint == Paint::Paper,
            });
            return Ok(());
        }
        let horizontal = if right { HPos::Right } else { HPos::Left };
        let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let style = (FONT_FAMILY, f64::from(self.sizes.text) * PLOTTERS_FONT_SCALE)
            .into_font()
            .style(style)
            .color(&self.palette.colour(paint))
            .pos(Pos::new(horizontal, VPos::Bottom));
        // `VPos::Bottom` lifts the text by half an ex, a quarter of its size.
        let baseline = middle + self.sizes.text / 4;
        self.area.draw(&Text::new(text.to_owned(), (x, baseline), style)).map_err(error)
    }

    /// Draws the region's mark: a diamond with a white edge.
    pub(super) fn diamond(&self, (x, y): Point) -> Result<(), ChartError> {
        for (reach, paint) in [(62, Paint::Paper), (48, Paint::Region)] {
            let reach = self.sizes.scaled(reach);
            let corners = vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
            self.area.draw(&Polygon::new(corners, self.palette.colour(paint).filled())).map_err(error)?;
        }
        Ok(())
    }

    /// Draws the nation's mark: a vertical tick.
    pub(super) fn tick(&self, (x, y): Point) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        self.bar((x - s(12), y - s(42)), (s(24), s(84)), Paint::Nation)
    }

    /// Draws a square of the area's colour: filled for what counts, open for what does not.
    pub(super) fn square(&self, (x, y): Point, side: i32, filled: bool) -> Result<(), ChartError> {
        self.bar((x - side / 2, y - side / 2), (side, side), Paint::Area)?;
        let inside = if filled { 0 } else { side - 2 * self.sizes.scaled(12) };
        self.bar((x - inside / 2, y - inside / 2), (inside, inside), Paint::Paper)
    }

    /// Draws a dash in the place of a square, for a missing answer.
    pub(super) fn dash(&self, (x, y): Point, side: i32) -> Result<(), ChartError> {
        let thick = self.sizes.scaled(14);
        self.bar((x - side / 2, y - thick / 2), (side, thick), Paint::Area)
    }

    /// Draws the area's own mark among other areas: a square with a white edge.
    pub(super) fn own(&self, (x, y): Point) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        self.bar((x - s(62), y - s(62)), (s(124), s(124)), Paint::Paper)?;
        self.square((x, y), s(96), true)
    }

    /// Draws how far a sector has got: a full, half or empty circle, or a dash.
    pub(super) fn mark(&self, mark: Mark, (x, y): Point) -> Result<(), ChartError> {
        let s = |length| self.sizes.scaled(length);
        let radius = s(48);
        let draw = |paint: Paint, radius: i32| self.circle((x, y), radius, paint);
        match mark {
            Mark::InPlace => draw(Paint::Area, radius),
            Mark::NotYet => draw(Paint::Area, radius).and_then(|()| draw(Paint::Paper, radius - s(14))),
            Mark::Begun => {
                draw(Paint::Area, radius)?;
                draw(Paint::Paper, radius - s(14))?;
                // The left half is a polygon, which has the same shape in every viewer.
                let arc = HALF_CIRCLE.map(|(dx, dy)| (x + dx * radius / 100, y + dy * radius / 100));
                self.area
                    .draw(&Polygon::new(arc.to_vec(), self.palette.colour(Paint::Area).filled()))
                    .map_err(error)
            }
            Mark::DontKnow | Mark::NoAnswer => self.bar((x - s(40), y - s(8)), (s(80), s(16)), Paint::Area),
        }
    }

    /// Draws a filled circle.
    pub(super) fn circle(&self, at: Point, radius: i32, paint: Paint) -> Result<(), ChartError> {
        self.area.draw(&Circle::new(at, radius, self.palette.colour(paint).filled())).map_err(error)
    }
}

/// The name of the nation, or the words for all areas if it is wider than a limit.
pub(super) fn short<'t>(sizes: Sizes, words: &'t Lexicon, nation: &'t str, limit: i32) -> &'t str {
    if sizes.width_of(nation) < limit { nation } else { &words.charts.all_areas }
}

/// The left half of a circle of radius 100, in whole numbers, which avoids functions that differ between platforms.
const HALF_CIRCLE: [(i32, i32); 9] =
    [(0, -100), (-38, -92), (-71, -71), (-92, -38), (-100, 0), (-92, 38), (-71, 71), (-38, 92), (0, 100)];

fn error(error: impl std::error::Error + Send + Sync + 'static) -> ChartError {
    ChartError(Box::new(error))
}
