use serde::Serialize;

use super::StatisticView;

/// The sector profile: a row for each sector, a column for each theme.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileView {
    /// The headings of the columns after the first.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<ProfileRow>,
    /// The nation's share that has each of them in place or begun, over all sectors.
    pub nation: Vec<StatisticView>,
}

/// A row of the sector profile.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileRow {
    /// The sector.
    pub sector: String,
    /// How far the sector has got, in each column.
    pub cells: Vec<MarkView>,
}

/// How far a sector has got, with the word for it.
#[derive(Clone, Debug, Serialize)]
pub struct MarkView {
    /// The shape.
    pub mark: Mark,
    /// The word.
    pub word: String,
}

/// How far a sector has got, printed as a shape with a word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// In place.
    InPlace,
    /// Begun.
    Begun,
    /// Not begun.
    NotYet,
    /// Don't know.
    DontKnow,
    /// No answer.
    NoAnswer,
}
