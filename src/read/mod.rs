//! Turns files into values with their positions. Knows about CSV, TOML and text encodings, but not what the values
//! mean.

mod evaluation;
mod overlay;
mod questionnaire;
mod settings;
mod table;
mod toml_file;

pub use evaluation::{
    Evaluation, PublishedRow, RECIPIENTS, RecipientRow, RegisterRow, SubmissionFile, SubmissionRow,
    SuppliedRow, evaluation, id_of, known_as, settings, submission,
};
pub use overlay::RawOverlay;
pub use questionnaire::{
    RawMeasure, RawOption, RawProfile, RawQuestion, RawQuestionnaire, RawRoute, RawSection, RawSector,
};
pub use settings::{RawDisclosure, RawLimits, RawMail, RawReports, RawReview, RawRuns, RawSettings};
pub use table::Row;
pub use toml_file::At;

pub(crate) use evaluation::text_of;
pub(crate) use questionnaire::questionnaire_of;
pub(crate) use table::rows as rows_of;
pub(crate) use toml_file::toml_of;
