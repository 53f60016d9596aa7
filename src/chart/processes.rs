use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::style::Sizes;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{FactState, ProcessCell, ProcessesFigure, ProcessesRow};
use crate::words::Lexicon;

/// A chart with a row for each sector and a column for each process: how far the area's own sector has got, above a bar
/// for the same sector in the nation, dark for what is in place and light for what is begun.
pub(super) struct Processes<'a> {
    pub(super) figure: &'a ProcessesFigure,
    pub(super) nation: &'a str,
}

/// How many columns stand side by side.
const MOST_BESIDE: usize = 4;
/// How many processes stand side by side below a sector, where text is large or the chart narrow.
const BELOW: usize = 2;

/// The positions of the columns of the chart.
struct Columns {
    /// The maximum width of a sector's name.
    label: i32,
    /// The left edge of the first column, and the width of each.
    cells: (i32, i32),
}

impl Columns {
    fn of(sizes: Sizes, columns: usize) -> Self {
        let (label, left) = if sizes.labels_beside() { (1120, 1200) } else { (sizes.width, 0) };
        Self { label, cells: (left, (sizes.width - left) / columns.max(1) as i32) }
    }
}

impl ChartKind for Processes<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.matrix
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let mut drawings = Vec::new();
        for first in (0..self.figure.columns.len()).step_by(MOST_BESIDE) {
            let until = (first + MOST_BESIDE).min(self.figure.columns.len());
            let some = if style.sizes.labels_beside() {
                self.beside(style, first, until)
            } else {
                self.below(style, first, until)
            };
            drawings.extend(some?);
        }
        Ok(drawings)
    }

    fn printed(&self) -> Vec<String> {
        let mut printed = Vec::new();
        for first in (0..self.figure.columns.len()).step_by(MOST_BESIDE) {
            let until = (first + MOST_BESIDE).min(self.figure.columns.len());
            for row in &self.figure.rows {
                printed.push(row.sector.clone());
                let cells = row.cells.get(first..until).unwrap_or_default().iter().flatten();
                printed.extend(cells.flat_map(|cell| [cell.own.word.clone(), cell.in_hand.percent.clone()]));
            }
        }
        printed
    }
}

