use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::style::Sizes;
use super::{Bar, ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{FigureRow, FigureView, OwnState};
use crate::words::Lexicon;

/// A chart of the options of a question: horizontal bars from 0 to 100 per cent, with each value in its own column.
///
/// If several respondents could answer, the bar is the area's share, with a diamond for the region and a short vertical
/// line for the nation. If only one could, the bar is the nation's share, and a tick (✓) shows what was chosen.
pub(super) struct Options<'a> {
    pub(super) figure: &'a FigureView,
    pub(super) nation: &'a str,
}

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a label.
    label: i32,
    /// The left edge and width of the scale from 0 to 100.
    plot: (i32, i32),
    /// The right edges of the values: area, region, nation.
    values: [i32; 3],
}

impl Columns {
    fn of(sizes: Sizes) -> Self {
        let values = [1220, 620, 0].map(|from_the_right| sizes.width - sizes.scaled(from_the_right));
        let (label, left) =
            if sizes.labels_beside() { (1560, 1640) } else { (sizes.width, sizes.scaled(70)) };
        Self { label, plot: (left, values[0] - sizes.scaled(460) - left), values }
    }

    fn along(&self, percent: u32) -> i32 {
        self.plot.1 * percent.min(100) as i32 / 100
    }
}

impl ChartKind for Options<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.bars
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let columns = Columns::of(sizes);
        // The nation's name, broken into lines that fit its column.
        let nation = sizes.lines(self.nation, sizes.scaled(440));
        let head = sizes.head() + sizes.line() * (nation.len() as i32 - 1);
        let rows = self.figure.rows.iter().map(|row| {
            let lines = sizes.label(&row.label, columns.label);
            (sizes.row(lines.len(), 1), (lines, row))
        });
        Rows { head, rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns, &nation, head / 2 - sizes.scaled(20)),
            |canvas, (lines, row), [label, values]| {
                canvas.label(lines, (0, label))?;
                self.values(canvas, &columns, row, values)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &FigureRow| {
            let own = (row.own.state == OwnState::Share).then(|| row.own.text.clone());
            let others = row.region.iter().chain(&row.nation).map(|statistic| statistic.percent.clone());
            [row.label.clone()].into_iter().chain(own).chain(others).collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

impl Options<'_> {
    /// Draws the column headings, each beside its mark: a key in the same order as the values.
    fn head(
        &self,
        canvas: &Canvas<'_>,
        columns: &Columns,
        nation: &[String],
        y: i32,
    ) -> Result<(), ChartError> {
        let (words, sizes) = (&canvas.words().charts, canvas.sizes());
        let s = |length| sizes.scaled(length);
        let right = |text: &str, column: i32| canvas.text(text, (column, y), TextStyle::RIGHT_BOLD);
        right(&words.area, columns.values[0])?;
        right(&words.region, columns.values[1])?;
        canvas.heading(nation, (columns.values[2], y))?;
        let widest = nation.iter().map(|line| sizes.width_of(line)).max().unwrap_or_default();
        let beside = |text: &str, column: i32| column - sizes.width_of(text) - s(120);
        let beside_nation = columns.values[2] - widest - s(120);
        canvas.diamond((beside(&words.region, columns.values[1]), y))?;
        if self.figure.shares {
            canvas.bar(
                (beside(&words.area, columns.values[0]) - s(50), y - s(45)),
                (s(100), s(90)),
                Paint::Area,
            )?;
            canvas.tick((beside_nation, y), s(150))
        } else {
            canvas.check((beside(&words.area, columns.values[0]), y))?;
            canvas.bar((beside_nation - s(50), y - s(45)), (s(100), s(90)), Paint::Nation)
        }
    }

    /// Draws the bar, the markers for the other groups, and the values in their columns.
    fn values(
        &self,
        canvas: &Canvas<'_>,
        columns: &Columns,
        row: &FigureRow,
        y: i32,
    ) -> Result<(), ChartError> {
        let sizes = canvas.sizes();
        let (left, height) = (columns.plot.0, sizes.bar());
        let region = row.region.as_ref().map(Bar::of).unwrap_or_default();
        let nation = row.nation.first().map(Bar::of).unwrap_or_default();
        let own = if row.own.state == OwnState::None { 0 } else { row.own.length };
        let (length, paint) = if self.figure.shares {
            (own, Paint::Area)
        } else {
            (nation.length.unwrap_or_default(), Paint::Nation)
        };
        canvas.bar((left, y - height / 2), (columns.plot.1, height), Paint::Track)?;
        canvas.bar((left, y - height / 2), (columns.along(length), height), paint)?;
        if let Some(length) = nation.length.filter(|_| self.figure.shares) {
            canvas.tick((left + columns.along(length), y), height + sizes.scaled(70))?;
        }
        if let Some(length) = region.length {
            canvas.diamond((left + columns.along(length), y))?;
        }
        if self.figure.shares {
            canvas.text(&row.own.text, (columns.values[0], y), TextStyle::RIGHT_BOLD)?;
        } else if row.own.state == OwnState::Answer && row.own.counted {
            canvas.check((columns.values[0] - sizes.scaled(120), y))?;
        }
        canvas.text(&region.label, (columns.values[1], y), TextStyle::RIGHT)?;
        canvas.text(&nation.label, (columns.values[2], y), TextStyle::RIGHT)
    }
}
