use serde::Serialize;

use super::{FigureView, MeasureView, Respondents};

/// A theme of the report.
#[derive(Clone, Debug, Serialize)]
pub struct SectionView {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Who was asked, and which measures rest on their answers.
    pub sources: Vec<SourceView>,
    /// True when anyone in the area answered any of its questions.
    pub answered: bool,
    /// Its measures.
    pub measures: Vec<MeasureView>,
    /// Its figures.
    pub figures: Vec<FigureView>,
}

/// A group of respondents and the measures that rest on their answers.
#[derive(Clone, Debug, Serialize)]
pub struct SourceView {
    /// Which respondents they are.
    pub who: Respondents,
    /// The labels of the measures; empty if the section has only charts.
    pub measures: Vec<String>,
}
