use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::scale::Scale;
use super::style::Sizes;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{FactState, StripView, StripsFigure};
use crate::words::Lexicon;

/// A chart with a strip for each measure: the areas of a region as dots at the nearest tenth, several beside and above
/// each other, over a scale with the marks of the region and the nation.
pub(super) struct Strips<'a> {
    pub(super) figure: &'a StripsFigure,
    pub(super) nation: &'a str,
}

/// How many dots of a tenth stand beside each other.
const BESIDE: i32 = 4;
/// The distance between the centres of two dots.
const PITCH: i32 = 44;

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a label.
    label: i32,
    scale: Scale,
    /// The right edges of the values of the region and of the nation.
    values: [i32; 2],
}

impl Columns {
    fn of(sizes: Sizes, widest: [i32; 2]) -> Self {
        let gap = sizes.scaled(130);
        let right = sizes.width;
        let left_value = right - widest[1] - gap;
        let (label, left) =
            if sizes.labels_beside() { (1500, 1740) } else { (sizes.width, sizes.scaled(150)) };
        let width = left_value - widest[0] - 2 * gap - left;
        Self { label, scale: Scale { left, width, apart: 0 }, values: [left_value, right] }
    }
}

impl ChartKind for Strips<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.strips
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let rows = &self.figure.rows;
        let least = sizes.scaled(200);
        let regions = sizes.widest(rows.iter().map(|row| &row.region.percent)).max(least);
        let nations = sizes.widest(rows.iter().map(|row| &row.nation.percent)).max(least);
        let columns = Columns::of(sizes, [regions, nations]);
        let rows = rows.iter().map(|row| {
            let lines = sizes.label(&row.label, columns.label);
            (sizes.row_of(lines.len(), height(sizes, row)), (lines, row))
        });
        let head = 3 * sizes.line() + sizes.scaled(30);
        Rows { head, rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns, head),
            |canvas, (lines, row), [label, y]| {
                canvas.label(lines, (0, label))?;
                strip(canvas, &columns, row, y)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &StripView| {
            [row.label.clone(), row.region.percent.clone(), row.nation.percent.clone()]
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

impl Strips<'_> {
    /// Draws the key on two lines, and the scale with the marks above the columns of values.
    fn head(&self, canvas: &Canvas<'_>, columns: &Columns, head: i32) -> Result<(), ChartError> {
        let sizes = canvas.sizes();
        let s = |length| sizes.scaled(length);
        let words = &canvas.words().charts;
        let (first, second) = (sizes.line() / 2, sizes.line() + sizes.line() / 2);
        canvas.circle((s(50), first), s(20), Paint::Others)?;
        canvas.text(&words.each_area, (s(150), first), TextStyle::LEFT)?;
        canvas.diamond((s(50), second))?;
        canvas.text(&self.figure.region, (s(150), second), TextStyle::LEFT)?;
        let next = s(330) + sizes.width_of(&self.figure.region);
        canvas.tick((next, second))?;
        canvas.text(self.nation, (next + s(100), second), TextStyle::LEFT)?;
        let last = head - s(30) - sizes.line() / 2;
        canvas.diamond((columns.values[0] - s(60), last))?;
        canvas.tick((columns.values[1] - s(60), last))?;
        columns.scale.labels(canvas, last)
    }
}

/// How many dots stand above each other in the fullest tenth.
fn levels(row: &StripView) -> i32 {
    row.areas.iter().max().map_or(0, |most| (*most as i32 + BESIDE - 1) / BESIDE)
}

/// The height of a row: its dots, and the scale with its marks below them.
fn height(sizes: Sizes, row: &StripView) -> i32 {
    sizes.scaled(PITCH * levels(row) + 130)
}

/// Draws a strip, vertically centred on a line.
fn strip(canvas: &Canvas<'_>, columns: &Columns, row: &StripView, y: i32) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    let scale = columns.scale;
    let axis = y + height(canvas.sizes(), row) / 2 - s(75);
    canvas.bar((scale.left, axis - s(4)), (scale.width, s(8)), Paint::Line)?;
    for (tenth, areas) in (0..).zip(&row.areas) {
        let areas = *areas as i32;
        for dot in 0..areas {
            let (level, place) = (dot / BESIDE, dot % BESIDE);
            let beside = (areas - level * BESIDE).min(BESIDE);
            let x = scale.at(10 * tenth) + s((2 * place - beside + 1) * PITCH / 2);
            canvas.circle((x, axis - s(30 + level * PITCH)), s(20), Paint::Others)?;
        }
    }
    if row.nation.state == FactState::Value {
        canvas.tick((scale.at(row.nation.length), axis + s(22)))?;
    }
    if row.region.state == FactState::Value {
        canvas.diamond((scale.at(row.region.length), axis + s(50)))?;
    }
    canvas.text(&row.region.percent, (columns.values[0], axis), TextStyle::RIGHT_BOLD)?;
    canvas.text(&row.nation.percent, (columns.values[1], axis), TextStyle::RIGHT)
}
