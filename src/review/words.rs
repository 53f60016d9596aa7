use std::collections::BTreeMap;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::pdf::{Objects, Page};

/// Words that stand otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordChange {
    /// The section, by its bookmark.
    pub section: String,
    /// The page where they stand now, or stood, from 1; `None` for words that are only read out.
    pub page: Option<usize>,
    /// The words before; empty when some were added.
    pub was: String,
    /// The words now; empty when some were taken away.
    pub is: String,
    /// The same without numbers and without the names of the area and its region: alike in reports that were changed alike.
    #[serde(skip)]
    pub(super) pattern: (String, String),
}

/// A section of a report, word for word.
#[derive(Debug, Default)]
pub(super) struct Section {
    title: String,
    words: Vec<String>,
    /// The page of each word, from 0; `None` for words that stand on none.
    pages: Vec<Option<usize>>,
}

/// The section that headers and footers are put in.
const FURNITURE: &str = "Headers and footers";

/// The section of what only those read who have the report read out to them.
const ALTERNATIVES: &str = "Text alternatives";

/// The section of what stands before the first bookmark, or of all where there is none.
const FRONT: &str = "Front";

/// Changes with so few equal words between them are told as one.
const NEAR: usize = 1;

/// The sections of a report in their order, then headers and footers, then text alternatives. The numbers of pages are left
/// out, in the contents and in the footers: they follow from what is before them.
pub(super) fn sections(pages: &[Page], objects: &Objects) -> Vec<Section> {
    let mut sections = vec![Section { title: FRONT.to_owned(), ..Section::default() }];
    let mut furniture = Section { title: FURNITURE.to_owned(), ..Section::default() };
    let mut lines = Vec::new();
    let (mut part, mut before) = (None, String::new());
    for run in pages.iter().flat_map(|page| &page.runs) {
        let text = run.text();
        if text.is_empty() {
            continue;
        }
        if run.artifact {
            let number = (run.page + 1).to_string();
            let line: Vec<&str> = text.split(' ').filter(|word| **word != number).collect();
            let line = line.join(" ");
            // Most lines stand on every page: told once, where they stand first.
            if !line.is_empty() && !lines.contains(&line) {
                furniture.push(&line, Some(run.page));
                lines.push(line);
            }
            continue;
        }
        let bookmark = objects.bookmarks.iter().rposition(|bookmark| bookmark.place.precedes(run));
        if bookmark != part {
            part = bookmark;
            let title = bookmark.map_or(FRONT, |bookmark| objects.bookmarks[bookmark].title.as_str());
            sections.push(Section { title: title.to_owned(), ..Section::default() });
        }
        if !objects.bookmarks.iter().any(|bookmark| bookmark.leads_to(&before, &text))
            && let Some(section) = sections.last_mut()
        {
            section.push(&text, Some(run.page));
        }
        before = text;
    }
    sections.push(furniture);
    let mut alternatives = Section { title: ALTERNATIVES.to_owned(), ..Section::default() };
    objects.alternatives.iter().for_each(|alternative| alternatives.push(alternative, None));
    sections.push(alternatives);
    sections.retain(|section| !section.words.is_empty());
    sections
}

/// The words that differ between two reports, section by section. `names` are those of the area and its region.
pub(super) fn words(was: &[Section], is: &[Section], names: &[&str]) -> Vec<WordChange> {
    // A title is looked for without names: an area that is renamed has the same sections.
    let titled = |sections: &[Section]| {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut titles = Vec::new();
        for section in sections {
            let title = masked(&section.title, names);
            let times = seen.entry(title.clone()).or_default();
            titles.push((title, *times));
            *times += 1;
        }
        titles
    };
    let (old, new) = (titled(was), titled(is));
    let empty = Section::default();
    let mut changes = Vec::new();
    for (section, title) in is.iter().zip(&new) {
        let before = old.iter().position(|other| other == title).and_then(|position| was.get(position));
        section_changes(before.unwrap_or(&empty), section, names, &mut changes);
    }
    for (section, title) in was.iter().zip(&old) {
        if !new.contains(title) {
            section_changes(section, &empty, names, &mut changes);
        }
    }
    changes
}

