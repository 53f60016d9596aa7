//! Two runs, or any two PDFs, in; what differs, why, and what reviewers decide, out.

mod approved;
mod cause;
mod compare;
mod decisions;
mod figures;
mod group;
mod look;
mod page;
mod pixels;
mod record;
mod side;
mod title;
mod verdict;
mod words;

use std::collections::BTreeSet;
use std::path::Path;

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::fs::{self, PathError};
use crate::pdf::{Objects, pages};
use cause::Inputs;
use compare::Depth;

pub use approved::{Approved, Unapproved};
pub use cause::Cause;
pub use compare::{Fate, PageChange, ReportChange, Version};
pub use decisions::{Decisions, ReportDecision, news};
pub use figures::{FigureChange, FigureKind, Scope};
pub use group::{Group, GroupFigure, GroupWords, Risk};
pub use look::Look;
pub use page::{ReviewPage, page};
pub use pixels::{Area, Difference};
pub use record::{Record, RecordError};
pub use side::{Key, Side, SideError};
pub use verdict::{Decision, Part, Seen, Standing, Verdict, standing};
pub use words::WordChange;

/// What differs between two sides.
#[derive(Debug)]
pub struct Review {
    /// How many reports have the same bytes on both sides.
    pub unchanged: usize,
    /// The others, by kind, subject and format.
    pub changes: Vec<ReportChange>,
    /// The changes grouped by what they mean, those that deserve a look first.
    pub groups: Vec<Group>,
}

/// Compares two sides. `wanted` says which reports; `done` hears of each that is compared, and how many there
/// are, from several threads.
pub fn review(
    old: &Side,
    new: &Side,
    wanted: impl Fn(&Key, &str) -> bool,
    done: impl Fn(usize) + Sync,
) -> Review {
    compared(old, new, Depth::Looks, wanted, done)
}

/// Compares what two sides say, and not how it looks: in a tenth of the time.
pub fn sayings(old: &Side, new: &Side, wanted: impl Fn(&Key, &str) -> bool) -> Review {
    compared(old, new, Depth::Sayings, wanted, |_| {})
}

fn compared(
    old: &Side,
    new: &Side,
    depth: Depth,
    wanted: impl Fn(&Key, &str) -> bool,
    done: impl Fn(usize) + Sync,
) -> Review {
    let keys: BTreeSet<&Key> = old.copies.keys().chain(new.copies.keys()).collect();
    let region = |key: &Key| {
        let copy = new.copies.get(key).or_else(|| old.copies.get(key));
        copy.map(|copy| copy.region.clone()).unwrap_or_default()
    };
    let keys: Vec<&Key> = keys.into_iter().filter(|key| wanted(key, &region(key))).collect();
    let all = keys.len();
    let mut compared: Vec<(&Key, Option<ReportChange>)> = keys
        .into_iter()
        .par_bridge()
        .map(|key| {
            let change = compare::report(key, (old, old.copies.get(key)), (new, new.copies.get(key)), depth);
            done(all);
            (key, change)
        })
        .collect();
    compared.sort_by_key(|(key, _)| *key);
    let made = |key: &Key| new.copies.get(key).is_some_and(|copy| copy.file.is_some());
    let unchanged = compared.iter().filter(|(key, change)| change.is_none() && made(key)).count();
    let changes: Vec<ReportChange> = compared.into_iter().filter_map(|(_, change)| change).collect();
    let groups = group::groups(&changes, &Inputs::of(old, new, &changes));
    Review { unchanged, changes, groups }
}

/// The words of a PDF, section by section, as they are compared.
///
/// # Errors
/// When the file cannot be read, or is not a PDF.
pub fn text(file: &Path) -> Result<String, TextError> {
    let bytes = fs::read(file)?;
    let objects = Objects::read(&bytes).map_err(TextError::Pdf)?;
    let pages = pages(&bytes).map_err(TextError::Pdf)?;
    Ok(words::plain(&words::sections(&pages, &objects)))
}

/// Why the words of a file cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It is not a PDF.
    #[error("this is not a PDF: {0}")]
    Pdf(String),
}
