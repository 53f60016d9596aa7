use lopdf::Document;

use super::side::{Side, SideReport};
use crate::fs;
use crate::model::Fact;
use crate::pdf::{Objects, Page, document, pages};

/// A report as read from its bytes.
pub(super) struct ReadReport<'s> {
    pub(super) report: &'s SideReport,
    pub(super) bytes: Vec<u8>,
    pub(super) document: Document,
    pub(super) objects: Objects,
    pub(super) pages: Vec<Page>,
    /// Its facts; `None` if it comes with none that can be read.
    pub(super) facts: Option<Vec<Fact>>,
}

impl<'s> ReadReport<'s> {
    /// Reads a report, or says why it cannot be read.
    pub(super) fn of(side: &Side, report: &'s SideReport) -> Result<Self, String> {
        let file = side.folder.join(report.file.as_deref().unwrap_or_default());
        let in_file = |problem: String| format!("{}: {problem}", file.display());
        let bytes = fs::read(&file).map_err(|error| error.to_string())?;
        let document = document(&bytes).map_err(in_file)?;
        let objects = Objects::of(&document).map_err(in_file)?;
        let pages = pages(&bytes).map_err(in_file)?;
        let facts = report.facts(&side.folder, &objects);
        Ok(Self { report, bytes, document, objects, pages, facts })
    }
}
