use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::word::words;

words! {
    /// The kind of a report, which names the folders of its templates and its files.
    Kind {
        /// An area's own report: its submission compared with the region and the nation.
        Local = "local",
        /// One region compared with the nation, with all its areas together.
        Regional = "regional",
        /// One sector in all areas, compared with the others.
        Sector = "sector",
        /// All areas together.
        National = "national",
        /// A copy of an area's submission.
        Submission = "submission",
    }
}

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word).ok_or(UnknownWord)
    }
}

words! {
    /// The format of a report: the same facts, presented differently.
    Format {
        /// PDF with text of the usual size.
        Standard = "standard",
        /// PDF in large print.
        LargePrint = "large-print",
        /// A web page.
        Html = "html",
        /// Plain text.
        Text = "text",
    }
}

impl FromStr for Format {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.iter().copied().find(|format| format.word() == word).ok_or(UnknownWord)
    }
}

/// The language of a report, by its code: `en`, `cy`, `pt-BR`. The program has no fixed list: a language consists of
/// its lexicon and the words of the questionnaire in that language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// English, the language of evaluations that do not name one.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// True for English, which is not mentioned in the paths and references of reports.
    fn is_english(&self) -> bool {
        self.0 == "en"
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Two or three lower-case letters, followed where it matters by a country in two capitals (BCP 47).
impl FromStr for Language {
    type Err = UnknownWord;

    fn from_str(code: &str) -> Result<Self, UnknownWord> {
        let (language, country) =
            code.split_once('-').map_or((code, None), |(l, country)| (l, Some(country)));
        let is = |text: &str, lengths: std::ops::RangeInclusive<usize>, letter: fn(&u8) -> bool| {
            lengths.contains(&text.len()) && text.as_bytes().iter().all(letter)
        };
        let known = is(language, 2..=3, u8::is_ascii_lowercase)
            && country.is_none_or(|country| is(country, 2..=2, u8::is_ascii_uppercase));
        known.then(|| Self(code.to_owned())).ok_or(UnknownWord)
    }
}

impl TryFrom<String> for Language {
    type Error = UnknownWord;

    fn try_from(code: String) -> Result<Self, UnknownWord> {
        code.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

/// Identifies a report, whatever its format; the id stays the same in every run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReportId {
    /// What kind of report it is.
    pub kind: Kind,
    /// The code of its subject: of an area or sector, or the name of a region or nation in the form of file names.
    pub subject: String,
    /// Its language; English for runs published before there was a choice.
    #[serde(default = "Language::english")]
    pub language: Language,
}

/// Identifies a file: a report in one format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EditionId {
    /// The report.
    #[serde(flatten)]
    pub report: ReportId,
    /// Its format.
    pub format: Format,
}

/// A part of a report that proofs look for by its id, whatever the format and language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartId<'a> {
    /// A section, by its id.
    Section(&'a str),
    /// A figure with its table, by its number.
    Figure(u32),
    /// The areas that answered and those that did not, by name.
    Areas,
}

/// `section/caf`, `figure/3`.
impl fmt::Display for PartId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section(id) => write!(f, "section/{id}"),
            Self::Figure(number) => write!(f, "figure/{number}"),
            Self::Areas => f.write_str("areas"),
        }
    }
}

/// The error for text that is not a known word, or not the id of a report or an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the id of a report, such as local/301/en/standard")]
pub struct UnknownWord;

impl ReportId {
    /// The path of the report's files in a run, without extensions; `stem` is a readable name for its subject.
    /// Languages other than English have their own folder.
    pub fn path(&self, stem: &str) -> String {
        let folder = if self.language.is_english() { String::new() } else { format!("{}/", self.language) };
        format!("{folder}{}/{stem}", self.kind)
    }

    /// The permanent name of the report, for example `integrated-working-2008/local/301`; in languages other than
    /// English, the language code comes before the kind.
    pub fn reference(&self, evaluation: &str) -> String {
        format!("{evaluation}/{}", self.path(&self.subject))
    }
}

impl EditionId {
    /// The path of the edition in a run; `stem` is a readable name for its subject.
    pub fn path(&self, stem: &str) -> String {
        let ending = match self.format {
            Format::Standard => "pdf",
            Format::LargePrint => "large-print.pdf",
            Format::Html => "html",
            Format::Text => "txt",
        };
        format!("{}.{ending}", self.report.path(stem))
    }
}

/// `local/301/en`.
impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.subject, self.language)
    }
}

/// `local/301/en/standard`.
impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.report, self.format)
    }
}

impl FromStr for EditionId {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (rest, format) = text.rsplit_once('/').ok_or(UnknownWord)?;
        let (rest, language) = rest.rsplit_once('/').ok_or(UnknownWord)?;
        let (kind, subject) = rest.split_once('/').ok_or(UnknownWord)?;
        let report =
            ReportId { kind: kind.parse()?, subject: subject.to_owned(), language: language.parse()? };
        Ok(Self { report, format: format.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(kind: Kind, subject: &str) -> EditionId {
        let report = ReportId { kind, subject: subject.to_owned(), language: Language::english() };
        EditionId { report, format: Format::Standard }
    }

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for subject in ["301", "a/b", "", "ä"] {
            for kind in Kind::ALL {
                let id = edition(*kind, subject);
                assert_eq!(id.to_string().parse(), Ok(id));
            }
        }
        for wrong in ["", "301", "local/301/en", "local/301/en/paper", "global/301/en/standard"] {
            assert_eq!(wrong.parse::<EditionId>(), Err(UnknownWord), "{wrong}");
        }
    }

    #[test]
    fn two_reports_of_one_area_have_nothing_in_common() {
        let (local, copy) = (edition(Kind::Local, "301"), edition(Kind::Submission, "301"));
        assert_ne!(local, copy);
        assert_ne!(local.to_string(), copy.to_string());
        assert_ne!(local.path("301-barking"), copy.path("301-barking"));
    }

    #[test]
    fn another_language_has_a_folder_and_a_name_of_its_own() {
        let welsh = ReportId { language: "cy".parse().unwrap(), ..edition(Kind::Local, "301").report };
        assert_eq!(welsh.path("301-barking"), "cy/local/301-barking");
        assert_eq!(welsh.reference("e"), "e/cy/local/301");
        assert_eq!(edition(Kind::Local, "301").report.reference("e"), "e/local/301");
        assert_eq!(welsh.to_string(), "local/301/cy");
        for code in ["en", "cy", "gsw", "pt-BR"] {
            assert_eq!(code.parse::<Language>().unwrap().code(), code);
        }
        for wrong in ["", "e", "EN", "engl", "en-", "en-gb", "en-GBR", "en/x", "e1"] {
            assert_eq!(wrong.parse::<Language>(), Err(UnknownWord), "{wrong}");
        }
        assert!(serde_json::from_str::<Language>("\"../x\"").is_err());
    }

    #[test]
    fn an_edition_without_a_language_is_english() {
        let old = r#"{"kind":"local","subject":"301","format":"standard"}"#;
        assert_eq!(serde_json::from_str::<EditionId>(old).unwrap(), edition(Kind::Local, "301"));
    }
}
