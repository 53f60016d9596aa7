use serde::{Deserialize, Serialize};

use super::standing::{Standing, standing};
use super::verdict::{ReviewedContent, Verdict};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::problem::{Place, Problem};
use crate::publish::{Link, Lock, Manifest, Output, ShelvedRun, VERDICTS};

/// Every verdict given in an output folder, oldest first. Lines are only ever added, and each has the hash of the one
/// before it, so that nothing can be removed or changed without a trace.
#[derive(Debug, Default)]
pub struct Record {
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
    /// Hash of the last line.
    last: String,
    /// The length of all complete lines in bytes: anything after them was cut off while being written.
    whole: usize,
}

/// A verdict as a line of the record.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    verdict: Verdict,
    /// Hash of the line before it; empty in the first line.
    before: String,
}

impl Record {
    /// Reads the record of an output folder. The record is empty if there is no file yet.
    ///
    /// # Errors
    /// If the file exists but cannot be read.
    pub fn read(output: &Output) -> Result<Self, PathError> {
        let path = output.verdicts();
        let mut record = Self::default();
        if !path.exists() {
            return Ok(record);
        }
        let bytes = fs::read(&path)?;
        record.whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for (number, line) in (1..).zip(bytes[..record.whole].split_inclusive(|byte| *byte == b'\n')) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let mut problem = |message: &str| {
                record.problems.push(Problem::error("record", Place::line(VERDICTS, number), message));
            };
            match serde_json::from_slice::<Line>(line) {
                Ok(Line { verdict, before }) => {
                    if before != record.last {
                        problem("the line before it is not the one that it was written after");
                    }
                    record.verdicts.push(verdict);
                }
                Err(_) => problem("this is not a verdict"),
            }
            record.last = sha256(line);
        }
        Ok(record)
    }

    /// Adds verdicts to the record of a locked output folder: either all of them or none.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn add(
        &mut self,
        output: &Output,
        verdicts: Vec<Verdict>,
        _: &Lock,
    ) -> Result<(), RecordError> {
        let mut text = Vec::new();
        let mut last = self.last.clone();
        for verdict in &verdicts {
            let line = serde_json::to_vec(&Line { verdict: verdict.clone(), before: last })?;
            last = sha256(&line);
            text.extend(line);
            text.push(b'\n');
        }
        fs::append(&output.verdicts(), self.whole, &text)?;
        self.whole += text.len();
        self.last = last;
        self.verdicts.extend(verdicts);
        Ok(())
    }

    /// How each report of a run stands, in the order of its manifest.
    pub fn standings(&self, manifest: &Manifest) -> Vec<Standing> {
        let approvals = manifest.review.approvals;
        manifest.reports.iter().map(|entry| standing(entry, approvals, &self.verdicts)).collect()
    }

    /// What is wrong with the record when compared with its runs: a broken line, a verdict on bytes that its run does
    /// not have, or an `approved` that points to a run in which something is left to decide.
    pub fn check(&self, runs: &[ShelvedRun]) -> Vec<Problem> {
        let mut problems = self.problems.clone();
        for (number, verdict) in (1..).zip(&self.verdicts) {
            let run = runs.iter().find(|run| run.id == verdict.run);
            let Some(manifest) = run.and_then(|run| run.manifest.as_ref()) else { continue };
            let entry = manifest.entry(&verdict.id);
            if entry.map(ReviewedContent::of).as_ref() != Some(&verdict.seen) {
                let message = "the run that it names does not have what it was given for";
                let place = Place::line(VERDICTS, number);
                problems.push(Problem::error("verdict", place, message).value(&verdict.id.report.subject));
            }
        }
        let approved = runs.iter().find(|run| run.links.contains(&Link::Approved));
        if let Some(manifest) = approved.and_then(|run| run.manifest.as_ref()) {
            for (entry, standing) in manifest.reports.iter().zip(self.standings(manifest)) {
                if !standing.is_settled() {
                    let message = format!("`approved` points to a run whose report is {}", standing.words());
                    let place = Place::file(format!("runs/{}", manifest.run.id));
                    problems.push(Problem::error("approved", place, message).value(&entry.id.report.subject));
                }
            }
        }
        problems
    }
}

/// Why verdicts could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file cannot be written.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A verdict could not be written as JSON: a defect in the program.
    #[error("a verdict could not be written")]
    Json(#[from] serde_json::Error),
}
