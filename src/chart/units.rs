use super::canvas::TextStyle;
use super::scale::key;
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{CountedView, FactState, OwnState, UnitsFigure};
use crate::words::Lexicon;

/// A chart of key figures with a square for each respondent: filled if counted, open if not, a dash if there is no
/// answer. A tick above the squares and a diamond below them show the shares of nation and region.
pub(super) struct Units<'a> {
    pub(super) figure: &'a UnitsFigure,
    pub(super) nation: &'a str,
}

impl ChartKind for Units<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.squares
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let s = |length| sizes.scaled(length);
        let (label, left) = if sizes.labels_beside() { (1900, 2000) } else { (sizes.width, s(60)) };
        let own = sizes.width - s(1300);
        let single = |row: &CountedView| row.measure.own.state == OwnState::Answer;
        let rows = self.figure.rows.iter().map(|row| {
            let lines = sizes.label(&row.measure.label, label);
            (sizes.row_of(lines.len(), s(246)), (lines, row))
        });
        Rows { head: sizes.line() + s(40), rows: rows.collect() }.draw(
            style,
            |canvas| {
                let y = sizes.line() / 2;
                key(canvas, self.nation, (0, y))?;
                canvas.text(canvas.short(self.nation, s(800)), (sizes.width, y), TextStyle::RIGHT_BOLD)
            },
            |canvas, (lines, row), [label, y]| {
                canvas.label(lines, (0, label))?;
                let view = &row.measure.own;
                let all = (view.base + row.not_in_base).max(1) as i32;
                let pitch = ((own - s(60) - left) / all).min(s(150));
                let side = (pitch - s(30)).max(s(20));
                for at in 0..all {
                    let centre = (left + pitch * at + pitch / 2, y);
                    if at.cast_unsigned() < view.base {
                        canvas.square(centre, side, at.cast_unsigned() < view.count)?;
                    } else {
                        canvas.dash(centre, side)?;
                    }
                }
                // Others' shares of those in the area's own base.
                let along = |percent: u32| left + pitch * view.base as i32 * percent.min(100) as i32 / 100;
                if row.measure.nation.state == FactState::Value && view.base > 0 {
                    canvas.tick((along(row.measure.nation.length), y - side / 2 - s(30)))?;
                }
                if row.measure.region.state == FactState::Value && view.base > 0 {
                    canvas.diamond((along(row.measure.region.length), y + side / 2 + s(34)))?;
                }
                if single(row) || view.base == 0 {
                    return canvas.bold(&sizes.bold_label(&view.text, sizes.width - own, 2), (own, y));
                }
                canvas.text(&view.text, (own, y), TextStyle::LEFT_BOLD)?;
                canvas.text(&row.at_nation, (sizes.width, y), TextStyle::RIGHT)
            },
        )
    }

    fn printed(&self) -> Vec<String> {
        let row = |row: &CountedView| {
            let at_nation = (row.measure.own.state == OwnState::Share).then(|| row.at_nation.clone());
            [row.measure.label.clone(), row.measure.own.text.clone()]
                .into_iter()
                .chain(at_nation)
                .collect::<Vec<_>>()
        };
        self.figure.rows.iter().flat_map(row).collect()
    }
}
