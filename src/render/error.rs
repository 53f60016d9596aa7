use std::error::Error;

use crate::problem::Problem;
use crate::templates::TemplateFault;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is invalid, or does not fit this report.
    #[error("{0}")]
    Template(Box<TemplateFault>),
    /// The colours cannot be used.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
    Palette(Vec<Problem>),
    /// The words cannot be used.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
    Lexicon(Vec<Problem>),
    /// The program asked its libraries for something impossible, which is a bug.
    #[error(transparent)]
    Defect(Box<dyn Error + Send + Sync>),
}

impl RenderError {
    /// The error for a mistake that minijinja found in a template.
    pub(super) fn of_template(error: &minijinja::Error) -> Self {
        Self::Template(Box::new(TemplateFault::of_minijinja(error)))
    }
}
