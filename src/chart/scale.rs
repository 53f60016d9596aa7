//! A scale from 0 to 100 per cent, and the marks that all charts with such a scale share. Marks never hide one another: the
//! nation's tick is above the line, the region's diamond is below it, and the area's bar or square is on it.

use super::canvas::{Canvas, TextStyle, short};
use super::palette::Paint;
use super::style::Sizes;
use super::{ChartError, ChartStyle, scale};
use crate::model::{FactState, StatisticView};
use crate::words::Lexicon;

/// The left edge and the width of a scale.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) left: i32,
    pub(super) width: i32,
    /// How far the marks of nation and region are from the middle of a row.
    pub(super) apart: i32,
}

impl Scale {
    pub(super) fn at(self, percent: u32) -> i32 {
        self.left + self.width * percent.min(100) as i32 / 100
    }

    /// The height of a row: a value above the bar for the nation, and one below it for the region. Digits have no
    /// descenders, so that takes less than three lines of text.
    pub(super) fn row(self, sizes: Sizes) -> i32 {
        2 * self.apart + sizes.scaled(100)
    }

    /// Prints the ends and the middle of the scale.
    pub(super) fn labels(self, canvas: &Canvas<'_>, y: i32) -> Result<(), ChartError> {
        let texts = scale(canvas.words());
        let widest = canvas.sizes().widest(&texts);
        // Without room for three, the ends are enough.
        let step = if 5 * widest / 2 < self.width { 1 } else { 2 };
        [0, 50, 100].into_iter().zip(texts).step_by(step).try_for_each(|(percent, text)| {
            let wide = canvas.sizes().width_of(&text);
            canvas.text(&text, (self.at(percent) - wide / 2, y), TextStyle::LEFT)
        })
    }

    /// Draws the full scale as a track.
    pub(super) fn track(self, canvas: &Canvas<'_>, y: i32) -> Result<(), ChartError> {
        let height = canvas.sizes().scaled(BAR);
        canvas.bar((self.left, y - height / 2), (self.width, height), Paint::Track)?;
        [0, 50, 100].into_iter().try_for_each(|percent| {
            let s = |length| canvas.sizes().scaled(length);
            canvas.bar((self.at(percent) - s(4), y - height / 2 - s(20)), (s(8), height + s(40)), Paint::Line)
        })
    }

    /// Draws the area's own share as a bar.
    pub(super) fn bar(self, canvas: &Canvas<'_>, y: i32, percent: u32) -> Result<(), ChartError> {
        let height = canvas.sizes().scaled(BAR);
        canvas.bar((self.left, y - height / 2), (self.at(percent) - self.left, height), Paint::Area)
    }

    /// Draws the marks of nation and region, each with its value beside it.
    pub(super) fn others(
        self,
        canvas: &Canvas<'_>,
        y: i32,
        nation: &StatisticView,
        region: Option<&StatisticView>,
    ) -> Result<(), ChartError> {
        let s = |length| canvas.sizes().scaled(length);
        let apart = self.apart;
        let beside = |at: i32, above: bool, text: &str| {
            let y = if above { y - apart } else { y + apart };
            // Near the right end of the scale there is only room on the left.
            if at + s(90) + canvas.sizes().width_of(text) > self.left + self.width + s(60) {
                canvas.text(text, (at - s(70), y), TextStyle::RIGHT)
            } else {
                canvas.text(text, (at + s(70), y), TextStyle::LEFT)
            }
        };
        if nation.state == FactState::Value {
            canvas.tick((self.at(nation.length), y - apart))?;
            beside(self.at(nation.length), true, &nation.percent)?;
        } else {
            canvas.text(&nation.percent, (self.left + s(20), y - apart), TextStyle::LEFT)?;
        }
        match region {
            Some(region) if region.state == FactState::Value => {
                canvas.diamond((self.at(region.length), y + apart))?;
                beside(self.at(region.length), false, &region.percent)
            }
            Some(region) => canvas.text(&region.percent, (self.left + s(20), y + apart), TextStyle::LEFT),
            None => Ok(()),
        }
    }
}

/// The height of the area's bar.
const BAR: i32 = 48;

/// How far the marks of nation and region are from the middle of the area's square.
pub(super) const BESIDE_SQUARE: i32 = 108;

/// How far the marks of nation and region are from the middle of a bar.
pub(super) fn beside_bar(sizes: Sizes) -> i32 {
    // Where labels are above, there is room to keep text well clear of a dark bar.
    sizes.scaled(if sizes.labels_beside() { 72 } else { 92 })
}

/// The space between two entries of a key, and between a mark and its word.
const GAPS: (i32, i32) = (110, 75);

/// The width of the key on one line.
fn key_width(sizes: Sizes, words: &Lexicon, nation: &str) -> i32 {
    let texts = [&words.charts.area, &words.charts.region, nation].map(|text| sizes.width_of(text));
    texts.iter().sum::<i32>() + sizes.scaled(2 * GAPS.0 + 2 * (100 + GAPS.1) + 60 + GAPS.1)
}

/// True when the key fits to the left of a scale, so that it needs no line of its own.
pub(super) fn key_fits(style: ChartStyle<'_>, nation: &str, left: i32) -> bool {
    let ChartStyle { sizes, words, .. } = style;
    key_width(sizes, words, short(sizes, words, nation, sizes.scaled(KEY_NATION))) + sizes.scaled(260) < left
}

/// The widest name of a nation in a key.
const KEY_NATION: i32 = 900;

/// Explains the marks on one line: the area's, the region's and the nation's.
pub(super) fn key(canvas: &Canvas<'_>, nation: &str, (mut x, y): (i32, i32)) -> Result<(), ChartError> {
    let (words, sizes) = (&canvas.words().charts, canvas.sizes());
    let s = |length| sizes.scaled(length);
    let (gap, beside) = (s(GAPS.0), s(GAPS.1));
    canvas.square((x + s(50), y), s(90), true)?;
    x += s(100) + beside;
    canvas.text(&words.area, (x, y), TextStyle::LEFT)?;
    x += sizes.width_of(&words.area) + gap;
    canvas.diamond((x + s(50), y))?;
    x += s(100) + beside;
    canvas.text(&words.region, (x, y), TextStyle::LEFT)?;
    x += sizes.width_of(&words.region) + gap;
    canvas.tick((x + s(30), y))?;
    canvas.text(canvas.short(nation, s(KEY_NATION)), (x + s(60) + beside, y), TextStyle::LEFT)
}
