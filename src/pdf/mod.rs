//! Finished PDFs, read with other libraries than those that wrote them: for the proofs before a report is published, and for
//! the review after.

mod drawing;
mod marks;
mod objects;
mod pages;

pub(crate) use drawing::{Drawable, Pen, Picture};
pub(crate) use marks::{Ink, Mark, MarkKind};
pub(crate) use objects::Objects;
pub(crate) use pages::{Page, Run, pages, text};

/// A text with single spaces between its words, straight quotation marks, and without the joiners that Typst puts in.
pub(crate) fn spaced(text: &str) -> String {
    let plain: String = crate::font::printed(text)
        .chars()
        .map(|c| match c {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            _ => c,
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
