use serde::Serialize;

use crate::model::EditionId;

/// One report for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Message-ID of the message that holds it.
    pub message: String,
    /// Why it is sent: `report` or `correction`.
    pub event: String,
    /// The run that it is from.
    pub run: String,
    /// Which report it is, in which form.
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
    /// How often it was tried.
    pub attempts: u32,
    /// What the server said last, or a person.
    pub answer: String,
    /// When that was, in UTC.
    pub at: String,
    /// True when the recipient has a later form of the report instead.
    pub superseded: bool,
}

impl Delivery {
    /// True if it is of the area with that code or name.
    pub fn is_of(&self, area: &str) -> bool {
        self.id.report.subject == area || self.subject_name.eq_ignore_ascii_case(area)
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is to be sent.
    Planned,
    /// The message is on its way to the server, which has not answered yet.
    HandingOver,
    /// The server took it.
    Accepted,
    /// The server will not take it.
    Refused,
    /// The server took it, and could not deliver it.
    Bounced,
    /// Nobody knows whether the server took it: never sent again by itself.
    Unknown,
}

impl State {
    /// Each with its word in the database.
    const WORDS: [(&'static str, Self); 6] = [
        ("planned", Self::Planned),
        ("handing-over", Self::HandingOver),
        ("accepted", Self::Accepted),
        ("refused", Self::Refused),
        ("bounced", Self::Bounced),
        ("unknown", Self::Unknown),
    ];

    /// The state in a word.
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
