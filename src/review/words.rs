use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::masks::{masked, without};
use super::sections::Section;
use crate::pdf::Item;

/// Words that differ from those before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordChange {
    /// The section, by its bookmark.
    pub section: String,
    /// The page where the words are now, or were before, from 1; `None` for words that are only read out.
    pub page: Option<usize>,
    /// The words before; empty if words were added.
    pub was: String,
    /// The words now; empty if words were removed.
    pub is: String,
    /// The same without numbers and without the names of the area and its region.
    #[serde(skip)]
    pattern: Pattern,
    /// The same with the word before and the word after it; `None` if it is not part of a text.
    #[serde(skip)]
    context: Option<Pattern>,
    /// True if figures that moved account for it exactly.
    #[serde(skip)]
    pub(super) follows: bool,
}

/// A change of words without numbers and names: the same in reports that were changed in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    was: String,
    is: String,
}

/// The words that differ between two reports, section by section. `names` are those of the area and its region.
pub(super) fn words(was: &[Section], is: &[Section], names: &[&str]) -> Vec<WordChange> {
    let (old, new) = (headings(was, names), headings(is, names));
    let empty = Section::default();
    let mut changes = Vec::new();
    for (section, heading) in is.iter().zip(&new) {
        let before = old.iter().position(|other| other == heading).and_then(|position| was.get(position));
        section_changes(before.unwrap_or(&empty), section, names, &mut changes);
    }
    for (section, heading) in was.iter().zip(&old) {
        if !new.contains(heading) {
            section_changes(section, &empty, names, &mut changes);
        }
    }
    changes
}

impl WordChange {
    /// A change of an item that is not on the pages; an item that is missing on one side is new or gone.
    pub(super) fn of_items(section: &str, was: Option<&Item>, is: Option<&Item>, names: &[&str]) -> Self {
        let text = |item: Option<&Item>| item.map(|item| item.text.clone()).unwrap_or_default();
        let like = |item: Option<&Item>| item.map(|item| without(&item.like, names)).unwrap_or_default();
        let (section, page) = (section.to_owned(), None);
        Self {
            section,
            page,
            was: text(was),
            is: text(is),
            pattern: Pattern { was: like(was), is: like(is) },
            context: None,
            follows: false,
        }
    }

    /// A text that is the same in reports that were changed in the same way. What differs only in numbers or names is
    /// the same where these are the same.
    pub(super) fn signature(&self) -> String {
        let Pattern { was, is } = &self.pattern;
        let item = self.context.is_none();
        if was == is && !item { format!("{}\u{1f}{}", self.was, self.is) } else { format!("{was}\u{1f}{is}") }
    }

    /// True if both sides had all these words before the change, apart from numbers and names: the new ones in some
    /// report before, the old ones in some report now. `was` and `is` are the texts of the reports.
    pub(super) fn is_known(&self, was: &[&str], is: &[&str]) -> bool {
        let Some(Pattern { was: old, is: new }) = &self.context else { return false };
        self.pattern.was != self.pattern.is
            && was.iter().any(|text| text.contains(new.as_str()))
            && is.iter().any(|text| text.contains(old.as_str()))
    }
}

/// The words of a report without numbers and names, as `WordChange::is_known` looks for them.
pub(super) fn known_text(sections: &[Section], names: &[&str]) -> String {
    let sections = sections.iter().map(|section| masked(&section.words.join(" "), names));
    format!(" {} ", sections.collect::<Vec<_>>().join(" "))
}

/// What identifies a section in both reports. Names are left out, so that a renamed area keeps its sections.
#[derive(PartialEq, Eq)]
struct Heading {
    title: String,
    /// How many sections before it have the same title.
    earlier: usize,
}

fn headings(sections: &[Section], names: &[&str]) -> Vec<Heading> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut headings = Vec::new();
    for section in sections {
        let title = masked(&section.title, names);
        let times = seen.entry(title.clone()).or_default();
        headings.push(Heading { title, earlier: *times });
        *times += 1;
    }
    headings
}

/// Changes with at most this many equal words between them count as one.
const NEAR: usize = 1;

fn section_changes(was: &Section, is: &Section, names: &[&str], changes: &mut Vec<WordChange>) {
    let operations = capture_diff_slices(Algorithm::Myers, &was.words, &is.words);
    let mut stretch: Option<Stretch> = None;
    for operation in operations {
        let (old, new) = (operation.old_range(), operation.new_range());
        let near = matches!(operation, DiffOp::Equal { len, .. } if len <= NEAR);
        if matches!(operation, DiffOp::Equal { .. }) && !near {
            changes.extend(stretch.take().map(|stretch| stretch.change(was, is, names)));
            continue;
        }
        match &mut stretch {
            Some(stretch) => {
                stretch.old.end = old.end;
                stretch.new.end = new.end;
                stretch.equal = if near { new.len() } else { 0 };
            }
            None if near => {}
            None => stretch = Some(Stretch { old, new, equal: 0 }),
        }
    }
    changes.extend(stretch.map(|stretch| stretch.change(was, is, names)));
}

