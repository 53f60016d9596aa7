//! What a report says, what its charts show, and the facts that both print.

mod chart;
mod content;
mod fact;
mod id;

pub use chart::*;
pub use content::*;
pub use fact::*;
pub use id::{EditionId, Format, Kind, Language, PartId, ReportId, UnknownWord};
