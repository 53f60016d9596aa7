use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::style::{Row, Sizes};
use super::{Bar, ChartError, ChartKind, ChartStyle, Drawing, Rows, scale};
use crate::model::{PlaceView, PlacesFigure};
use crate::words::Lexicon;

/// A chart with a scale from 0 to 100 per cent for each measure: a dot for the areas near each multiple of 10
/// per cent, larger the more there are; the area's own share as a square; and markers for the region and the nation.
pub(super) struct Spread<'a> {
    pub(super) figure: &'a PlacesFigure,
    pub(super) nation: &'a str,
}

/// The radius of the largest dot, for the highest number of areas in the chart, and of the smallest dot.
const RADIUS: (u32, u32) = (58, 12);

/// The positions of the columns of the chart. The area's own share ends at the right edge.
struct Columns {
    /// The maximum width of a label.
    label: i32,
    /// The left edge and width of the scale from 0 to 100, between the centres of the outermost dots.
    plot: (i32, i32),
}

impl Columns {
    fn of(sizes: Sizes) -> Self {
        let (label, left) =
            if sizes.labels_beside() { (1560, 1760) } else { (sizes.width, sizes.scaled(150)) };
        Self { label, plot: (left, sizes.width - sizes.scaled(760) - left) }
    }

    fn along(&self, percent: u32) -> i32 {
        self.plot.0 + self.plot.1 * percent.min(100) as i32 / 100
    }
}

impl ChartKind for Spread<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.dots
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let columns = Columns::of(sizes);
        let most = self.figure.rows.iter().flat_map(|row| row.areas).max().unwrap_or_default().max(1);
        let rows = self.figure.rows.iter().map(|row| {
            let lines = sizes.label(&row.label, columns.label);
            (place(sizes, &lines), (lines, row))
        });
        Rows { head: sizes.head() + sizes.line(), rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns),
            |canvas, (lines, row), [label, values]| {
                canvas.label(lines, (0, label))?;
                spread(canvas, &columns, row, values, most)?;
                canvas.text(&row.own, (sizes.width, values), TextStyle::RIGHT_BOLD)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        self.figure.rows.iter().flat_map(|row| [row.label.clone(), row.own.clone()]).collect()
    }
}

/// The space for a row, which must be tall enough for its largest dot.
fn place(sizes: Sizes, lines: &[String]) -> Row {
    let values = if sizes.labels_beside() { 1 } else { 2 };
    let row = sizes.row(lines.len(), values);
    let least = sizes.scaled(210);
    if row.height >= least { row } else { Row { height: least, label: least / 2, values: least / 2 } }
}

impl Spread<'_> {
    /// Draws the key on one line, and labels the ends and the middle of the scale below it.
    fn head(&self, canvas: &Canvas<'_>, columns: &Columns) -> Result<(), ChartError> {
        let (words, sizes) = (&canvas.words().charts, canvas.sizes());
        let s = |length| sizes.scaled(length);
        let wide = |text: &str| sizes.width_of(text);
        let y = sizes.head() / 2 - s(20);
        canvas.text(&words.area, (sizes.width, y), TextStyle::RIGHT_BOLD)?;
        canvas.own((sizes.width - wide(&words.area) - s(110), y))?;
        let mut x = columns.plot.0 - s(40);
        canvas.dot((x, y), s(44))?;
        canvas.text(&words.other_areas, (x + s(80), y), TextStyle::LEFT_BOLD)?;
        x += wide(&words.other_areas) + s(300);
        canvas.diamond((x, y))?;
        canvas.text(&words.region, (x + s(90), y), TextStyle::LEFT_BOLD)?;
        x += wide(&words.region) + s(300);
        canvas.tick((x, y), s(150))?;
        let fits = x + s(70) + wide(self.nation) < sizes.width - wide(&words.area) - s(240);
        let nation = if fits { self.nation } else { &words.all_areas };
        canvas.text(nation, (x + s(70), y), TextStyle::LEFT_BOLD)?;
        let below = sizes.head() + sizes.line() / 2 - s(40);
        for (percent, text) in [0, 50, 100].into_iter().zip(scale(canvas.words())) {
            canvas.text(&text, (columns.along(percent) + wide(&text) / 2, below), TextStyle::RIGHT)?;
        }
        Ok(())
    }
}

fn spread(
    canvas: &Canvas<'_>,
    columns: &Columns,
    row: &PlaceView,
    y: i32,
    most: u32,
) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    canvas.bar((columns.plot.0, y - s(6)), (columns.plot.1, s(12)), Paint::Track)?;
    for (tenth, areas) in (0..).zip(row.areas).filter(|(_, areas)| *areas > 0) {
        canvas.dot((columns.along(tenth * 10), y), s(radius(areas, most)))?;
    }
    if let Some(length) = Bar::of(&row.nation).length {
        canvas.tick((columns.along(length), y), s(190))?;
    }
    if let Some(length) = Bar::of(&row.region).length {
        canvas.diamond((columns.along(length), y))?;
    }
    row.length.map_or(Ok(()), |length| canvas.own((columns.along(length), y)))
}

/// The radius of a dot whose size is proportional to a number of areas.
fn radius(areas: u32, most: u32) -> i32 {
    let (greatest, smallest) = RADIUS;
    (greatest * greatest * areas / most).isqrt().max(smallest).cast_signed()
}
