//! The nouns of the domain: plain values that the stages pass to one another.

mod area;
mod capitalised;
mod index;
mod mail;
mod person;
mod position;
mod questionnaire;
mod report;
mod settings;
mod statistic;
mod submission;
mod thousands;
mod word;

pub use area::{Area, AreaCode, AreaIndex, Region, RegionIndex, Register, Status, is_meant, slug};
pub use capitalised::capitalised;
pub use index::{MeasureIndex, QuestionIndex, SectionIndex, SectorIndex};
pub use mail::{Correspondent, Enclosure, MailSettings, Security, masked};
pub use person::is_same_person;
pub use position::Position;
pub use questionnaire::{
    AnswerOption, Asked, Base, Definition, Measure, Planning, Polarity, Profile, Provenance, Question,
    QuestionKind, Questionnaire, Route, Section, Sector, Verdict,
};
pub use report::*;
pub use settings::{DisclosurePolicy, Limits, ReportSettings, ReviewPolicy, Settings, Unanimity};
pub use statistic::{Comparison, Group, Percent, Share};
pub use submission::{Answer, AnswerKey, OptionSet, Respondent, Submission};
pub use thousands::thousands;