impl Processes<'_> {
    /// Draws some of the columns, with all sectors.
    fn beside(&self, style: ChartStyle<'_>, first: usize, until: usize) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let s = |length| sizes.scaled(length);
        let columns = Columns::of(sizes, until - first);
        let titles = self.figure.columns.get(first..until).unwrap_or_default();
        let heads: Vec<Vec<String>> = titles
            .iter()
            .map(|title| sizes.bold_label(title, columns.cells.1 - s(80), Sizes::MOST_LINES))
            .collect();
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1) as i32;
        let head = sizes.line() * (lines + 1) + s(90);
        let rows = self.figure.rows.iter().map(|row| {
            let lines = sizes.label(&row.sector, columns.label);
            (sizes.row_of(lines.len(), 2 * sizes.line() + s(36)), (lines, row))
        });
        Rows { head, rows: rows.collect() }.draw(
            style,
            |canvas| {
                self.key(canvas)?;
                let below = head - s(50) - sizes.line() * lines / 2;
                heads.iter().zip(0..).try_for_each(|(lines, at)| {
                    canvas.bold(lines, (columns.cells.0 + columns.cells.1 * at, below))
                })
            },
            |canvas, (lines, row): &(Vec<String>, &ProcessesRow), [label, y]| {
                canvas.label(lines, (0, label))?;
                let cells = row.cells.get(first..until).unwrap_or_default();
                for (cell, at) in cells.iter().zip(0..) {
                    if let Some(cell) = cell {
                        let left = columns.cells.0 + columns.cells.1 * at;
                        process(canvas, cell, (left, y), columns.cells.1)?;
                    }
                }
                Ok(())
            },
        )
    }

    /// Draws some of the processes below each sector, each with its title, as columns would be too narrow for their titles.
    fn below(&self, style: ChartStyle<'_>, first: usize, until: usize) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let s = |length| sizes.scaled(length);
        let wide = sizes.width / BELOW as i32;
        let titles = self.figure.columns.get(first..until).unwrap_or_default();
        let heads: Vec<Vec<String>> = titles.iter().map(|title| sizes.label(title, wide - s(100))).collect();
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1) as i32;
        let cell = cell_height(sizes, lines);
        let rows = self.figure.rows.iter().map(|row| {
            let sector = sizes.bold_label(&row.sector, sizes.width, Sizes::MOST_LINES);
            let height = cell * titles.len().div_ceil(BELOW) as i32;
            (sizes.row_of(sector.len(), height), (sector, height, row))
        });
        Rows { head: 2 * sizes.line() + s(20), rows: rows.collect() }.draw(
            style,
            |canvas| self.key(canvas),
            |canvas, (sector, height, row): &(Vec<String>, i32, &ProcessesRow), [label, middle]| {
                canvas.bold(sector, (0, label))?;
                let cells = row.cells.get(first..until).unwrap_or_default();
                for ((cell, title), at) in cells.iter().zip(&heads).zip(0..) {
                    let Some(cell) = cell else { continue };
                    let left = wide * (at % BELOW as i32);
                    let top = middle - height / 2 + cell_top(at, cell_height(sizes, lines));
                    canvas.label(title, (left, top + sizes.line() * lines / 2))?;
                    let y = top + sizes.line() * (lines + 1) + s(10);
                    process(canvas, cell, (left, y), wide)?;
                }
                Ok(())
            },
        )
    }

    /// Explains the two parts of the nation's bars.
    fn key(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (words, sizes) = (canvas.words(), canvas.sizes());
        let s = |length| sizes.scaled(length);
        let mut y = sizes.line() / 2;
        canvas.mark(crate::model::Mark::InPlace, (s(50), y))?;
        canvas.text(&words.charts.area, (s(130), y), TextStyle::LEFT)?;
        let mut x = s(330) + sizes.width_of(&words.charts.area);
        let nation = canvas.short(self.nation, s(900));
        if !sizes.labels_beside() {
            (x, y) = (0, y + sizes.line());
        }
        canvas.text(nation, (x, y), TextStyle::LEFT)?;
        x += sizes.width_of(nation) + s(100);
        for (paint, word) in [(Paint::Second, &words.marks.in_place), (Paint::Others, &words.marks.begun)] {
            canvas.bar((x, y - s(40)), (s(100), s(80)), paint)?;
            canvas.text(word, (x + s(140), y), TextStyle::LEFT)?;
            x += s(140) + sizes.width_of(word) + s(120);
        }
        Ok(())
    }
}

/// The height of a process below a sector: its title, the mark of the area with its word, and the bar of the nation.
fn cell_height(sizes: Sizes, lines: i32) -> i32 {
    sizes.line() * (lines + 2) + sizes.scaled(70)
}

/// How far a process is below the first ones of its sector.
fn cell_top(at: i32, height: i32) -> i32 {
    at / BELOW as i32 * height
}

fn process(
    canvas: &Canvas<'_>,
    cell: &ProcessCell,
    (left, y): (i32, i32),
    wide: i32,
) -> Result<(), ChartError> {
    let sizes = canvas.sizes();
    let s = |length| sizes.scaled(length);
    let (above, below) = (y - sizes.line() / 2, y + sizes.line() / 2 + s(10));
    canvas.mark(cell.own.mark, (left + s(50), above))?;
    canvas.text(&cell.own.word, (left + s(130), above), TextStyle::LEFT)?;
    let plot = wide - s(480);
    let along = |percent: u32| plot * percent.min(100) as i32 / 100;
    canvas.bar((left, below - s(32)), (plot, s(64)), Paint::Track)?;
    if cell.in_hand.state == FactState::Value && cell.in_place.state == FactState::Value {
        let in_place = along(cell.in_place.length);
        canvas.bar((left, below - s(32)), (in_place, s(64)), Paint::Second)?;
        // A white edge keeps the two parts distinct in greyscale, too.
        let edge = if in_place > 0 { s(8) } else { 0 };
        let rest = along(cell.in_hand.length) - in_place - edge;
        canvas.bar((left + in_place + edge, below - s(32)), (rest, s(64)), Paint::Others)?;
    }
    canvas.text(&cell.in_hand.percent, (left + plot + s(50), below), TextStyle::LEFT)
}
