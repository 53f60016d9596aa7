use std::error::Error;

use crate::model::Format;
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
    /// The evaluation asks for a format that cannot be made.
    #[error("reports cannot be made in the format '{0}'; this program makes {made}", made = made())]
    Format(Format),
    /// The program asked its libraries for something impossible, which is a bug.
    #[error(transparent)]
    Defect(Box<dyn Error + Send + Sync>),
}

/// The formats that reports can be made in.
pub const FORMATS: &[Format] = &[Format::Standard];

fn made() -> String {
    FORMATS.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
