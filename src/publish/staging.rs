use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use tempfile::TempDir;

use super::entry::{ReportEntry, ReportFile};
use super::log::RunLog;
use super::manifest::Manifest;
use super::output::{Link, Output};
use super::run_id::RunId;
use super::signed::{MANIFEST, SIGNATURE};
use crate::fs::{self as files, PathError, WithPath};
use crate::hash::sha256;
use crate::lock::Lock;
use crate::vault::{Key, Purpose, RecordEnd, Vault, VaultError};

/// The file with an entry for each report in a staging folder, one per line: what a run had finished if it is killed.
pub(super) const JOURNAL: &str = ".journal";

/// The name of the log in a run folder.
const LOG: &str = "run.log";

/// The folder of a run with what only its owner may read.
const PRIVATE: &str = "private/";

/// The prefix of a staging folder's name.
pub(super) const PREFIX: &str = ".staging-";

/// Why a run could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The vault cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The manifest could not be written as JSON: a defect in the program.
    #[error("the manifest could not be written")]
    Json(#[from] serde_json::Error),
}

/// A run folder while it is being filled. It is removed with everything in it unless it is published.
#[derive(Debug)]
pub struct Staging {
    id: RunId,
    output: Output,
    key: Key,
    folder: TempDir,
    journal: Mutex<File>,
    /// The paths of the files that were added.
    added: Mutex<BTreeSet<String>>,
    /// What killed runs left behind.
    leftovers: Vec<PathBuf>,
    /// Held until the run is published or abandoned.
    _lock: Lock,
}

/// A published run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its folder.
    pub folder: PathBuf,
}

impl Staging {
    /// Creates an empty staging folder beside the other runs in a locked output folder.
    ///
    /// # Errors
    /// If it cannot be created, or the vault cannot be read.
    pub fn begin(
        output: &Output,
        started: Timestamp,
        vault: &Vault,
        lock: Lock,
    ) -> Result<Self, PublishError> {
        let runs = output.runs_folder();
        files::create_folder(&runs)?;
        output.check_link(Link::Latest)?;
        let leftovers = leftovers(&runs)?;
        let mut others = files::folders_in(&runs)?;
        // A run whose folder was deleted is known by the verdicts on it.
        others.extend(RecordEnd::known_in(vault, output.folder())?.map(|(_, run)| run));
        let id = RunId::next(started, &others);
        let folder = tempfile::Builder::new()
            .prefix(&format!("{PREFIX}{}-", id.as_str()))
            .tempdir_in(&runs)
            .while_trying("create a folder in", &runs)?;
        let journal = folder.path().join(JOURNAL);
        let journal = Mutex::new(File::create(&journal).while_trying("create", &journal)?);
        Ok(Self {
            id,
            output: output.clone(),
            key: vault.key().clone(),
            folder,
            journal,
            added: Mutex::default(),
            leftovers,
            _lock: lock,
        })
    }

