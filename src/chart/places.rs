use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::scale::{BESIDE_SQUARE, Scale, key};
use super::style::Sizes;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{PlaceView, PlacesFigure};
use crate::words::Lexicon;

/// A spine chart: for each measure the range of all areas as a line, the middle half of them as a band, and on it the
/// area's own share; with how many other areas are lower, the same and higher.
pub(super) struct Places<'a> {
    pub(super) figure: &'a PlacesFigure,
    pub(super) nation: &'a str,
}

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a label.
    label: i32,
    scale: Scale,
    /// The left edge of the area's own share.
    own: i32,
    /// The right edges of the numbers of other areas: lower, the same, higher.
    others: [i32; 3],
}

impl Columns {
    /// Makes room for what is printed: the widest of the area's own shares, and of the numbers with their headings.
    fn of(sizes: Sizes, own: i32, number: i32) -> Self {
        let pitch = number + sizes.scaled(100);
        let others = [2, 1, 0].map(|from_the_right| sizes.width - pitch * from_the_right);
        let own = others[0] - own - number - sizes.scaled(150);
        let apart = sizes.scaled(BESIDE_SQUARE);
        if sizes.labels_beside() {
            let left = 1580;
            let scale = Scale { left, width: own - sizes.scaled(120) - left, apart };
            return Self { label: 1440, scale, own, others };
        }
        // Large text has the whole width for the scale, and a line below it for the numbers.
        let left = sizes.scaled(150);
        let scale = Scale { left, width: sizes.width - 2 * left, apart };
        Self { label: sizes.width, scale, own: left, others }
    }

    /// The height of the values of a row, and how far the scale and the numbers are from their middle.
    fn values(&self, sizes: Sizes) -> (i32, [i32; 2]) {
        let scale = self.scale.row(sizes);
        if sizes.labels_beside() {
            (scale, [0, 0])
        } else {
            let numbers = sizes.line();
            (scale + numbers, [-numbers / 2, scale / 2])
        }
    }
}

impl ChartKind for Places<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.spine
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let (words, rows) = (&style.words.charts, &self.figure.rows);
        let numbers = rows.iter().flat_map(|row| [&row.lower, &row.same, &row.higher]);
        let numbers = sizes.widest(numbers.chain([&words.lower, &words.same, &words.higher]));
        let columns = Columns::of(sizes, sizes.widest(rows.iter().map(|row| &row.own)), numbers);
        let rows = self.figure.rows.iter().map(|row| {
            let lines = sizes.label(&row.label, columns.label);
            (sizes.row_of(lines.len(), columns.values(sizes).0), (lines, row))
        });
        let (_, [scale, numbers]) = columns.values(sizes);
        Rows { head: head(sizes), rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns),
            |canvas, (lines, row), [label, y]| {
                canvas.label(lines, (0, label))?;
                spine(canvas, columns.scale, row, y + scale)?;
                let y = y + numbers;
                canvas.text(&row.own, (columns.own, y), TextStyle::LEFT_BOLD)?;
                let numbers = [&row.lower, &row.same, &row.higher];
                numbers
                    .into_iter()
                    .zip(columns.others)
                    .try_for_each(|(number, right)| canvas.text(number, (right, y), TextStyle::RIGHT))
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &PlaceView| {
            let values =
                [&row.nation.percent, &row.region.percent, &row.own, &row.lower, &row.same, &row.higher];
            [row.label.clone()].into_iter().chain(values.map(String::clone)).collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

impl Places<'_> {
    /// Draws the key on two lines, the scale, and the headings of the numbers.
    fn head(&self, canvas: &Canvas<'_>, columns: &Columns) -> Result<(), ChartError> {
        let (words, sizes) = (&canvas.words().charts, canvas.sizes());
        let s = |length| sizes.scaled(length);
        let y = sizes.line() / 2;
        key(canvas, self.nation, (0, y))?;
        let first = y + sizes.line();
        canvas.bar((s(5), first - s(6)), (s(150), s(12)), Paint::Others)?;
        canvas.text(&words.range, (s(200), first), TextStyle::LEFT)?;
        // Large text has a line for each entry.
        let (next, second) = if sizes.labels_beside() {
            (s(400) + sizes.width_of(&words.range), first)
        } else {
            (s(5), first + sizes.line())
        };
        canvas.bar((next, second - s(35)), (s(150), s(70)), Paint::Others)?;
        canvas.text(&words.middle, (next + s(200), second), TextStyle::LEFT)?;
        let last = head(sizes) - sizes.head() / 2;
        columns.scale.labels(canvas, last)?;
        // The scale of large text is as wide as the chart.
        let last = if sizes.labels_beside() { last } else { last - sizes.line() };
        canvas.text(&words.other_areas, (sizes.width, last - sizes.line()), TextStyle::RIGHT_BOLD)?;
        let headings = [&words.lower, &words.same, &words.higher];
        headings
            .into_iter()
            .zip(columns.others)
            .try_for_each(|(heading, right)| canvas.text(heading, (right, last), TextStyle::RIGHT))
    }
}

/// The height of the key, the headings and the scale.
fn head(sizes: Sizes) -> i32 {
    let lines = if sizes.labels_beside() { 2 } else { 5 };
    lines * sizes.line() + sizes.head()
}

fn spine(canvas: &Canvas<'_>, scale: Scale, row: &PlaceView, y: i32) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    let [lowest, highest] = row.range.map(|percent| scale.at(percent));
    canvas.bar((lowest, y - s(6)), (highest - lowest, s(12)), Paint::Others)?;
    if let Some(middle) = row.middle {
        let [from, to] = middle.map(|percent| scale.at(percent));
        canvas.bar((from, y - s(35)), ((to - from).max(s(20)), s(70)), Paint::Others)?;
    }
    scale.others(canvas, y, &row.nation, Some(&row.region))?;
    row.length.map_or(Ok(()), |length| canvas.own((scale.at(length), y)))
}
