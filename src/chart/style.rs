//! Sizes of every chart, in one place; colours are in `report-templates/theme/palette.toml`. Lengths are tenths of a point.

/// The family of all chart text, one of those in `fonts/`.
pub const FONT_FAMILY: &str = "Atkinson Hyperlegible Next";

/// Width of a chart: the text width of a page.
pub(super) const WIDTH: i32 = 4700;
/// Height of the tallest drawing: it leaves room on a page for the title of the figure.
pub(super) const TALLEST: i32 = 5200;
/// The most lines of a label; the table beside the chart has all of it.
pub(super) const MOST_LINES: usize = 3;
/// Size of all chart text: that of body text.
pub(super) const TEXT: i32 = 105;
/// Height of a line of text.
pub(super) const LINE: i32 = 130;
/// Space round the lines of a row.
pub(super) const ROW_GAP: i32 = 28;
/// Height of the headings above the rows.
pub(super) const HEAD: i32 = 180;
/// Height of a bar.
pub(super) const BAR: i32 = 120;
