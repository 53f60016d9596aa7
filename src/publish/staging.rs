use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use tempfile::TempDir;

use super::lock::Lock;
use super::log::RunLog;
use super::manifest::{Manifest, ReportEntry};
use crate::fs::{self as files, PathError, WithPath};
use crate::hash::sha256;
use crate::publish::ReportFile;

/// Where a staging folder keeps the entries of the reports that it has, a line for each: what a killed run had finished.
pub(super) const JOURNAL: &str = ".journal";

/// The link to the last whole run.
const LATEST: &str = "latest";

/// The log in a run folder.
const LOG: &str = "run.log";

/// How the name of a staging folder begins.
pub(super) const PREFIX: &str = ".staging-";

/// Names a run: the time at which it started, in UTC, and a number when that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The order of ids in time: when the run started, and its number among those that started in the same second.
pub(super) fn order(id: &str) -> (&str, u32) {
    let number = id.split_once("Z-").and_then(|(_, number)| number.parse().ok());
    number.map_or((id, 1), |number| (&id[..=id.find('Z').unwrap_or_default()], number))
}

/// True when a run started after another, by their ids.
pub fn is_later(id: &str, than: &str) -> bool {
    order(id) > order(than)
}

/// Why a run could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The manifest could not be written as JSON: a defect of the program.
    #[error("the manifest could not be written")]
    Json(#[from] serde_json::Error),
}

/// A run folder while it is filled. It vanishes with everything in it unless it is published.
#[derive(Debug)]
pub struct Staging {
    id: RunId,
    runs: PathBuf,
    out: PathBuf,
    folder: TempDir,
    journal: Mutex<File>,
    /// The paths of the files that were added.
    added: Mutex<BTreeSet<String>>,
    /// What killed runs left behind.
    leftovers: Vec<PathBuf>,
    /// Held until the run is published or given up.
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
    /// Makes an empty staging folder beside the other runs of a locked output folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(out: &Path, started: Timestamp, lock: Lock) -> Result<Self, PublishError> {
        let runs = out.join("runs");
        files::create_folder(&runs)?;
        stays_a_link(&out.join(LATEST))?;
        let leftovers = leftovers(&runs)?;
        let stem = started.strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
        let others = files::folders_in(&runs)?;
        let last = others.iter().map(|id| order(id)).filter(|(other, _)| *other == stem).max();
        // The number of a run that was removed is not given again: later runs have later names.
        let id = RunId(last.map_or(stem.clone(), |(_, number)| format!("{stem}-{}", number + 1)));
        let folder = tempfile::Builder::new()
            .prefix(&format!("{PREFIX}{}-", id.0))
            .tempdir_in(&runs)
            .while_trying("create a folder in", &runs)?;
        let journal = folder.path().join(JOURNAL);
        let journal = Mutex::new(File::create(&journal).while_trying("create", &journal)?);
        Ok(Self {
            id,
            runs,
            out: out.to_owned(),
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
    /// When it cannot be removed.
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
    /// When it cannot be written.
    pub fn add(&self, file: String, bytes: &[u8], pages: Option<usize>) -> Result<ReportFile, PathError> {
        if self.is_new(&file) {
            files::write(&self.folder.path().join(&file), bytes)?;
        }
        Ok(ReportFile { file, pages, size: bytes.len(), sha256: sha256(bytes) })
    }

    /// Reuses a file of another run, by its path in both.
    ///
    /// # Errors
    /// When it cannot be linked or copied.
    pub fn reuse(&self, folder: &Path, file: &str) -> Result<(), PathError> {
        if self.is_new(file) {
            files::link(&folder.join(file), &self.folder.path().join(file))?;
        }
        Ok(())
    }

    /// True for a path that nobody has added yet: the facts of a report are the same for all its formats, and stand once.
    fn is_new(&self, file: &str) -> bool {
        self.added.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(file.to_owned())
    }

    /// Begins the log of the run.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn log(&self, clock: fn() -> Timestamp) -> Result<RunLog, PathError> {
        RunLog::begin(&self.folder.path().join(LOG), clock)
    }

    /// The log as it is now, for the manifest.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn logged(&self) -> Result<ReportFile, PathError> {
        let bytes = files::read(&self.folder.path().join(LOG))?;
        self.add(LOG.to_owned(), &bytes, None)
    }

