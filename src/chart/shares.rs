use std::collections::BTreeMap;

use super::canvas::{Canvas, TextStyle};
use super::columns::Columns;
use super::palette::Paint;
use super::style::Sizes;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows, dots};
use crate::model::{FactState, SharesFigure, SharesRow};
use crate::words::Lexicon;

/// A chart of the shares of groups: a bar, a tick for what it is compared with, and below them a dot for each peer. The
/// values of bar and tick are printed in columns at the right.
pub(super) struct Shares<'a> {
    pub(super) figure: &'a SharesFigure,
}

/// The height of the tallest part: a page can end after it without leaving much room.
pub(super) const TALLEST: i32 = 1900;

impl ChartKind for Shares<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.shares
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let style = ChartStyle { sizes: style.sizes.in_short_parts(TALLEST), ..style };
        let sizes = style.sizes;
        let rows = &self.figure.rows;
        let bars = sizes.widest(rows.iter().map(|row| &row.bar.percent));
        let ticks = sizes.widest(rows.iter().filter_map(|row| Some(&row.mark.as_ref()?.percent)));
        let columns = Columns::of(sizes, (1720, 1860), [bars.max(sizes.scaled(200)), ticks]);
        let rows = rows.iter().map(|row| {
            let lines = sizes.label(&row.label, columns.label);
            (sizes.row_of(lines.len(), height(sizes, row)), (lines, row))
        });
        let entries = self.key();
        let lines = key_lines(sizes, &entries);
        // A short key stands beside the scale.
        let beside = sizes.labels_beside() && lines.len() == 1 && width_of(sizes, &lines[0]) <= columns.label;
        let above = if beside { 0 } else { sizes.line() * lines.len() as i32 };
        let head = above + sizes.line() + sizes.scaled(30);
        Rows { head, rows: rows.collect() }.draw(
            style,
            |canvas| {
                for (n, line) in (0..).zip(&lines) {
                    key(canvas, line, sizes.line() * n + sizes.line() / 2)?;
                }
                let y = head - sizes.scaled(30) - sizes.line() / 2;
                heads(canvas, &columns, y, ticks > 0)?;
                columns.scale.labels(canvas, y)
            },
            |canvas, (lines, row), [label, y]| {
                canvas.label(lines, (0, label))?;
                values(canvas, &columns, row, y)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &SharesRow| {
            let mark = row.mark.as_ref().map(|mark| mark.percent.clone());
            [row.label.clone(), row.bar.percent.clone()].into_iter().chain(mark).collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}

/// What a mark in the key looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Bar,
    Tick,
}

impl<'a> Shares<'a> {
    fn key(&self) -> Vec<(Sign, &'a str)> {
        let SharesFigure { bar, mark, .. } = self.figure;
        let named = |sign, name: &'a str| (!name.is_empty()).then_some((sign, name));
        [named(Sign::Bar, bar), named(Sign::Tick, mark)].into_iter().flatten().collect()
    }
}

/// The space of a sign in the key, and after its name.
const SIGN: i32 = 150;
const AFTER: i32 = 130;

/// The width of a line of the key.
fn width_of(sizes: Sizes, line: &[(Sign, &str)]) -> i32 {
    line.iter().map(|(_, name)| sizes.scaled(SIGN + AFTER) + sizes.width_of(name)).sum()
}

/// The entries of the key, on as many lines as they need.
fn key_lines<'k>(sizes: Sizes, entries: &[(Sign, &'k str)]) -> Vec<Vec<(Sign, &'k str)>> {
    let mut lines: Vec<Vec<(Sign, &str)>> = Vec::new();
    let mut used = 0;
    for entry in entries {
        let width = width_of(sizes, &[*entry]);
        match lines.last_mut().filter(|_| used + width <= sizes.width) {
            Some(line) => line.push(*entry),
            None => {
                lines.push(vec![*entry]);
                used = 0;
            }
        }
        used += width;
    }
    lines
}

fn key(canvas: &Canvas<'_>, entries: &[(Sign, &str)], y: i32) -> Result<(), ChartError> {
    let sizes = canvas.sizes();
    let s = |length| sizes.scaled(length);
    let mut x = 0;
    for (sign, name) in entries {
        draw_sign(canvas, *sign, (x + s(50), y))?;
        canvas.text(name, (x + s(SIGN), y), TextStyle::LEFT)?;
        x += s(SIGN + AFTER) + sizes.width_of(name);
    }
    Ok(())
}

fn draw_sign(canvas: &Canvas<'_>, sign: Sign, (x, y): (i32, i32)) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    match sign {
        Sign::Bar => canvas.bar((x - s(50), y - s(24)), (s(100), s(48)), Paint::Area),
        Sign::Tick => canvas.tick((x, y)),
    }
}

/// The signs of bars and ticks above the columns of their values.
fn heads(canvas: &Canvas<'_>, columns: &Columns, y: i32, ticks: bool) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    draw_sign(canvas, Sign::Bar, (columns.values[0] - s(60), y))?;
    if ticks { draw_sign(canvas, Sign::Tick, (columns.values[1] - s(60), y)) } else { Ok(()) }
}

/// The distance of the first row of dots from the bar, and between dots.
const BELOW: i32 = 62;
const APART: i32 = 40;

/// The height of a row without dots.
const BARE: i32 = 140;

/// The height of a row: many peers with the same share are below each other.
fn height(sizes: Sizes, row: &SharesRow) -> i32 {
    sizes.scaled(BARE) + room_for_dots(sizes, row)
}

fn room_for_dots(sizes: Sizes, row: &SharesRow) -> i32 {
    let most = stacks(row).into_values().max().unwrap_or_default();
    sizes.scaled(dots::lines(most) * APART)
}

/// How many peers have each share.
fn stacks(row: &SharesRow) -> BTreeMap<u32, i32> {
    let mut stacks = BTreeMap::new();
    row.dots.iter().for_each(|share| *stacks.entry(*share).or_default() += 1);
    stacks
}

fn values(canvas: &Canvas<'_>, columns: &Columns, row: &SharesRow, y: i32) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    let scale = columns.scale;
    // The dots need room below the bar.
    let y = y - room_for_dots(canvas.sizes(), row) / 2;
    scale.track(canvas, y)?;
    if row.bar.state == FactState::Value {
        scale.bar(canvas, y, row.bar.length)?;
    }
    for (share, peers) in stacks(row) {
        for (line, aside) in dots::places(peers) {
            dot(canvas, (scale.at(share) + s(aside * APART / 2), y + s(BELOW + line * APART)))?;
        }
    }
    if let Some(mark) = row.mark.as_ref().filter(|mark| mark.state == FactState::Value) {
        canvas.tick((scale.at(mark.length), y))?;
    }
    canvas.text(&row.bar.percent, (columns.values[0], y), TextStyle::RIGHT_BOLD)?;
    match &row.mark {
        Some(mark) => canvas.text(&mark.percent, (columns.values[1], y), TextStyle::RIGHT),
        None => Ok(()),
    }
}

/// One of several groups that are not named.
fn dot(canvas: &Canvas<'_>, at: (i32, i32)) -> Result<(), ChartError> {
    let s = |length| canvas.sizes().scaled(length);
    canvas.circle(at, s(26), Paint::Paper)?;
    canvas.circle(at, s(20), Paint::Others)
}
