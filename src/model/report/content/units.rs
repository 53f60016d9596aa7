use serde::Serialize;

use super::CountedView;

/// The key figures, each with a square for every respondent.
#[derive(Clone, Debug, Serialize)]
pub struct UnitsFigure {
    /// The number of the figure within the report.
    pub number: u32,
    /// The file name of the chart.
    pub file: String,
    /// The ids of the questions whose answers it shows.
    pub questions: Vec<String>,
    /// The key figures.
    pub rows: Vec<CountedView>,
    /// True when any of its values is withheld.
    pub withheld: bool,
}
