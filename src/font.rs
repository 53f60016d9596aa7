//! The fonts of reports, and what they can print.

use std::sync::LazyLock;

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

/// The only fonts that a report can see, by family: the usual one comes first, then those that step in for characters
/// it lacks. In each family, the regular weight comes first.
pub(crate) const FAMILIES: [&[&[u8]]; 17] = [
    &[
        include_bytes!("../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
        include_bytes!("../fonts/AtkinsonHyperlegibleNext-Medium.ttf"),
        include_bytes!("../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
    ],
    &[include_bytes!("../fonts/NotoSans-Regular.ttf"), include_bytes!("../fonts/NotoSans-Bold.ttf")],
    &[
        include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
        include_bytes!("../fonts/NotoSansArabic-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
        include_bytes!("../fonts/NotoSansHebrew-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
        include_bytes!("../fonts/NotoSansDevanagari-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansBengali-Regular.ttf"),
        include_bytes!("../fonts/NotoSansBengali-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansGurmukhi-Regular.ttf"),
        include_bytes!("../fonts/NotoSansGurmukhi-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansGujarati-Regular.ttf"),
        include_bytes!("../fonts/NotoSansGujarati-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansTamil-Regular.ttf"),
        include_bytes!("../fonts/NotoSansTamil-Bold.ttf"),
    ],
    &[include_bytes!("../fonts/NotoSansThai-Regular.ttf"), include_bytes!("../fonts/NotoSansThai-Bold.ttf")],
    &[
        include_bytes!("../fonts/NotoSansArmenian-Regular.ttf"),
        include_bytes!("../fonts/NotoSansArmenian-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansGeorgian-Regular.ttf"),
        include_bytes!("../fonts/NotoSansGeorgian-Bold.ttf"),
    ],
    &[
        include_bytes!("../fonts/NotoSansEthiopic-Regular.ttf"),
        include_bytes!("../fonts/NotoSansEthiopic-Bold.ttf"),
    ],
    &[include_bytes!("../fonts/NotoSansCJKsc-Regular.otf")],
    &[include_bytes!("../fonts/NotoSansMath-Regular.ttf")],
    &[include_bytes!("../fonts/NotoSansSymbols2-Regular.ttf")],
    &[include_bytes!("../fonts/NotoEmoji-Regular.ttf")],
];

static FACES: LazyLock<Vec<Vec<Face>>> = LazyLock::new(|| {
    let faces = |family: &&[&'static [u8]]| family.iter().filter_map(|bytes| Face::of(bytes)).collect();
    FAMILIES.iter().map(faces).collect()
});

/// A font in one weight.
struct Face {
    glyphs: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    units_per_em: i32,
}

impl Face {
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        let (size, location) = (Size::unscaled(), LocationRef::default());
        Some(Self {
            glyphs: font.charmap(),
            widths: font.glyph_metrics(size, location),
            units_per_em: i32::from(font.metrics(size, location).units_per_em),
        })
    }

    /// The width of a character's glyph, in thousandths of the text size.
    fn width(&self, c: char) -> Option<i32> {
        // Without a size, widths are in whole font units.
        let units = self.widths.advance_width(self.glyphs.map(c)?)? as i32;
        Some(units * 1000 / self.units_per_em)
    }
}

/// True when a family has a glyph for a character in all its weights, since text may be set in any of them.
pub(crate) fn has(c: char) -> bool {
    FACES.iter().any(|family| family.iter().all(|face| face.glyphs.map(c).is_some()))
}

/// The width of a text in regular weight, in thousandths of the text size.
pub(crate) fn width(text: &str) -> i32 {
    text.chars().map(width_of).sum()
}

fn width_of(c: char) -> i32 {
    let regular = FACES.iter().filter_map(|family| family.first());
    regular.filter_map(|face| face.width(c)).next().unwrap_or(600)
}

/// A text as a report prints it: accents joined to their letters, all kinds of spaces and hyphens replaced by the usual
/// ones, and invisible characters such as soft hyphens removed. Joiners are kept in Arabic and Indian scripts, where
/// they shape the letters beside them.
pub(crate) fn printed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut before = ' ';
    let without = text.chars().filter(|c| {
        let last = std::mem::replace(&mut before, *c);
        !is_ignored(*c) && (!is_joiner(*c) || shapes_words(last))
    });
    let usual = without.map(|c| match c {
        '\u{2010}' | '\u{2011}' => '-',
        c if c.is_whitespace() && !c.is_ascii() => ' ',
        c => c,
    });
    usual.nfc().collect()
}

fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// True for a letter of a script in which the form of a letter depends on its neighbours.
fn shapes_words(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}')
}

/// True for an invisible character that joins or separates the letters beside it.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_printed_with_the_usual_characters() {
        let decomposed = "Nguye\u{302}\u{303}n";
        assert_eq!(printed(decomposed), "Nguy\u{1ec5}n");
        assert_eq!(printed("co\u{ad}op\u{2011}eration\u{a0}2\u{200b}"), "coop-eration 2");
        assert!("ô’ảЖα→★☐".chars().all(has) && !has('\u{e000}'));
    }
}
