use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::style::Sizes;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{SideView, SidesFigure, SidesRow, capitalised};
use crate::words::Lexicon;

/// A chart with a row for each sector and a column for each step of a scale: the lead's view and the manager's, joined
/// by a line. The lead's is above the line and filled, the manager's is below it and open.
pub(super) struct Sides<'a> {
    pub(super) figure: &'a SidesFigure,
    pub(super) nation: &'a str,
}

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a sector's name.
    label: i32,
    /// The left edge of the scale, and the width of a step.
    steps: (i32, i32),
    /// The right edges of the nation's values: of leads, and of managers.
    values: [i32; 2],
}

impl Columns {
    fn of(sizes: Sizes, steps: usize) -> Self {
        let (label, left) = if sizes.labels_beside() { (1120, 1180) } else { (sizes.width, 0) };
        let values = [sizes.width - sizes.scaled(520), sizes.width];
        let plot = values[0] - sizes.scaled(430) - left;
        Self { label, steps: (left, plot / steps.max(1) as i32), values }
    }

    fn centre(&self, step: usize) -> i32 {
        self.steps.0 + self.steps.1 * step as i32 + self.steps.1 / 2
    }
}

impl ChartKind for Sides<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.dumbbell
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let columns = Columns::of(sizes, self.figure.steps.len());
        let heads = self.heads(sizes, &columns);
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1).max(2) as i32;
        let rows = self.figure.rows.iter().map(|row| {
            let lines = sizes.label(&capitalised(&row.sector), columns.label);
            (sizes.row_of(lines.len(), sizes.scaled(352)), (lines, row))
        });
        let key = if sizes.labels_beside() { 1 } else { 2 };
        let head = sizes.line() * (lines + key) + sizes.scaled(120);
        Rows { head, rows: rows.collect() }.draw(
            style,
            |canvas| self.head(canvas, &columns, &heads, head),
            |canvas, (lines, row), [label, y]| {
                canvas.label(lines, (0, label))?;
                views(canvas, &columns, row, (y, self.figure.steps.len()))
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &SidesRow| {
            let view = |view: &SideView| match view.step {
                Some(_) => None,
                None => Some(view.text.clone()),
            };
            let nation =
                [&row.lead, &row.manager].map(|view| view.nation.as_ref().map(|s| s.percent.clone()));
            let views = [view(&row.lead), view(&row.manager)];
            let printed = views.into_iter().chain(nation).flatten();
            [capitalised(&row.sector)].into_iter().chain(printed).collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

impl Sides<'_> {
    /// The names of the steps in lines; only those at the ends of the scale if a word is too wide for its column.
    fn heads(&self, sizes: Sizes, columns: &Columns) -> Vec<Vec<String>> {
        let steps = &self.figure.steps;
        let (pitch, gap) = (columns.steps.1, sizes.scaled(40));
        if steps.iter().all(|step| sizes.widest_word(step) <= pitch - gap) {
            return steps.iter().map(|step| sizes.label(step, pitch - gap)).collect();
        }
        let ends = [0, steps.len() - 1];
        let half = pitch * steps.len() as i32 / 2 - gap;
        let label = |(at, step): (usize, &String)| {
            if ends.contains(&at) { sizes.label(step, half) } else { Vec::new() }
        };
        steps.iter().enumerate().map(label).collect()
    }

    /// Draws the key, the names of the steps, and the headings of the nation's values.
    fn head(
        &self,
        canvas: &Canvas<'_>,
        columns: &Columns,
        heads: &[Vec<String>],
        head: i32,
    ) -> Result<(), ChartError> {
        let (words, sizes) = (&canvas.words().charts, canvas.sizes());
        let s = |length| sizes.scaled(length);
        let y = sizes.line() / 2;
        canvas.square((s(50), y), s(90), true)?;
        canvas.text(&words.lead, (s(130), y), TextStyle::LEFT)?;
        let next = s(330) + sizes.width_of(&words.lead);
        canvas.square((next + s(50), y), s(90), false)?;
        canvas.text(&words.manager, (next + s(130), y), TextStyle::LEFT)?;
        let below = head - sizes.line() - s(70);
        for (step, lines) in heads.iter().enumerate() {
            let widest = sizes.widest(lines);
            // The names at the ends of the scale may be wider than their columns, but stay on the scale.
            let (left, right) = (columns.steps.0, columns.steps.0 + columns.steps.1 * heads.len() as i32);
            let centre = columns.centre(step).min(right - widest / 2).max(left + widest / 2);
            canvas.centred(lines, (centre, below))?;
        }
        if !self.figure.counted.is_empty() {
            // Large text has a line of its own for the nation.
            let above = if sizes.labels_beside() { y } else { y + sizes.line() };
            canvas.text(canvas.short(self.nation, s(800)), (sizes.width, above), TextStyle::RIGHT_BOLD)?;
            for (word, right) in [&words.leads, &words.managers].into_iter().zip(columns.values) {
                canvas.text(word, (right, below), TextStyle::RIGHT)?;
            }
        }
        Ok(())
    }
}

fn views(
    canvas: &Canvas<'_>,
    columns: &Columns,
    row: &SidesRow,
    (y, steps): (i32, usize),
) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    let (left, right) = (columns.centre(0), columns.centre(steps.saturating_sub(1)));
    canvas.bar((left, y - s(5)), (right - left, s(10)), Paint::Line)?;
    for step in 0..steps {
        canvas.bar((columns.centre(step) - s(5), y - s(30)), (s(10), s(60)), Paint::Line)?;
    }
    if let Some((lead, manager)) = row.lead.step.zip(row.manager.step) {
        let [from, to] = [lead.min(manager), lead.max(manager)].map(|step| columns.centre(step));
        canvas.bar((from, y - s(15)), (to - from, s(30)), Paint::Area)?;
    }
    // Above and below the line, so that two views of the same step are both seen.
    for (view, offset, filled) in [(&row.lead, -s(68), true), (&row.manager, s(68), false)] {
        match view.step {
            Some(step) => canvas.square((columns.centre(step), y + offset), s(104), filled)?,
            None => {
                canvas.square((left - s(20), y + offset), s(60), filled)?;
                canvas.text(&view.text, (left + s(50), y + offset), TextStyle::LEFT)?;
            }
        }
    }
    for (view, right) in [&row.lead, &row.manager].into_iter().zip(columns.values) {
        if let Some(nation) = &view.nation {
            canvas.text(&nation.percent, (right, y), TextStyle::RIGHT)?;
        }
    }
    Ok(())
}
