use super::canvas::{Canvas, TextStyle};
use super::scale::{Scale, beside_bar, key, key_fits};
use super::style::{Row, Sizes};
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{BarRow, BarsFigure, OwnState};
use crate::words::Lexicon;

/// A chart of shares: the area's own as a bar, if enough people answered for one, and the values of its region and the
/// nation as marks. A single answer is a square, filled if it counts.
pub(super) struct Bars<'a> {
    pub(super) figure: &'a BarsFigure,
    pub(super) nation: &'a str,
}

/// With fewer answers than this there is no bar: the answers are printed.
const LEAST_FOR_A_BAR: u32 = 3;

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a label.
    label: i32,
    scale: Scale,
    /// The left edge of the area's own answers, and their maximum width.
    own: (i32, i32),
}

impl Columns {
    fn of(sizes: Sizes, compared: bool) -> Self {
        let (label, left) =
            if sizes.labels_beside() { (1620, 1760) } else { (sizes.width, sizes.scaled(150)) };
        let word = if compared { sizes.scaled(560) } else { 0 };
        let width = sizes.scaled(if compared { 560 } else { 820 });
        let own = sizes.width - word - width;
        Self {
            label,
            scale: Scale { left, width: own - sizes.scaled(190) - left, apart: beside_bar(sizes) },
            own: (own, width),
        }
    }
}

/// What one row of the drawing shows.
enum Shown<'a> {
    Heading(Vec<String>),
    Row(Vec<String>, Vec<String>, &'a BarRow),
}

impl ChartKind for Bars<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.bars
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let columns = Columns::of(sizes, self.compares());
        let mut rows = Vec::new();
        for group in &self.figure.groups {
            if self.figure.groups.len() > 1 {
                let lines = sizes.bold_label(&group.title, sizes.width, 2);
                let height = sizes.line() * lines.len() as i32 + sizes.scaled(60);
                let place = Row { height, label: height / 2, values: height / 2, leads: true };
                rows.push((place, Shown::Heading(lines)));
            }
            for row in &group.rows {
                let lines = sizes.label(&row.label, columns.label);
                let own = sizes.label(&row.own.text, columns.own.1);
                rows.push((sizes.row_of(lines.len(), columns.scale.row(sizes)), Shown::Row(lines, own, row)));
            }
        }
        let above = if key_fits(style, self.nation, columns.scale.left) { 0 } else { sizes.line() };
        let scale = above + sizes.line() / 2;
        Rows { head: above + sizes.line() + sizes.scaled(40), rows }.draw(
            style,
            |canvas| {
                key(canvas, self.nation, (0, sizes.line() / 2))?;
                columns.scale.labels(canvas, scale)
            },
            |canvas, shown, [label, y]| match shown {
                Shown::Heading(lines) => canvas.bold(lines, (0, label)),
                Shown::Row(lines, own, row) => {
                    canvas.label(lines, (0, label))?;
                    values(canvas, &columns, row, own, y)
                }
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &BarRow| {
            let values = [Some(&row.nation), row.region.as_ref()];
            let values = values.into_iter().flatten().map(|statistic| statistic.percent.clone());
            let mut printed = vec![row.label.clone()];
            printed.extend(values);
            printed.push(row.own.text.clone());
            printed
        };
        self.figure.groups.iter().flat_map(|group| group.rows.iter().flat_map(row)).collect()
    }
}

impl Bars<'_> {
    /// True when any row is compared with the nation in a word.
    fn compares(&self) -> bool {
        let mut rows = self.figure.groups.iter().flat_map(|group| &group.rows);
        rows.any(|row| row.comparison.is_some() || row.too_few)
    }
}

/// Draws the bar or square of the area, the marks of the others, and the words beside them.
fn values(
    canvas: &Canvas<'_>,
    columns: &Columns,
    row: &BarRow,
    own: &[String],
    y: i32,
) -> Result<(), ChartError> {
    let sizes = canvas.sizes();
    columns.scale.track(canvas, y)?;
    if row.own.state == OwnState::Share && row.own.base >= LEAST_FOR_A_BAR {
        columns.scale.bar(canvas, y, row.own.length)?;
    }
    columns.scale.others(canvas, y, &row.nation, row.region.as_ref())?;
    if row.own.state == OwnState::Answer {
        canvas.square((columns.own.0 - sizes.scaled(80), y), sizes.scaled(90), row.own.counted)?;
    }
    canvas.bold(own, (columns.own.0, y))?;
    let words = canvas.words();
    let word = match row.comparison {
        Some(comparison) => words.reading(comparison),
        None if row.too_few => &words.readings.too_few,
        None => return Ok(()),
    };
    canvas.text(word, (sizes.width, y), TextStyle::RIGHT)
}