/// Words that count as one change, by their positions in the section.
struct Stretch {
    old: Range<usize>,
    new: Range<usize>,
    /// How many words at the end are equal and therefore left out.
    equal: usize,
}

impl Stretch {
    fn change(self, was: &Section, is: &Section, names: &[&str]) -> WordChange {
        let old = self.old.start..self.old.end - self.equal;
        let new = self.new.start..self.new.end - self.equal;
        let page = if new.is_empty() { was.pages.get(old.start) } else { is.pages.get(new.start) };
        let title = if is.title.is_empty() { &was.title } else { &is.title };
        let around = |section: &Section, words: &Range<usize>| {
            let wide = words.start.saturating_sub(1)..(words.end + 1).min(section.words.len());
            format!(" {} ", masked(&section.words[wide].join(" "), names))
        };
        let context = Some(Pattern { was: around(was, &old), is: around(is, &new) });
        let (was, is) = (was.words[old].join(" "), is.words[new].join(" "));
        WordChange {
            section: title.clone(),
            page: page.copied().flatten().map(|page| page + 1),
            pattern: Pattern { was: masked(&was, names), is: masked(&is, names) },
            was,
            is,
            context,
            follows: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, text: &str) -> Section {
        let mut section = Section::titled(title);
        section.push(text, Some(2));
        section
    }

    fn changes(was: &str, is: &str) -> Vec<(String, String)> {
        let changes = words(&[section("A", was)], &[section("A", is)], &["Leeds"]);
        changes.into_iter().map(|change| (change.was, change.is)).collect()
    }

    #[test]
    fn a_single_comma_is_a_change() {
        let one = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
        assert_eq!(
            changes("higher than England on three", "higher, than England on three"),
            one("higher", "higher,")
        );
        assert_eq!(changes("one two three", "one three"), one("two", ""));
        assert_eq!(changes("a b", "a b"), []);
        // Changes that are close together count as one, changes further apart do not.
        assert_eq!(changes("57 per cent of", "58 per centum of"), one("57 per cent", "58 per centum"));
        assert_eq!(changes("a x y z b", "A x y z B").len(), 2);
    }

    #[test]
    fn a_renamed_area_keeps_its_sections() {
        let was = [section("Where Leeds sits", "Leeds is here")];
        let is = [section("Where Leodis sits", "Leodis is here")];
        let changes = words(&was, &is, &["Leeds", "Leodis"]);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].was.as_str(), changes[0].is.as_str()), ("Leeds", "Leodis"));
        assert_eq!(changes[0].page, Some(3));
    }

    #[test]
    fn patterns_leave_out_numbers_and_names() {
        let changes = words(
            &[section("A", "Leeds: 57 per cent (77 of 135), two of three")],
            &[section("A", "Leeds: 5 per cent (7 of 1,350), [c] of none")],
            &["Leeds"],
        );
        assert!(changes.iter().all(|change| change.pattern.was == change.pattern.is), "{changes:?}");
        let signature =
            |was: &str, is: &str| words(&[section("A", was)], &[section("A", is)], &[])[0].signature();
        assert_eq!(signature("higher 5", "lower 6"), signature("higher 7", "lower 8"));
        // A year that changed is not the same as any other number.
        assert_eq!(signature("in 2024 for", "in 2025 for"), signature("of 2024", "of 2025"));
        assert_ne!(signature("in 2024 for", "in 2025 for"), signature("in 20 for", "in 25 for"));
    }

    #[test]
    fn words_are_known_if_other_reports_have_them_in_the_same_place() {
        let texts = |texts: &[&str]| -> Vec<String> {
            texts.iter().map(|text| known_text(&[section("A", text)], &[])).collect()
        };
        let (was, is) =
            (texts(&["Leeds is higher than 5", "it is lower than 6"]), texts(&["it is higher than 7"]));
        let known = |from: &str, to: &str| {
            let [was, is] = [&was, &is].map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
            words(&[section("A", from)], &[section("A", to)], &[])[0].is_known(&was, &is)
        };
        assert!(known("it is higher than 8", "it is lower than 8"));
        assert!(!known("it is higher than 8", "it is much higher than 8"));
        assert!(!known("it is lower than 8", "it is higher than 8"), "nothing is lower now");
    }
}
