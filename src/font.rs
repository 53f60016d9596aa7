//! The fonts of reports, and what they can print.

use std::sync::LazyLock;

use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization;

/// The only fonts that a report can see: the regular one first.
pub(crate) const FONTS: [&[u8]; 3] = [
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Medium.ttf"),
    include_bytes!("../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
];

static FACES: LazyLock<Vec<Face<'static>>> =
    LazyLock::new(|| FONTS.iter().filter_map(|bytes| Face::parse(bytes, 0).ok()).collect());

/// True when every font has a glyph for a character: text may be set in any of them.
pub(crate) fn has(c: char) -> bool {
    FACES.iter().all(|face| face.glyph_index(c).is_some())
}

/// The width of a text in the regular font, in thousandths of its size.
pub(crate) fn width(text: &str) -> i32 {
    let Some(face) = FACES.first() else { return 0 };
    let advance = |c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(600);
    let units: i32 = text.chars().map(|c| i32::from(advance(c))).sum();
    units * 1000 / i32::from(face.units_per_em())
}

/// A text with the characters that a report prints for it: accents joined to their letters, spaces and hyphens of all kinds
/// as the usual ones, and without what has no form of its own, such as soft hyphens and joiners.
pub(crate) fn printed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let without = text.chars().filter(|c| !is_ignored(*c));
    let usual = without.map(|c| match c {
        '\u{2010}' | '\u{2011}' => '-',
        c if c.is_whitespace() && !c.is_ascii() => ' ',
        c => c,
    });
    usual.nfc().collect()
}

fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_printed_with_the_usual_characters() {
        let decomposed = "Nguye\u{302}\u{303}n";
        assert_eq!(printed(decomposed), "Nguy\u{1ec5}n");
        assert_eq!(printed("co\u{ad}op\u{2011}eration\u{a0}2\u{200b}"), "coop-eration 2");
        assert!(has('ô') && has('’') && !has('\u{e000}'));
    }
}
