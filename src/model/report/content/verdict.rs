use serde::Serialize;

use super::{AlikeView, OwnView, StatisticView};

/// The strategic lead's verdicts on the whole area, each a strip of ordered steps.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictsFigure {
    /// The number of the figure within the report.
    pub number: u32,
    /// The file name of the chart.
    pub file: String,
    /// True for the chart that names every step and shows how others chose; false for the one at a glance.
    pub detailed: bool,
    /// The ids of the questions.
    pub questions: Vec<String>,
    /// The verdicts, in questionnaire order.
    pub verdicts: Vec<VerdictView>,
    /// True when any of the values that it shows is withheld.
    pub withheld: bool,
}

/// A verdict of the strategic lead.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictView {
    /// The short title of the question.
    pub title: String,
    /// True when several steps may be chosen.
    pub multiple: bool,
    /// What the lead chose, or why there is no answer.
    pub own: OwnView,
    /// The steps, in the order of the options.
    pub steps: Vec<StepView>,
    /// How many other areas in the nation chose the same step; for a question that allows several answers, how many
    /// named the furthest of those that the lead chose. `None` if the lead chose none, or the number is withheld.
    pub alike: Option<AlikeView>,
    /// Where the lead's choice is among the steps; `None` without a choice.
    pub standing: Option<Standing>,
}

/// A step of a verdict.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    /// The option.
    pub label: String,
    /// True when the lead chose it.
    pub chosen: bool,
    /// The region's statistic.
    pub region: StatisticView,
    /// The nation's statistic.
    pub nation: StatisticView,
}

/// Where a verdict is among the steps of its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The step that means the most progress.
    Furthest,
    /// A step in between.
    Between,
    /// The step that means the least progress.
    LeastFar,
}
