use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use similar::{Algorithm, capture_diff_slices};

use super::figures::{FigureChange, figures};
use super::look::{Look, looks};
use super::pixels::{DOTS_PER_INCH, Difference, difference};
use super::side::{Copy, Key, Side};
use super::words::{WordChange, sections, words};
use crate::fs;
use crate::pdf::{Drawable, Mark, Objects, Page, Pen, pages};
use crate::publish::Fingerprint;

/// How a report differs from the one before: what it says, in which words, and how it looks.
#[derive(Clone, Debug, Serialize)]
pub struct ReportChange {
    /// Which report.
    #[serde(flatten)]
    pub key: Key,
    /// Name of its subject.
    pub name: String,
    /// Name of the region of its subject.
    pub region: String,
    /// What became of it.
    pub fate: Fate,
    /// The report before.
    pub was: Option<Version>,
    /// The report now.
    pub is: Option<Version>,
    /// Its figures that are printed otherwise.
    pub figures: Vec<FigureChange>,
    /// Its words that stand otherwise.
    pub words: Vec<WordChange>,
    /// Its pages that look otherwise.
    pub pages: Vec<PageChange>,
    /// Why, as far as the report itself tells: parts of its fingerprint that differ.
    #[serde(skip)]
    pub(super) parts: Parts,
}

/// A report on one side.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// Its path in the folder of its side.
    pub file: String,
    /// Hash of its bytes.
    pub sha256: String,
    /// How many pages it has.
    pub pages: usize,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fate", content = "why")]
pub enum Fate {
    /// It is on both sides and differs.
    Changed,
    /// It is new.
    New,
    /// It is gone.
    Removed,
    /// It could not be made, and the reason.
    Failed(String),
    /// One of the two cannot be read, and why.
    Unreadable(String),
}

/// A page that looks different.
#[derive(Clone, Debug, Serialize)]
pub struct PageChange {
    /// Its number before, from 1; `None` if it is new.
    pub was: Option<usize>,
    /// Its number now; `None` if it is gone.
    pub is: Option<usize>,
    /// In which ways.
    pub looks: BTreeSet<Look>,
    /// Where, when it was drawn.
    pub difference: Option<Difference>,
    /// True when words on this page or one before it differ too: then things are bound to move.
    pub after_words: bool,
}

impl PageChange {
    /// The looks that other words do not explain: these push things along, but colour nothing that stays in its place.
    pub(super) fn telling(&self) -> impl Iterator<Item = &Look> {
        self.looks
            .iter()
            .filter(|look| !self.after_words || matches!(look, Look::Colour { .. } | Look::Pixels))
    }
}

/// The parts of two fingerprints that differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// False when there are no two fingerprints.
    pub(super) known: bool,
    pub(super) submission: bool,
    pub(super) model: bool,
    pub(super) templates: bool,
    pub(super) style: bool,
    pub(super) fonts: bool,
    pub(super) engine: bool,
}

/// How far a comparison goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Figures and words.
    Sayings,
    /// How pages look, too.
    Looks,
}

/// Compares the two versions of a report; `None` if they have the same bytes, or there is none on either side.
pub(super) fn report(
    key: &Key,
    old: (&Side, Option<&Copy>),
    new: (&Side, Option<&Copy>),
    depth: Depth,
) -> Option<ReportChange> {
    let any = new.1.or(old.1)?;
    let made = |copy: Option<&Copy>| copy.is_some_and(|copy| copy.file.is_some());
    let fate = match (made(old.1), made(new.1)) {
        (false, false) => return None,
        (false, true) => Fate::New,
        (true, false) => new.1.and_then(Copy::failure).map_or(Fate::Removed, Fate::Failed),
        (true, true) => Fate::Changed,
    };
    let change = ReportChange {
        key: key.clone(),
        name: any.name.clone(),
        region: any.region.clone(),
        fate,
        was: old.1.and_then(version),
        is: new.1.and_then(version),
        figures: Vec::new(),
        words: Vec::new(),
        pages: Vec::new(),
        parts: parts(old.1, new.1),
    };
    let ((old_side, Some(was)), (new_side, Some(is))) = (old, new) else { return Some(change) };
    if change.fate != Fate::Changed {
        return Some(change);
    }
    if was.sha256 == is.sha256 {
        return None;
    }
    let unreadable = change.clone();
    let compare = || {
        let (before, now) = (Reading::of(old_side, was)?, Reading::of(new_side, is)?);
        Ok(layers(change, (was, before), (is, now), depth))
    };
    // A PDF of another maker may hold what the library that reads it does not expect.
    let compared = catch_unwind(AssertUnwindSafe(compare))
        .unwrap_or_else(|_| Err("it has something in it that cannot be read".to_owned()));
    Some(compared.unwrap_or_else(|why| ReportChange { fate: Fate::Unreadable(why), ..unreadable }))
}

