use serde::Serialize;

use crate::model::{EditionId, is_meant};

/// One report for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Message-ID of the message that holds it.
    pub message: String,
    /// Why it is sent: `report` or `correction`.
    pub event: String,
    /// Id of the run it comes from.
    pub run: String,
    /// Which report it is, in which format.
    #[serde(flatten)]
    pub id: EditionId,
    /// Name of its subject.
    pub subject_name: String,
    /// Address of the recipient.
    pub recipient: String,
    /// Name of the recipient.
    pub name: String,
    /// Hash of the report.
    pub sha256: String,
    /// What became of it.
    pub state: State,
    /// How many times it was tried.
    pub attempts: u32,
    /// What the server, or a person, last said about it.
    pub answer: String,
    /// When that was, in UTC.
    pub at: String,
    /// True if a later version of the report has replaced it.
    pub superseded: bool,
}

impl Delivery {
    /// True if the report is about the area with this code or name.
    pub fn is_of(&self, area: &str) -> bool {
        is_meant(area, &self.id.report.subject, &self.subject_name)
    }
}

/// A message that went to a catch-all address instead of its recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// Its Message-ID.
    pub message: String,
    /// Id of the run that its reports are from.
    pub run: String,
    /// The names of the subjects of its reports.
    pub subject_names: String,
    /// The address that it went to.
    pub address: String,
    /// What became of it.
    pub state: State,
    /// What the server said.
    pub answer: String,
    /// When that was, in UTC.
    pub at: String,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is to be sent.
    Planned,
    /// The message is on its way to the server, which has not answered yet.
    HandingOver,
    /// The server accepted it.
    Accepted,
    /// The server will not accept it.
    Refused,
    /// The server accepted it, but could not deliver it.
    Bounced,
    /// It is not known whether the server accepted it, so it is never sent again automatically.
    Unknown,
}

impl State {
    /// True if the recipient has the report, or may have it.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, Self::HandingOver | Self::Accepted | Self::Unknown)
    }

    /// Each with its word in the database.
    const WORDS: [(&'static str, Self); 6] = [
        ("planned", Self::Planned),
        ("handing-over", Self::HandingOver),
        ("accepted", Self::Accepted),
        ("refused", Self::Refused),
        ("bounced", Self::Bounced),
        ("unknown", Self::Unknown),
    ];

    /// The word for the state.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }

    /// The words of all states.
    pub fn words() -> [&'static str; 6] {
        Self::WORDS.map(|(word, _)| word)
    }

    /// The state that a word stands for.
    pub fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, state)| *state)
    }
}

/// A step of a message from one state to the next.
#[derive(Clone, Copy, Debug)]
pub struct StateChange<'a> {
    /// The state that it must be in.
    pub from: State,
    /// The state that it moves to.
    pub to: State,
    /// What the server said, or a person.
    pub answer: &'a str,
    /// When, in UTC.
    pub at: &'a str,
}
