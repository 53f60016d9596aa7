use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::style::Sizes;
use super::{Bar, ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{FigureRow, FigureView};
use crate::words::Lexicon;

/// A chart with a row for each sector: how far the area's own has got, as a shape with words, and the nation's shares
/// as a bar.
pub(super) struct Sectors<'a> {
    pub(super) figure: &'a FigureView,
    pub(super) nation: &'a str,
}

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a sector's name.
    label: i32,
    /// The area's own state: its mark, the left edge of its words, and their maximum width.
    own: (i32, i32, i32),
    /// The left edge and width of the scale from 0 to 100.
    plot: (i32, i32),
    /// The right edge of each column of values.
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

impl ChartKind for Sectors<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.bars
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let columns = Columns::of(sizes, self.figure.segments.len());
        let rows = self.figure.rows.iter().map(|row| {
            let lines = [sizes.label(&row.label, columns.label), sizes.label(own(row), columns.own.2)];
            (sizes.row(lines[0].len(), lines[1].len()), (lines, row))
        });
        Rows { head: sizes.head(), rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns),
            |canvas, ([label, own], row), [above, middle]| {
                canvas.label(label, (0, above))?;
                if let Some(mark) = &row.mark {
                    canvas.mark(mark.mark, (columns.own.0, middle))?;
                }
                canvas.label(own, (columns.own.1, middle))?;
                self.bars(canvas, &columns, row, middle)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &FigureRow| {
            let nation = row.nation.iter().map(|statistic| statistic.percent.clone());
            [row.label.clone(), own(row).to_owned()].into_iter().chain(nation).collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

/// How far the area's own sector has got, in words.
fn own(row: &FigureRow) -> &str {
    row.mark.as_ref().map_or(&row.own.text, |mark| &mark.word)
}

impl Sectors<'_> {
    fn head(&self, canvas: &Canvas<'_>, columns: &Columns) -> Result<(), ChartError> {
        let (words, sizes) = (&canvas.words().charts, canvas.sizes());
        let s = |length| sizes.scaled(length);
        let y = sizes.head() / 2 - s(20);
        canvas.text(&words.area, (columns.own.0 - s(50), y), TextStyle::LEFT_BOLD)?;
        // A long name would run into the headings beside it; the caption names the nation in full.
        let fits = sizes.width_of(self.nation) < s(800);
        let nation = if fits { self.nation } else { &words.all_areas };
        canvas.text(nation, (columns.plot.0, y), TextStyle::LEFT_BOLD)?;
        if let [_, _] = self.figure.segments.as_slice() {
            for (n, (segment, right)) in self.figure.segments.iter().zip(&columns.values).enumerate() {
                canvas.text(segment, (*right, y), TextStyle::RIGHT_BOLD)?;
                let left = right - sizes.width_of(segment) - s(170);
                canvas.bar((left, y - s(45)), (s(100), s(90)), self.paint(n))?;
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
        canvas.bar((left, y - height / 2), (plot, height), Paint::Track)?;
        for (n, (statistic, right)) in row.nation.iter().zip(&columns.values).enumerate() {
            let value = Bar::of(statistic);
            let length = plot * value.length.unwrap_or_default().min(100) as i32 / 100;
            // A white edge keeps two segments apart in greyscale too.
            let edge = if n > 0 { 10 } else { 0 };
            canvas.bar((left + edge, y - height / 2), (length - edge, height), self.paint(n))?;
            left += length;
            canvas.text(&value.label, (*right, y), TextStyle::RIGHT)?;
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
