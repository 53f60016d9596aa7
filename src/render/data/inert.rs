use std::borrow::Cow;

use crate::invisible::is_invisible;

/// What a spreadsheet program may take for the beginning of a formula; the wide forms are those of East Asian keyboards.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A text that no spreadsheet program runs as a formula when it is read from a CSV file: with an apostrophe before it
/// if it needs one. Removing one apostrophe from each text that [`may_run`] gives back the original texts.
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    if may_run(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// True for a text that could be taken for a formula, or for one that was made inert. Some programs skip white space and
/// characters that nobody sees.
pub(super) fn may_run(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    let begin = text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
    text.starts_with(['\t', '\r', '\n']) || begin.starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_other_text_stays_as_it_is() {
        for hostile in [
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(1)",
            "\t=1",
            "\r1",
            "\n1",
            " =1",
            "＝1",
            "'=1",
            "\u{feff}=1",
        ] {
            assert_eq!(inert(hostile), format!("'{hostile}"));
            assert!(may_run(&inert(hostile)), "it is clear that its first apostrophe was added");
        }
        for harmless in ["", "Yes", "'Quoted', she said", "1 = 1", "a-b", "😀", "שלום", "[c]"] {
            assert_eq!(inert(harmless), harmless);
        }
    }
}
