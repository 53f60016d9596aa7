use super::record::Record;
use super::standing::Standing;
use crate::publish::{Manifest, ReportEntry};

/// A report that may be sent. It can be obtained only from a record in which enough people approved exactly what the
/// manifest says: these bytes, these facts, these recipients.
#[derive(Clone, Debug)]
pub struct Approved {
    entry: ReportEntry,
}

/// A report that may not be sent.
#[derive(Clone, Debug)]
pub struct Unapproved {
    /// Its entry in the manifest of its run.
    pub entry: ReportEntry,
    /// How it stands.
    pub standing: Standing,
}

impl Approved {
    /// The entry of the report in the manifest of its run.
    pub fn entry(&self) -> &ReportEntry {
        &self.entry
    }
}

impl Record {
    /// Each report of a run, approved or not.
    pub fn approved(&self, manifest: &Manifest) -> Vec<Result<Approved, Box<Unapproved>>> {
        let standings = self.standings(manifest);
        let reports = manifest.reports.iter().cloned().zip(standings);
        let gate = |(entry, standing)| match standing {
            // A record that has been tampered with approves nothing.
            Standing::Approved { .. } if self.problems.is_empty() => Ok(Approved { entry }),
            standing => Err(Box::new(Unapproved { entry, standing })),
        };
        reports.map(gate).collect()
    }
}
