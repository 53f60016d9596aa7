use std::collections::BTreeMap;

use plotters::style::RGBColor;
use serde::Deserialize;

use crate::problem::{Place, Problem};
use crate::read::toml_of;

/// The minimum contrast between text and its background: level AA of WCAG 2.2, criterion 1.4.3.
const TEXT: f64 = 4.5;
/// The minimum contrast between a meaningful shape and what is next to it: level AA of WCAG 2.2, criterion 1.4.11.
const SHAPE: f64 = 3.0;
/// The minimum contrast between two shapes separated by a white edge: enough to tell them apart in greyscale.
const APART: f64 = 2.5;

/// The minimum contrast between two dark marks with different shapes: enough for one to look lighter in greyscale.
const LIGHTER: f64 = 2.0;

/// Every pair of colours that meets on a page, and the contrast it needs. Tracks, rules and frames carry no meaning:
/// every value that they help the reader to find is also printed beside them. The marks of area and nation are both dark
/// and never touch; they differ in shape and in lightness.
const TOUCHING: [(Paint, Paint, f64); 20] = [
    (Paint::Ink, Paint::Paper, TEXT),
    (Paint::Ink, Paint::Track, TEXT),
    (Paint::Quiet, Paint::Paper, TEXT),
    (Paint::Notice, Paint::Paper, TEXT),
    (Paint::Area, Paint::Paper, TEXT),
    (Paint::Line, Paint::Area, SHAPE),
    (Paint::Area, Paint::Track, SHAPE),
    (Paint::Nation, Paint::Paper, SHAPE),
    (Paint::Nation, Paint::Track, SHAPE),
    (Paint::Second, Paint::Paper, SHAPE),
    (Paint::Second, Paint::Track, SHAPE),
    (Paint::Region, Paint::Paper, SHAPE),
    (Paint::Others, Paint::Paper, SHAPE),
    (Paint::Others, Paint::Track, SHAPE),
    (Paint::Second, Paint::Others, APART),
    (Paint::Area, Paint::Nation, LIGHTER),
    (Paint::Region, Paint::Area, APART),
    (Paint::Region, Paint::Nation, APART),
    (Paint::Area, Paint::Others, APART),
    (Paint::Nation, Paint::Others, APART),
];

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paint {
    /// The area itself.
    Area,
    /// Its region.
    Region,
    /// The nation.
    Nation,
    /// The dark part of a bar of the nation.
    Second,
    /// Other areas, which are not named, and the light part of a bar of the nation.
    Others,
    /// Text.
    Ink,
    /// Less prominent text.
    Quiet,
    /// Anything that must not be overlooked.
    Notice,
    /// The full scale behind a bar.
    Track,
    /// Rules and frames.
    Line,
    /// The page.
    Paper,
}

impl Paint {
    const ALL: [Self; 11] = [
        Self::Area,
        Self::Region,
        Self::Nation,
        Self::Second,
        Self::Others,
        Self::Ink,
        Self::Quiet,
        Self::Notice,
        Self::Track,
        Self::Line,
        Self::Paper,
    ];

    /// The name in the palette file.
    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// The colours of a set of reports, with enough contrast wherever two of them meet.
#[derive(Clone, Debug)]
pub struct Palette {
    colours: BTreeMap<Paint, Colour>,
}

/// A colour as `#RRGGBB`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Colour([u8; 3]);

impl Palette {
    /// Every colour with its name, as `#RRGGBB`.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, String)> {
        self.colours.iter().map(|(paint, colour)| (paint.name(), colour.to_string()))
    }

    /// Reads a palette: a colour as `#RRGGBB` for each [`Paint`].
    ///
    /// # Errors
    /// Everything that is wrong with it: unreadable text, missing colours, and pairs with too little contrast.
    pub fn of(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let Some(colours) = toml_of::<BTreeMap<Paint, Colour>>(file, text, &mut problems) else {
            return Err(problems);
        };
        let missing = Paint::ALL.into_iter().filter(|paint| !colours.contains_key(paint));
        problems.extend(missing.map(|paint| {
            Problem::error(
                "no-colour",
                Place::file(file).column(paint.name()),
                "this colour is missing from the palette",
            )
            .hint("write it as #RRGGBB")
        }));
        for (one, other, least) in TOUCHING {
            let (Some(a), Some(b)) = (colours.get(&one), colours.get(&other)) else { continue };
            let contrast = a.contrast(*b);
            if contrast < least {
                problems.push(
                    Problem::error(
                        "contrast",
                        Place::file(file).column(one.name()),
                        format!(
                            "its contrast with '{}' is {contrast:.2} to 1; {least} to 1 or more is needed",
                            other.name()
                        ),
                    )
                    .value(a.to_string())
                    .hint("make one of the two lighter or darker"),
                );
            }
        }
        if problems.is_empty() { Ok(Self { colours }) } else { Err(problems) }
    }

    /// The colour for a purpose.
    pub(super) fn colour(&self, paint: Paint) -> RGBColor {
        // `of` rejects any palette with a missing colour.
        let Colour([red, green, blue]) = self.colours[&paint];
        RGBColor(red, green, blue)
    }
}

impl Colour {
    /// The contrast ratio defined by WCAG 2.2, from 1 to 21; only lightness counts, so it also holds in greyscale.
    fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The relative luminance defined by WCAG 2.2, from 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not in the form #RRGGBB");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
        let value = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../report-templates/theme/palette.toml");

    fn problems(from: &str, to: &str) -> Vec<String> {
        assert_eq!(OURS.matches(from).count(), 1);
        let found = Palette::of("palette.toml", &OURS.replace(from, to)).unwrap_err();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn contrast_follows_the_guidelines() {
        let colour = |text: &str| Colour::try_from(text.to_owned()).unwrap();
        let rounded = |a: &str, b: &str| (colour(a).contrast(colour(b)) * 100.0).round() / 100.0;
        assert_eq!(rounded("#000000", "#FFFFFF"), 21.0);
        assert_eq!(rounded("#777777", "#FFFFFF"), 4.48);
        assert_eq!(rounded("#767676", "#FFFFFF"), 4.54);
        assert_eq!(rounded("#FF0000", "#0000FF"), rounded("#0000FF", "#FF0000"));
    }

    #[test]
    fn every_pair_in_the_palette_has_enough_contrast() {
        assert!(Palette::of("palette.toml", OURS).is_ok());
    }

    #[test]
    fn too_little_contrast_is_reported_with_the_pair() {
        assert_eq!(
            problems("#28A197", "#6BD0C8"),
            [
                "palette.toml [region]: its contrast with 'paper' is 1.83 to 1; 3 to 1 or more is needed: '#6BD0C8' \
                 (make one of the two lighter or darker)",
            ]
        );
    }

    #[test]
    fn a_missing_or_malformed_colour_is_reported() {
        assert_eq!(
            problems("others = \"#888888\"", "# "),
            ["palette.toml [others]: this colour is missing from the palette (write it as #RRGGBB)"]
        );
        assert_eq!(problems("#1F1F1F", "black"), ["palette.toml:9: 'black' is not in the form #RRGGBB"]);
        assert_eq!(problems("quiet =", "hush =").len(), 1);
    }
}
