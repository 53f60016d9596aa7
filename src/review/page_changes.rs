use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use similar::{Algorithm, capture_diff_slices};

use super::change::PageChange;
use super::look::{Look, looks};
use super::pixels::{DOTS_PER_INCH, difference};
use super::reading::ReadPdf;
use super::words::WordChange;
use crate::pdf::{Drawable, Mark, Page, Pen};

/// The pages that look different.
pub(super) fn page_changes(before: &ReadPdf, now: &ReadPdf, words: &[WordChange]) -> Vec<PageChange> {
    let first_words = words.iter().filter_map(|change| change.page).min().unwrap_or(usize::MAX);
    let mut changes = Vec::new();
    for pair in pairs(&before.pages, &now.pages) {
        let (was, is) = (pair.was.map(|page| &before.pages[page]), pair.is.map(|page| &now.pages[page]));
        let looks = match (was, is) {
            // The footer of a page that moved has a different number, which does not count.
            (Some(was), Some(is)) if pair.was != pair.is => looks(&body(was), &body(is)),
            (Some(was), Some(is)) => looks(&was.marks, &is.marks),
            _ => BTreeSet::from([Look::Page]),
        };
        let opaque = |page: Option<&Page>| page.is_some_and(|page| page.opaque);
        if looks.is_empty() && !opaque(was) && !opaque(is) {
            continue;
        }
        changes.push(PageChange {
            was: pair.was.map(|page| page + 1),
            is: pair.is.map(|page| page + 1),
            looks,
            difference: None,
            after_words: first_words <= pair.is.or(pair.was).unwrap_or_default() + 1,
        });
    }
    draw(before, now, &mut changes);
    changes
}

/// A page of one report and its counterpart in the other, counted from 0; `None` where there is no counterpart.
struct PagePair {
    was: Option<usize>,
    is: Option<usize>,
}

/// Matches the pages of two reports.
fn pairs(old: &[Page], new: &[Page]) -> Vec<PagePair> {
    if old.len() == new.len() {
        return (0..old.len()).map(|page| PagePair { was: Some(page), is: Some(page) }).collect();
    }
    let texts = |pages: &[Page]| -> Vec<u64> { pages.iter().map(text_hash).collect() };
    let mut pairs = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        let (was, is) = (operation.old_range(), operation.new_range());
        for step in 0..was.len().max(is.len()) {
            pairs.push(PagePair { was: was.clone().nth(step), is: is.clone().nth(step) });
        }
    }
    pairs
}

fn text_hash(page: &Page) -> u64 {
    let mut hasher = DefaultHasher::new();
    page.runs.iter().filter(|run| !run.artifact).for_each(|run| run.pieces.hash(&mut hasher));
    hasher.finish()
}

/// The marks of a page without its header and footer.
fn body(page: &Page) -> Vec<Mark> {
    page.marks.iter().filter(|mark| !mark.furniture).copied().collect()
}

/// The most pages of a report that are drawn. The marks on a page are always compared exactly, one by one; pixels only
/// add where the difference shows. After a change to every page of every report, nobody should have to wait for
/// thousands of drawings.
const MOST_DRAWN: usize = 8;

/// Draws pages on both sides and compares them pixel by pixel: first one page of each look, then the rest in their
/// order. Pages with things that only their pixels can identify are always drawn, and dropped if no pixel differs. Marks
/// that differ count without a differing pixel: at this resolution a thin line is as wide as a thinner one.
fn draw(before: &ReadPdf, now: &ReadPdf, changes: &mut Vec<PageChange>) {
    let open = |reading: &ReadPdf| Drawable::open(reading.bytes.clone()).ok();
    let (old_file, new_file) = (open(before), open(now));
    let (old_pen, new_pen) = (old_file.as_ref().map(Drawable::pen), new_file.as_ref().map(Drawable::pen));
    let mut seen = BTreeSet::new();
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by_cached_key(|at| !seen.insert(changes[*at].looks.clone()));
    for (drawn, at) in order.into_iter().enumerate() {
        let change = &mut changes[at];
        if drawn < MOST_DRAWN || change.looks.is_empty() {
            compare_drawings(change, old_pen.as_ref(), new_pen.as_ref());
        }
    }
    changes.retain(|change| !change.looks.is_empty());
}

/// Adds to a change what the drawings of both versions of its page show. A page on one side only stays as it is.
fn compare_drawings(change: &mut PageChange, old: Option<&Pen<'_>>, new: Option<&Pen<'_>>) {
    let draw = |pen: Option<&Pen<'_>>, page: Option<usize>| pen?.draw(page? - 1, DOTS_PER_INCH);
    if change.was.is_none() || change.is.is_none() {
        return;
    }
    let (Some(old), Some(new)) = (draw(old, change.was), draw(new, change.is)) else { return };
    if (old.width, old.height) != (new.width, new.height) {
        change.looks.insert(Look::Page);
    }
    let difference = difference(&old, &new);
    if change.looks.is_empty() && difference.pixels > 0 && change.was == change.is {
        change.looks.insert(Look::Pixels);
    }
    change.difference = Some(difference);
}
