use super::spaced;

/// Text written in one go: a line of a paragraph, a cell of a table, a whole chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TextRun {
    /// Page, from 0.
    pub(crate) page: usize,
    /// Height of its first character above the foot of the page, in points.
    pub(crate) height: f64,
    /// True for page furniture, which is not read aloud.
    pub(crate) artifact: bool,
    /// True when part of it is off the page.
    pub(crate) cut_off: bool,
    /// The text, in several pieces if it jumps, as between the labels of a chart.
    pub(crate) pieces: Vec<String>,
}

impl TextRun {
    /// The pieces with single spaces between their words.
    pub(crate) fn text(&self) -> String {
        spaced(&self.pieces.join(" "))
    }
}
