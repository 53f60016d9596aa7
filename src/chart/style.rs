//! Sizes and colours of every chart, in one place. Lengths are tenths of a point.

use plotters::style::RGBColor;

/// The family of all chart text, one of those in `fonts/`.
pub const FONT_FAMILY: &str = "Atkinson Hyperlegible Next";

/// Width of a chart: the text width of a page.
pub(super) const WIDTH: i32 = 4700;
/// Size of all chart text: that of body text.
pub(super) const TEXT: i32 = 105;
/// Height of a line of text.
pub(super) const LINE: i32 = 130;
/// Space round the lines of a row.
pub(super) const ROW_GAP: i32 = 48;
/// Height of the headings above the rows.
pub(super) const HEAD: i32 = 180;
/// Height of a bar.
pub(super) const BAR: i32 = 120;

/// The area, everywhere: dark blue of the Analysis Function palette.
pub(super) const AREA: RGBColor = RGBColor(0x12, 0x43, 0x6D);
/// The region: turquoise, always as a diamond.
pub(super) const REGION: RGBColor = RGBColor(0x28, 0xA1, 0x97);
/// The nation: dark grey, as a vertical tick or a bar.
pub(super) const NATION: RGBColor = RGBColor(0x3D, 0x3D, 0x3D);
/// A second segment: the middle blue of the sequential palette.
pub(super) const SECOND: RGBColor = RGBColor(0x6B, 0xAC, 0xE6);
/// Other areas, without their names: dots that do not outshout the area's own.
pub(super) const OTHERS: RGBColor = RGBColor(0x8A, 0x93, 0x9E);
/// Text.
pub(super) const INK: RGBColor = RGBColor(0x1F, 0x1F, 0x1F);
/// The full scale behind a bar.
pub(super) const TRACK: RGBColor = RGBColor(0xE9, 0xEE, 0xF4);
/// Paper.
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
