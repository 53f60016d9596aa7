//! The nouns of the field: plain values that the stages hand to each other.

mod area;
mod capitalised;
mod mail;
mod position;
mod questionnaire;
mod report;
mod settings;
mod statistic;
mod submission;
mod thousands;

pub use area::{Area, AreaCode, AreaIndex, Region, RegionIndex, Register, Status, slug};
pub use capitalised::capitalised;
pub use mail::{Correspondent, MailSettings, Security};
pub use position::{Position, Quarter};
pub use questionnaire::{
    AnswerOption, Asked, Base, Definition, Measure, MeasureIndex, Planning, Polarity, Profile, Provenance,
    Question, QuestionIndex, QuestionKind, Questionnaire, Route, Section, SectionIndex, Sector, SectorIndex,
};
pub use report::*;
pub use settings::{DisclosurePolicy, Limits, ReportSettings, ReviewPolicy, Settings, Unanimity};
pub use statistic::{Comparison, Group, Percent, Share};
pub use submission::{Answer, AnswerKey, OptionSet, Respondent, Submission};
pub use thousands::thousands;
