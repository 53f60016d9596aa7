use serde::Serialize;

use super::Mark;

/// A chart of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// File name in the report's world, for example `figure-3.svg`.
    pub file: String,
    /// What it shows.
    pub spec: ChartSpec,
}

/// What a chart shows. All text is ready for print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ChartSpec {
    /// A row for each option of a question.
    Options(OptionChart),
    /// A row for each sector.
    Sectors(SectorChart),
    /// A row for each measure, with the spread of all areas.
    Spread(SpreadChart),
}

/// Options of a question: the area's share or choice, with markers for region and nation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionChart {
    /// Name of the nation, for the heading of its column.
    pub nation: String,
    /// True when the area's values are shares, false when they are one person's choices.
    pub shares: bool,
    /// The rows.
    pub rows: Vec<OptionRow>,
}

/// A row of an [`OptionChart`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionRow {
    /// The option.
    pub label: String,
    /// The area's share, in charts of shares.
    pub own: Bar,
    /// True when the area's one respondent chose it.
    pub chosen: bool,
    /// The region.
    pub region: Bar,
    /// The nation.
    pub nation: Bar,
}

/// Sectors: how far the area's own is, and the nation's shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectorChart {
    /// Name of the nation, for the heading of its columns.
    pub nation: String,
    /// What each part of a bar stands for, from the left; one or two.
    pub segments: Vec<String>,
    /// The rows.
    pub rows: Vec<SectorRow>,
}

/// A row of a [`SectorChart`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectorRow {
    /// The sector.
    pub label: String,
    /// How far the area's own sector is.
    pub mark: Mark,
    /// The same in words.
    pub own: String,
    /// The nation's share for each segment.
    pub nation: Vec<Bar>,
}

/// How the shares of all areas are spread: the area's own among dots for the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpreadChart {
    /// Name of the nation, for the key.
    pub nation: String,
    /// The rows.
    pub rows: Vec<SpreadRow>,
}

/// A row of a [`SpreadChart`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpreadRow {
    /// What is measured.
    pub label: String,
    /// How many areas have a share of 0, about 10, about 20 ... and 100 per cent.
    pub areas: [u32; 11],
    /// The area's own share.
    pub own: Bar,
    /// The region's.
    pub region: Bar,
    /// The nation's.
    pub nation: Bar,
}

/// A percentage in a chart: its length and its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// From 0 to 100; `None` where there is no value.
    pub length: Option<u32>,
    /// As printed.
    pub label: String,
}
