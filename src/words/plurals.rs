use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::model::Language;

/// Which form of a word goes with a number in a language, by the rules of the Unicode CLDR.
#[derive(Debug)]
pub struct Plurals(PluralRules);

impl Plurals {
    /// The names of the forms that a language may have.
    pub const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

    /// The rules of a language.
    ///
    /// # Errors
    /// When there is no such language, with the reason.
    pub fn of(language: &Language) -> Result<Self, String> {
        let locale: Locale = language
            .code()
            .parse()
            .map_err(|error: icu_locale_core::ParseError| format!("{language}: {error}"))?;
        let rules = PluralRules::try_new_cardinal((&locale).into());
        rules.map(Self).map_err(|error| format!("{language}: {error}"))
    }

    /// The name of the form that goes with a number.
    pub fn category(&self, number: u32) -> &'static str {
        match self.0.category_for(number) {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }
}
