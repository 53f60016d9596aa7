use super::canvas::{Align, Canvas, drawing};
use super::metrics::{label, width};
use super::palette::Paint;
use super::style::{BAR, HEAD, LINE, ROW_GAP, WIDTH};
use super::{ChartError, Drawing, Dress, parts};
use crate::model::{SectorChart, SectorRow};

/// Widest line of a sector's name.
const LABEL: i32 = 1300;
/// The column of the area's own state: its mark, the left edge of its words, and their widest line.
const OWN: (i32, i32, i32) = (1440, 1530, 800);
/// Left edge of the scale from 0 to 100.
const PLOT: i32 = 2380;
/// Widest name of the nation above the bars.
const HEADING: i32 = 800;
/// Width of a column of values.
const COLUMN: i32 = 560;

/// A row for each sector: how far the area's own is, as a shape with words, and the nation's shares as a bar.
pub(super) fn draw(chart: &SectorChart, dress: Dress<'_>) -> Result<Vec<Drawing>, ChartError> {
    let plot = WIDTH - PLOT - COLUMN * chart.segments.len() as i32 - 60;
    let rows: Vec<(Vec<String>, Vec<String>, &SectorRow)> =
        chart.rows.iter().map(|row| (label(&row.label, LABEL), label(&row.own, OWN.2), row)).collect();
    let height = |label: &[String], own: &[String]| LINE * label.len().max(own.len()) as i32 + ROW_GAP;
    let part = |rows: &[(Vec<String>, Vec<String>, &SectorRow)]| {
        let total = HEAD + rows.iter().map(|(label, own, _)| height(label, own)).sum::<i32>();
        drawing(dress, total, |canvas| {
            head(canvas, chart)?;
            let mut top = HEAD;
            for (label, own, row) in rows {
                let middle = top + height(label, own) / 2;
                canvas.label(label, 0, middle)?;
                canvas.mark(row.mark, OWN.0, middle)?;
                canvas.label(own, OWN.1, middle)?;
                bars(canvas, chart, row, middle, plot)?;
                top += height(label, own);
            }
            Ok(())
        })
    };
    parts(&rows, HEAD, |(label, own, _)| height(label, own)).into_iter().map(part).collect()
}

fn head(canvas: &Canvas<'_>, chart: &SectorChart) -> Result<(), ChartError> {
    let y = HEAD / 2 - 20;
    canvas.text(&canvas.words().charts.area, OWN.0 - 50, y, Align::Left, true)?;
    // A long name would run into the headings beside it; the caption names the nation in full.
    let fits = width(&chart.nation) < HEADING;
    canvas.text(
        if fits { &chart.nation } else { &canvas.words().charts.all_areas },
        PLOT,
        y,
        Align::Left,
        true,
    )?;
    if let [_, _] = chart.segments.as_slice() {
        for (n, segment) in chart.segments.iter().enumerate() {
            let right = column(chart, n);
            canvas.text(segment, right, y, Align::Right, true)?;
            canvas.bar(right - width(segment) - 170, y - 45, 100, 90, paint(chart, n))?;
        }
    }
    Ok(())
}

fn bars(
    canvas: &Canvas<'_>,
    chart: &SectorChart,
    row: &SectorRow,
    y: i32,
    plot: i32,
) -> Result<(), ChartError> {
    canvas.bar(PLOT, y - BAR / 2, plot, BAR, Paint::Track)?;
    let mut left = PLOT;
    for (n, value) in row.nation.iter().enumerate() {
        let length = plot * value.length.unwrap_or_default().min(100) as i32 / 100;
        // A white edge keeps two segments apart in greyscale too.
        let edge = if n > 0 { 10 } else { 0 };
        canvas.bar(left + edge, y - BAR / 2, length - edge, BAR, paint(chart, n))?;
        left += length;
        canvas.text(&value.label, column(chart, n), y, Align::Right, false)?;
    }
    Ok(())
}

/// Right edge of a column of values.
fn column(chart: &SectorChart, n: usize) -> i32 {
    WIDTH - COLUMN * (chart.segments.len() - 1 - n) as i32
}

fn paint(chart: &SectorChart, n: usize) -> Paint {
    match (chart.segments.len(), n) {
        (1, _) => Paint::Nation,
        (_, 0) => Paint::Area,
        _ => Paint::Second,
    }
}
