//! What a report says in, a finished file out: a renderer for each format.

mod typst;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use self::typst::{Typesetter, fixed_text};
use crate::chart::{self, Dress, Palette, Sizes};
use crate::model::{Format, Kind, Language, Limits, ReportModel};
use crate::problem::Problem;
use crate::templates::{TemplateFault, Templates};
use crate::words::Lexicon;

/// Name and version of the engine that makes the PDFs, with the hash of the program's own sources.
pub const ENGINE: &str =
    concat!("area-reports ", env!("CARGO_PKG_VERSION"), " (", env!("SOURCES"), "), typst ", env!("TYPST"));

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is wrong, or does not suit this report.
    #[error("{0}")]
    Template(Box<TemplateFault>),
    /// The colours cannot be used.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
    Palette(Vec<Problem>),
    /// The words cannot be used.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
    Lexicon(Vec<Problem>),
    /// Nothing makes a format that the evaluation asks for.
    #[error("no report can be made in the format '{0}'; this program makes {made}", made = made())]
    Format(Format),
    /// The program asked its libraries for something impossible: a defect of the program.
    #[error("{0}")]
    Defect(String),
}

/// The formats that reports can be made in.
pub const FORMATS: &[Format] = &[Format::Standard];

fn made() -> String {
    FORMATS.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A finished edition.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has, in a format that has pages.
    pub pages: Option<usize>,
}

/// Makes finished files of reports. One for a run, shared by all its threads.
pub struct Renderer {
    templates: Templates,
    wording: BTreeMap<String, String>,
    words: Lexicon,
    palette: Palette,
    /// For each kind of report the sentences that stand in its templates word for word.
    fixed_text: BTreeMap<String, Vec<String>>,
    typesetter: Typesetter,
}

impl Renderer {
    /// Prepares templates, the evaluation's own wording and fonts for reports in a language and some formats.
    ///
    /// # Errors
    /// When a format cannot be made, or a template is not a template at all. What only shows with a report's data shows in
    /// [`Self::render`].
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

    /// Draws the charts of a report for a format: files by their path, none in a format without drawings.
    ///
    /// # Errors
    /// Only for a defect of the program.
    pub fn drawings(
        &self,
        format: Format,
        model: &ReportModel,
    ) -> Result<Vec<(String, Vec<u8>)>, RenderError> {
        let sizes = match format {
            Format::Standard => Sizes::STANDARD,
            Format::LargePrint | Format::Html | Format::Text => return Err(RenderError::Format(format)),
        };
        let dress = Dress { palette: &self.palette, words: &self.words, sizes };
        let mut files = Vec::new();
        for chart in chart::charts(model) {
            files.extend(chart.files(dress).map_err(|error| RenderError::Defect(error.to_string()))?);
        }
        Ok(files)
    }

    /// Makes a report in a format, with the files that its templates may name, by their path: drawings, and what is attached.
    ///
    /// # Errors
    /// When a template does not suit the report's data, or a defect of the program.
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

    /// The sentences that stand word for word in the templates of a kind and in the wording, cut where a value is printed.
    pub fn fixed_text(&self, kind: Kind) -> &[String] {
        self.fixed_text.get(kind.word()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The words that reports print beside their sentences, from the templates.
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

    /// Hash of the theme.
    pub fn style_hash(&self) -> String {
        hash_of(self.templates.files().filter(|(path, _)| is_style(path)))
    }

    /// Hash of all fonts.
    pub fn fonts_hash() -> String {
        typst::fonts_hash()
    }
}

/// True for a file of the theme: colours, sizes and page furniture, which all kinds of reports share.
fn is_style(path: &str) -> bool {
    path.starts_with("theme/")
}

/// Hash of some files and their paths.
fn hash_of<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut hasher = Sha256::new();
    for part in files.flat_map(|(path, text)| [path, text]) {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    crate::hash::hex(hasher)
}
