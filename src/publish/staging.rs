use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::TempDir;

use super::manifest::Manifest;
use crate::fs::{self as files, PathError, WithPath};
use crate::hash::sha256;
use crate::publish::ReportFile;

/// Names a run: the time at which it started, in UTC, and a number when that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a run could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The disk or its permissions stood in the way.
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
    /// Makes an empty staging folder beside the other runs of an output folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(out: &Path, started: Timestamp) -> Result<Self, PublishError> {
        let runs = out.join("runs");
        files::create_folder(&runs)?;
        let stem = started.strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
        let taken = |name: &String| runs.join(name).exists();
        let mut names = std::iter::once(stem.clone()).chain((2..).map(|n| format!("{stem}-{n}")));
        let id = RunId(names.find(|name| !taken(name)).unwrap_or(stem));
        let folder = tempfile::Builder::new()
            .prefix(&format!(".staging-{}-", id.0))
            .tempdir_in(&runs)
            .while_trying("create a folder in", &runs)?;
        Ok(Self { id, runs, out: out.to_owned(), folder })
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
        files::write(&self.folder.path().join(&file), bytes)?;
        Ok(ReportFile { file, pages, size: bytes.len(), sha256: sha256(bytes) })
    }

    /// Writes the manifest, gives the folder its name in one step, and points `latest` to it when the run is a whole
    /// one.
    ///
    /// # Errors
    /// When the disk stands in the way; then there is no run.
    pub fn publish(self, manifest: &Manifest) -> Result<Run, PublishError> {
        let mut json = serde_json::to_vec_pretty(manifest)?;
        json.push(b'\n');
        let staged = self.folder.path();
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
        drop(self.folder.keep());
        if manifest.only.is_empty() {
            point(&self.out, "latest", &self.id)?;
        }
        Ok(Run { id: self.id, folder })
    }
}

/// Points a symbolic link of the output folder to a run, in one step.
fn point(out: &Path, link: &str, run: &RunId) -> Result<(), PathError> {
    let fresh = out.join(format!(".{link}-{}", run.0));
    let target = Path::new("runs").join(&run.0);
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