    /// Notes that a report is here with all its files.
    ///
    /// # Errors
    /// When it cannot be noted.
    pub fn note(&self, entry: &ReportEntry) -> Result<(), PublishError> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let path = self.folder.path().join(JOURNAL);
        let mut journal = self.journal.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        journal.write_all(&line).while_trying("write", &path)?;
        Ok(())
    }

    /// Writes the manifest, gives the folder its name in one step, and points `latest` to it when the run is a whole
    /// one.
    ///
    /// # Errors
    /// When the disk fails; then there is no run.
    pub fn publish(mut self, manifest: &Manifest) -> Result<Run, PublishError> {
        let mut json = serde_json::to_vec_pretty(manifest)?;
        json.push(b'\n');
        let staged = self.folder.path();
        let journal = staged.join(JOURNAL);
        fs::remove_file(&journal).while_trying("remove", &journal)?;
        files::write(&staged.join("manifest.json"), &json)?;
        for folder in fs::read_dir(staged).while_trying("read", staged)? {
            let folder = folder.while_trying("read", staged)?.path();
            if folder.is_dir() {
                files::sync_folder(&folder)?;
            }
        }
        files::sync_folder(staged)?;
        // A staging folder is private to its owner; a run is read by everybody who reads the folder round it.
        let like = fs::metadata(&self.runs).while_trying("read", &self.runs)?.permissions();
        fs::set_permissions(staged, like).while_trying("open up", staged)?;
        let folder = self.runs.join(&self.id.0);
        files::rename(staged, &folder)?;
        // Renamed: there is nothing left to clean up.
        self.folder.disable_cleanup(true);
        if manifest.only.is_empty() {
            point(&self.out, LATEST, &self.id.0)?;
        }
        self.clear()?;
        Ok(Run { id: self.id, folder })
    }
}

/// The staging folders among the runs, the youngest first.
pub(super) fn leftovers(runs: &Path) -> Result<Vec<PathBuf>, PathError> {
    let names = files::folders_in(runs)?.into_iter().rev();
    Ok(names.filter(|name| name.starts_with(PREFIX)).map(|name| runs.join(name)).collect())
}

/// Points `approved` of a locked output folder to a run.
///
/// # Errors
/// When the disk or its permissions fail.
pub fn approve(out: &Path, run: &str, _: &Lock) -> Result<(), PathError> {
    point(out, "approved", run)
}

/// Makes sure that a link of the output folder can be pointed to a run: nothing that somebody put in its place is replaced.
fn stays_a_link(link: &Path) -> Result<(), PathError> {
    match fs::symlink_metadata(link) {
        Ok(found) if !found.is_symlink() => {
            let source =
                std::io::Error::other("a file or folder of this name is in the way of the link to the run");
            Err(source).while_trying("create", link)
        }
        _ => Ok(()),
    }
}

/// Points a symbolic link of the output folder to a run, in one step.
fn point(out: &Path, link: &str, run: &str) -> Result<(), PathError> {
    stays_a_link(&out.join(link))?;
    let fresh = out.join(format!(".{link}-{run}"));
    // A run of this name that was killed here may have left it.
    drop(fs::remove_file(&fresh));
    let target = Path::new("runs").join(run);
    symlink(&target, &fresh).while_trying("create", &fresh)?;
    files::rename(&fresh, &out.join(link))
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_run_of_the_same_second_has_a_later_id() {
        let out = tempfile::tempdir().unwrap();
        let begin = || {
            let lock = Lock::acquire(out.path(), "a test").unwrap();
            let id =
                Staging::begin(out.path(), Timestamp::UNIX_EPOCH, lock).unwrap().id().as_str().to_owned();
            files::create_folder(&out.path().join("runs").join(&id)).unwrap();
            id
        };
        let ids: Vec<String> = (0..11).map(|_| begin()).collect();
        assert_eq!((ids[0].as_str(), ids[10].as_str()), ("1970-01-01T00-00-00Z", "1970-01-01T00-00-00Z-11"));
        assert!(ids.is_sorted_by(|a, b| order(a) < order(b)));
        for id in &ids[..10] {
            files::remove_folder(&out.path().join("runs").join(id)).unwrap();
        }
        assert_eq!(begin(), "1970-01-01T00-00-00Z-12");
    }
}
