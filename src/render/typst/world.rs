use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use super::font::fonts;
use crate::model::Format;
use crate::templates::Templates;

/// What all reports share: Typst's library, the fonts, and the files in `report-templates/` that are Typst source or
/// that Typst source reads.
pub(super) struct Base {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: BTreeMap<String, Source>,
    data: BTreeMap<String, Bytes>,
    main: FileId,
}

impl Base {
    /// Prepares what the reports of a format share; `points` is the size of their text. The theme can read both.
    pub(super) fn new(templates: &Templates, format: Format, points: u32) -> Result<Self, String> {
        let fonts = fonts();
        let mut sources = BTreeMap::new();
        for (path, text) in templates.files().filter(|(path, _)| path.ends_with(".typ")) {
            sources.insert(path.to_owned(), Source::new(file_id(path)?, text.to_owned()));
        }
        let data = templates
            .files()
            .filter(|(path, _)| path.ends_with(".toml"))
            .map(|(path, text)| (path.to_owned(), Bytes::from_string(text.to_owned())))
            .collect();
        Ok(Self {
            library: LazyHash::new(library(format, points)),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
            data,
            main: file_id("main.typ")?,
        })
    }
}

/// Typst's library, with what the theme must know of a format.
fn library(format: Format, points: u32) -> Library {
    let inputs = [("format", format.word().to_owned()), ("points", points.to_string())];
    let inputs = inputs.into_iter().map(|(name, value)| (name.into(), value.into_value()));
    Library::builder()
        .with_inputs(inputs.collect::<Dict>())
        // Tables need header cells for their rows, which Typst still counts as an extra feature.
        .with_features([Feature::A11yExtras].into_iter().collect())
        .build()
}

/// The id of a path in the world, which is not backed by a disk.
fn file_id(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|error| format!("{path}: {error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Everything that one report can see: its own source and files, and the base.
pub(super) struct ReportWorld<'a> {
    base: &'a Base,
    main: Source,
    files: BTreeMap<String, Bytes>,
}

impl<'a> ReportWorld<'a> {
    /// Makes a world with the report's source as `main.typ` and its files by their path.
    pub(super) fn new(base: &'a Base, source: String, files: Vec<(String, Vec<u8>)>) -> Self {
        let files = files.into_iter().map(|(file, bytes)| (file, Bytes::new(bytes))).collect();
        Self { base, main: Source::new(base.main, source), files }
    }

    /// The line of the report's source at an offset, without surrounding spaces.
    pub(super) fn main_line(&self, offset: usize) -> &str {
        let text = self.main.text();
        let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim()
    }
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.base.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.base.book
    }

    fn main(&self) -> FileId {
        self.base.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.base.main {
            return Ok(self.main.clone());
        }
        let path = id.get().vpath().get_without_slash();
        self.base.sources.get(path).cloned().ok_or_else(|| FileError::NotFound(path.into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get().vpath().get_without_slash();
        self.files
            .get(path)
            .or_else(|| self.base.data.get(path))
            .cloned()
            .ok_or_else(|| FileError::NotFound(path.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.base.fonts.get(index).cloned()
    }

    /// A report has no current date: everything it prints must come from its data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
