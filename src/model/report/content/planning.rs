use serde::Serialize;

use super::{FigureRow, MeasureView, Respondents};

/// Findings that an area may use in its planning: only its own answers compared with those of others.
#[derive(Clone, Debug, Serialize)]
pub struct PlanningView {
    /// The measures on which it is furthest behind the nation.
    pub gaps: Vec<GapView>,
    /// What it named as helping or hindering, question by question.
    pub named: Vec<NamedView>,
}

/// A gap, expressed as a number of the area's own respondents.
#[derive(Clone, Debug, Serialize)]
pub struct GapView {
    /// The measure.
    pub measure: MeasureView,
    /// How many of its respondents the region's share would amount to, for example `6 of 9`; `[c]` if it is withheld.
    pub at_region: String,
    /// How many of its respondents the nation's share would amount to.
    pub at_nation: String,
}

/// What helps or hinders, as named by the area and by its region.
#[derive(Clone, Debug, Serialize)]
pub struct NamedView {
    /// The short title of the question.
    pub title: String,
    /// Who was asked.
    pub asked: Respondents,
    /// True for success factors, false for barriers.
    pub helps: bool,
    /// True when the area answered the question.
    pub answered: bool,
    /// What the area named, in order of its region's figures.
    pub rows: Vec<FigureRow>,
    /// What the region named most often but the area did not.
    pub others: Vec<FigureRow>,
    /// True when any of these values is withheld.
    pub withheld: bool,
}
