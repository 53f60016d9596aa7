use serde::Serialize;

use super::{BarsFigure, CountedView, MeasureView};

/// A theme of the report.
#[derive(Clone, Debug, Serialize)]
pub struct SectionView {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// True when anyone in the area answered any of its questions.
    pub answered: bool,
    /// The measure that its headline is about; `None` if none can be reported.
    pub finding: Option<CountedView>,
    /// Its measures.
    pub measures: Vec<MeasureView>,
    /// Its figures: its measures first, then questions with a chart.
    pub figures: Vec<BarsFigure>,
    /// The sections that are printed on its page.
    pub companions: Vec<SectionView>,
}

/// What proofs know about a theme: what is said in it belongs to it and to its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionPart<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its heading.
    pub title: &'a str,
    /// The numbers of its figures.
    pub figures: Vec<u32>,
}

impl SectionView {
    /// What proofs know about it.
    pub(super) fn part(&self) -> SectionPart<'_> {
        SectionPart {
            id: &self.id,
            title: &self.title,
            figures: self.figures.iter().map(|figure| figure.number).collect(),
        }
    }
}