/// A report as it is read from its bytes.
struct Reading {
    bytes: Vec<u8>,
    objects: Objects,
    pages: Vec<Page>,
    facts: Option<Vec<crate::model::Fact>>,
}

impl Reading {
    fn of(side: &Side, copy: &Copy) -> Result<Self, String> {
        let file = side.folder.join(copy.file.as_deref().unwrap_or_default());
        let in_file = |problem: String| format!("{}: {problem}", file.display());
        let bytes = fs::read(&file).map_err(|error| error.to_string())?;
        let objects = Objects::read(&bytes).map_err(in_file)?;
        let pages = pages(&bytes).map_err(in_file)?;
        let facts = copy.facts(&side.folder, &objects);
        Ok(Self { bytes, objects, pages, facts })
    }
}

fn layers(
    change: ReportChange,
    (was, before): (&Copy, Reading),
    (is, now): (&Copy, Reading),
    depth: Depth,
) -> ReportChange {
    let figures = match (&before.facts, &now.facts) {
        (Some(old), Some(new)) => figures(&is.name, old, new),
        _ => Vec::new(),
    };
    // The longest first: a name can be a part of another.
    let mut names = [&was.name, &is.name, &was.region, &is.region].map(String::as_str);
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let (old, new) = (sections(&before.pages, &before.objects), sections(&now.pages, &now.objects));
    let words = words(&old, &new, &names);
    let pages = if depth == Depth::Looks { looked_at(&before, &now, &words) } else { Vec::new() };
    let count = |version: Option<Version>, reading: &Reading| {
        version.map(|version| Version { pages: reading.pages.len(), ..version })
    };
    let (was, is) = (count(change.was, &before), count(change.is, &now));
    ReportChange { figures, words, pages, was, is, ..change }
}

/// Most pages of a report that are drawn. What stands on a page is compared thing by thing, exactly; pixels only add where
/// that shows. Whoever changes all pages of all reports need not wait for thousands of drawings.
const MOST_DRAWN: usize = 8;

/// The pages that look otherwise.
fn looked_at(before: &Reading, now: &Reading, words: &[WordChange]) -> Vec<PageChange> {
    let first_words = words.iter().filter_map(|change| change.page).min().unwrap_or(usize::MAX);
    let mut changes: Vec<PageChange> = Vec::new();
    for (was, is) in pairs(&before.pages, &now.pages) {
        let looks = match (was, is) {
            // A page that another one pushed along has another number in its footer: that says nothing.
            (Some(was), Some(is)) if was != is => looks(&body(&before.pages[was]), &body(&now.pages[is])),
            (Some(was), Some(is)) => looks(&before.pages[was].marks, &now.pages[is].marks),
            _ => BTreeSet::from([Look::Page]),
        };
        let opaque =
            |reading: &Reading, page: Option<usize>| page.is_some_and(|page| reading.pages[page].opaque);
        if looks.is_empty() && !opaque(before, was) && !opaque(now, is) {
            continue;
        }
        let after_words = first_words <= is.or(was).unwrap_or_default() + 1;
        let number = |page: Option<usize>| page.map(|page| page + 1);
        changes.push(PageChange { was: number(was), is: number(is), looks, difference: None, after_words });
    }
    draw(before, now, &mut changes);
    changes
}

