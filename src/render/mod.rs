//! Turns the content of a report into a finished file, with a renderer for each format.

mod data;
mod document;
mod edition;
mod environment;
mod error;
mod html;
mod text;
mod typst;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use self::environment::Sources;
use self::html::PageWriter;
use self::text::TextWriter;
use self::typst::{Typesetter, fixed_text};
use crate::aggregate::ProtectedAggregates;
use crate::chart::Sizes;
use crate::check::CheckedEvaluation;
use crate::model::{Format, Kind, Language, Limits, ReportModel};
use crate::templates::Templates;
use crate::words::Lexicon;

pub use data::{DataFile, data_pack, submission_csv, submission_xlsx};
pub use document::Document;
pub use edition::{EditionRenderer, File};
pub use error::RenderError;

/// The name and version of the engine that makes the PDFs, with the hash of the program's own sources.
pub const ENGINE: &str =
    concat!("area-reports ", env!("CARGO_PKG_VERSION"), " (", env!("SOURCES"), "), typst ", env!("TYPST"));

/// The name of a data file in CSV.
pub const CSV: &str = "csv";

/// Makes the finished files of reports. Each run has one, shared by all its threads.
pub struct Renderer {
    language: Language,
    templates: Templates,
    wording: BTreeMap<String, String>,
    words: Lexicon,
    /// The size of the text in large print, in points.
    large_print: u32,
    /// For each kind of report, the sentences that its templates print word for word.
    fixed_text: BTreeMap<String, Vec<String>>,
    formats: BTreeMap<Format, Box<dyn EditionRenderer>>,
}

impl Renderer {
    /// Prepares templates, the evaluation's own wording and fonts for reports in a language, with this size of text in large
    /// print, in points.
    ///
    /// # Errors
    /// When the words, the colours or a template are invalid. Mistakes that only show up with a report's data are reported
    /// by [`Self::render`].
    pub fn new(
        templates: &Templates,
        wording: &BTreeMap<String, String>,
        language: &Language,
        large_print: u32,
        limits: Limits,
    ) -> Result<Self, RenderError> {
        let wording = &templates.files_in_language(wording, language);
        let words = templates.lexicon(language).map_err(RenderError::Lexicon)?;
        let templates = templates.in_language(language).with_quotes(&words.quotes);
        let palette = templates.palette().map_err(RenderError::Palette)?;
        let fixed_text = |kind: &str| (kind.to_owned(), fixed_text(&templates.of_kind(kind), wording));
        let fixed_text = templates.kinds().into_iter().map(fixed_text).collect();
        let sources = Sources { templates: &templates, wording, words: &words, language, limits };
        let typesetter = |format, sizes| Typesetter::new(&sources, &palette, format, sizes);
        let mut formats: BTreeMap<Format, Box<dyn EditionRenderer>> = BTreeMap::new();
        formats.insert(Format::Standard, Box::new(typesetter(Format::Standard, Sizes::STANDARD)?));
        let large = typesetter(Format::LargePrint, Sizes::large_print(large_print))?;
        formats.insert(Format::LargePrint, Box::new(large));
        formats.insert(Format::Html, Box::new(PageWriter::new(&sources, &palette)?));
        formats.insert(Format::Text, Box::new(TextWriter::new(&sources)?));
        let (language, wording) = (language.clone(), wording.clone());
        Ok(Self { language, wording, large_print, fixed_text, formats, words, templates })
    }

    /// Draws the charts of a report for a format: files by their path, empty for a format without drawings.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    pub fn drawings(&self, format: Format, model: &ReportModel) -> Result<Vec<File>, RenderError> {
        self.formats[&format].drawings(model)
    }

    /// Makes a report in a format, given the files that its templates may refer to, by their path: drawings and
    /// attachments.
    ///
    /// # Errors
    /// When a template does not fit the report's data, or there is a bug in the program.
    pub fn render(
        &self,
        format: Format,
        model: &ReportModel,
        files: Vec<File>,
    ) -> Result<Document, RenderError> {
        self.formats[&format].render(model, files)
    }

    /// What a report says as data files, with their extensions as names; none for kinds that have no data of their own.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    pub fn data_files(&self, model: &ReportModel) -> Result<Vec<DataFile>, RenderError> {
        if model.content.entries().is_empty() {
            return Ok(Vec::new());
        }
        let csv = DataFile { name: CSV.to_owned(), bytes: data::submission_csv(model, &self.words) };
        let xlsx = data::submission_xlsx(model, &self.words)?;
        Ok(vec![csv, DataFile { name: "xlsx".to_owned(), bytes: xlsx }])
    }

    /// All figures that may be published, as data files.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    pub fn data_pack(
        &self,
        evaluation: &CheckedEvaluation,
        aggregates: &ProtectedAggregates,
    ) -> Result<Vec<DataFile>, RenderError> {
        data::data_pack(evaluation, aggregates, &self.words)
    }

    /// The sentences printed word for word from the templates of a kind and from the wording, cut where a value is
    /// printed.
    pub fn fixed_text(&self, kind: Kind) -> &[String] {
        self.fixed_text.get(kind.word()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The words that reports print outside their sentences, from the templates.
    pub fn words(&self) -> &Lexicon {
        &self.words
    }

    /// For each kind of report and each format, as `cy/local/html`, the hash of the templates that it is made with and of the
    /// wording.
    pub fn templates_hashes(&self) -> BTreeMap<String, String> {
        let hash = |kind: &str, format: Format| {
            let templates = self.templates.of_kind(kind);
            let templates = templates.of_format(format).filter(|(path, _)| !is_style(path));
            hash_of(templates.chain(self.wording.iter().map(|(path, text)| (path.as_str(), text.as_str()))))
        };
        let formats = |kind: &str| {
            let kind = kind.to_owned();
            Format::ALL
                .iter()
                .map(move |format| (format!("{}/{kind}/{format}", self.language), hash(&kind, *format)))
        };
        self.templates.kinds().into_iter().flat_map(formats).collect()
    }

    /// The hash of the theme of each format.
    pub fn style_hashes(&self) -> BTreeMap<Format, String> {
        let hash = |format: Format| {
            let hash = hash_of(self.templates.of_format(format).filter(|(path, _)| is_style(path)));
            if format == Format::LargePrint { format!("{hash}-{}", self.large_print) } else { hash }
        };
        Format::ALL.iter().map(|format| (*format, hash(*format))).collect()
    }

    /// The hash of all the fonts.
    pub fn fonts_hash() -> String {
        typst::fonts_hash()
    }
}

/// True for a file of the theme: colours, sizes and page furniture, shared by all kinds of report.
fn is_style(path: &str) -> bool {
    path.starts_with("theme/")
}

/// The hash of a set of files and their paths.
fn hash_of<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut hasher = Sha256::new();
    for part in files.flat_map(|(path, text)| [path, text]) {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    crate::hash::hex(hasher)
}
