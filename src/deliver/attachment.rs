use std::path::Path;

use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::Kind;
use crate::prove::{Identity, identify};
use crate::publish::{FactsFile, ReportEntry};
use crate::review::Approved;

/// The bytes of an approved report, reread and checked to be about its area; only these can be attached to a message.
#[derive(Debug)]
pub struct Attachment {
    entry: ReportEntry,
    bytes: Vec<u8>,
    /// Its data files, by their paths in the run.
    data: Vec<(String, Vec<u8>)>,
}

/// Why a report cannot be attached.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It is not what was approved.
    #[error("{file}: {what}")]
    Other {
        /// The file in the run.
        file: String,
        /// What is wrong with it.
        what: String,
    },
}

impl Attachment {
    /// Opens an approved report and checks its bytes against what was approved, and its metadata and attached facts
    /// against its area.
    ///
    /// # Errors
    /// If anything in it belongs to a different report, or is not what was approved.
    pub fn open(run: &Path, evaluation: &str, approved: &Approved) -> Result<Self, AttachmentError> {
        let entry = approved.entry().clone();
        let (Some(report), Some(facts)) = (&entry.report, &entry.facts) else {
            let what = "there is no such report in the run".to_owned();
            return Err(AttachmentError::Other { file: entry.id.to_string(), what });
        };
        let other = |what: &str| AttachmentError::Other { file: report.file.clone(), what: what.to_owned() };
        let bytes = fs::read(&run.join(&report.file))?;
        if sha256(&bytes) != report.sha256 {
            return Err(other("its bytes are not those that were approved"));
        }
        let facts_bytes = fs::read(&run.join(&facts.file))?;
        if sha256(&facts_bytes) != facts.sha256 {
            return Err(other("the facts beside it are not those that were approved"));
        }
        let of = FactsFile::read(&facts_bytes).map_err(|error| other(&error.to_string()))?;
        if of.report != entry.id.report.reference(evaluation) {
            return Err(other(&format!("its facts are those of {}", of.report)));
        }
        let identity = Identity {
            name: &entry.name,
            report: &entry.id.report,
            facts: &facts_bytes,
            seal: &of.aggregates,
        };
        identify(entry.id.format, &bytes, identity).map_err(|doubts| {
            let doubts: Vec<String> = doubts.into_iter().map(|doubt| doubt.problem).collect();
            other(&doubts.join("; "))
        })?;
        let mut data = Vec::new();
        for file in &entry.data {
            let bytes = fs::read(&run.join(&file.file))?;
            if sha256(&bytes) != file.sha256 {
                let what = "its bytes are not those that were approved".to_owned();
                return Err(AttachmentError::Other { file: file.file.clone(), what });
            }
            data.push((file.file.clone(), bytes));
        }
        Ok(Self { entry, bytes, data })
    }

    /// The report's entry in the manifest of its run.
    pub fn entry(&self) -> &ReportEntry {
        &self.entry
    }

    /// Its files for the reader, the report first: names of evaluation, kind and subject, and bytes.
    pub fn files(&self, evaluation: &str) -> Vec<(String, &[u8])> {
        let report = self.entry.report.as_ref().map(|report| (report.file.as_str(), self.bytes.as_slice()));
        let data = self.data.iter().map(|(file, bytes)| (file.as_str(), bytes.as_slice()));
        report.into_iter().chain(data).map(|(file, bytes)| (self.name(evaluation, file), bytes)).collect()
    }

    /// The name of a file for the reader. An area may receive more than one kind of report.
    fn name(&self, evaluation: &str, file: &str) -> String {
        let kind = match self.entry.id.report.kind {
            Kind::Local => String::new(),
            kind => format!("{kind}-"),
        };
        format!("{evaluation}-{kind}{}", file.rsplit('/').next().unwrap_or(file))
    }
}
