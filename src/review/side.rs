use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::{EditionId, Fact};
use crate::pdf::Objects;
use crate::publish::{Manifest, Outcome, ReportEntry};

/// One of two things that are compared: a run, a folder with PDFs, or one PDF.
#[derive(Debug)]
pub struct Side {
    /// The id of the run, or the path.
    pub name: String,
    /// The folder of the run or of the PDFs.
    pub folder: PathBuf,
    /// The manifest of a run.
    pub manifest: Option<Manifest>,
    /// What is compared, by what makes a pair.
    pub(super) copies: BTreeMap<Key, Copy>,
}

/// Which report it is: the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Key {
    /// A report of a run.
    Edition(EditionId),
    /// A PDF that is not of a run.
    File {
        /// Its path; empty for a single file.
        path: String,
    },
}

impl Key {
    /// The report, if it is one of a run.
    pub fn edition(&self) -> Option<&EditionId> {
        match self {
            Self::Edition(id) => Some(id),
            Self::File { .. } => None,
        }
    }

    /// Code of its subject; the path of a PDF that is not of a run.
    pub fn subject(&self) -> &str {
        match self {
            Self::Edition(id) => &id.report.subject,
            Self::File { path } => path,
        }
    }
}

/// A report on one side.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    /// Name of its subject.
    pub(super) name: String,
    /// Name of the region of its subject.
    pub(super) region: String,
    /// Its path in the folder of its side; `None` if it could not be made.
    pub(super) file: Option<String>,
    /// Hash of its bytes.
    pub(super) sha256: String,
    /// Its entry in the manifest of a run.
    pub(super) entry: Option<ReportEntry>,
}

/// Why two things cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Its manifest is not one of this program.
    #[error("{0} is not the manifest of a run")]
    Manifest(PathBuf, #[source] serde_json::Error),
    /// It has no reports.
    #[error("{0} is neither a run, nor a folder with PDFs, nor a PDF")]
    Nothing(PathBuf),
}

impl Side {
    /// Opens a run folder, a folder with PDFs, or a PDF.
    ///
    /// # Errors
    /// When it cannot be read or is none of these.
    pub fn open(path: &Path) -> Result<Self, SideError> {
        let file = path.join("manifest.json");
        if file.is_file() {
            let manifest: Manifest = serde_json::from_slice(&fs::read(&file)?)
                .map_err(|error| SideError::Manifest(file.clone(), error))?;
            return Ok(Self::run(path, manifest));
        }
        let (folder, names) = if path.is_dir() {
            let mut names = fs::visible_files_below(path)?;
            names.retain(|name| is_pdf(name));
            (path, names)
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            (path.parent().unwrap_or(path), name.into_iter().filter(|name| is_pdf(name)).collect())
        };
        if names.is_empty() {
            return Err(SideError::Nothing(path.to_owned()));
        }
        let copies = names.into_iter().map(|name| {
            let sha256 = sha256(&fs::read(&folder.join(&name))?);
            // Two single files make a pair, whatever they are called.
            let key = Key::File { path: if path.is_dir() { name.clone() } else { String::new() } };
            Ok((key, Copy { region: String::new(), file: Some(name.clone()), name, sha256, entry: None }))
        });
        let copies = copies.collect::<Result<_, PathError>>()?;
        Ok(Self { name: path.display().to_string(), folder: folder.to_owned(), manifest: None, copies })
    }

    /// Code and name of each subject.
    pub fn subjects(&self) -> impl Iterator<Item = (String, String)> {
        self.copies.iter().map(|(key, copy)| (key.subject().to_owned(), copy.name.clone()))
    }

    /// A run whose manifest is at hand.
    pub fn run(folder: &Path, manifest: Manifest) -> Self {
        let copies = manifest.reports.iter().map(|entry| {
            let ReportEntry { id, name, region, report, .. } = entry.clone();
            let (file, sha256) = report.map(|report| (report.file, report.sha256)).unzip();
            let entry = Some(entry.clone());
            let copy = Copy { name, region, file, sha256: sha256.unwrap_or_default(), entry };
            (Key::Edition(id), copy)
        });
        let copies = copies.collect();
        // The name of the run, and not that of a link to it.
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Self { name: manifest.run.id.clone(), folder, copies, manifest: Some(manifest) }
    }
}

impl Copy {
    /// Why there is no report.
    pub(super) fn failure(&self) -> Option<String> {
        self.entry.as_ref().map(|entry| &entry.outcome).filter(|o| !o.is_made()).map(Outcome::reason)
    }

    /// The facts of the report: those beside it, else those that are attached to it.
    pub(super) fn facts(&self, folder: &Path, objects: &Objects) -> Option<Vec<Fact>> {
        #[derive(Deserialize)]
        struct Facts {
            facts: Vec<Fact>,
        }
        let beside = self.entry.as_ref().and_then(|entry| entry.facts.as_ref());
        let bytes = match beside {
            Some(file) => fs::read(&folder.join(&file.file)).ok()?,
            None => objects.attachments.iter().find(|(name, _)| name.ends_with("facts.json"))?.1.clone(),
        };
        serde_json::from_slice::<Facts>(&bytes).ok().map(|facts| facts.facts)
    }
}

fn is_pdf(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}
