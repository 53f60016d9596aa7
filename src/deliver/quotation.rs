use crate::invisible::is_invisible;
use crate::model::masked;

/// The most characters of a stranger's words that are kept.
const LONGEST: usize = 500;

/// What a stranger wrote (a mail server, a delivery notice) as it may be printed and stored: one line of at most 500
/// characters, with addresses masked and without characters that steer a terminal, hide or turn text.
pub(super) fn quoted(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = with_masked_addresses(&visible(&words));
    if words.chars().count() <= LONGEST {
        return words;
    }
    words.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// The text with a visible sign in place of every character that is not.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// The text with everything that looks like an address masked.
pub fn with_masked_addresses(text: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let start = start_of_address(&rest[..at]);
        let after = &rest[at..];
        let end = at + after.find(ends_address).unwrap_or(after.len());
        done.push_str(&rest[..start]);
        done.push_str(&masked(&rest[start..end]));
        rest = &rest[end..];
    }
    done + rest
}

/// Where the address begins whose part before the `@` ends this text; that part may be in quotation marks.
fn start_of_address(before: &str) -> usize {
    if let Some(inside) = before.strip_suffix('"')
        && let Some(start) = inside.rfind('"')
    {
        return start;
    }
    before
        .rfind(ends_address)
        .map_or(0, |last| last + before[last..].chars().next().map_or(0, char::len_utf8))
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || "<>()[]{}\",;:'`|".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_hidden_is_left_of_a_strangers_words() {
        assert_eq!(
            quoted("550 \u{1b}[2J\u{1b}]0;title\u{7} no\r\n\tsuch \u{0}user"),
            "550 �[2J�]0;title� no such �user"
        );
        assert_eq!(
            quoted("a\u{9b}31mb\u{7f}c\u{202e}d\u{2066}e\u{200b}f\u{feff}g\u{ad}h"),
            "a�31mb�c�d�e�f�g�h"
        );
        // Letters of any script are left alone.
        assert_eq!(quoted("boîte pleine, 邮箱已满, صندوق"), "boîte pleine, 邮箱已满, صندوق");
    }

    #[test]
    fn every_address_is_masked_however_it_is_written() {
        for (said, kept) in [
            ("550 5.1.1 <ann@leeds.gov.uk>: no such user", "550 5.1.1 <a***@leeds.gov.uk>: no such user"),
            ("rfc822;ann.lee@leeds.gov.uk bo@x.org", "rfc822;a***@leeds.gov.uk b***@x.org"),
            (
                "mailto:ann@leeds.gov.uk, twice: ann@leeds.gov.uk.",
                "mailto:a***@leeds.gov.uk, twice: a***@leeds.gov.uk.",
            ),
            ("550 <\"ann lee\"@leeds.gov.uk> unknown", "550 <\"***@leeds.gov.uk> unknown"),
            ("élodie@x.org", "é***@x.org"),
            ("to=ann%leeds.gov.uk@relay.org", "t***@relay.org"),
            ("at 9 @ noon", "at 9 ***@ noon"),
        ] {
            assert_eq!(quoted(said), kept);
        }
    }

    #[test]
    fn long_words_are_cut_by_characters() {
        let kept = quoted(&"é".repeat(10_000));
        assert_eq!(kept.chars().count(), LONGEST);
        assert!(kept.ends_with("é…"));
    }

    proptest! {
        #[test]
        fn any_words_become_one_short_visible_line(said in "\\PC*|[\\x00-\\xff]{0,900}|(a.c@d.org|.){0,99}") {
            let kept = quoted(&said);
            prop_assert!(kept.chars().count() <= LONGEST);
            prop_assert!(!kept.chars().any(is_invisible), "{kept:?}");
            // Before an @ there is never more than the mask.
            prop_assert!(kept.match_indices('@').all(|(at, _)| kept[..at].ends_with("***")), "{kept:?}");
        }
    }
}
