use serde::{Deserialize, Serialize};

use crate::model::{Comparison, Quarter};

/// A statistic or answer printed in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its id, for example `nation/caf-in-hand`.
    pub id: String,
    /// Where it comes from.
    pub source: FactSource,
    /// Who it is about: the area, its region or the nation.
    pub group: String,
    /// The id of the sector it is about; empty if it covers all sectors.
    pub sector: String,
    /// The section it belongs to; empty if it belongs to the whole report.
    pub section: String,
    /// The measure it is a value of, with the cell if there are several (`cards:all`) or the cells that add up to it
    /// (`cards:all+some`); empty for a number of areas or people.
    pub measure: String,
    /// The questions whose answers it is based on.
    pub questions: Vec<String>,
    /// How it is printed in tables.
    pub printed: String,
    /// How it is printed in sentences.
    pub prose: String,
    /// The word that the report uses to describe it; `None` if it uses no such word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// Whether there is a value.
    pub state: FactState,
    /// How many are counted; `None` if it is withheld.
    pub count: Option<u32>,
    /// Out of how many; `None` if it is withheld.
    pub base: Option<u32>,
    /// The percentage as a whole number, if there is one.
    pub percent: Option<u32>,
}

/// The word that a report uses to describe a fact: how it compares with the nation, or the quarter of all areas it
/// falls in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reading {
    /// How the area compares with the nation.
    Comparison(Comparison),
    /// The quarter of all areas it falls in.
    Quarter(Quarter),
}

impl Reading {
    /// The word for it in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Comparison(comparison) => comparison.word(),
            Self::Quarter(quarter) => quarter.word(),
        }
    }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactSource {
    /// The area's own submission.
    Submission,
    /// A cell of the aggregates.
    Aggregates,
    /// A number of areas, people or measures counted for this report.
    Counted,
}

/// Whether a fact has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactState {
    /// It has a value.
    Value,
    /// Nobody is in its base.
    NoBase,
    /// It is not published.
    Withheld,
}
