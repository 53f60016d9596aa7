use serde::Serialize;

use super::StatisticView;

/// Two views of one thing: how the strategic lead rates each sector, and what its own manager says.
#[derive(Clone, Debug, Serialize)]
pub struct SidesFigure {
    /// The number of the figure within the report.
    pub number: u32,
    /// The file name of the chart.
    pub file: String,
    /// The ids of the two questions.
    pub questions: Vec<String>,
    /// The question as it was put to the lead.
    pub question: String,
    /// The steps of the scale, in the order of the options.
    pub steps: Vec<String>,
    /// The sectors.
    pub rows: Vec<SidesRow>,
    /// The sectors on which the two views are two steps or more apart, furthest apart first.
    pub apart: Vec<SidesRow>,
    /// How many sectors both rated.
    pub rated: u32,
    /// What the nation's figures count, for example "Fully engaged or well engaged"; empty if no measure counts it.
    pub counted: String,
    /// True when any of its values is withheld.
    pub withheld: bool,
}

/// The two views of a sector.
#[derive(Clone, Debug, Serialize)]
pub struct SidesRow {
    /// The sector.
    pub sector: String,
    /// The lead's rating.
    pub lead: SideView,
    /// The manager's own.
    pub manager: SideView,
    /// How many steps apart they are; `None` if one of them is missing.
    pub steps: Option<usize>,
}

/// One view of a sector.
#[derive(Clone, Debug, Serialize)]
pub struct SideView {
    /// The position of the step among the steps of the scale; `None` if no step was chosen.
    pub step: Option<usize>,
    /// The answer in words.
    pub text: String,
    /// The nation's share of such views of this sector that count; `None` if no measure counts them.
    pub nation: Option<StatisticView>,
}
