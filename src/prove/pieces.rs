use std::collections::BTreeMap;
use std::ops::Range;

use crate::direction::has_right_to_left;
use crate::pdf::spaced;

/// Texts that may appear word for word in a report, indexed by the parts found in them: groups of digits, or names.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// For each group of digits or name, the texts that contain it, and where.
    by_part: BTreeMap<String, Vec<(Box<str>, usize)>>,
}

impl Pieces {
    /// Adds a text under each part found in it.
    pub(super) fn add(&mut self, text: &str, parts: impl Fn(&str) -> Vec<Range<usize>>) {
        let text = spaced(text);
        for part in parts(&text) {
            let known = self.by_part.entry(text[part.clone()].to_owned()).or_default();
            if !known.iter().any(|(piece, at)| **piece == *text && *at == part.start) {
                known.push((text.clone().into(), part.start));
            }
        }
    }

    /// True when a part of a text lies inside one of these pieces, with whole words on both sides.
    pub(super) fn cover(&self, text: &str, part: &Range<usize>) -> bool {
        let Some(pieces) = text.get(part.clone()).and_then(|part| self.by_part.get(part)) else {
            return false;
        };
        pieces.iter().any(|(piece, at)| {
            let (before, after) = (&piece[..*at], &piece[*at + part.len()..]);
            let counts = counted(piece);
            let start = reach(text[..part.start].char_indices().rev(), before.chars().rev(), counts, false);
            let end = reach(text[part.end..].char_indices(), after.chars(), counts, true);
            let (Some(start), Some(end)) = (start, end) else { return false };
            let start = start.map_or(part.start, |(at, _)| at);
            let end = end.map_or(part.end, |(at, c)| part.end + at + c.len_utf8());
            is_whole(text, &(start..end))
        })
    }
}

/// Returns which characters count when a text is compared with what was drawn. Spaces never do, as a line may be broken
/// inside a word; nor does punctuation in right-to-left text, as it may be on the other side of a word.
pub(super) fn counted(text: &str) -> fn(char) -> bool {
    if has_right_to_left(text) { char::is_alphanumeric } else { |c| !c.is_whitespace() }
}

/// Follows a text while it has the wanted characters, ignoring those that do not count. Returns the last character
/// matched, if any were wanted; `None` if the text differs.
fn reach(
    mut text: impl Iterator<Item = (usize, char)>,
    wanted: impl Iterator<Item = char>,
    counts: fn(char) -> bool,
    may_be_cut: bool,
) -> Option<Option<(usize, char)>> {
    let mut last = None;
    for wanted in wanted.filter(|c| counts(*c)) {
        let next = text.find(|(_, c)| counts(*c))?;
        if next.1 != wanted {
            // A chart cuts a long label short, and marks it with an ellipsis.
            return (may_be_cut && next.1 == '…').then_some(Some(next));
        }
        last = Some(next);
    }
    Some(last)
}

/// A part of a text with a little of what surrounds it.
pub(super) fn around<'t>(text: &'t str, part: &Range<usize>) -> &'t str {
    const AROUND: usize = 30;
    let start = text.floor_char_boundary(part.start.saturating_sub(AROUND));
    let end = text.ceil_char_boundary((part.end + AROUND).min(text.len()));
    &text[start..end]
}

/// True when no letter or digit adjoins a part of a text.
pub(super) fn is_whole(text: &str, part: &Range<usize>) -> bool {
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text.get(..part.start).and_then(|before| before.chars().next_back());
    let after = text.get(part.end..).and_then(|after| after.chars().next());
    !touches(before) && !touches(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_covered_by_the_whole_piece_alone() {
        let mut pieces = Pieces::default();
        pieces.add("in the last 12 months", |text| {
            text.match_indices("12").map(|(at, m)| at..at + m.len()).collect()
        });
        let covered = |text: &str| {
            let at = text.find("12").unwrap();
            pieces.cover(text, &(at..at + 2))
        };
        assert!(
            covered("in the last 12 mon…") && !covered("a label… 12 months"),
            "only the end of a label is cut"
        );
        assert!(covered("Progress in the last 12 months: Leeds") && covered("in the last 12 months"));
        assert!(
            !covered("in the last 12 years")
                && !covered("12 of 143")
                && !covered("within the last 12 months")
        );
    }
}
