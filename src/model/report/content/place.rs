use serde::Serialize;

use super::StatisticView;
use crate::model::Quarter;

/// Where the area stands among all areas, on the measures that can show it.
#[derive(Clone, Debug, Serialize)]
pub struct PlacesView {
    /// How many measures there are.
    pub measures: u32,
    /// The number of measures on which the area is in the highest quarter.
    pub highest: u32,
    /// The number of measures on which it is in the lowest quarter.
    pub lowest: u32,
    /// The measures, divided between charts.
    pub figures: Vec<PlacesFigure>,
}

/// A chart showing the spread of all areas on a set of measures.
#[derive(Clone, Debug, Serialize)]
pub struct PlacesFigure {
    /// The number of the figure.
    pub number: u32,
    /// The file name of its chart.
    pub file: String,
    /// Its measures.
    pub rows: Vec<PlaceView>,
}

/// Where the area stands among all areas on one measure. Numbers are ready to print.
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
    /// The quarter of all areas that it is in; `None` if there are no quarters.
    pub quarter: Option<Quarter>,
    /// How many areas have a share of 0, about 10, about 20 ... and 100 per cent, including this one.
    pub areas: [u32; 11],
    /// The area's own share in a chart, from 0 to 100; `None` if it has no share.
    pub length: Option<u32>,
    /// The region's statistic.
    pub region: StatisticView,
    /// The nation's statistic.
    pub nation: StatisticView,
}
