use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use crate::invisible::is_invisible;

/// True if two names look the same to a reader: differences of case, spaces, invisible characters and letters of other
/// scripts that look alike do not count, so nobody can pass for two people, or for somebody else.
pub fn is_same_person(a: &str, b: &str) -> bool {
    appearance(a) == appearance(b)
}

/// A name as a reader sees it. Its letters are drawn in the simplest form of Unicode Technical Standard 39.
fn appearance(name: &str) -> String {
    let visible = |c: &char| c.is_whitespace() || !is_invisible(*c);
    let plain: String = name.nfkc().filter(visible).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    // Capitals and small letters have different doubles: both are reduced to the same.
    let small: String = words.join(" ").chars().flat_map(char::to_lowercase).collect();
    let drawn: String = skeleton(&small).collect();
    skeleton(&drawn.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_one_person() {
        let alike = [
            " ann  LEE ",
            "Ann\u{a0}Lee",
            "A\u{200b}nn Lee",
            "\u{202a}Ann Lee\u{202c}",
            "\u{410}nn Lee",
            "Ann L\u{435}\u{435}",
            "\u{ff21}\u{ff4e}\u{ff4e} Lee",
            "Ann\u{ad} Lee\u{feff}",
        ];
        for name in alike {
            assert!(is_same_person(name, "Ann Lee"), "{name:?}");
        }
        assert!(is_same_person("Zoe\u{308} Quin", "Zo\u{eb} Quin"), "composed and decomposed");
        for name in ["Anne Lee", "AnnLee", "Ann Leé", "Bo Ray", ""] {
            assert!(!is_same_person(name, "Ann Lee"), "{name:?}");
        }
    }
}
