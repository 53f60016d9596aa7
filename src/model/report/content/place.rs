use serde::Serialize;

use super::StatisticView;

/// A chart of where the area is among all areas: on each measure their range, the middle half of them, and the area.
#[derive(Clone, Debug, Serialize)]
pub struct PlacesFigure {
    /// The number of the figure.
    pub number: u32,
    /// The file name of its chart.
    pub file: String,
    /// The ids of the questions whose answers it shows.
    pub questions: Vec<String>,
    /// Its measures.
    pub rows: Vec<PlaceView>,
    /// True when any of its values is withheld.
    pub withheld: bool,
}

/// Where the area is among all areas on one measure. Numbers are ready to print.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceView {
    /// What is measured.
    pub label: String,
    /// The area's own share.
    pub own: String,
    /// How many other areas have a lower share.
    pub lower: String,
    /// How many other areas have the same share.
    pub same: String,
    /// How many other areas have a higher share.
    pub higher: String,
    /// The lowest and the highest share of all areas, as percentages.
    pub range: [u32; 2],
    /// The shares between which the middle half of the areas with enough answers lie, as percentages; `None` if there
    /// are too few such areas.
    pub middle: Option<[u32; 2]>,
    /// The area's own share in the chart, from 0 to 100; `None` if it has none.
    pub length: Option<u32>,
    /// The region's statistic.
    pub region: StatisticView,
    /// The nation's statistic.
    pub nation: StatisticView,
}
