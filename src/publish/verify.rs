use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::manifest::{Manifest, ReportFile};
use crate::aggregate::seal_of;
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::problem::{Place, Problem};

/// What `verify` found.
#[derive(Debug)]
pub struct Verified {
    /// How many files were read.
    pub files: usize,
    /// The seal that all of them should carry.
    pub seal: String,
    /// What is wrong, by file.
    pub problems: Vec<Problem>,
}

/// Why a folder cannot be verified at all.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It has no manifest that this program wrote.
    #[error("manifest.json is not the manifest of a run")]
    Manifest(#[from] serde_json::Error),
}

/// The part of a facts file that `verify` looks at.
#[derive(Deserialize)]
struct Facts {
    aggregates: String,
}

/// Reads a run folder again from the disk: every file of its manifest is there with its bytes and no other file is, and
/// all reports were made from the one set of aggregates that lies beside them.
///
/// # Errors
/// When the folder or its manifest cannot be read.
pub fn verify(run: &Path) -> Result<Verified, VerifyError> {
    let manifest: Manifest = serde_json::from_slice(&fs::read(&run.join("manifest.json"))?)?;
    let mut problems = Vec::new();
    let mut expected = BTreeSet::from(["manifest.json".to_owned()]);
    let mut hashes = Vec::new();
    for (name, hash) in &manifest.aggregates {
        let file = format!("aggregates/{name}");
        if let Some(bytes) = bytes_of(run, &file, hash, &mut problems) {
            hashes.push((name, sha256(&bytes)));
        }
        expected.insert(file);
    }
    let sealed = seal_of(hashes);
    if sealed != manifest.seal {
        let message = "the aggregates are not those that the manifest seals";
        problems.push(Problem::error("seal", Place::file("aggregates"), message).value(sealed));
    }
    listed(run, &manifest.problems, &mut expected, &mut problems);
    listed(run, &manifest.suppression, &mut expected, &mut problems);
    for entry in &manifest.reports {
        if let Some(bytes) =
            entry.report.as_ref().and_then(|file| listed(run, file, &mut expected, &mut problems))
        {
            let place = Place::file(entry.report.as_ref().map_or("", |file| &file.file));
            carries(&manifest.seal, &seals_in(&bytes), place, &mut problems);
        }
        if let Some(bytes) =
            entry.facts.as_ref().and_then(|file| listed(run, file, &mut expected, &mut problems))
        {
            let place = Place::file(entry.facts.as_ref().map_or("", |file| &file.file));
            let facts = serde_json::from_slice::<Facts>(&bytes).ok();
            let seals = facts.map(|facts| facts.aggregates).into_iter().collect();
            carries(&manifest.seal, &seals, place, &mut problems);
        }
    }
    for file in fs::files_below(run)? {
        if !expected.contains(&file) {
            problems.push(Problem::error(
                "unlisted",
                Place::file(file),
                "the manifest does not list this file",
            ));
        }
    }
    Ok(Verified { files: expected.len(), seal: manifest.seal, problems })
}

/// The bytes of a file of the manifest, if they are the ones that it lists.
fn listed(
    run: &Path,
    file: &ReportFile,
    expected: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<u8>> {
    expected.insert(file.file.clone());
    bytes_of(run, &file.file, &file.sha256, problems)
}

fn bytes_of(run: &Path, file: &str, hash: &str, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
    let Ok(bytes) = fs::read(&run.join(file)) else {
        problems.push(Problem::error("missing", Place::file(file), "the file cannot be read"));
        return None;
    };
    let found = sha256(&bytes);
    if found != hash {
        let message = "the file is not the one that the run published";
        problems.push(Problem::error("changed", Place::file(file), message).value(found));
    }
    Some(bytes)
}

/// A report must carry the seal of its run, and no other.
fn carries(seal: &str, found: &BTreeSet<String>, place: Place, problems: &mut Vec<Problem>) {
    if found.iter().map(String::as_str).ne([seal]) {
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        let message = "it was not made from the aggregates of this run";
        problems.push(Problem::error("seal", place, message).value(found.join(" ")));
    }
}

/// Every seal in the metadata of a PDF, which stands there uncompressed.
fn seals_in(pdf: &[u8]) -> BTreeSet<String> {
    const MARK: &[u8] = b"aggregates-sha256:";
    let after = pdf.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
    let seals = after.filter_map(|(position, _)| {
        let start = position + MARK.len();
        let digits = pdf.get(start..start + 64)?;
        digits.iter().all(u8::is_ascii_hexdigit).then(|| String::from_utf8_lossy(digits).into_owned())
    });
    seals.collect()
}
