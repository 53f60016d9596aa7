use std::fs;
use std::path::{Path, PathBuf};

use crate::fs::{self as files, PathError, WithPath};
use crate::lock::{Lock, LockError};

/// The output folder of an evaluation: its runs, the links to two of them, the pages for reviewers, the verdicts, the
/// plans for sending, and the ledger. Only this type defines the layout of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    folder: PathBuf,
}

/// A link in an output folder to one of its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The last complete run.
    Latest,
    /// The run whose reports may be sent.
    Approved,
}

impl Link {
    /// All links; each one prevents its run from being removed.
    pub(super) const ALL: [Self; 2] = [Self::Latest, Self::Approved];

    /// Its name in the folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::Approved => "approved",
        }
    }
}

impl Output {
    /// The output folder at a path. It need not exist yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The output folder that contains a run folder; `None` if the folder is not in a folder of runs.
    pub fn of_run(run: &Path) -> Option<Self> {
        let runs = run.parent().filter(|runs| runs.ends_with(RUNS))?;
        runs.parent().map(|folder| Self::new(folder.to_owned()))
    }

    /// True if a folder is an output folder with runs in it.
    pub fn is_one(folder: &Path) -> bool {
        folder.join(RUNS).is_dir()
    }

    /// Its path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder with the runs, each named after its id.
    pub fn runs_folder(&self) -> PathBuf {
        self.folder.join(RUNS)
    }

    /// The folder of a run.
    pub fn run(&self, id: &str) -> PathBuf {
        self.runs_folder().join(id)
    }

    /// The path of a link, which need not exist yet.
    pub fn link(&self, link: Link) -> PathBuf {
        self.folder.join(link.name())
    }

    /// The folder of the run that a link points to; `None` if there is no such run yet.
    pub fn linked(&self, link: Link) -> Option<PathBuf> {
        self.link(link).canonicalize().ok()
    }

    /// The folder with the pages for reviewers.
    pub fn reviews(&self) -> PathBuf {
        self.folder.join("reviews")
    }

    /// The page for reviewers that compares two runs of this folder.
    pub fn review(&self, old: &str, new: &str) -> PathBuf {
        self.reviews().join(format!("{old}..{new}.html"))
    }

    /// The file with the groups of changes between two runs of this folder.
    pub fn groups(&self, old: &str, new: &str) -> PathBuf {
        self.reviews().join(format!("{old}..{new}.groups.json"))
    }

    /// The folder where reviewers put the decisions that the page exported. Only this folder is for others to write to.
    pub fn inbox(&self) -> PathBuf {
        self.reviews().join("inbox")
    }

    /// The folder for exported decisions that were recorded.
    pub fn recorded(&self) -> PathBuf {
        self.reviews().join("recorded")
    }

    /// The folder for exported decisions that cannot be used.
    pub fn refused(&self) -> PathBuf {
        self.reviews().join("refused")
    }

    /// The folder with the plans for sending.
    pub fn plans(&self) -> PathBuf {
        self.folder.join("sends")
    }

    /// The folder with the plan for sending a run.
    pub fn plan(&self, run: &str) -> PathBuf {
        self.plans().join(run)
    }

    /// The file with the verdicts of reviewers.
    pub fn verdicts(&self) -> PathBuf {
        self.folder.join(VERDICTS)
    }

    /// The ledger of what was sent: an SQLite database.
    pub fn ledger(&self) -> PathBuf {
        self.folder.join("ledger.sqlite")
    }

    /// Locks the folder for making, removing or judging runs. `holder` describes this process to others that want the
    /// lock.
    ///
    /// # Errors
    /// [`LockError::Held`] at once if another process has the lock.
    pub fn lock(&self, holder: &str) -> Result<Lock, LockError> {
        Lock::acquire(&self.folder.join(".lock"), holder)
    }

    /// Makes `approved` point to a run.
    ///
    /// # Errors
    /// If the disk or its permissions fail.
    pub fn approve(&self, run: &str, _: &Lock) -> Result<(), PathError> {
        self.point(Link::Approved, run)
    }

    /// Makes a link point to a run, in one step.
    pub(super) fn point(&self, link: Link, run: &str) -> Result<(), PathError> {
        self.check_link(link)?;
        let fresh = self.folder.join(format!(".{}-{run}", link.name()));
        // A run with this id that was killed at this point may have left one behind.
        drop(fs::remove_file(&fresh));
        symlink(&Path::new(RUNS).join(run), &fresh).while_trying("create", &fresh)?;
        files::rename(&fresh, &self.link(link))
    }

    /// Checks that nothing but a link is in the place of a link: anything else must not be replaced.
    pub(super) fn check_link(&self, link: Link) -> Result<(), PathError> {
        let link = self.link(link);
        match fs::symlink_metadata(&link) {
            Ok(found) if !found.is_symlink() => {
                let message = "a file or folder of this name is in the way of the link to the run";
                Err(std::io::Error::other(message)).while_trying("create", &link)
            }
            _ => Ok(()),
        }
    }
}

/// The name of the file with the verdicts of reviewers in an output folder.
pub const VERDICTS: &str = "verdicts.jsonl";

/// The name of the folder with the runs.
const RUNS: &str = "runs";

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
    fn a_run_knows_its_output_folder_and_a_link_its_run() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().canonicalize().unwrap());
        assert_eq!(Output::of_run(&output.run("a")), Some(output.clone()));
        assert_eq!(Output::of_run(output.folder()), None);
        assert!(!Output::is_one(output.folder()));
        files::create_folder(&output.run("a")).unwrap();
        files::create_folder(&output.run("b")).unwrap();
        assert!(Output::is_one(output.folder()));
        assert_eq!(output.linked(Link::Approved), None);
        let lock = output.lock("a test").unwrap();
        for run in ["a", "b"] {
            output.approve(run, &lock).unwrap();
            assert_eq!(output.linked(Link::Approved), Some(output.run(run)));
        }
        assert_eq!(output.linked(Link::Latest), None);
    }

    #[test]
    fn what_stands_in_the_place_of_a_link_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let lock = output.lock("a test").unwrap();
        files::create_folder(&output.link(Link::Approved)).unwrap();
        let error = output.approve("a", &lock).unwrap_err();
        assert!(error.source.to_string().contains("in the way"), "{error:?}");
        assert!(output.link(Link::Approved).is_dir());
    }
}
