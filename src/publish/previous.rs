use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::manifest::{Engine, Fingerprint, Manifest, Outcome, ReportEntry, ReportFile};
use super::staging::{JOURNAL, leftovers};
use crate::fs;
use crate::hash::sha256;
use crate::model::{EditionId, Fact};

/// Reports that were made before, and may be reused.
#[derive(Debug, Default)]
pub struct Previous {
    /// The last whole run.
    run: Option<(PathBuf, Manifest)>,
    /// The folders of runs that were killed, with the reports that they had finished.
    killed: Vec<(PathBuf, BTreeMap<EditionId, ReportEntry>)>,
}

impl Previous {
    /// The last whole run of an output folder, if there is one that can be read; with `killed`, also the reports that killed
    /// runs had finished.
    pub fn latest(out: &Path, killed: bool) -> Self {
        let folder = out.join("latest");
        let manifest = fs::read(&folder.join("manifest.json")).ok();
        let manifest = manifest.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        // The name of the run and not `latest`, which moves on.
        let folder = folder.canonicalize().unwrap_or(folder);
        let leftovers = leftovers(&out.join("runs")).unwrap_or_default();
        let killed = leftovers.into_iter().filter(|_| killed).map(|folder| {
            let journal = fs::read(&folder.join(JOURNAL)).unwrap_or_default();
            // The last line may have been cut off.
            let lines = journal.split(|byte| *byte == b'\n');
            let entries = lines.filter_map(|line| serde_json::from_slice::<ReportEntry>(line).ok());
            (folder, entries.map(|entry| (entry.id.clone(), entry)).collect())
        });
        Self { killed: killed.collect(), run: manifest.map(|manifest| (folder, manifest)) }
    }

    /// The last whole run, when it was made of the same evaluation, from the same files by the same program, has every report,
    /// and is on the disk as it was published.
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
        let files = manifest.reports.iter().flat_map(|entry| [&entry.report, &entry.facts]).flatten();
        let whole = files.chain([&manifest.suppression]).all(|file| is_whole(folder, file));
        let tables = manifest.aggregates.iter().all(|(name, hash)| {
            fs::read(&folder.join("aggregates").join(name)).is_ok_and(|bytes| sha256(&bytes) == *hash)
        });
        (whole && tables).then_some((folder.as_path(), manifest))
    }

    /// The last run that has a report: this one, or the one that it names.
    pub fn last_made(&self, id: &EditionId) -> Option<String> {
        let (_, manifest) = self.run.as_ref()?;
        let made = self.entry(id).is_some_and(|entry| entry.outcome.is_made());
        if made { Some(manifest.run.id.clone()) } else { manifest.run.last_made.get(id).cloned() }
    }

    /// Mean size of a report with its facts in the last whole run, in bytes.
    pub fn mean_size(&self) -> Option<u64> {
        let (_, manifest) = self.run.as_ref()?;
        let files = manifest.reports.iter().flat_map(|entry| [&entry.report, &entry.facts]).flatten();
        let bytes: usize = files.map(|file| file.size).sum();
        let made = manifest.reports.iter().filter(|entry| entry.outcome.is_made()).count();
        (bytes as u64).checked_div(made as u64)
    }

    /// The manifest of the last whole run.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.run.as_ref().map(|(_, manifest)| manifest)
    }

    /// The same report in the last whole run, whatever became of it.
    pub fn entry(&self, id: &EditionId) -> Option<&ReportEntry> {
        self.run.as_ref()?.1.entry(id)
    }

    /// The facts of a report in the last whole run, by their ids.
    pub fn facts(&self, entry: &ReportEntry) -> BTreeMap<String, Fact> {
        #[derive(serde::Deserialize)]
        struct Facts {
            facts: Vec<Fact>,
        }
        let (Some((folder, _)), Some(file)) = (&self.run, &entry.facts) else { return BTreeMap::new() };
        let bytes = fs::read(&folder.join(&file.file)).unwrap_or_default();
        let facts = serde_json::from_slice::<Facts>(&bytes).map(|facts| facts.facts).unwrap_or_default();
        facts.into_iter().map(|fact| (fact.id.clone(), fact)).collect()
    }

    /// A report made from the same, and the folder that has it with the bytes that were proved; with `killed_only` that of
    /// a run that was killed.
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
                && [&entry.report, &entry.facts]
                    .into_iter()
                    .all(|file| file.as_ref().is_some_and(|file| is_whole(folder, file)))
        })
    }
}

fn is_whole(folder: &Path, file: &ReportFile) -> bool {
    fs::read(&folder.join(&file.file)).is_ok_and(|bytes| sha256(&bytes) == file.sha256)
}
