use serde::Serialize;

use super::{MarkView, StatisticView};

/// How far each sector has got with each process, beside the same sector in the nation.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessesFigure {
    /// The number of the figure within the report.
    pub number: u32,
    /// The file name of the chart.
    pub file: String,
    /// The ids of the questions.
    pub questions: Vec<String>,
    /// The processes: the headings of the columns.
    pub columns: Vec<String>,
    /// The sectors.
    pub rows: Vec<ProcessesRow>,
    /// True when any of its values is withheld.
    pub withheld: bool,
}

/// A sector's progress with each process.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessesRow {
    /// The sector.
    pub sector: String,
    /// A cell for each process; `None` if its manager was not asked.
    pub cells: Vec<Option<ProcessCell>>,
}

/// A sector's progress with one process.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessCell {
    /// How far the area's own sector has got.
    pub own: MarkView,
    /// The nation's share of this sector that has it in place.
    pub in_place: StatisticView,
    /// The nation's share of this sector that has it begun or in place.
    pub in_hand: StatisticView,
}
