use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::sections::Section;

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
}

/// A change of words without numbers and names: the same in reports that were changed in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    was: String,
    is: String,
}

/// The words that a change replaced, without numbers and names: the same wherever the same words were changed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Replaced {
    section: String,
    words: String,
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
    /// True if only numbers differ, in digits or in words, or the symbols that stand for numbers.
    pub(super) fn is_of_numbers(&self) -> bool {
        self.pattern.was == self.pattern.is
    }

    /// The words that were replaced; `None` if words were only added.
    pub(super) fn replaced(&self) -> Option<Replaced> {
        let words = self.pattern.was.clone();
        (!words.is_empty()).then(|| Replaced { section: self.section.clone(), words })
    }

    /// A text that is the same in reports that were changed in the same way.
    pub(super) fn signature(&self) -> String {
        format!("{}\u{1f}{}", self.pattern.was, self.pattern.is)
    }
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
        let (was, is) = (was.words[old].join(" "), is.words[new].join(" "));
        WordChange {
            section: title.clone(),
            page: page.copied().flatten().map(|page| page + 1),
            pattern: Pattern { was: masked(&was, names), is: masked(&is, names) },
            was,
            is,
        }
    }
}

/// A text without names, numbers and the symbols that stand for numbers.
fn masked(text: &str, names: &[&str]) -> String {
    let mut text = format!(" {text} ");
    for name in names.iter().filter(|name| !name.is_empty()) {
        text = text.replace(name, "@");
    }
    text.split_whitespace().map(masked_word).collect::<Vec<_>>().join(" ")
}

/// A word with `#` for each number in it.
fn masked_word(word: &str) -> String {
    const NUMBERS: [&str; 14] = [
        "no", "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
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
        assert!(changes.iter().all(WordChange::is_of_numbers), "{changes:?}");
        assert!(!words(&[section("A", "higher 5")], &[section("A", "lower 5")], &[])[0].is_of_numbers());
    }
}
