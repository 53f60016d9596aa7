use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Fact, ReportModel};

/// The file with a report's facts, attached to each of its editions and stored beside them. Its order is stable.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactsFile<'a> {
    /// The permanent id of the report.
    pub report: Cow<'a, str>,
    /// Code of its subject.
    #[serde(alias = "area")]
    pub subject: Cow<'a, str>,
    /// True if its answers are made up.
    pub synthetic: bool,
    /// The seal of the aggregates that it prints.
    pub aggregates: Cow<'a, str>,
    /// The facts, sorted by id.
    pub facts: Cow<'a, [Fact]>,
}

impl<'a> FactsFile<'a> {
    /// The facts of a report.
    pub fn of(model: &'a ReportModel) -> Self {
        Self {
            report: model.reference().into(),
            subject: model.subject.code.as_str().into(),
            synthetic: model.evaluation.synthetic,
            aggregates: model.seal.as_str().into(),
            facts: model.facts.as_slice().into(),
        }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Never in practice: facts are plain data.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(self)
    }
}

impl FactsFile<'static> {
    /// Reads the bytes of such a file.
    ///
    /// # Errors
    /// If they are not such a file.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
