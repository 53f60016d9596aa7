//! Proves a finished report from its own bytes, before it is published: every number in it is one of its facts, and
//! everything in it belongs to its own subject.

mod answers;
mod data;
mod digits;
mod identity;
mod ownership;
mod pieces;
mod readback;
mod written;

#[cfg(test)]
mod tests;

use std::fmt;

use crate::check::CheckedEvaluation;
use crate::model::{Format, ReportModel, Subject, Submission};
use crate::words::Lexicon;

pub use data::prove_csv;
pub use identity::{Identity, identify};
pub use ownership::Names;
use readback::{EditionReader, Readback, reader};

/// What a report is checked against.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The evaluation.
    pub evaluation: &'a CheckedEvaluation,
    /// The names of all areas.
    pub names: &'a Names,
    /// What the report is about.
    pub subject: Subject,
    /// The submission of the area that it is about; `None` if it is about more than one area.
    pub submission: Option<&'a Submission>,
    /// The model that the report was made from.
    pub model: &'a ReportModel,
    /// The facts, as attached.
    pub facts: &'a [u8],
    /// The sentences that appear word for word in the templates.
    pub fixed_text: &'a [String],
    /// The words of its language.
    pub words: &'a Lexicon,
}

/// A reason not to trust a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// The page, from 1; `None` if the doubt is not about a page.
    pub page: Option<usize>,
    /// What was found.
    pub problem: String,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.page {
            Some(page) => write!(f, "page {page}: {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

/// A doubt about text that runs off the page, where nobody can read it.
fn cut_off((page, text): &(usize, String)) -> Doubt {
    let begin: String = text.chars().take(40).collect();
    Doubt { page: Some(*page), problem: format!("'{begin}' runs off the page") }
}

/// Reads a finished report back and proves it.
///
/// # Errors
/// Returns every doubt, in page order.
pub fn prove(format: Format, bytes: &[u8], claim: Claim<'_>) -> Result<(), Vec<Doubt>> {
    proved(reader(format), bytes, claim)
}

/// Reads a finished report back with a reader and proves it.
fn proved(reader: &dyn EditionReader, bytes: &[u8], claim: Claim<'_>) -> Result<(), Vec<Doubt>> {
    let readback = reader.read(bytes, claim).map_err(|problem| vec![Doubt { page: None, problem }])?;
    let written = written::written(claim);
    let mut doubts = ownership::ownership(&readback, claim, &written);
    doubts.extend(digits::digits(&readback, claim, &written));
    doubts.extend(readback.cut_off.iter().map(cut_off));
    doubts.sort();
    doubts.dedup();
    if doubts.is_empty() { Ok(()) } else { Err(doubts) }
}
