use serde::Serialize;

use crate::model::{Comparison, FactState};

/// A measure: the area compared with its region and the nation.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureView {
    /// The id of the measure, including the cell if it has several.
    pub id: String,
    /// What is measured.
    pub label: String,
    /// The area's own answers.
    pub own: OwnView,
    /// The region's statistic.
    pub region: StatisticView,
    /// The nation's statistic.
    pub nation: StatisticView,
    /// Who is in the base for the region and the nation, in words.
    pub base: String,
    /// True when the region's or the nation's statistic is withheld.
    pub withheld: bool,
    /// How the area compares with the nation; `None` if there is nothing to compare.
    pub comparison: Option<Comparison>,
    /// True when it is not compared only because too few people answered.
    pub too_few: bool,
    /// For a single answer: how many other areas in the nation gave the same answer, and out of how many.
    pub alike: Option<AlikeView>,
    /// The nation's share of "don't know", if those answers move its statistic by three points or more.
    pub dont_know: Option<StatisticView>,
}

/// A group's statistic, ready to print.
#[derive(Clone, Debug, Serialize)]
pub struct StatisticView {
    /// Whether there is a value; a withheld statistic contains no numbers.
    pub state: FactState,
    /// How many are counted.
    pub count: String,
    /// Out of how many.
    pub base: String,
    /// True when so few people are in the base that it is printed as a count out of it, and not as a percentage.
    pub small: bool,
    /// The share for tables and charts, for example `54%`; `7 of 9` with a small base.
    pub percent: String,
    /// The share for sentences, for example `54 per cent`; `7 of 9` with a small base.
    pub prose: String,
    /// The percentage as the length of a bar, from 0 to 100.
    pub length: u32,
}

impl StatisticView {
    /// True when it may not be published.
    pub fn is_withheld(&self) -> bool {
        self.state == FactState::Withheld
    }
}

/// The area's own answers on a measure, an option or a sector.
#[derive(Clone, Debug, Serialize)]
pub struct OwnView {
    /// Who could answer, and whether anyone did.
    pub state: OwnState,
    /// The printed form: `7 of 8`, the answer, or why there is no answer.
    pub text: String,
    /// True when any of the area's answers is counted.
    pub counted: bool,
    /// How many are counted.
    pub count: u32,
    /// Out of how many.
    pub base: u32,
    /// The share as the length of a bar, from 0 to 100.
    pub length: u32,
}

/// Who could answer for the area, and whether anyone did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OwnState {
    /// Several respondents could answer, and at least one did.
    Share,
    /// One respondent could answer, and did.
    Answer,
    /// Nobody answered.
    None,
}

/// How many other areas gave the same answer.
#[derive(Clone, Debug, Serialize)]
pub struct AlikeView {
    /// How many areas.
    pub count: String,
    /// Out of how many other areas.
    pub of: String,
}
