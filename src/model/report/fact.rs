use serde::{Deserialize, Serialize};

use crate::model::Comparison;

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
    /// How it compares with the nation, in the word that the report uses; `None` if it is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "word")]
    pub reading: Option<Comparison>,
    /// Whether there is a value.
    pub state: FactState,
    /// How many are counted; `None` if it is withheld.
    pub count: Option<u32>,
    /// Out of how many; `None` if it is withheld.
    pub base: Option<u32>,
    /// The percentage as a whole number, if there is one.
    pub percent: Option<u32>,
}

/// Reads the word for a comparison. Earlier versions of the program wrote other words here, which say nothing now.
fn word<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Comparison>, D::Error> {
    let word: Option<String> = Option::deserialize(deserializer)?;
    Ok(Comparison::ALL.iter().copied().find(|comparison| Some(comparison.word()) == word.as_deref()))
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