    /// Removes what killed runs left behind.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn clear(&mut self) -> Result<(), PathError> {
        self.leftovers.drain(..).try_for_each(|folder| files::remove_folder(&folder))
    }

    /// Id of the run.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Adds a file by its path in the run folder. May be called from several threads.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&self, file: String, bytes: &[u8], pages: Option<usize>) -> Result<ReportFile, PathError> {
        if self.is_new(&file) {
            let path = self.folder.path().join(&file);
            if file.starts_with(PRIVATE) {
                files::create_private_folder(&self.folder.path().join(PRIVATE))?;
                files::write_private(&path, bytes)?;
            } else {
                files::write(&path, bytes)?;
            }
        }
        Ok(ReportFile { file, pages, size: bytes.len(), sha256: sha256(bytes) })
    }

    /// Reuses a file of another run, by its path in both.
    ///
    /// # Errors
    /// If it cannot be linked or copied.
    pub fn reuse(&self, folder: &Path, file: &str) -> Result<(), PathError> {
        if file.starts_with(PRIVATE) {
            self.add(file.to_owned(), &files::read(&folder.join(file))?, None)?;
        } else if self.is_new(file) {
            files::link(&folder.join(file), &self.folder.path().join(file))?;
        }
        Ok(())
    }

    /// True for a path not added yet: a report's facts are the same for all its formats, and are stored once.
    fn is_new(&self, file: &str) -> bool {
        self.added.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(file.to_owned())
    }

    /// Starts the log of the run.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn log(&self, clock: fn() -> Timestamp) -> Result<RunLog, PathError> {
        RunLog::begin(&self.folder.path().join(LOG), clock)
    }

    /// The log as it is now, for the manifest.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn logged(&self) -> Result<ReportFile, PathError> {
        let bytes = files::read(&self.folder.path().join(LOG))?;
        self.add(LOG.to_owned(), &bytes, None)
    }

    /// Records that a report is in the folder with all its files.
    ///
    /// # Errors
    /// If it cannot be recorded.
    pub fn note(&self, entry: &ReportEntry) -> Result<(), PublishError> {
        let entry = serde_json::to_string(entry)?;
        let signature = self.key.sign(Purpose::Finished, entry.as_bytes());
        let line = format!("{signature} {entry}\n");
        let path = self.folder.path().join(JOURNAL);
        let mut journal = self.journal.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        journal.write_all(line.as_bytes()).while_trying("write", &path)?;
        Ok(())
    }

    /// Writes and signs the manifest, gives the folder its name in one step, and makes `latest` point to it if the run
    /// is complete.
    ///
    /// # Errors
    /// If the disk fails; then there is no run.
    pub fn publish(mut self, manifest: &Manifest) -> Result<Run, PublishError> {
        let mut json = serde_json::to_vec_pretty(manifest)?;
        json.push(b'\n');
        let staged = self.folder.path();
        let journal = staged.join(JOURNAL);
        fs::remove_file(&journal).while_trying("remove", &journal)?;
        files::write(&staged.join(MANIFEST), &json)?;
        let signature = self.key.sign(Purpose::Manifest, &json);
        files::write(&staged.join(SIGNATURE), format!("{signature}\n").as_bytes())?;
        for folder in fs::read_dir(staged).while_trying("read", staged)? {
            let folder = folder.while_trying("read", staged)?.path();
            if folder.is_dir() {
                files::sync_folder(&folder)?;
            }
        }
        files::sync_folder(staged)?;
        // A staging folder is private to its owner; a run can be read by everybody who can read the folder around it.
        let runs = self.output.runs_folder();
        let like = fs::metadata(&runs).while_trying("read", &runs)?.permissions();
        fs::set_permissions(staged, like).while_trying("open up", staged)?;
        let folder = self.output.run(self.id.as_str());
        files::rename(staged, &folder)?;
        // It has been renamed, so there is nothing left to clean up.
        self.folder.disable_cleanup(true);
        if manifest.only.is_empty() {
            self.output.point(Link::Latest, self.id.as_str())?;
        }
        self.clear()?;
        Ok(Run { id: self.id, folder })
    }
}

/// The report that a line of the journal says was finished; `None` if the line is incomplete or not signed.
pub(super) fn finished(line: &[u8], key: &Key) -> Option<ReportEntry> {
    let (signature, entry) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let signed = key.vouches_for(Purpose::Finished, entry.as_bytes(), signature);
    if signed { serde_json::from_str(entry).ok() } else { None }
}

/// The staging folders among the runs, newest first.
pub(super) fn leftovers(runs: &Path) -> Result<Vec<PathBuf>, PathError> {
    let names = files::folders_in(runs)?.into_iter().rev();
    Ok(names.filter(|name| name.starts_with(PREFIX)).map(|name| runs.join(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::run_id::order;

    #[test]
    fn a_later_run_of_the_same_second_has_a_later_id() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let vault = Vault::open(&folder.path().join("vault")).unwrap();
        let begin = || {
            let lock = output.lock("a test").unwrap();
            let staging = Staging::begin(&output, Timestamp::UNIX_EPOCH, &vault, lock).unwrap();
            let id = staging.id().as_str().to_owned();
            files::create_folder(&output.run(&id)).unwrap();
            id
        };
        let ids: Vec<String> = (0..11).map(|_| begin()).collect();
        assert_eq!((ids[0].as_str(), ids[10].as_str()), ("1970-01-01T00-00-00Z", "1970-01-01T00-00-00Z-11"));
        assert!(ids.is_sorted_by(|a, b| order(a) < order(b)));
        for id in &ids[..10] {
            files::remove_folder(&output.run(id)).unwrap();
        }
        assert_eq!(begin(), "1970-01-01T00-00-00Z-12");
        // Nor is an id with verdicts, even if nothing is left of the output folder.
        RecordEnd::remember_in(&vault, output.folder(), &sha256(b"a line"), "1970-01-01T00-00-00Z-12")
            .unwrap();
        files::remove_folder(&output.runs_folder()).unwrap();
        assert_eq!(begin(), "1970-01-01T00-00-00Z-13");
    }
}
