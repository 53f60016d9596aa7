//! Turns the content of a report into a finished file, with a renderer for each format.

mod data;
mod document;
mod error;
mod typst;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use self::typst::{Typesetter, fixed_text};
use crate::aggregate::ProtectedAggregates;
use crate::chart::{self, ChartStyle, Palette, Sizes};
use crate::check::CheckedEvaluation;
use crate::model::{Format, Kind, Language, Limits, ReportModel};
use crate::templates::Templates;
use crate::words::Lexicon;

pub use data::{DataFile, data_pack, submission_csv, submission_xlsx};
pub use document::Document;
pub use error::{FORMATS, RenderError};

/// The name and version of the engine that makes the PDFs, with the hash of the program's own sources.
pub const ENGINE: &str =
    concat!("area-reports ", env!("CARGO_PKG_VERSION"), " (", env!("SOURCES"), "), typst ", env!("TYPST"));

/// The name of a data file in CSV.
pub const CSV: &str = "csv";

/// Makes the finished files of reports. Each run has one, shared by all its threads.
pub struct Renderer {
    templates: Templates,
    wording: BTreeMap<String, String>,
    words: Lexicon,
    palette: Palette,
    /// For each kind of report, the sentences that its templates print word for word.
    fixed_text: BTreeMap<String, Vec<String>>,
    typesetter: Typesetter,
}

impl Renderer {
    /// Prepares templates, the evaluation's own wording and fonts for reports in a language and a set of formats.
    ///
    /// # Errors
    /// When a format cannot be made, or when the words, the colours or a template are invalid. Mistakes that only show
    /// up with a report's data are reported by [`Self::render`].
    pub fn new(
        templates: Templates,
        wording: &BTreeMap<String, String>,
        language: &Language,
        formats: &[Format],
        limits: Limits,
    ) -> Result<Self, RenderError> {
        if let Some(format) = formats.iter().find(|format| !FORMATS.contains(format)) {
            return Err(RenderError::Format(*format));
        }
        let words = templates.lexicon(language).map_err(RenderError::Lexicon)?;
        let palette = templates.palette().map_err(RenderError::Palette)?;
        let fixed_text = |kind: &str| (kind.to_owned(), fixed_text(&templates.of_kind(kind), wording));
        let fixed_text = templates.kinds().into_iter().map(fixed_text).collect();
        let typesetter = Typesetter::new(&templates, wording, &words, limits)?;
        Ok(Self { templates, wording: wording.clone(), words, palette, fixed_text, typesetter })
    }

    /// Draws the charts of a report for a format: files by their path, empty for a format without drawings.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    pub fn drawings(
        &self,
        format: Format,
        model: &ReportModel,
    ) -> Result<Vec<(String, Vec<u8>)>, RenderError> {
        let sizes = match format {
            Format::Standard => Sizes::STANDARD,
            Format::LargePrint | Format::Html | Format::Text => return Err(RenderError::Format(format)),
        };
        let style = ChartStyle { palette: &self.palette, words: &self.words, sizes };
        let mut files = Vec::new();
        for chart in chart::charts(model) {
            files.extend(chart.files(style).map_err(|error| RenderError::Defect(error.into()))?);
        }
        Ok(files)
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
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<Document, RenderError> {
        match format {
            Format::Standard => self.typesetter.typeset(model, files),
            Format::LargePrint | Format::Html | Format::Text => Err(RenderError::Format(format)),
        }
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

    /// For each kind of report, the hash of the templates that it can see and of the wording.
    pub fn templates_hashes(&self) -> BTreeMap<String, String> {
        let hash = |kind: &str| {
            let templates = self.templates.of_kind(kind);
            let wording = self.wording.iter().map(|(path, text)| (path.as_str(), text.as_str()));
            hash_of(templates.files().filter(|(path, _)| !is_style(path)).chain(wording))
        };
        self.templates.kinds().into_iter().map(|kind| (kind.to_owned(), hash(kind))).collect()
    }

    /// The hash of the theme.
    pub fn style_hash(&self) -> String {
        hash_of(self.templates.files().filter(|(path, _)| is_style(path)))
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
