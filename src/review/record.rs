use serde::{Deserialize, Serialize};

use super::standing::{Standing, standing};
use super::verdict::{ReviewedContent, Verdict};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::lock::Lock;
use crate::problem::{Place, Problem};
use crate::publish::{Link, Manifest, Output, ShelvedRun, VERDICTS};
use crate::vault::{Key, Purpose, RecordEnd, Vault, VaultError};

/// Every verdict given in an output folder, oldest first. Lines are only ever added. Each is signed, with the hash of
/// the one before it, and the vault knows the last one: nothing can be added, removed or changed without a trace.
#[derive(Debug, Default)]
pub struct Record {
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
    /// Hash of the first line, by which the vault knows the record; empty in an empty record.
    first: String,
    /// Hash of the last line.
    last: String,
    /// The length of all complete lines in bytes: anything after them was cut off while being written.
    whole: usize,
}

/// A verdict as a line of the record.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    entry: Entry,
    /// The signature of the rest of the line.
    #[serde(default)]
    signature: String,
}

/// The signed part of a line.
#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    verdict: Verdict,
    /// Hash of the line before it; empty in the first line.
    before: String,
}

impl Line {
    fn of(verdict: &Verdict, before: &str, key: &Key) -> Result<Self, serde_json::Error> {
        let entry = Entry { verdict: verdict.clone(), before: before.to_owned() };
        let signature = key.sign(Purpose::Verdict, &serde_json::to_vec(&entry)?);
        Ok(Self { entry, signature })
    }

    fn is_signed(&self, key: &Key) -> bool {
        let bytes = serde_json::to_vec(&self.entry);
        bytes.is_ok_and(|bytes| key.vouches_for(Purpose::Verdict, &bytes, &self.signature))
    }
}

impl Record {
    /// Reads the record of an output folder. The record is empty if there is no file yet.
    ///
    /// # Errors
    /// If the file exists but cannot be read, or the vault cannot.
    pub fn read(output: &Output, vault: &Vault) -> Result<Self, VaultError> {
        let path = output.verdicts();
        let mut record = Self::default();
        let known = RecordEnd::known_in(vault, output.folder())?;
        // If the whole folder was deleted, there is a new start; if only the record was, there is not.
        let known = known.filter(|(_, run)| output.run(run).is_dir());
        if !path.exists() {
            if known.is_some() {
                let message =
                    "the record of verdicts is missing, and there are verdicts on runs that are here";
                record.problems.push(Problem::error("record", Place::file(VERDICTS), message));
            }
            return Ok(record);
        }
        let bytes = fs::read(&path)?;
        let mut ends = Vec::new();
        let (whole, lines) = fs::complete_lines(&bytes);
        record.whole = whole;
        for (number, line) in (1..).zip(lines) {
            let mut problem = |message: &str| {
                record.problems.push(Problem::error("record", Place::line(VERDICTS, number), message));
            };
            match serde_json::from_slice::<Line>(line) {
                Ok(line) => {
                    if !line.is_signed(vault.key()) {
                        problem("this verdict is not as this program signed it");
                    } else if line.entry.before != record.last {
                        problem("the line before it is not the one that it was written after");
                    }
                    record.verdicts.push(line.entry.verdict);
                }
                Err(_) => problem("this is not a verdict"),
            }
            record.last = sha256(line);
            ends.push(record.last.clone());
        }
        record.first = ends.first().cloned().unwrap_or_default();
        if known.is_some_and(|(first, _)| ends.first() != Some(&first)) {
            let message = "this is not the record that was here when the last verdict was given";
            record.problems.push(Problem::error("record", Place::file(VERDICTS), message));
        }
        // The only line may have lost its end.
        let known = match ends.first() {
            Some(first) => RecordEnd::of(vault, first)?,
            None => RecordEnd::of(vault, &sha256(&bytes))?,
        };
        if known.is_some_and(|end| end.lines > 0 && ends.get(end.lines - 1) != Some(&end.last)) {
            let message = "lines are missing at the end, or were changed";
            record.problems.push(Problem::error("record", Place::file(VERDICTS), message));
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
        vault: &Vault,
        _: &Lock,
    ) -> Result<(), RecordError> {
        if verdicts.is_empty() {
            return Ok(());
        }
        let mut text = Vec::new();
        let (mut first, mut last) = (self.first.clone(), self.last.clone());
        for verdict in &verdicts {
            let line = serde_json::to_vec(&Line::of(verdict, &last, vault.key())?)?;
            last = sha256(&line);
            if first.is_empty() {
                first.clone_from(&last);
            }
            text.extend(line);
            text.push(b'\n');
        }
        fs::append(&output.verdicts(), self.whole, &text)?;
        // Nothing is added to a damaged record, so each line is a verdict.
        let lines = self.verdicts.len() + verdicts.len();
        RecordEnd { lines, last: last.clone() }.remember(vault, &first)?;
        let run = verdicts.last().map(|verdict| verdict.run.as_str()).unwrap_or_default();
        RecordEnd::remember_in(vault, output.folder(), &first, run)?;
        self.whole += text.len();
        (self.first, self.last) = (first, last);
        self.verdicts.extend(verdicts);
        Ok(())
    }

    /// How each report of a run stands, in the order of its manifest.
    pub fn standings(&self, manifest: &Manifest) -> Vec<Standing> {
        manifest.reports.iter().map(|entry| standing(entry, &manifest.review, &self.verdicts)).collect()
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
    /// The vault cannot be written to.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A verdict could not be written as JSON: a defect in the program.
    #[error("a verdict could not be written")]
    Json(#[from] serde_json::Error),
}
