use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use super::output::{Link, Output};
use super::run_id::order;
use super::staging::{PREFIX, leftovers};
use crate::fs::{self, PathError};
use crate::lock::Lock;

/// The suffix of a run's name while it is being removed.
const REMOVED: &str = "-removed";

/// A run in an output folder.
#[derive(Debug)]
pub struct ShelvedRun {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The links that point to it: `latest`, `approved`.
    pub links: Vec<Link>,
    /// Its manifest; `None` if it cannot be read.
    pub manifest: Option<Manifest>,
}

impl Output {
    /// The runs, newest first.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn runs(&self) -> Result<Vec<ShelvedRun>, PathError> {
        let pointed = Link::ALL.map(|link| (link, self.linked(link)));
        let folders = fs::folders_in(&self.runs_folder())?;
        let mut runs: Vec<ShelvedRun> = folders
            .into_iter()
            .filter(|id| !id.starts_with('.'))
            .map(|id| {
                let folder = self.run(&id);
                let target = folder.canonicalize().ok();
                let links = pointed.iter().filter(|(_, run)| run.is_some() && *run == target);
                let links = links.map(|(link, _)| *link).collect();
                let manifest = fs::read(&folder.join("manifest.json")).ok();
                let manifest = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
                ShelvedRun { id, folder, links, manifest }
            })
            .collect();
        runs.sort_by(|a, b| order(&b.id).cmp(&order(&a.id)));
        Ok(runs)
    }

    /// What can be removed if the last `keep` runs are kept: older runs, except those that a link points to and those
    /// in `sent`, from which reports were sent; and leftovers of killed runs that no later run can use.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn removable(
        &self,
        keep: NonZeroUsize,
        sent: &BTreeSet<String>,
        _: &Lock,
    ) -> Result<Removable, PathError> {
        let runs = self.runs()?;
        let last = runs.first().map(|run| run.id.clone());
        let old = runs.into_iter().skip(keep.get());
        let runs = old.filter(|run| run.links.is_empty() && !sent.contains(&run.id)).collect();
        let mut remains = leftovers(&self.runs_folder())?;
        remains.retain(|folder| {
            let name = name(folder);
            let id = name.trim_start_matches(PREFIX);
            // An id begins with the time; a number or the suffix of a staging folder may follow.
            let time = |id: &str| id.split_once('Z').map(|(time, _)| time.to_owned());
            id.ends_with(REMOVED) || last.as_deref().is_some_and(|last| time(id) <= time(last))
        });
        Ok(Removable { runs, remains })
    }

    /// Removes runs, with their pages for reviewers and plans for sending, and leftovers of killed runs. Each run is
    /// renamed first, so that nobody finds half a run.
    ///
    /// # Errors
    /// If the disk or its permissions fail.
    pub fn remove(&self, removable: &Removable, _: &Lock) -> Result<(), PathError> {
        removable.runs.iter().try_for_each(|run| self.remove_run(run))?;
        removable.remains.iter().try_for_each(|folder| fs::remove_folder(folder))
    }

    fn remove_run(&self, run: &ShelvedRun) -> Result<(), PathError> {
        let gone = run.folder.with_file_name(format!("{PREFIX}{}{REMOVED}", run.id));
        fs::rename(&run.folder, &gone)?;
        fs::remove_folder(&gone)?;
        let plan = self.plan(&run.id);
        if plan.exists() {
            fs::remove_folder(&plan)?;
        }
        let reviews = self.reviews();
        for page in fs::plain_files_in(&reviews)? {
            let compared = page.trim_end_matches(".html").trim_end_matches(".groups.json");
            if compared.split("..").any(|id| id == run.id) {
                fs::remove(&reviews.join(page))?;
            }
        }
        Ok(())
    }
}

/// What can be removed from an output folder.
#[derive(Debug)]
pub struct Removable {
    runs: Vec<ShelvedRun>,
    /// Folders that killed runs left behind.
    remains: Vec<PathBuf>,
}

impl Removable {
    /// The ids of the runs and the names of the leftover folders.
    pub fn names(&self) -> Vec<String> {
        self.runs
            .iter()
            .map(|run| run.id.clone())
            .chain(self.remains.iter().map(|folder| name(folder)))
            .collect()
    }
}

fn name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
