use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::verdict::{Standing, Verdict, standing};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::problem::{Place, Problem};
use crate::publish::{Lock, Manifest, ShelvedRun};

/// Every verdict that was given in an output folder, in the order of time. Lines are only ever added; each has the hash of the
/// one before it, so that nothing can be taken out or changed without a trace.
#[derive(Debug, Default)]
pub struct Record {
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
    /// Hash of the last line.
    last: String,
    /// Bytes of whole lines: what follows was cut off when it was written.
    whole: usize,
}

/// A verdict as a line of the record.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    verdict: Verdict,
    /// Hash of the line before; empty in the first.
    before: String,
}

/// The file in an output folder.
const FILE: &str = "verdicts.jsonl";

impl Record {
    /// Reads the record of an output folder; an empty one when there is none yet.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(out: &Path) -> Result<Self, PathError> {
        let path = file(out);
        let mut record = Self::default();
        if !path.exists() {
            return Ok(record);
        }
        let bytes = fs::read(&path)?;
        record.whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for (number, line) in (1..).zip(bytes[..record.whole].split_inclusive(|byte| *byte == b'\n')) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let mut problem = |message: &str| {
                record.problems.push(Problem::error("record", Place::line(FILE, number), message));
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

    /// Adds verdicts to the record of a locked output folder, all of them or none.
    ///
    /// # Errors
    /// When the disk or its permissions fail.
    pub fn add(&mut self, out: &Path, verdicts: Vec<Verdict>, _: &Lock) -> Result<(), RecordError> {
        let mut text = Vec::new();
        let mut last = self.last.clone();
        for verdict in &verdicts {
            let line = serde_json::to_vec(&Line { verdict: verdict.clone(), before: last })?;
            last = sha256(&line);
            text.extend(line);
            text.push(b'\n');
        }
        fs::append(&file(out), self.whole, &text)?;
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

    /// What is wrong with the record beside the runs that it speaks of: a broken line, a verdict on bytes that its run does
    /// not have, or an `approved` that points to a run in which something is left to decide.
    pub fn check(&self, runs: &[ShelvedRun]) -> Vec<Problem> {
        let mut problems = self.problems.clone();
        for (number, verdict) in (1..).zip(&self.verdicts) {
            let run = runs.iter().find(|run| run.id == verdict.run);
            let Some(manifest) = run.and_then(|run| run.manifest.as_ref()) else { continue };
            let entry = manifest.entry(&verdict.id);
            if entry.map(super::verdict::Seen::of).as_ref() != Some(&verdict.seen) {
                let message = "the run that it names does not have what it was given for";
                let place = Place::line(FILE, number);
                problems.push(Problem::error("verdict", place, message).value(&verdict.id.report.subject));
            }
        }
        let approved = runs.iter().find(|run| run.links.contains(&"approved"));
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
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A verdict could not be written as JSON: a defect of the program.
    #[error("a verdict could not be written")]
    Json(#[from] serde_json::Error),
}

fn file(out: &Path) -> PathBuf {
    out.join(FILE)
}
