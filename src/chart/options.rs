use super::canvas::{Align, Canvas, drawing};
use super::metrics::{label, lines, width};
use super::palette::Paint;
use super::style::{BAR, HEAD, LINE, ROW_GAP, WIDTH};
use super::{ChartError, Drawing, Dress, parts};
use crate::model::{OptionChart, OptionRow};

/// Left edge and width of the scale from 0 to 100.
const PLOT: (i32, i32) = (1640, 1380);
/// Widest line of a label.
const LABEL: i32 = 1560;
/// Widest line of the nation's name.
const HEADING: i32 = 440;
/// Right edges of the columns of values: area, region, nation.
const COLUMNS: [i32; 3] = [3480, 4080, WIDTH];

/// Horizontal bars from 0 to 100 per cent, with every value in a column of its own.
///
/// Where several respondents answered, the bar is the area's share, with a diamond for the region and a tick for the
/// nation. Where one person answered, the bar is the nation's share, and a check mark shows what was chosen.
pub(super) fn draw(chart: &OptionChart, dress: Dress<'_>) -> Result<Vec<Drawing>, ChartError> {
    let rows: Vec<(Vec<String>, &OptionRow)> =
        chart.rows.iter().map(|row| (label(&row.label, LABEL), row)).collect();
    let height = |lines: &[String]| LINE * lines.len() as i32 + ROW_GAP;
    let nation = lines(&chart.nation, HEADING);
    let head_height = HEAD + LINE * (nation.len() as i32 - 1);
    let part = |rows: &[(Vec<String>, &OptionRow)]| {
        let total = head_height + rows.iter().map(|(lines, _)| height(lines)).sum::<i32>();
        drawing(dress, total, |canvas| {
            head(canvas, chart, &nation, head_height / 2 - 20)?;
            let mut top = head_height;
            for (lines, row) in rows {
                let middle = top + height(lines) / 2;
                canvas.label(lines, 0, middle)?;
                if chart.shares {
                    shares(canvas, row, middle)?
                } else {
                    choice(canvas, row, middle)?
                }
                canvas.text(&row.region.label, COLUMNS[1], middle, Align::Right, false)?;
                canvas.text(&row.nation.label, COLUMNS[2], middle, Align::Right, false)?;
                top += height(lines);
            }
            Ok(())
        })
    };
    parts(&rows, head_height, |(lines, _)| height(lines)).into_iter().map(part).collect()
}

/// The headings of the columns, each beside the mark that stands for it: a key that reads in the order of the values.
fn head(canvas: &Canvas<'_>, chart: &OptionChart, nation: &[String], y: i32) -> Result<(), ChartError> {
    let words = &canvas.words().charts;
    let right = |text: &str, column: i32| canvas.text(text, column, y, Align::Right, true);
    right(&words.area, COLUMNS[0])?;
    right(&words.region, COLUMNS[1])?;
    canvas.heading(nation, COLUMNS[2], y)?;
    let widest = nation.iter().map(|line| width(line)).max().unwrap_or_default();
    let beside = |text: &str, column: i32| column - width(text) - 120;
    let beside_nation = COLUMNS[2] - widest - 120;
    canvas.diamond(beside(&words.region, COLUMNS[1]), y)?;
    if chart.shares {
        canvas.bar(beside(&words.area, COLUMNS[0]) - 50, y - 45, 100, 90, Paint::Area)?;
        canvas.tick(beside_nation, y, 150)
    } else {
        canvas.check(beside(&words.area, COLUMNS[0]), y)?;
        canvas.bar(beside_nation - 50, y - 45, 100, 90, Paint::Nation)
    }
}

fn shares(canvas: &Canvas<'_>, row: &OptionRow, y: i32) -> Result<(), ChartError> {
    canvas.bar(PLOT.0, y - BAR / 2, PLOT.1, BAR, Paint::Track)?;
    canvas.bar(PLOT.0, y - BAR / 2, along(row.own.length.unwrap_or_default()), BAR, Paint::Area)?;
    if let Some(length) = row.nation.length {
        canvas.tick(PLOT.0 + along(length), y, BAR + 70)?;
    }
    if let Some(length) = row.region.length {
        canvas.diamond(PLOT.0 + along(length), y)?;
    }
    canvas.text(&row.own.label, COLUMNS[0], y, Align::Right, true)
}

fn choice(canvas: &Canvas<'_>, row: &OptionRow, y: i32) -> Result<(), ChartError> {
    canvas.bar(PLOT.0, y - BAR / 2, PLOT.1, BAR, Paint::Track)?;
    canvas.bar(PLOT.0, y - BAR / 2, along(row.nation.length.unwrap_or_default()), BAR, Paint::Nation)?;
    if let Some(length) = row.region.length {
        canvas.diamond(PLOT.0 + along(length), y)?;
    }
    if row.chosen { canvas.check(COLUMNS[0] - 120, y) } else { Ok(()) }
}

fn along(percent: u32) -> i32 {
    PLOT.1 * percent.min(100) as i32 / 100
}
