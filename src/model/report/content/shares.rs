use serde::Serialize;

use super::{Respondents, StatisticView};
use crate::model::Comparison;

/// A chart of the shares of groups on a scale from 0 to 100 per cent: a bar for one group, a tick for the one that it is
/// compared with, and a dot for each of its peers, which are not named.
#[derive(Clone, Debug, Serialize)]
pub struct SharesFigure {
    /// The number of the figure within the report.
    pub number: u32,
    /// The file name of the chart.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// The ids of the questions whose answers it shows.
    pub questions: Vec<String>,
    /// What its rows are.
    pub rows_are: RowsAre,
    /// The question as it was put; empty for measures of several questions.
    pub question: String,
    /// Who was asked.
    pub asked: Respondents,
    /// True when several options may be chosen.
    pub multiple: bool,
    /// Who is in the base, in words; empty if the rows have different bases.
    pub base: String,
    /// How many are in the base of the bars; empty if that differs between rows, or is withheld.
    pub bar_base: String,
    /// How many are in the base of the ticks; empty if that differs between rows, or is withheld.
    pub mark_base: String,
    /// Who the bars are of; empty if each row is about somebody else.
    pub bar: String,
    /// Who the ticks are of; empty if there are none.
    pub mark: String,
    /// What the dots are; `None` if there are none.
    pub dots: Option<Dots>,
    /// The rows, in the order of the chart.
    pub rows: Vec<SharesRow>,
    /// The row with the longest bar; `None` if no one row is known to have it.
    pub greatest: Option<SharesRow>,
    /// The row with the shortest bar; `None` if no one row is known to have it.
    pub least: Option<SharesRow>,
    /// True when any of its values is withheld.
    pub withheld: bool,
}

/// What the rows of a chart of shares are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowsAre {
    /// Measures.
    Measures,
    /// The options of a question.
    Options,
    /// The cells of a tally, which add up to everyone.
    Parts,
    /// Sectors.
    Sectors,
}

/// What the dots of a chart of shares are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dots {
    /// The other regions.
    Regions,
    /// The other sectors.
    Sectors,
}

/// A row of a chart of shares.
#[derive(Clone, Debug, Serialize)]
pub struct SharesRow {
    /// The measure, option, sector or region.
    pub label: String,
    /// The statistic that the bar shows.
    pub bar: StatisticView,
    /// The statistic that it is compared with.
    pub mark: Option<StatisticView>,
    /// The shares of the peers that have one, from 0 to 100.
    pub dots: Vec<u32>,
    /// How the bar compares with the tick; `None` if the two are not compared.
    pub comparison: Option<Comparison>,
}
