//! Finished editions, read back from their bytes: each format has a reader, and the proofs get the same kind of result
//! from all.

mod pdf;

use std::collections::BTreeMap;

use crate::model::Format;

/// What a finished edition says and contains.
#[derive(Debug, Default)]
pub(super) struct Readback {
    /// Its text in reading order, then its page furniture.
    pub(super) passages: Vec<Passage>,
    /// What a reader sees first: the first page, if the format has pages.
    pub(super) opening: String,
    /// The charts, by the id of the part that contains them; `None` if the format has no drawings.
    pub(super) charts: Option<BTreeMap<String, DrawnText>>,
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

impl Readback {
    /// Reads a whole edition.
    ///
    /// # Errors
    /// Returns an error if the bytes are not valid for the format.
    pub(super) fn of(format: Format, bytes: &[u8]) -> Result<Self, String> {
        match format {
            Format::Standard | Format::LargePrint => pdf::read(bytes),
            Format::Html | Format::Text => Err(unknown(format)),
        }
    }

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

impl Particulars {
    /// Reads only what is not on the pages of an edition.
    ///
    /// # Errors
    /// Returns an error if the bytes are not valid for the format.
    pub(super) fn of(format: Format, bytes: &[u8]) -> Result<Self, String> {
        match format {
            Format::Standard | Format::LargePrint => pdf::particulars(bytes),
            Format::Html | Format::Text => Err(unknown(format)),
        }
    }
}

/// The error for a format that cannot be read back: it is not published.
fn unknown(format: Format) -> String {
    format!("the format '{format}' cannot be read back")
}
