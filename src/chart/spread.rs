use super::canvas::{Align, Canvas, drawing};
use super::metrics::{label, width};
use super::palette::Paint;
use super::style::{HEAD, LINE, ROW_GAP, WIDTH};
use super::{ChartError, Drawing, Dress, parts, scale};
use crate::model::{SpreadChart, SpreadRow};

/// Left edge and width of the scale from 0 to 100, between the middles of the outermost dots.
const PLOT: (i32, i32) = (1760, 2180);
/// Widest line of a label.
const LABEL: i32 = 1560;
/// Right edge of the column of the area's own shares.
const OWN: i32 = WIDTH;
/// Radius of a dot for as many areas as there are anywhere in the chart.
const GREATEST: u32 = 58;
/// Radius of the smallest dot.
const SMALLEST: u32 = 12;

/// A scale from 0 to 100 per cent for each measure. A dot for the areas near each tenth, the larger the more there are; the
/// area's own share as a square, with markers for region and nation.
pub(super) fn draw(chart: &SpreadChart, dress: Dress<'_>) -> Result<Vec<Drawing>, ChartError> {
    let rows: Vec<(Vec<String>, &SpreadRow)> =
        chart.rows.iter().map(|row| (label(&row.label, LABEL), row)).collect();
    let height = |lines: &[String]| (LINE * lines.len() as i32 + ROW_GAP).max(210);
    let most = chart.rows.iter().flat_map(|row| row.areas).max().unwrap_or_default().max(1);
    let part = |rows: &[(Vec<String>, &SpreadRow)]| {
        let total = HEAD + LINE + rows.iter().map(|(lines, _)| height(lines)).sum::<i32>();
        drawing(dress, total, |canvas| {
            head(canvas, chart)?;
            let mut top = HEAD + LINE;
            for (lines, row) in rows {
                let middle = top + height(lines) / 2;
                canvas.label(lines, 0, middle)?;
                spread(canvas, row, middle, most)?;
                canvas.text(&row.own.label, OWN, middle, Align::Right, true)?;
                top += height(lines);
            }
            Ok(())
        })
    };
    parts(&rows, HEAD + LINE, |(lines, _)| height(lines)).into_iter().map(part).collect()
}

/// The key in one line, and the ends and the middle of the scale below it.
fn head(canvas: &Canvas<'_>, chart: &SpreadChart) -> Result<(), ChartError> {
    let y = HEAD / 2 - 20;
    let words = &canvas.words().charts;
    canvas.text(&words.area, OWN, y, Align::Right, true)?;
    canvas.own(OWN - width(&words.area) - 110, y)?;
    let mut x = PLOT.0 - 40;
    canvas.dot(x, y, 44)?;
    canvas.text(&words.other_areas, x + 80, y, Align::Left, true)?;
    x += width(&words.other_areas) + 300;
    canvas.diamond(x, y)?;
    canvas.text(&words.region, x + 90, y, Align::Left, true)?;
    x += width(&words.region) + 300;
    canvas.tick(x, y, 150)?;
    let fits = x + 70 + width(&chart.nation) < OWN - width(&words.area) - 240;
    canvas.text(if fits { &chart.nation } else { &words.all_areas }, x + 70, y, Align::Left, true)?;
    let below = HEAD + LINE / 2 - 40;
    for (percent, text) in [0, 50, 100].into_iter().zip(scale(canvas.words())) {
        canvas.text(&text, along(percent) + width(&text) / 2, below, Align::Right, false)?;
    }
    Ok(())
}

fn spread(canvas: &Canvas<'_>, row: &SpreadRow, y: i32, most: u32) -> Result<(), ChartError> {
    canvas.bar(PLOT.0, y - 6, PLOT.1, 12, Paint::Track)?;
    for (tenth, areas) in (0..).zip(row.areas).filter(|(_, areas)| *areas > 0) {
        canvas.dot(along(tenth * 10), y, radius(areas, most))?;
    }
    if let Some(length) = row.nation.length {
        canvas.tick(along(length), y, 190)?;
    }
    if let Some(length) = row.region.length {
        canvas.diamond(along(length), y)?;
    }
    row.own.length.map_or(Ok(()), |length| canvas.own(along(length), y))
}

/// The radius of a dot whose surface stands for a number of areas.
fn radius(areas: u32, most: u32) -> i32 {
    (GREATEST * GREATEST * areas / most).isqrt().max(SMALLEST).cast_signed()
}

fn along(percent: u32) -> i32 {
    PLOT.0 + PLOT.1 * percent.min(100) as i32 / 100
}
