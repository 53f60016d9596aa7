use serde::Serialize;

use super::{MarkView, OwnView, Respondents, StatisticView};

/// A chart with its title, its table and the details needed to describe it.
#[derive(Clone, Debug, Serialize)]
pub struct FigureView {
    /// The number of the figure within the report.
    pub number: u32,
    /// The id of the question.
    pub id: String,
    /// The file name of the chart.
    pub file: String,
    /// What each row is about.
    pub kind: FigureKind,
    /// The short title.
    pub title: String,
    /// The question as it was put.
    pub question: String,
    /// Who was asked.
    pub asked: Respondents,
    /// True when several respondents in the area could answer, false when only one could.
    pub shares: bool,
    /// True when several options may be chosen.
    pub multiple: bool,
    /// Who is in the base, in words.
    pub base: String,
    /// How many are in the region's base; empty if that is withheld.
    pub region_base: String,
    /// How many are in the nation's base; empty if that is withheld.
    pub nation_base: String,
    /// How many of the area's own respondents are in the base.
    pub own_base: u32,
    /// The headings of the nation's values in each row.
    pub segments: Vec<String>,
    /// The rows, in the order of the chart.
    pub rows: Vec<FigureRow>,
    /// True when any of its values is withheld.
    pub withheld: bool,
    /// The row with the nation's highest value; `None` if no row has a value.
    pub greatest: Option<FigureRow>,
}

/// What each row of a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FigureKind {
    /// An option of a question.
    Options,
    /// A sector.
    Sectors,
}

/// A row of a figure.
#[derive(Clone, Debug, Serialize)]
pub struct FigureRow {
    /// The option or sector.
    pub label: String,
    /// The area's own answers.
    pub own: OwnView,
    /// How far the area's sector has got, in figures with a row for each sector.
    pub mark: Option<MarkView>,
    /// The region's statistic, if the figure shows it.
    pub region: Option<StatisticView>,
    /// The nation's statistics, one for each segment.
    pub nation: Vec<StatisticView>,
}