fn section_changes(was: &Section, is: &Section, names: &[&str], changes: &mut Vec<WordChange>) {
    let operations = capture_diff_slices(Algorithm::Myers, &was.words, &is.words);
    let mut stretch: Option<Stretch> = None;
    for operation in operations {
        let (old, new) = (operation.old_range(), operation.new_range());
        let near = matches!(operation, DiffOp::Equal { len, .. } if len <= NEAR);
        if matches!(operation, DiffOp::Equal { .. }) && !near {
            stretch.take().into_iter().for_each(|stretch| stretch.tell(was, is, names, changes));
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
    stretch.into_iter().for_each(|stretch| stretch.tell(was, is, names, changes));
}

/// Words that are told as one change.
struct Stretch {
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
    /// Equal words at the end, which are not told.
    equal: usize,
}

impl Stretch {
    fn tell(self, was: &Section, is: &Section, names: &[&str], changes: &mut Vec<WordChange>) {
        let old = self.old.start..self.old.end - self.equal;
        let new = self.new.start..self.new.end - self.equal;
        let page = if new.is_empty() { was.pages.get(old.start) } else { is.pages.get(new.start) };
        let title = if is.title.is_empty() { &was.title } else { &is.title };
        let (was, is) = (was.words[old].join(" "), is.words[new].join(" "));
        changes.push(WordChange {
            section: title.clone(),
            page: page.copied().flatten().map(|page| page + 1),
            pattern: (masked(&was, names), masked(&is, names)),
            was,
            is,
        });
    }
}

impl Section {
    fn push(&mut self, text: &str, page: Option<usize>) {
        for word in text.split(' ') {
            self.words.push(word.to_owned());
            self.pages.push(page);
        }
    }
}

impl WordChange {
    /// True when only numbers differ, in digits or in words, or the signs that stand for them.
    pub(super) fn is_of_numbers(&self) -> bool {
        self.pattern.0 == self.pattern.1
    }

    /// The section and the words before, where there are any: alike wherever the same words were changed.
    pub(super) fn replaced(&self) -> Option<(String, String)> {
        (!self.pattern.0.is_empty()).then(|| (self.section.clone(), self.pattern.0.clone()))
    }

    /// What is alike in reports that were changed alike.
    pub(super) fn signature(&self) -> String {
        format!("{}\u{1f}{}", self.pattern.0, self.pattern.1)
    }
}

/// The text of a report, a line for each run of text, with a heading for each section: for `git diff` and other tools.
pub(super) fn plain(sections: &[Section]) -> String {
    let mut text = String::new();
    for section in sections {
        text.push_str(&format!("# {}\n\n", section.title));
        let mut line = String::new();
        for word in &section.words {
            if !line.is_empty() && line.len() + word.len() > 100 {
                text.push_str(&line);
                text.push('\n');
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        text.push_str(&line);
        text.push_str("\n\n");
    }
    text
}

/// A text without numbers, the signs that stand for them, and names.
fn masked(text: &str, names: &[&str]) -> String {
    const NUMBERS: [&str; 14] = [
        "no", "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let mut text = format!(" {text} ");
    for name in names.iter().filter(|name| !name.is_empty()) {
        text = text.replace(name, "@");
    }
    let words = text.split_whitespace().map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '[' && c != ']');
        if NUMBERS.contains(&bare.to_lowercase().as_str()) || bare == "[c]" || bare == "[low]" {
            return word.replace(bare, "#");
        }
        let mut masked = String::new();
        let mut rest = word.chars().peekable();
        while let Some(c) = rest.next() {
            let in_number = matches!(c, ',' | '.') && rest.peek().is_some_and(char::is_ascii_digit);
            match masked.ends_with('#') {
                true if c.is_ascii_digit() || in_number => {}
                _ if c.is_ascii_digit() => masked.push('#'),
                _ => masked.push(c),
            }
        }
        masked
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, text: &str) -> Section {
        let mut section = Section { title: title.to_owned(), ..Section::default() };
        section.push(text, Some(2));
        section
    }

    fn told(was: &str, is: &str) -> Vec<(String, String)> {
        let changes = words(&[section("A", was)], &[section("A", is)], &["Leeds"]);
        changes.into_iter().map(|change| (change.was, change.is)).collect()
    }

    #[test]
    fn a_comma_is_a_change() {
        let one = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
        assert_eq!(
            told("higher than England on three", "higher, than England on three"),
            one("higher", "higher,")
        );
        assert_eq!(told("one two three", "one three"), one("two", ""));
        assert_eq!(told("a b", "a b"), []);
        // Neighbours are one change, others are not.
        assert_eq!(told("57 per cent of", "58 per centum of"), one("57 per cent", "58 per centum"));
        assert_eq!(told("a x y z b", "A x y z B").len(), 2);
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
    fn numbers_and_names_are_no_part_of_a_pattern() {
        let changes = words(
            &[section("A", "Leeds: 57 per cent (77 of 135), two of three")],
            &[section("A", "Leeds: 5 per cent (7 of 1,350), [c] of none")],
            &["Leeds"],
        );
        assert!(changes.iter().all(WordChange::is_of_numbers), "{changes:?}");
        assert!(!words(&[section("A", "higher 5")], &[section("A", "lower 5")], &[])[0].is_of_numbers());
    }
}
