use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::manifest::Manifest;
use super::staging::{PREFIX, leftovers, order};
use crate::fs::{self, PathError};

/// The links of an output folder that keep a run from being removed.
const LINKS: [&str; 2] = ["latest", "approved"];

/// How the name of a run ends while it is removed.
const REMOVED: &str = "-removed";

/// The folder with the pages for reviewers, in an output folder: each is called OLD..NEW.html by the runs that it compares.
pub const REVIEWS: &str = "reviews";

/// The folder with the plans of what is sent, in an output folder, by run.
pub const SENDS: &str = "sends";

/// A run in an output folder.
#[derive(Debug)]
pub struct ShelvedRun {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What points to it: `latest`, `approved`.
    pub links: Vec<&'static str>,
    /// Its manifest; `None` if it cannot be read.
    pub manifest: Option<Manifest>,
}

/// The runs of an output folder, the youngest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn runs(out: &Path) -> Result<Vec<ShelvedRun>, PathError> {
    let pointed = LINKS.map(|link| (link, out.join(link).canonicalize().ok()));
    let folders = fs::folders_in(&out.join("runs"))?;
    let mut runs: Vec<ShelvedRun> = folders
        .into_iter()
        .filter(|id| !id.starts_with('.'))
        .map(|id| {
            let folder = out.join("runs").join(&id);
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

/// The runs that may go when so many stay: the oldest ones, but none that `latest` or `approved` points to, and none from
/// which reports were sent.
///
/// # Errors
/// When the folder cannot be read.
pub fn prunable(
    out: &Path,
    keep: NonZeroUsize,
    sent: &BTreeSet<String>,
) -> Result<Vec<ShelvedRun>, PathError> {
    let old = runs(out)?.into_iter().skip(keep.get());
    Ok(old.filter(|run| run.links.is_empty() && !sent.contains(&run.id)).collect())
}

/// What killed runs left behind and `--resume` has no use for: a whole run was made after it.
///
/// # Errors
/// When the folder cannot be read.
pub fn remains(out: &Path, _: &Lock) -> Result<Vec<PathBuf>, PathError> {
    let last = runs(out)?.into_iter().next().map(|run| run.id);
    let mut remains = leftovers(&out.join("runs"))?;
    remains.retain(|folder| {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let id = name.trim_start_matches(PREFIX);
        // An id begins with the time: what follows it may be a number or the mark of a staging folder.
        let time = |id: &str| id.split_once('Z').map(|(time, _)| time.to_owned());
        id.ends_with(REMOVED) || last.as_deref().is_some_and(|last| time(id) <= time(last))
    });
    Ok(remains)
}

/// Removes a run from a locked output folder, with the pages for reviewers that compare it with another and plans of sending
/// it. Its name goes first: nobody finds half a run.
///
/// # Errors
/// When the disk or its permissions fail.
pub fn remove(run: &ShelvedRun, _: &Lock) -> Result<(), PathError> {
    let gone = run.folder.with_file_name(format!("{PREFIX}{}{REMOVED}", run.id));
    fs::rename(&run.folder, &gone)?;
    fs::remove_folder(&gone)?;
    let Some(out) = run.folder.parent().and_then(Path::parent) else { return Ok(()) };
    let plan = out.join(SENDS).join(&run.id);
    if plan.exists() {
        fs::remove_folder(&plan)?;
    }
    let reviews = out.join(REVIEWS);
    let pages = if reviews.is_dir() { fs::visible_files_below(&reviews)? } else { Vec::new() };
    for page in pages {
        if page.trim_end_matches(".html").split("..").any(|id| id == run.id) {
            fs::remove(&reviews.join(page))?;
        }
    }
    Ok(())
}