/// Draws pages on both sides and compares them pixel by pixel: the first page of each look, and then the others in their
/// order; always where things are drawn that tell only by their pixels what they are. A page on which no pixel differs is
/// taken out: nobody can see the difference.
fn draw(before: &Reading, now: &Reading, changes: &mut Vec<PageChange>) {
    let open = |reading: &Reading| Drawable::open(reading.bytes.clone()).ok();
    let (old_file, new_file) = (open(before), open(now));
    let (old_pen, new_pen) = (old_file.as_ref().map(Drawable::pen), new_file.as_ref().map(Drawable::pen));
    let mut seen = BTreeSet::new();
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by_cached_key(|at| !seen.insert(changes[*at].looks.clone()));
    for (drawn, at) in order.into_iter().enumerate() {
        let change = &mut changes[at];
        let (Some(was), Some(is)) = (change.was, change.is) else { continue };
        if drawn >= MOST_DRAWN && !change.looks.is_empty() {
            continue;
        }
        let draw = |pen: &Option<Pen<'_>>, page: usize| pen.as_ref()?.draw(page - 1, DOTS_PER_INCH);
        let (Some(old), Some(new)) = (draw(&old_pen, was), draw(&new_pen, is)) else { continue };
        if (old.width, old.height) != (new.width, new.height) {
            change.looks.insert(Look::Page);
        }
        let difference = difference(&old, &new);
        if change.looks.is_empty() && difference.pixels > 0 && was == is {
            change.looks.insert(Look::Pixels);
        }
        change.difference = Some(difference);
    }
    let invisible = |change: &PageChange| change.difference.as_ref().is_some_and(|found| found.pixels == 0);
    changes.retain(|change| !invisible(change) && !change.looks.is_empty());
}

fn body(page: &Page) -> Vec<Mark> {
    page.marks.iter().filter(|mark| !mark.furniture).copied().collect()
}

/// Which page of one report stands for which of the other.
fn pairs(old: &[Page], new: &[Page]) -> Vec<(Option<usize>, Option<usize>)> {
    if old.len() == new.len() {
        return (0..old.len()).map(|page| (Some(page), Some(page))).collect();
    }
    let texts = |pages: &[Page]| -> Vec<u64> { pages.iter().map(text_hash).collect() };
    let mut pairs = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        let (was, is) = (operation.old_range(), operation.new_range());
        for step in 0..was.len().max(is.len()) {
            pairs.push((was.clone().nth(step), is.clone().nth(step)));
        }
    }
    pairs
}

fn text_hash(page: &Page) -> u64 {
    let mut hasher = DefaultHasher::new();
    page.runs.iter().filter(|run| !run.artifact).for_each(|run| run.pieces.hash(&mut hasher));
    hasher.finish()
}

fn version(copy: &Copy) -> Option<Version> {
    let pages = copy.entry.as_ref().and_then(|entry| entry.report.as_ref()?.pages);
    let file = copy.file.clone()?;
    Some(Version { file, sha256: copy.sha256.clone(), pages: pages.unwrap_or_default() })
}

fn parts(was: Option<&Copy>, is: Option<&Copy>) -> Parts {
    fn fingerprint(copy: Option<&Copy>) -> Option<&Fingerprint> {
        copy?.entry.as_ref()?.fingerprint.as_ref()
    }
    let (Some(was), Some(is)) = (fingerprint(was), fingerprint(is)) else { return Parts::default() };
    Parts {
        known: true,
        submission: was.submission != is.submission,
        model: (&was.model, &was.facts) != (&is.model, &is.facts),
        templates: was.templates != is.templates,
        style: was.style != is.style,
        fonts: was.fonts != is.fonts,
        engine: was.engine != is.engine,
    }
}
