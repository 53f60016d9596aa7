//! What a report says, and the facts that it prints.

mod content;
mod fact;
mod id;

pub use content::*;
pub use fact::*;
pub use id::{EditionId, Format, Kind, Language, PartId, ReportId, UnknownWord};
