use super::canvas::{Canvas, TextStyle, short};
use super::columns::Columns;
use super::palette::Paint;
use super::shares::TALLEST;
use super::style::Sizes;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows, dots};
use crate::model::{FactState, StripView, StripsFigure};
use crate::words::Lexicon;

/// A chart with a strip for each measure: the areas of a region as dots at the nearest tenth, several beside and above
/// each other, over a scale with the marks of the region and the nation.
pub(super) struct Strips<'a> {
    pub(super) figure: &'a StripsFigure,
    pub(super) nation: &'a str,
}

/// The widest names of a region and of the nation in the key.
const KEY: (i32, i32) = (900, 500);

/// The distance between the centres of two dots.
const PITCH: i32 = 44;

impl ChartKind for Strips<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.strips
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let style = ChartStyle { sizes: style.sizes.in_short_parts(TALLEST), ..style };
        let sizes = style.sizes;
        let rows = &self.figure.rows;
        let least = sizes.scaled(200);
        let regions = sizes.widest(rows.iter().map(|row| &row.region.percent)).max(least);
        let nations = sizes.widest(rows.iter().map(|row| &row.nation.percent)).max(least);
        let columns = Columns::of(sizes, (1500, 1740), [regions, nations]);
        let rows = rows.iter().map(|row| {
            let lines = sizes.label(&row.label, columns.label);
            (sizes.row_of(lines.len(), height(sizes, row)), (lines, row))
        });
        let above = if self.key_fits(style, &columns) { 0 } else { sizes.line() };
        let head = above + sizes.head();
        Rows { head, rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns, above),
            |canvas, (lines, row), [label, y]| {
                canvas.label(lines, (0, label))?;
                strip(canvas, &columns, row, y)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row =
            |row: &StripView| [row.label.clone(), row.region.percent.clone(), row.nation.percent.clone()];
        self.figure.rows.iter().flat_map(row).collect()
    }
}

impl Strips<'_> {
    /// True if the key fits to the left of the scale, so that it needs no line of its own.
    fn key_fits(&self, style: ChartStyle<'_>, columns: &Columns) -> bool {
        let ChartStyle { sizes, words, .. } = style;
        let names = [(self.figure.region.as_str(), KEY.0), (self.nation, KEY.1)];
        let names = names.map(|(name, limit)| sizes.width_of(short(sizes, words, name, sizes.scaled(limit))));
        let room = columns.scale.left - sizes.scaled(120);
        sizes.labels_beside() && sizes.scaled(350) + names.iter().sum::<i32>() + sizes.scaled(80) < room
    }

    /// Draws the key, the scale, and the marks above the columns of values.
    fn head(&self, canvas: &Canvas<'_>, columns: &Columns, above: i32) -> Result<(), ChartError> {
        let sizes = canvas.sizes();
        let s = |length| sizes.scaled(length);
        let y = sizes.line() / 2;
        canvas.diamond((s(50), y))?;
        let region = canvas.short(&self.figure.region, s(KEY.0));
        canvas.text(region, (s(130), y), TextStyle::LEFT)?;
        let next = s(290) + sizes.width_of(region);
        canvas.tick((next, y))?;
        canvas.text(canvas.short(self.nation, s(KEY.1)), (next + s(60), y), TextStyle::LEFT)?;
        let y = y + above;
        canvas.diamond((columns.values[0] - s(60), y))?;
        canvas.tick((columns.values[1] - s(60), y))?;
        columns.scale.labels(canvas, y)
    }
}

/// The height of a row: its dots, and the scale with its marks below them.
fn height(sizes: Sizes, row: &StripView) -> i32 {
    let most = row.areas.iter().max().copied().unwrap_or_default();
    sizes.scaled(PITCH * dots::lines(most as i32) + 170)
}

/// Draws a strip, vertically centred on a line.
fn strip(canvas: &Canvas<'_>, columns: &Columns, row: &StripView, y: i32) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    let scale = columns.scale;
    let axis = y + height(canvas.sizes(), row) / 2 - s(120);
    canvas.bar((scale.left, axis - s(4)), (scale.width, s(8)), Paint::Line)?;
    for (tenth, areas) in (0..).zip(&row.areas) {
        for (line, aside) in dots::places(*areas as i32) {
            let x = scale.at(10 * tenth) + s(aside * PITCH / 2);
            canvas.circle((x, axis - s(30 + line * PITCH)), s(20), Paint::Others)?;
        }
    }
    // The tick is narrow, so it stays visible on the diamond.
    if row.region.state == FactState::Value {
        canvas.diamond((scale.at(row.region.length), axis + s(58)))?;
    }
    if row.nation.state == FactState::Value {
        canvas.tick((scale.at(row.nation.length), axis + s(58)))?;
    }
    canvas.text(&row.region.percent, (columns.values[0], axis), TextStyle::RIGHT_BOLD)?;
    canvas.text(&row.nation.percent, (columns.values[1], axis), TextStyle::RIGHT)
}
