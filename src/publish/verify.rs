use std::collections::BTreeSet;
use std::path::Path;

use super::addressees::ADDRESSEES;
use super::entry::{ReportEntry, ReportFile};
use super::facts_file::FactsFile;
use super::manifest::Manifest;
use super::signed::{MANIFEST, ManifestError, SIGNATURE, is_signed};
use crate::aggregate::{PublishedCells, seal_of, seal_of_facts};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::FactSource;
use crate::parallel;
use crate::problem::{Place, Problem};
use crate::prove::{Identity, identify};
use crate::vault::Key;

/// What `verify` found.
#[derive(Debug)]
pub struct Verified {
    /// How many files were read.
    pub files: usize,
    /// The manifest.
    pub manifest: Manifest,
    /// What is wrong, by file.
    pub problems: Vec<Problem>,
}

/// Why a folder cannot be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It has no manifest written by this program.
    #[error("manifest.json is not the manifest of a run")]
    Manifest(#[from] serde_json::Error),
}

/// Rereads a run folder from disk and checks that every file in its manifest is there, unaltered, signed, and no other file;
/// that each report is about its own area; and that the aggregates it prints match the one set of aggregates beside it.
///
/// # Errors
/// If the folder or its manifest cannot be read.
pub fn verify(run: &Path, key: &Key) -> Result<Verified, VerifyError> {
    let bytes = fs::read(&run.join(MANIFEST))?;
    let manifest: Manifest = serde_json::from_slice(&bytes)?;
    let mut problems = Vec::new();
    if !is_signed(run, &bytes, key) {
        let problem =
            Problem::error("signature", Place::file(MANIFEST), ManifestError::NotSigned.to_string());
        problems
            .push(problem.hint("if the run was made with a different vault, name that: AREA_REPORTS_VAULT"));
    }
    let mut expected = BTreeSet::from([MANIFEST.to_owned(), SIGNATURE.to_owned()]);
    // The manifest has a hash of the recipients of each report, not of this file: somebody may ask to be forgotten.
    if run.join(ADDRESSEES).is_file() {
        expected.insert(ADDRESSEES.to_owned());
    }
    let cells = aggregates(run, &manifest, &mut expected, &mut problems);
    let others = || {
        let of_run = [&manifest.problems, &manifest.suppression].into_iter().chain(&manifest.run.files);
        of_run.chain(&manifest.data_pack)
    };
    for file in others() {
        bytes_of(run, &file.file, &file.sha256).map_err(|problem| problems.push(*problem)).ok();
    }
    let reports: Vec<Vec<Problem>> = parallel::map(&manifest.reports, |entry| {
        let mut problems = Vec::new();
        report(run, &manifest, entry, &cells, &mut problems);
        problems
    });
    problems.extend(reports.into_iter().flatten());
    let listed = manifest.reports.iter().flat_map(ReportEntry::files);
    expected.extend(listed.chain(others()).map(|file| file.file.clone()));
    for (before, entry) in manifest.reports.iter().zip(manifest.reports.iter().skip(1)) {
        if before.id >= entry.id {
            let message = "the reports are not each listed once, in order";
            let place = Place::file("manifest.json");
            problems.push(Problem::error("order", place, message).value(entry.id.to_string()));
        }
    }
    for file in fs::files_below(run)?.into_iter().filter(|file| !expected.contains(file)) {
        let message = "the manifest does not list this file";
        problems.push(Problem::error("unlisted", Place::file(file), message));
    }
    Ok(Verified { files: expected.len(), manifest, problems })
}

/// Which files of reports are missing from a run folder, or are not as they were made.
pub fn altered<'e>(run: &Path, entries: impl Iterator<Item = &'e ReportEntry>) -> Vec<Problem> {
    let files: Vec<&ReportFile> = entries.flat_map(ReportEntry::files).collect();
    let read: Vec<Option<Problem>> =
        parallel::map(&files, |file| bytes_of(run, &file.file, &file.sha256).err().map(|problem| *problem));
    read.into_iter().flatten().collect()
}

/// Checks and returns the aggregates, which must be those that the manifest seals.
fn aggregates(
    run: &Path,
    manifest: &Manifest,
    expected: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> PublishedCells {
    let mut cells = PublishedCells::default();
    let mut hashes = Vec::new();
    for (name, hash) in &manifest.aggregates {
        let file = format!("aggregates/{name}");
        match bytes_of(run, &file, hash) {
            Ok(bytes) => {
                hashes.push((name, sha256(&bytes)));
                if let Err(error) = cells.add(&bytes) {
                    problems.push(Problem::error("aggregates", Place::file(&file), error.to_string()));
                }
            }
            Err(problem) => problems.push(*problem),
        }
        expected.insert(file);
    }
    let sealed = seal_of(hashes);
    if sealed != manifest.seal {
        let message = "the aggregates are not those that the manifest seals";
        problems.push(Problem::error("seal", Place::file("aggregates"), message).value(sealed));
    }
    cells
}

/// Checks one report with its facts.
fn report(
    run: &Path,
    manifest: &Manifest,
    entry: &ReportEntry,
    cells: &PublishedCells,
    problems: &mut Vec<Problem>,
) {
    let mut read = |file: &Option<ReportFile>| {
        let file = file.as_ref()?;
        let bytes =
            bytes_of(run, &file.file, &file.sha256).map_err(|problem| problems.push(*problem)).ok()?;
        Some((file.file.clone(), bytes))
    };
    for file in &entry.data {
        read(&Some(file.clone()));
    }
    let (Some((pdf_file, pdf)), Some((file, bytes))) = (read(&entry.report), read(&entry.facts)) else {
        return;
    };
    let mut problem = |rule: &'static str, file: &str, message: &str, value: Option<&str>| {
        let problem = Problem::error(rule, Place::file(file), message);
        problems.push(value.iter().fold(problem, |problem, value| problem.value(*value)));
    };
    let Ok(facts) = FactsFile::read(&bytes) else {
        return problem("facts", &file, "this is not the facts of a report", None);
    };
    if facts.report != entry.id.report.reference(&manifest.evaluation) {
        problem("identity", &file, "these are the facts of a different report", Some(&facts.report));
    }
    if facts.synthetic != manifest.synthetic {
        let message = "the report and the manifest disagree about whether its answers are made up";
        problem("made-up", &file, message, None);
    }
    if facts.aggregates != seal_of_facts(&facts.facts) {
        problem("seal", &file, "its facts are not those that it seals", Some(&facts.aggregates));
    }
    let shared = facts.facts.iter().filter(|fact| fact.source == FactSource::Aggregates);
    for fact in shared.filter(|fact| !cells.agree(fact)) {
        problem("aggregates", &file, "a figure differs from the aggregates of this run", Some(&fact.id));
    }
    let identity =
        Identity { report: &entry.id.report, name: &entry.name, facts: &bytes, seal: &facts.aggregates };
    for doubt in identify(entry.id.format, &pdf, identity).err().unwrap_or_default() {
        problem("identity", &pdf_file, &doubt.to_string(), None);
    }
}

/// The bytes of a file in the manifest, if their hash is the one listed.
fn bytes_of(run: &Path, file: &str, hash: &str) -> Result<Vec<u8>, Box<Problem>> {
    let bytes = fs::read(&run.join(file))
        .map_err(|_| Box::new(Problem::error("missing", Place::file(file), "the file cannot be read")))?;
    let found = sha256(&bytes);
    if found == hash {
        return Ok(bytes);
    }
    let message = "the file is not the one that the run published";
    Err(Box::new(Problem::error("changed", Place::file(file), message).value(found)))
}
