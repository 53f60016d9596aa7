//! The files in `report-templates/`: which there are, which reports see them, and what is wrong with one. Pages for
//! browsers and the text of emails are filled in here; reports are filled in by `render`.

mod fault;
mod pages;
mod path;
mod policy;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::chart::Palette;
use crate::fs::{self, PathError};
use crate::model::{Format, Kind, Language};
use crate::problem::{Place, Problem};
use crate::words::{Lexicon, QuoteWords};
use embedded::EMBEDDED;
use path::{in_language, is_of_format, is_page};

pub use fault::TemplateFault;
pub use pages::Pages;
pub(crate) use path::{TYPST_TEMPLATE, WORDING_TEMPLATE, is_words};

/// Every file in `report-templates/`, by its path in that folder: `EMBEDDED`, listed by `build.rs`.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/templates.rs"));
}

/// The folder with the words of each language, in a file named after the language's code.
const LEXICON: &str = "lexicon";

/// The file with the colours of all reports.
const PALETTE: &str = "theme/palette.toml";

/// The file with their colours on a dark screen.
const DARK_PALETTE: &str = "theme/dark.toml";

/// The files in `report-templates/`, by their path in that folder.
#[derive(Clone, Debug)]
pub struct Templates {
    files: BTreeMap<String, String>,
}

/// Why a folder of templates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplatesError {
    /// A file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A file is not text.
    #[error("{0}")]
    NotText(Box<Problem>),
    /// A file that every set of templates needs is missing.
    #[error("there is no template {0}")]
    Missing(&'static str),
}

impl Templates {
    /// The templates built into the program.
    pub fn embedded() -> Self {
        Self { files: EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Templates given one by one.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Reads the templates in a folder.
    ///
    /// # Errors
    /// When a file cannot be read or is not UTF-8, or when a template that the program has is missing.
    pub fn from_folder(folder: &Path) -> Result<Self, TemplatesError> {
        let mut files = BTreeMap::new();
        for path in fs::visible_files_below(folder)? {
            let bytes = fs::read(&folder.join(&path))?;
            let text = crate::read::text_of(&path, bytes).map_err(TemplatesError::NotText)?;
            files.insert(path, text);
        }
        match EMBEDDED.iter().find(|(path, _)| !files.contains_key(*path)) {
            Some((path, _)) => Err(TemplatesError::Missing(path)),
            None => Ok(Self { files }),
        }
    }

    /// Every file with its path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The words of a language.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn lexicon(&self, language: &Language) -> Result<Lexicon, Vec<Problem>> {
        let file = format!("{LEXICON}/{language}.toml");
        let Some(text) = self.get(&file) else {
            let message = "there are no words for reports in this language";
            let hint = format!("translate {LEXICON}/en.toml and give the result this name");
            return Err(vec![Problem::error("no-lexicon", Place::file(file), message).hint(hint)]);
        };
        Lexicon::of(&file, text)
    }

    /// The languages that there are words for.
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        let codes = self.files.keys().filter_map(|path| path.strip_prefix(LEXICON)?.strip_prefix('/'));
        codes.filter_map(|code| code.strip_suffix(".toml")?.parse().ok())
    }

    /// The templates for reports in a language: a file in the folder of the language takes the place of the one with the
    /// same path outside it, and files of other languages are left out.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> Self {
        Self { files: self.files_in_language(&self.files, language) }
    }

    /// Files in a language, of those that there are words for: those of the evaluation's wording, for example.
    pub(crate) fn files_in_language(
        &self,
        files: &BTreeMap<String, String>,
        language: &Language,
    ) -> BTreeMap<String, String> {
        in_language(files, language, |code| self.languages().any(|known| known == *code))
    }

    /// The same with the quotation marks of a language in its sentences.
    #[must_use]
    pub(crate) fn with_quotes(mut self, quotes: &QuoteWords) -> Self {
        for (_, text) in self.files.iter_mut().filter(|(path, _)| is_words(path)) {
            *text = text.replace('“', &quotes.open).replace('”', &quotes.close);
        }
        self
    }

    /// The files of sentences of these kinds of report that are not translated into a language. English is the original.
    pub fn untranslated(&self, language: &Language, kinds: &[Kind]) -> Vec<String> {
        if *language == Language::english() {
            return Vec::new();
        }
        let of_kinds: BTreeSet<String> = kinds
            .iter()
            .flat_map(|kind| self.of_kind(kind.word()).files.into_keys().filter(|path| is_words(path)))
            .collect();
        let translated = |path: &String| self.files.contains_key(&format!("{language}/{path}"));
        let is_original = |path: &String| !self.languages().any(|of| path.starts_with(&format!("{of}/")));
        of_kinds.into_iter().filter(|path| is_original(path) && !translated(path)).collect()
    }

    /// The colours of charts and pages.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn palette(&self) -> Result<Palette, Vec<Problem>> {
        Palette::of(PALETTE, self.get(PALETTE).unwrap_or_default())
    }

    /// The colours of charts and pages on a dark screen.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn dark_palette(&self) -> Result<Palette, Vec<Problem>> {
        Palette::of(DARK_PALETTE, self.get(DARK_PALETTE).unwrap_or_default())
    }

    /// The kinds of report that there are templates for: each folder with a `report.typ.j2`.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        let main = format!("/report{TYPST_TEMPLATE}");
        self.files.keys().filter_map(|path| path.strip_suffix(&main)).collect()
    }

    /// The files that reports in a format are made with: the sentences, the templates of the format, and its theme.
    pub(crate) fn of_format(&self, format: Format) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| is_words(path) || is_of_format(path, format))
    }

    /// The templates that reports of a kind can see: those in its own folder, and in folders that belong to no other
    /// kind. Changes elsewhere cannot affect them.
    pub(crate) fn of_kind(&self, kind: &str) -> Self {
        let others: Vec<&str> = self.kinds().into_iter().filter(|other| *other != kind).collect();
        let seen = |path: &str| !path.split_once('/').is_some_and(|(folder, _)| others.contains(&folder));
        let files = self.files.iter().filter(|(path, _)| seen(path) && !is_page(path));
        Self { files: files.map(|(path, text)| (path.clone(), text.clone())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("report-templates");
        let of_folder = Templates::from_folder(&folder).unwrap();
        assert_eq!(of_folder.files, Templates::embedded().files);
    }

    #[test]
    fn a_kind_sees_nothing_of_another_kind() {
        let templates = Templates::of(&[
            ("local/report.typ.j2", ""),
            ("local/part.typ.j2", ""),
            ("regional/report.typ.j2", ""),
            ("theme/report.typ", ""),
        ]);
        assert_eq!(templates.kinds(), ["local", "regional"]);
        let seen = templates.of_kind("regional");
        let paths: Vec<&str> = seen.files().map(|(path, _)| path).collect();
        assert_eq!(paths, ["regional/report.typ.j2", "theme/report.typ"]);
    }
}
