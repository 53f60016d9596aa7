use super::canvas::{Align, Canvas, drawing};
use super::palette::Paint;
use super::style::Sizes;
use super::{Bar, ChartError, ChartKind, Drawing, Dress, in_parts};
use crate::model::{FigureRow, FigureView};
use crate::words::Lexicon;

/// A row for each sector: how far the area's own is, as a shape with words, and the nation's shares as a bar.
pub(super) struct Sectors<'a> {
    pub(super) figure: &'a FigureView,
    pub(super) nation: &'a str,
}

/// Where the columns of such a chart stand.
struct Columns {
    /// Widest line of a sector's name.
    label: i32,
    /// The area's own state: its mark, the left edge of its words, and their widest line.
    own: (i32, i32, i32),
    /// Left edge and width of the scale from 0 to 100.
    plot: (i32, i32),
    /// Right edge of each column of values.
    values: Vec<i32>,
}

impl Columns {
    fn of(sizes: Sizes, segments: usize) -> Self {
        let (label, mark) =
            if sizes.labels_beside() { (1300, 1440) } else { (sizes.width, sizes.scaled(60)) };
        let words = mark + sizes.scaled(90);
        let left = words + sizes.scaled(850);
        let column = sizes.scaled(560);
        let values = (0..segments).rev().map(|n| sizes.width - column * n as i32).collect();
        let plot = (left, sizes.width - left - column * segments as i32 - sizes.scaled(60));
        Self { label, own: (mark, words, sizes.scaled(800)), plot, values }
    }
}

/// A row with the lines of its label and of its own state.
type Line<'a> = (Vec<String>, Vec<String>, &'a FigureRow);

impl ChartKind for Sectors<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.bars
    }

    fn draw(&self, dress: Dress<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = dress.sizes;
        let columns = Columns::of(sizes, self.figure.segments.len());
        let label = |row: &FigureRow| sizes.label(&row.label, columns.label);
        let rows = self.figure.rows.iter().map(|row| (label(row), sizes.label(own(row), columns.own.2), row));
        let rows: Vec<Line<'_>> = rows.collect();
        let part = |rows: &[Line<'_>]| {
            let total = sizes.head()
                + rows.iter().map(|(label, own, _)| sizes.row(label.len(), own.len()).height).sum::<i32>();
            drawing(dress, total, |canvas| {
                self.head(canvas, &columns)?;
                let mut top = sizes.head();
                for (label, own, row) in rows {
                    let place = sizes.row(label.len(), own.len());
                    let middle = top + place.values;
                    canvas.label(label, 0, top + place.label)?;
                    if let Some(mark) = &row.mark {
                        canvas.mark(mark.mark, columns.own.0, middle)?;
                    }
                    canvas.label(own, columns.own.1, middle)?;
                    self.bars(canvas, &columns, row, middle)?;
                    top += place.height;
                }
                Ok(())
            })
        };
        let height = |(label, own, _): &Line<'_>| sizes.row(label.len(), own.len()).height;
        in_parts(&rows, sizes.head(), sizes, height).into_iter().map(part).collect()
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &FigureRow| {
            let nation = row.nation.iter().map(|statistic| statistic.percent.clone());
            [row.label.clone(), own(row).to_owned()].into_iter().chain(nation).collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

/// How far the area's own sector is, in words.
fn own(row: &FigureRow) -> &str {
    row.mark.as_ref().map_or(&row.own.text, |mark| &mark.word)
}

impl Sectors<'_> {
    fn head(&self, canvas: &Canvas<'_>, columns: &Columns) -> Result<(), ChartError> {
        let (words, sizes) = (&canvas.words().charts, canvas.sizes());
        let s = |length| sizes.scaled(length);
        let y = sizes.head() / 2 - s(20);
        canvas.text(&words.area, columns.own.0 - s(50), y, Align::Left, true)?;
        // A long name would run into the headings beside it; the caption names the nation in full.
        let fits = sizes.width_of(self.nation) < s(800);
        let nation = if fits { self.nation } else { &words.all_areas };
        canvas.text(nation, columns.plot.0, y, Align::Left, true)?;
        if let [_, _] = self.figure.segments.as_slice() {
            for (n, (segment, right)) in self.figure.segments.iter().zip(&columns.values).enumerate() {
                canvas.text(segment, *right, y, Align::Right, true)?;
                let left = right - sizes.width_of(segment) - s(170);
                canvas.bar(left, y - s(45), s(100), s(90), self.paint(n))?;
            }
        }
        Ok(())
    }

    fn bars(
        &self,
        canvas: &Canvas<'_>,
        columns: &Columns,
        row: &FigureRow,
        y: i32,
    ) -> Result<(), ChartError> {
        let (mut left, plot) = columns.plot;
        let height = canvas.sizes().bar();
        canvas.bar(left, y - height / 2, plot, height, Paint::Track)?;
        for (n, (statistic, right)) in row.nation.iter().zip(&columns.values).enumerate() {
            let value = Bar::of(statistic);
            let length = plot * value.length.unwrap_or_default().min(100) as i32 / 100;
            // A white edge keeps two segments apart in greyscale too.
            let edge = if n > 0 { 10 } else { 0 };
            canvas.bar(left + edge, y - height / 2, length - edge, height, self.paint(n))?;
            left += length;
            canvas.text(&value.label, *right, y, Align::Right, false)?;
        }
        Ok(())
    }

    fn paint(&self, segment: usize) -> Paint {
        match (self.figure.segments.len(), segment) {
            (1, _) => Paint::Nation,
            (_, 0) => Paint::Area,
            _ => Paint::Second,
        }
    }
}
