use serde::Serialize;

use super::StatisticView;

/// A table that puts groups side by side: regions or sectors, in the order of the register or questionnaire.
#[derive(Clone, Debug, Serialize)]
pub struct PeersView {
    /// What is measured: the headings of the columns.
    pub columns: Vec<String>,
    /// The groups.
    pub rows: Vec<PeerRow>,
    /// All groups together.
    pub all: Vec<StatisticView>,
    /// True when any of its values is withheld.
    pub withheld: bool,
}

/// A group in such a table.
#[derive(Clone, Debug, Serialize)]
pub struct PeerRow {
    /// Its name.
    pub name: String,
    /// True for the group that the report is about.
    pub own: bool,
    /// Its statistics.
    pub cells: Vec<StatisticView>,
}
