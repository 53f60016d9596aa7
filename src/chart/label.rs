use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

use crate::direction::is_right_to_left;
use crate::font::{is_joiner, printed};

/// A line of chart text that the page sets over the drawing. Lengths are in tenths of a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The text.
    pub text: String,
    /// Where it starts or ends, measured from the left edge of the drawing.
    pub x: i32,
    /// Its baseline, measured from the top edge of the drawing.
    pub y: i32,
    /// True when the text ends at `x`.
    pub right: bool,
    /// True for a heading.
    pub bold: bool,
    /// True for light text on a dark ground.
    pub light: bool,
}

/// True for text that a drawing cannot hold: in PDFs, each glyph of a drawing stands for its own characters, but some
/// scripts draw several characters as one glyph, or in a different order.
pub(crate) fn stands_on_page(text: &str) -> bool {
    let shapes = |c: char| match c {
        '\u{900}'..='\u{109f}' => true,
        // Two letters make a flag, and a skin tone modifies the symbol before it.
        '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e007f}' => true,
        c => is_right_to_left(c) || is_combining_mark(c) || is_joiner(c),
    };
    !text.is_ascii() && printed(text).chars().any(shapes)
}
