use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::check::{CheckedEvaluation, hash_of_recipients};
use crate::fs::{self, PathError};
use crate::model::ReportId;

/// The file in a run folder with who was to receive its reports. Only its owner can read it.
pub const ADDRESSEES: &str = "private/recipients.json";

/// Who was to receive the reports of a run, so that reviewers can see whether anybody is new.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Addressees {
    /// The recipients of each report, by its id.
    reports: BTreeMap<String, Vec<Addressee>>,
}

/// Somebody who was to receive a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Addressee {
    /// The person's address.
    email: String,
    /// The person's name.
    name: String,
    /// The format and language that the person wants.
    format: String,
}

impl Addressees {
    /// The recipients of an evaluation.
    pub fn of(evaluation: &CheckedEvaluation) -> Self {
        let mut reports: BTreeMap<String, Vec<Addressee>> = BTreeMap::new();
        for to in &evaluation.recipients {
            let (email, name, format) = (to.email.clone(), to.name.clone(), to.wants());
            let report = evaluation.report_id(to.kind, to.subject).to_string();
            reports.entry(report).or_default().push(Addressee { email, name, format });
        }
        reports.values_mut().for_each(|of_report| of_report.sort());
        Self { reports }
    }

    /// Those of a run; empty if it has none, or they cannot be read.
    pub fn of_run(run: &Path) -> Self {
        let bytes = fs::read(&run.join(ADDRESSEES)).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Removes an address from the recipients of a run. Returns false if it was not among them.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn forget(run: &Path, address: &str) -> Result<bool, PathError> {
        let mut known = Self::of_run(run);
        let count = |known: &Self| known.reports.values().map(Vec::len).sum::<usize>();
        let before = count(&known);
        known.reports.values_mut().for_each(|to| to.retain(|to| !to.email.eq_ignore_ascii_case(address)));
        if count(&known) == before {
            return Ok(false);
        }
        let text = serde_json::to_vec_pretty(&known).unwrap_or_default();
        fs::replace_private(&run.join(ADDRESSEES), &text)?;
        Ok(true)
    }

    /// The recipients of a report, each as "Ann Lee <ann@leeds.example.org>, standard"; `None` if they are not those with
    /// this hash, because they were forgotten or changed since.
    pub fn listed(&self, report: &ReportId, hash: &str) -> Option<Vec<String>> {
        let of_report = self.reports.get(&report.to_string()).map(Vec::as_slice).unwrap_or_default();
        let known = of_report.iter().map(|to| (to.email.as_str(), to.name.as_str(), to.format.as_str()));
        let line = |to: &Addressee| format!("{} <{}>, {}", to.name, to.email, to.format);
        (hash_of_recipients(known) == hash).then(|| of_report.iter().map(line).collect())
    }
}
