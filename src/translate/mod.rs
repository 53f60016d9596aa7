//! Translations of the words of reports, in the form that translators' tools read: each word, sentence or snippet is a unit
//! of a PO file, and what comes back is put where the program looks for it.

mod catalogue;
mod files;
mod po;
mod sentences;

pub use catalogue::{Catalogue, Unit};
pub use files::{TranslateError, Words, is_of_evaluation};
