//! Finished editions, read back from their bytes: each format has a reader, and the proofs get the same kind of result
//! from all.

mod html;
mod pdf;
mod text;

use super::Claim;
use crate::model::Format;

/// What a finished edition says and contains.
#[derive(Debug, Default)]
pub(super) struct Readback {
    /// Its text in reading order, then its page furniture.
    pub(super) passages: Vec<Passage>,
    /// What a reader sees first: the first page, if the format has pages.
    pub(super) opening: String,
    /// Its headings; those of its parts have numbers.
    pub(super) headings: Vec<String>,
    /// The charts, each with the id of the part that contains it; `None` if the format has no drawings. A chart may be there
    /// several times, for pages of several widths.
    pub(super) charts: Option<Vec<(String, DrawnText)>>,
    /// The alternative text of each picture.
    pub(super) alternatives: Vec<String>,
    /// What cannot be read because it runs off its page: the page, from 1, and the text.
    pub(super) cut_off: Vec<(usize, String)>,
    /// What is not on its pages.
    pub(super) particulars: Particulars,
}

/// What an edition contains that is not on its pages.
#[derive(Debug, Default)]
pub(super) struct Particulars {
    /// Title, author, description and keywords.
    pub(super) metadata: String,
    /// True if the format holds keywords: otherwise the metadata have the permanent name of the report.
    pub(super) keywords: bool,
    /// The attached files, as names and bytes; `None` if the format holds no files.
    pub(super) attachments: Option<Vec<(String, Vec<u8>)>>,
}

/// Where a passage is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Before the first part that has an id.
    Opening,
    /// In the part with this id.
    Named(String),
    /// In the furniture of a page, counted from 1, which is not read aloud.
    Furniture(usize),
}

/// A stretch of text in one part; it may run over several pages.
#[derive(Debug)]
pub(super) struct Passage {
    /// The part it is in.
    pub(super) part: Part,
    /// Its text, with single spaces between words.
    pub(super) text: String,
    /// Where each piece begins, and its page, counted from 1, if the format has pages.
    pieces: Vec<(usize, Option<usize>)>,
}

/// The text that a chart prints.
#[derive(Debug)]
pub(super) struct DrawnText {
    /// The page on which it begins, counted from 1, if the format has pages.
    pub(super) page: Option<usize>,
    /// The text that is drawn, in order.
    pub(super) drawn: String,
    /// The text that is set over the drawing, mixed with other page furniture.
    pub(super) overlay: String,
}

impl Passage {
    /// Creates a passage with no text yet.
    fn of(part: Part) -> Self {
        Self { part, text: String::new(), pieces: Vec::new() }
    }

    /// The whole text of an edition that is not divided into parts.
    #[cfg(test)]
    pub(super) fn whole(text: &str) -> Self {
        let mut passage = Self::of(Part::Opening);
        passage.push(&crate::pdf::spaced(text), None);
        passage
    }

    /// The page of an offset in the text, counted from 1, if the format has pages.
    pub(super) fn page(&self, offset: usize) -> Option<usize> {
        self.pieces.iter().rev().find(|(start, _)| *start <= offset).and_then(|(_, page)| *page)
    }

    fn push(&mut self, text: &str, page: Option<usize>) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.pieces.push((self.text.len(), page));
        self.text.push_str(text);
    }
}

/// Reads the finished editions of one format back from their bytes.
pub(super) trait EditionReader {
    /// Reads a whole edition. The claim says what its parts are called.
    ///
    /// # Errors
    /// Returns an error if the bytes are not valid for the format.
    fn read(&self, bytes: &[u8], claim: Claim<'_>) -> Result<Readback, String>;

    /// Reads only what is not on its pages.
    ///
    /// # Errors
    /// Returns an error if the bytes are not valid for the format.
    fn particulars(&self, bytes: &[u8]) -> Result<Particulars, String>;
}

/// The reader of a format.
pub(super) fn reader(format: Format) -> &'static dyn EditionReader {
    match format {
        Format::Standard | Format::LargePrint => &pdf::PdfReader,
        Format::Html => &html::HtmlReader,
        Format::Text => &text::TextReader,
    }
}

impl Readback {
    /// How many pages it has, as far as its furniture shows.
    pub(super) fn pages(&self) -> usize {
        let page = |passage: &Passage| match passage.part {
            Part::Furniture(page) => page,
            Part::Opening | Part::Named(_) => 0,
        };
        self.passages.iter().map(page).max().unwrap_or_default()
    }

    /// All the text that is read aloud, as one string.
    pub(super) fn body(&self) -> String {
        joined(self.aloud())
    }

    /// The passages that are read aloud.
    pub(super) fn aloud(&self) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(|passage| !matches!(passage.part, Part::Furniture(_)))
    }

    /// The texts of its page furniture.
    pub(super) fn furniture(&self) -> impl Iterator<Item = &str> {
        let furniture = self.passages.iter().filter(|passage| matches!(passage.part, Part::Furniture(_)));
        furniture.map(|passage| passage.text.as_str())
    }
}

/// The text of passages as one string.
pub(super) fn joined<'p>(passages: impl Iterator<Item = &'p Passage>) -> String {
    passages.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join(" ")
}
