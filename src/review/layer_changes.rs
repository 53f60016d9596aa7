use std::cmp::Reverse;
use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::accounted::MovedForms;
use super::change::PageChange;
use super::reading::{ReadPdf, ReadReport};
use super::words::WordChange;
use crate::pdf::{Item, differing_objects, layers};

/// What differs besides the pages: properties, bookmarks, links, forms, scripts, attached files and structure. `moved`
/// are the figures that moved.
pub(super) fn layer_changes(
    before: &ReadReport<'_>,
    now: &ReadReport<'_>,
    [was, is]: [&ReadPdf; 2],
    pages: &[PageChange],
    moved: &MovedForms,
) -> Vec<WordChange> {
    let same_pages = was.pages.len() == is.pages.len();
    let settled = |page: usize| same_pages && !pages.iter().any(|change| change.is == Some(page + 1));
    let mut names =
        [before.report, now.report].map(|report| [&report.name, &report.region, report.code()]).concat();
    names.sort_by_key(|name| Reverse(name.len()));
    let (old, new) = (layers(&was.document, &settled), layers(&is.document, &settled));
    let pairs = old.iter().zip(&new);
    let mut changes: Vec<WordChange> =
        pairs.flat_map(|(was, is)| item_changes(was.title, &was.items, &is.items, &names)).collect();
    let as_moved = match (&before.facts, &now.facts) {
        (Some(was), Some(is)) => !moved.is_empty() && moved.are_all_that_differs(was, is),
        _ => false,
    };
    for change in &mut changes {
        change.follows = as_moved && is_of_facts(&change.was) && is_of_facts(&change.is);
    }
    changes
}

/// True for the attached facts and their seal, which the figures of a report show.
fn is_of_facts(item: &str) -> bool {
    let name = item.split(": ").next().unwrap_or_default();
    name.ends_with("-facts.json") || item.starts_with("keyword: aggregates-sha256:")
}

/// The objects that differ in files of which nothing else does.
pub(super) fn object_changes(was: &ReadPdf, is: &ReadPdf) -> Vec<WordChange> {
    let pairs = differing_objects(&was.document, &is.document);
    pairs.iter().map(|(was, is)| WordChange::of_items(OBJECTS, Some(was), Some(is), &[])).collect()
}

/// The change of a file without pages of which only the spaces and new lines between words differ.
pub(super) fn space_change() -> WordChange {
    let item = |text: &str| Item { text: text.to_owned(), like: text.to_owned() };
    let [was, is] = ["spaces and new lines as before", "other spaces or new lines"].map(item);
    WordChange::of_items(OBJECTS, Some(&was), Some(&is), &[])
}

/// The section for what this program does not understand.
const OBJECTS: &str = "Bytes that differ";

/// The items that differ, each kind of change once.
pub(super) fn item_changes(section: &str, was: &[Item], is: &[Item], names: &[&str]) -> Vec<WordChange> {
    let mut seen = BTreeSet::new();
    let mut changes = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, was, is) {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (&was[operation.old_range()], &is[operation.new_range()]);
        for step in 0..old.len().max(new.len()) {
            let change = WordChange::of_items(section, old.get(step), new.get(step), names);
            if seen.insert(change.signature()) {
                changes.push(change);
            }
        }
    }
    changes
}
