use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

use crate::direction::is_right_to_left;
use crate::font::{is_joiner, printed};

/// A line of text of a chart that the page sets over the drawing. Lengths are tenths of a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The text.
    pub text: String,
    /// Where it begins, or ends, from the left edge of the drawing.
    pub x: i32,
    /// Its baseline, from the upper edge of the drawing.
    pub y: i32,
    /// True when it ends at `x`.
    pub right: bool,
    /// True for a heading.
    pub bold: bool,
}

/// True for a text that a drawing cannot hold: in PDFs each letter of a drawing stands for characters of its own, and in some
/// scripts several are drawn for one, or in another order.
pub(crate) fn stands_on_page(text: &str) -> bool {
    let shapes = |c: char| match c {
        '\u{900}'..='\u{109f}' => true,
        // Two letters make a flag, and a colour of skin goes with the sign before it.
        '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e007f}' => true,
        c => is_right_to_left(c) || is_combining_mark(c) || is_joiner(c),
    };
    !text.is_ascii() && printed(text).chars().any(shapes)
}
