use serde::Serialize;

use super::{OwnView, Respondents, StatisticView};
use crate::model::Comparison;

/// A chart of shares on a scale from 0 to 100 per cent: the area's own answers with markers for its region and the
/// nation.
#[derive(Clone, Debug, Serialize)]
pub struct BarsFigure {
    /// The number of the figure within the report.
    pub number: u32,
    /// The file name of the chart.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// The ids of the questions whose answers it shows.
    pub questions: Vec<String>,
    /// Its rows, in groups that each have a heading if there are several.
    pub groups: Vec<BarGroup>,
    /// True when any of its values is withheld.
    pub withheld: bool,
}

/// Rows that share who was asked and, if they are the options of one question, the question.
#[derive(Clone, Debug, Serialize)]
pub struct BarGroup {
    /// Its heading.
    pub title: String,
    /// What its rows are.
    pub kind: BarKind,
    /// The question as it was put; empty for measures of several questions.
    pub question: String,
    /// Who was asked.
    pub asked: Respondents,
    /// True when several options may be chosen.
    pub multiple: bool,
    /// Who is in the base, in words; empty if the rows have different bases.
    pub base: String,
    /// How many are in the region's base; empty if that is withheld.
    pub region_base: String,
    /// How many are in the nation's base; empty if that is withheld.
    pub nation_base: String,
    /// How many of the area's own respondents are in the base.
    pub own_base: u32,
    /// The rows, in the order of the chart.
    pub rows: Vec<BarRow>,
    /// The row with the nation's highest value; `None` if no row has a value.
    pub greatest: Option<BarRow>,
}

/// What the rows of a group of bars are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarKind {
    /// Measures.
    Measures,
    /// The options of a question.
    Options,
    /// The strategic lead's rating of each sector.
    Ratings,
    /// The cells of a tally, which add up to everyone.
    Parts,
}

/// A row of a chart of shares.
#[derive(Clone, Debug, Serialize)]
pub struct BarRow {
    /// The measure, option or sector.
    pub label: String,
    /// The area's own answers.
    pub own: OwnView,
    /// The region's statistic, if there is one.
    pub region: Option<StatisticView>,
    /// The nation's statistic.
    pub nation: StatisticView,
    /// How the area compares with the nation; `None` if it is not compared.
    pub comparison: Option<Comparison>,
    /// True when it is not compared only because too few people answered.
    pub too_few: bool,
}
