//! Text written from right to left.

use unicode_bidi::{BidiClass, bidi_class};

/// The start and end of a piece of text that finds its own direction and does not affect the text around it.
pub(crate) const ISOLATE: char = '\u{2068}';
pub(crate) const END_OF_ISOLATE: char = '\u{2069}';

/// True when any part of a text is written from right to left.
pub(crate) fn has_right_to_left(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_right_to_left)
}

/// True for a letter written from right to left.
pub(crate) fn is_right_to_left(c: char) -> bool {
    matches!(bidi_class(c), BidiClass::R | BidiClass::AL)
}

/// True for a character that changes the direction of the text after it.
pub fn is_turning(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
