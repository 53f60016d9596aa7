use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::accounted::MovedForms;
use super::change::{Fate, RecipientsChange, ReportChange, Version};
use super::data_changes::data_changes;
use super::layer_changes::{layer_changes, object_changes, space_change};
use super::markup_changes::markup_changes;
use super::page_changes::page_changes;
use super::reading::{Contents, ReadReport};
use super::side::{Key, Side, SideReport};
use super::words::{known_text, words};
use crate::publish::{DifferentParts, Fingerprint, figure_changes};

/// How far a comparison goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Figures and words only.
    Text,
    /// How pages look as well.
    Looks,
}

/// Compares the two versions of a report; `None` if their bytes are the same, or if neither side has the report.
pub(super) fn change(key: &Key, old: &Side, new: &Side, depth: Depth) -> Option<ReportChange> {
    let (was, is) = (old.reports.get(key), new.reports.get(key));
    let mut change = unread(key, was, is)?;
    change.recipients = recipients_change(old, new, key);
    let (Some(was), Some(is)) = (was, is) else { return Some(change) };
    if change.fate != Fate::Changed {
        return Some(change);
    }
    let data = data_changes(was, is);
    if was.sha256 == is.sha256 {
        change.words = data;
        return (change.recipients.is_some() || !change.words.is_empty()).then_some(change);
    }
    let unreadable = change.clone();
    let compare = || {
        let (before, now) = (ReadReport::of(old, was)?, ReadReport::of(new, is)?);
        Ok(compared(change, &before, &now, depth))
    };
    // A PDF made by a different program may hold things that the library that reads it does not expect.
    let compared = catch_unwind(AssertUnwindSafe(compare))
        .unwrap_or_else(|_| Err("part of it cannot be read".to_owned()));
    let mut compared =
        compared.unwrap_or_else(|why| ReportChange { fate: Fate::Unreadable(why), ..unreadable });
    compared.words.extend(data);
    Some(compared)
}

/// What is known of a change before its files are read; `None` if neither side has the report.
fn unread(key: &Key, was: Option<&SideReport>, is: Option<&SideReport>) -> Option<ReportChange> {
    let any = is.or(was)?;
    Some(ReportChange {
        key: key.clone(),
        name: any.name.clone(),
        region: any.region.clone(),
        fate: fate(was, is)?,
        was: was.and_then(version),
        is: is.and_then(version),
        recipients: None,
        figures: Vec::new(),
        words: Vec::new(),
        texts: <[String; 2]>::default(),
        pages: Vec::new(),
        parts: parts(was, is),
    })
}

/// Who is to receive the report, if that changed.
fn recipients_change(old: &Side, new: &Side, key: &Key) -> Option<RecipientsChange> {
    let hash = |side: &Side| {
        let entry = side.reports.get(key)?.entry.as_ref()?;
        Some(entry.recipients.clone())
    };
    let (was, is) = (hash(old)?, hash(new)?);
    if was == is {
        return None;
    }
    let listed = |side: &Side, hash: &str| {
        let known = key.edition().and_then(|id| side.addressees.listed(&id.report, hash));
        match known {
            Some(listed) if listed.is_empty() => "nobody".to_owned(),
            Some(listed) => listed.join("; "),
            None => "no longer known".to_owned(),
        }
    };
    Some(RecipientsChange { was: listed(old, &was), is: listed(new, &is) })
}

fn fate(was: Option<&SideReport>, is: Option<&SideReport>) -> Option<Fate> {
    let made = |report: Option<&SideReport>| report.is_some_and(|report| report.file.is_some());
    match (made(was), made(is)) {
        (false, false) => None,
        (false, true) => Some(Fate::New),
        (true, false) => Some(is.and_then(SideReport::failure).map_or(Fate::Removed, Fate::Failed)),
        (true, true) => Some(Fate::Changed),
    }
}

fn version(report: &SideReport) -> Option<Version> {
    let pages = report.entry.as_ref().and_then(|entry| entry.report.as_ref()?.pages);
    let file = report.file.clone()?;
    Some(Version { file, sha256: report.sha256.clone(), pages: pages.unwrap_or_default() })
}

/// The parts in which the fingerprints of a report differ; `None` if either side has no fingerprint.
fn parts(was: Option<&SideReport>, is: Option<&SideReport>) -> Option<DifferentParts> {
    fn fingerprint(report: Option<&SideReport>) -> Option<&Fingerprint> {
        report?.entry.as_ref()?.fingerprint.as_ref()
    }
    Some(DifferentParts::between(fingerprint(was)?, fingerprint(is)?))
}

/// Completes a change with the figures, words and pages that differ.
fn compared(
    change: ReportChange,
    before: &ReadReport<'_>,
    now: &ReadReport<'_>,
    depth: Depth,
) -> ReportChange {
    let (figures, moved) = match (&before.facts, &now.facts) {
        (Some(old), Some(new)) => {
            let figures = figure_changes(&now.report.name, old, new);
            let moved = MovedForms::of(&figures, old, new);
            (figures, moved)
        }
        _ => Default::default(),
    };
    let (old, new) = (before.contents.sections(), now.contents.sections());
    let names = names(before.report, now.report);
    let mut words = words(&old, &new, &names);
    for change in &mut words {
        change.follows = moved.account_for(&change.was, &change.is);
    }
    let texts = [known_text(&old, &names), known_text(&new, &names)];
    let mut pages = Vec::new();
    if depth == Depth::Looks {
        match (&before.contents, &now.contents) {
            (Contents::Pdf(was), Contents::Pdf(is)) => {
                pages = page_changes(was, is, &words);
                words.extend(layer_changes(before, now, [was, is], &pages, &moved));
                if figures.is_empty() && words.is_empty() && pages.is_empty() {
                    words = object_changes(was, is);
                }
            }
            (Contents::Page(was), Contents::Page(is)) => words.extend(markup_changes(was, is, &names)),
            // A plain text has nothing but its words and the spaces between them.
            _ => {}
        }
        if words.is_empty() && now.contents.pages() == 0 {
            words = vec![space_change()];
        }
    }
    let was = change.was.map(|version| Version { pages: before.contents.pages(), ..version });
    let is = change.is.map(|version| Version { pages: now.contents.pages(), ..version });
    ReportChange { figures, words, texts, pages, was, is, ..change }
}

/// The names of the area and its region, longest first because one name can be part of a longer one.
fn names<'s>(was: &'s SideReport, is: &'s SideReport) -> [&'s str; 4] {
    let mut names = [&was.name, &is.name, &was.region, &is.region].map(String::as_str);
    names.sort_by_key(|name| Reverse(name.len()));
    names
}
