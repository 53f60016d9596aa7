//! Finished PDFs, read with different libraries from those that wrote them: for the proofs before a report is
//! published, and for the review afterwards.

mod drawing;
mod fonts;
mod layers;
mod marks;
mod objects;
mod pages;
mod run;
mod writing;

use crate::direction::is_turning;
use crate::font::{is_joiner, printed};

pub(crate) use drawing::{Drawable, Pen, Picture};
pub(crate) use layers::{Item, differing_objects, layers};
pub(crate) use marks::{Ink, Mark, MarkKind};
pub(crate) use objects::{Objects, document};
pub(crate) use pages::{Page, pages, text};
pub(crate) use run::TextRun;

/// A text with single spaces between its words and straight quotation marks, and without characters that have no form
/// of their own: joiners, and those that change the direction of what follows.
pub(crate) fn spaced(text: &str) -> String {
    let without = text.chars().filter(|c| !is_joiner(*c) && !is_turning(*c));
    let plain = printed(&without.collect::<String>()).replace(['‘', '’'], "'").replace(['“', '”'], "\"");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
