//! What a report says, and the facts that it prints.

mod content;
mod fact;
mod id;
mod report_model;
mod subject;

pub use content::*;
pub use fact::*;
pub use id::{EditionId, Format, Kind, Language, PartId, ReportId, UnknownWord};
pub use report_model::{AreaView, Content, DisclosureView, EvaluationView, ReportModel, SubjectView};
pub use subject::Subject;
