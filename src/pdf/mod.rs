//! Finished PDFs, read with other libraries than those that wrote them: for the proofs before a report is published, and for
//! the review after.

mod drawing;
mod marks;
mod objects;
mod pages;

use unicode_normalization::UnicodeNormalization;

pub(crate) use drawing::{Drawable, Pen, Picture};
pub(crate) use marks::{Ink, Mark, MarkKind};
pub(crate) use objects::Objects;
pub(crate) use pages::{Page, Run, pages, text};

/// A text with single spaces between its words, straight quotation marks, and without the joiners that Typst puts in.
///
/// A letter whose accent the font draws by itself is read twice in a PDF: such letters count once in a row.
pub(crate) fn spaced(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in crate::font::printed(text).chars() {
        let c = match c {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            _ => c,
        };
        let before = plain.trim_end();
        if is_drawn_twice(c) && before.ends_with(c) {
            plain.truncate(before.len());
        } else {
            plain.push(c);
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for a letter with an accent, which some fonts draw in two strokes: it is then read twice.
pub(crate) fn is_drawn_twice(c: char) -> bool {
    !c.is_ascii() && std::iter::once(c).nfd().count() > 1
}
