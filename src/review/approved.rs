use super::record::Record;
use super::verdict::Standing;
use crate::publish::{Manifest, ReportEntry};

/// A report that may be sent. There is no other way to one than a record in which enough people approved exactly what the
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
    /// Of each report of a run: that it may be sent, or how it stands instead.
    pub fn approved(&self, manifest: &Manifest) -> Vec<Result<Approved, Box<Unapproved>>> {
        let standings = self.standings(manifest);
        let reports = manifest.reports.iter().cloned().zip(standings);
        let gate = |(entry, standing)| match standing {
            // A record that somebody meddled with approves nothing.
            Standing::Approved { .. } if self.problems.is_empty() => Ok(Approved { entry }),
            standing => Err(Box::new(Unapproved { entry, standing })),
        };
        reports.map(gate).collect()
    }
}
