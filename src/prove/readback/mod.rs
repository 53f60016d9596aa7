//! Finished editions, read back from their bytes: a reader for each format, and one account of what it found for the proofs.

mod pdf;

use std::collections::BTreeMap;

use crate::model::Format;

/// What a finished edition says and holds.
#[derive(Debug, Default)]
pub(super) struct Readback {
    /// Its text, in the order in which it is read aloud, then its page furniture.
    pub(super) passages: Vec<Passage>,
    /// What a reader sees first: the first page, in a format that has pages.
    pub(super) opening: String,
    /// The charts, by the id of the part in which they stand; `None` if the format has no drawings.
    pub(super) charts: Option<BTreeMap<String, DrawnText>>,
    /// The texts that stand for pictures.
    pub(super) alternatives: Vec<String>,
    /// What cannot be read because it runs off its page: the page, from 1, and how the text begins.
    pub(super) cut_off: Vec<(usize, String)>,
    /// What is not on its pages.
    pub(super) particulars: Particulars,
}

/// What an edition holds that nobody reads on a page.
#[derive(Debug, Default)]
pub(super) struct Particulars {
    /// Title, author, description and keywords.
    pub(super) metadata: String,
    /// The attached files, name and bytes; `None` if the format holds no files.
    pub(super) attachments: Option<Vec<(String, Vec<u8>)>>,
}

/// Where a passage stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Before the first part that has an id.
    Opening,
    /// In the part with this id.
    Named(String),
    /// In page furniture, which is not read aloud, of a page counted from 1.
    Furniture(usize),
}

/// A stretch of text in one part; it may run over several pages.
#[derive(Debug)]
pub(super) struct Passage {
    /// The part.
    pub(super) part: Part,
    /// Single spaces between words.
    pub(super) text: String,
    /// Where each piece begins, and its page, counted from 1, in a format that has pages.
    pieces: Vec<(usize, Option<usize>)>,
}

/// What a chart prints.
#[derive(Debug, Default)]
pub(super) struct DrawnText {
    /// The page on which it begins, counted from 1, in a format that has pages.
    pub(super) page: Option<usize>,
    /// The text that is drawn, in its order.
    pub(super) drawn: String,
    /// The text that is set over the drawing, among other furniture.
    pub(super) set_over: String,
}

impl Passage {
    /// A passage that has no text yet.
    fn of(part: Part) -> Self {
        Self { part, text: String::new(), pieces: Vec::new() }
    }

    /// The page of an offset in the text, counted from 1, in a format that has pages.
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
    /// Reads all of an edition.
    ///
    /// # Errors
    /// When the bytes are not what the format should be.
    pub(super) fn of(format: Format, bytes: &[u8]) -> Result<Self, String> {
        match format {
            Format::Standard | Format::LargePrint => pdf::read(bytes),
            Format::Html | Format::Text => Err(unknown(format)),
        }
    }

    /// What is read aloud, in one text.
    pub(super) fn body(&self) -> String {
        let aloud = self.passages.iter().filter(|passage| !matches!(passage.part, Part::Furniture(_)));
        aloud.map(|passage| passage.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The texts of its page furniture.
    pub(super) fn furniture(&self) -> impl Iterator<Item = &str> {
        let furniture = self.passages.iter().filter(|passage| matches!(passage.part, Part::Furniture(_)));
        furniture.map(|passage| passage.text.as_str())
    }
}

impl Particulars {
    /// Reads what is not on the pages of an edition, and nothing else of it.
    ///
    /// # Errors
    /// When the bytes are not what the format should be.
    pub(super) fn of(format: Format, bytes: &[u8]) -> Result<Self, String> {
        match format {
            Format::Standard | Format::LargePrint => pdf::particulars(bytes),
            Format::Html | Format::Text => Err(unknown(format)),
        }
    }
}

/// What nobody reads back is not published.
fn unknown(format: Format) -> String {
    format!("nothing reads back the format '{format}'")
}
