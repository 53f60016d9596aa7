use lopdf::Document;

use super::sections::{Section, of_page, of_pdf, of_text};
use super::side::{Side, SideReport};
use crate::fs;
use crate::model::Fact;
use crate::page::Page as WebPage;
use crate::pdf::{Objects, Page, document, pages};
use crate::plain::{Block, blocks};

/// A report as read from its bytes.
pub(super) struct ReadReport<'s> {
    pub(super) report: &'s SideReport,
    pub(super) contents: Contents,
    /// Its facts; `None` if it comes with none that can be read.
    pub(super) facts: Option<Vec<Fact>>,
}

/// What a report contains, in the form of its format.
pub(super) enum Contents {
    /// A PDF.
    Pdf(Box<ReadPdf>),
    /// A web page.
    Page(WebPage),
    /// A plain text.
    Text(Vec<Block>),
}

/// A PDF as read from its bytes.
pub(super) struct ReadPdf {
    pub(super) bytes: Vec<u8>,
    pub(super) document: Document,
    pub(super) objects: Objects,
    pub(super) pages: Vec<Page>,
}

impl<'s> ReadReport<'s> {
    /// Reads a report, or says why it cannot be read.
    pub(super) fn of(side: &Side, report: &'s SideReport) -> Result<Self, String> {
        let name = report.file.as_deref().unwrap_or_default();
        let file = side.folder.join(name);
        let bytes = fs::read(&file).map_err(|error| error.to_string())?;
        let contents =
            Contents::of(name, bytes).map_err(|problem| format!("{}: {problem}", file.display()))?;
        let attachments = match &contents {
            Contents::Pdf(pdf) => pdf.objects.attachments.as_slice(),
            Contents::Page(_) | Contents::Text(_) => &[],
        };
        let facts = report.facts(&side.folder, attachments);
        Ok(Self { report, contents, facts })
    }
}

impl Contents {
    /// Reads a file of this name.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(super) fn of(name: &str, bytes: Vec<u8>) -> Result<Self, String> {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|error| error.to_string());
        match name.rsplit('.').next() {
            Some("html") => Ok(Self::Page(WebPage::read(&text(bytes)?)?)),
            Some("txt") => Ok(Self::Text(blocks(&text(bytes)?))),
            _ => {
                let document = document(&bytes)?;
                let objects = Objects::of(&document)?;
                let pages = pages(&bytes)?;
                Ok(Self::Pdf(Box::new(ReadPdf { bytes, document, objects, pages })))
            }
        }
    }

    /// Its sections, word for word.
    pub(super) fn sections(&self) -> Vec<Section> {
        match self {
            Self::Pdf(pdf) => of_pdf(&pdf.pages, &pdf.objects),
            Self::Page(page) => of_page(page),
            Self::Text(blocks) => of_text(blocks),
        }
    }

    /// How many pages it has; none if the format has no pages.
    pub(super) fn pages(&self) -> usize {
        match self {
            Self::Pdf(pdf) => pdf.pages.len(),
            Self::Page(_) | Self::Text(_) => 0,
        }
    }
}
