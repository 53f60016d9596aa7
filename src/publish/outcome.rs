use serde::{Deserialize, Serialize};

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Outcome {
    /// Made in this run.
    Built,
    /// Reused from the run before: everything that affects it is the same.
    Reused,
    /// Not made, because the area's submission has errors.
    NoSubmission,
    /// Not made, because a template does not fit it.
    Template {
        /// What is wrong, and where.
        problem: String,
    },
    /// Made, then discarded because it failed its checks.
    Unproven {
        /// Every doubt about it, with the page.
        doubts: Vec<String>,
    },
    /// Given up, because it took too much time or memory.
    Limit {
        /// Which limit it exceeded.
        problem: String,
    },
    /// Not made, because of a defect in the program.
    Defect {
        /// What happened.
        problem: String,
    },
}

impl Outcome {
    /// True if the run has the report.
    pub fn is_made(&self) -> bool {
        matches!(self, Self::Built | Self::Reused)
    }

    /// What became of the report, in one line; if there are several faults, the first.
    pub fn reason(&self) -> String {
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        match self {
            Self::Built => "made".to_owned(),
            Self::Reused => "reused unchanged".to_owned(),
            Self::NoSubmission => "its submission has errors".to_owned(),
            Self::Template { problem } => format!("a template does not fit it: {}", first(problem)),
            Self::Unproven { doubts } => {
                format!(
                    "it failed its checks: {}",
                    doubts.first().map(|doubt| first(doubt)).unwrap_or_default()
                )
            }
            Self::Limit { problem } => problem.clone(),
            Self::Defect { problem } => format!("a defect in the program: {}", first(problem)),
        }
    }

    /// The name of the outcome, as in the manifest.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Reused => "reused",
            Self::NoSubmission => "no-submission",
            Self::Template { .. } => "template",
            Self::Unproven { .. } => "unproven",
            Self::Limit { .. } => "limit",
            Self::Defect { .. } => "defect",
        }
    }
}
