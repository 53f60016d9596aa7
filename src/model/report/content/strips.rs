use serde::Serialize;

use super::StatisticView;

/// A chart with a strip for each measure, on which every area of a region is a dot without a name.
#[derive(Clone, Debug, Serialize)]
pub struct StripsFigure {
    /// The number of the figure.
    pub number: u32,
    /// The file name of its chart.
    pub file: String,
    /// The theme of its measures.
    pub title: String,
    /// The ids of the questions whose answers it shows.
    pub questions: Vec<String>,
    /// The name of the region.
    pub region: String,
    /// Its strips.
    pub rows: Vec<StripView>,
}

/// The areas of a region on one measure.
#[derive(Clone, Debug, Serialize)]
pub struct StripView {
    /// What is measured.
    pub label: String,
    /// How many areas are nearest to each tenth: to 0, 10, and so on up to 100 per cent.
    pub areas: Vec<u32>,
    /// How many areas there are, ready to print.
    pub all: String,
    /// The region's statistic.
    pub region: StatisticView,
    /// The nation's statistic.
    pub nation: StatisticView,
}
