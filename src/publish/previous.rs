use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::entry::{ReportEntry, ReportFile};
use super::facts_file::FactsFile;
use super::fingerprint::{Engine, Fingerprint};
use super::manifest::Manifest;
use super::outcome::Outcome;
use super::output::{Link, Output};
use super::signed::signed_manifest;
use super::staging::{JOURNAL, finished, leftovers};
use crate::fs;
use crate::hash::sha256;
use crate::model::{EditionId, Fact};
use crate::vault::Key;

/// Reports made earlier, which may be reused.
#[derive(Debug, Default)]
pub struct Previous {
    /// The last complete run.
    run: Option<(PathBuf, Manifest)>,
    /// The folders of killed runs, with the reports that they had finished.
    killed: Vec<(PathBuf, BTreeMap<EditionId, ReportEntry>)>,
}

impl Previous {
    /// The last complete run of an output folder, if it can be read and is signed; with `killed`, also the reports that
    /// killed runs had finished.
    pub fn latest(output: &Output, killed: bool, key: &Key) -> Self {
        let folder = output.link(Link::Latest);
        // What somebody changed must not be reused, because the new run would vouch for it.
        let manifest = signed_manifest(&folder, key).ok();
        // The folder of the run itself, because `latest` will point to a different run later.
        let folder = folder.canonicalize().unwrap_or(folder);
        let leftovers = leftovers(&output.runs_folder()).unwrap_or_default();
        let killed = leftovers.into_iter().filter(|_| killed).map(|folder| {
            let journal = fs::read(&folder.join(JOURNAL)).unwrap_or_default();
            // The last line may have been cut off.
            let lines = journal.split(|byte| *byte == b'\n');
            let entries = lines.filter_map(|line| finished(line, key));
            (folder, entries.map(|entry| (entry.id.clone(), entry)).collect())
        });
        Self { killed: killed.collect(), run: manifest.map(|manifest| (folder, manifest)) }
    }

    /// The last complete run, if it was made from the same evaluation and files by the same program, has every report,
    /// and is still on the disk as published.
    pub fn unchanged(
        &self,
        evaluation: &str,
        inputs: &BTreeMap<String, String>,
        engine: &Engine,
    ) -> Option<(&Path, &Manifest)> {
        let (folder, manifest) = self.run.as_ref()?;
        let made = |entry: &ReportEntry| entry.outcome.is_made() || entry.outcome == Outcome::NoSubmission;
        let same =
            manifest.evaluation == evaluation && manifest.inputs == *inputs && manifest.engine == *engine;
        if !same || !manifest.reports.iter().all(made) {
            return None;
        }
        let files = manifest.reports.iter().flat_map(ReportEntry::files);
        let whole = files
            .chain([&manifest.suppression])
            .chain(&manifest.data_pack)
            .all(|file| is_whole(folder, file));
        let tables = manifest.aggregates.iter().all(|(name, hash)| {
            fs::read(&folder.join("aggregates").join(name)).is_ok_and(|bytes| sha256(&bytes) == *hash)
        });
        (whole && tables).then_some((folder.as_path(), manifest))
    }

    /// The last run that has a report: the last complete run, or the one that it names.
    pub fn last_made(&self, id: &EditionId) -> Option<String> {
        let (_, manifest) = self.run.as_ref()?;
        let made = self.entry(id).is_some_and(|entry| entry.outcome.is_made());
        if made { Some(manifest.run.id.clone()) } else { manifest.run.last_made.get(id).cloned() }
    }

    /// Mean size of a report with its facts in the last complete run, in bytes.
    pub fn mean_size(&self) -> Option<u64> {
        let (_, manifest) = self.run.as_ref()?;
        let files = manifest.reports.iter().flat_map(ReportEntry::files);
        let bytes: usize = files.map(|file| file.size).sum();
        let made = manifest.reports.iter().filter(|entry| entry.outcome.is_made()).count();
        (bytes as u64).checked_div(made as u64)
    }

    /// The manifest of the last complete run.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.run.as_ref().map(|(_, manifest)| manifest)
    }

    /// The same report in the last complete run, whatever became of it.
    pub fn entry(&self, id: &EditionId) -> Option<&ReportEntry> {
        self.run.as_ref()?.1.entry(id)
    }

    /// The facts of a report in the last complete run; empty if they cannot be read.
    pub fn facts(&self, entry: &ReportEntry) -> Vec<Fact> {
        let (Some((folder, _)), Some(file)) = (&self.run, &entry.facts) else { return Vec::new() };
        let bytes = fs::read(&folder.join(&file.file)).unwrap_or_default();
        FactsFile::read(&bytes).map(|file| file.facts.into_owned()).unwrap_or_default()
    }

    /// A report with the same fingerprint, and the folder that has it with the bytes that were proved; with
    /// `killed_only`, only from a killed run.
    pub fn same(
        &self,
        id: &EditionId,
        fingerprint: &Fingerprint,
        killed_only: bool,
    ) -> Option<(&Path, &ReportEntry)> {
        let of_run = self.run.iter().filter(|_| !killed_only);
        let of_run = of_run.filter_map(|(folder, manifest)| Some((folder, manifest.entry(id)?)));
        let killed = self.killed.iter().filter_map(|(folder, entries)| Some((folder, entries.get(id)?)));
        of_run.chain(killed).map(|(folder, entry)| (folder.as_path(), entry)).find(|(folder, entry)| {
            entry.fingerprint.as_ref() == Some(fingerprint)
                && entry.outcome.is_made()
                && entry.report.is_some()
                && entry.facts.is_some()
                && entry.files().all(|file| is_whole(folder, file))
        })
    }
}

fn is_whole(folder: &Path, file: &ReportFile) -> bool {
    fs::read(&folder.join(&file.file)).is_ok_and(|bytes| sha256(&bytes) == file.sha256)
}
