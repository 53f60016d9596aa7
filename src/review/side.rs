use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::{EditionId, Fact};
use crate::publish::{Addressees, FactsFile, Manifest, Outcome, Output, ReportEntry};

/// One of the two things being compared: a run, a folder with PDFs, or a single PDF.
#[derive(Debug)]
pub struct Side {
    /// The id of the run, or the path of the folder or file.
    pub name: String,
    /// The folder of the run or of the PDFs.
    pub folder: PathBuf,
    /// The manifest; `None` if this is not a run.
    pub manifest: Option<Manifest>,
    /// Who was to receive its reports.
    pub(super) addressees: Addressees,
    /// The reports, by the key that pairs them with those of the other side.
    pub(super) reports: BTreeMap<Key, SideReport>,
}

/// The name of the side without reports.
const NOTHING: &str = "nothing";

/// Identifies a report: the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Key {
    /// A report of a run.
    Edition(EditionId),
    /// A PDF that does not belong to a run.
    File {
        /// Its path; empty for a single file.
        path: String,
    },
}

impl Key {
    /// The id of the report, if it belongs to a run.
    pub fn edition(&self) -> Option<&EditionId> {
        match self {
            Self::Edition(id) => Some(id),
            Self::File { .. } => None,
        }
    }

    /// Code of its area; kind and code of any other subject, as in `regional/london`, which could have the code of an area;
    /// its path if it does not belong to a run.
    pub fn subject(&self) -> Cow<'_, str> {
        match self {
            Self::Edition(EditionId { report, .. }) if report.kind.is_of_area() => {
                Cow::Borrowed(&report.subject)
            }
            Self::Edition(EditionId { report, .. }) => format!("{}/{}", report.kind, report.subject).into(),
            Self::File { path } => Cow::Borrowed(path),
        }
    }
}

/// A report on one side.
#[derive(Clone, Debug)]
pub(super) struct SideReport {
    /// Name of its subject.
    pub(super) name: String,
    /// Name of the region of its subject.
    pub(super) region: String,
    /// Its path in the folder of its side; `None` if it could not be made.
    pub(super) file: Option<String>,
    /// Hash of its bytes.
    pub(super) sha256: String,
    /// Its entry in the manifest; `None` if it does not belong to a run.
    pub(super) entry: Option<ReportEntry>,
}

/// Why two things cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Its manifest was not written by this program.
    #[error("{0} is not the manifest of a run")]
    Manifest(PathBuf, #[source] serde_json::Error),
    /// It has no reports.
    #[error("{0} is neither a run, nor a folder with PDFs, nor a report")]
    Nothing(PathBuf),
}

impl Side {
    /// Opens a run folder, a folder with PDFs, or a report.
    ///
    /// # Errors
    /// If it cannot be read, or is something else.
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
            (path.parent().unwrap_or(path), name.into_iter().filter(|name| is_report(name)).collect())
        };
        if names.is_empty() {
            return Err(SideError::Nothing(path.to_owned()));
        }
        let reports = names.into_iter().map(|name| {
            let sha256 = sha256(&fs::read(&folder.join(&name))?);
            // Two single files always make a pair, whatever their names.
            let key = Key::File { path: if path.is_dir() { name.clone() } else { String::new() } };
            Ok((
                key,
                SideReport { region: String::new(), file: Some(name.clone()), name, sha256, entry: None },
            ))
        });
        let reports = reports.collect::<Result<_, PathError>>()?;
        Ok(Self {
            name: path.display().to_string(),
            folder: folder.to_owned(),
            manifest: None,
            addressees: Addressees::default(),
            reports,
        })
    }

    /// What a run is compared with as long as no run is approved: it has no reports.
    pub fn nothing() -> Self {
        Self {
            name: NOTHING.to_owned(),
            folder: PathBuf::new(),
            manifest: None,
            addressees: Addressees::default(),
            reports: BTreeMap::new(),
        }
    }

    /// What the manifest says of its reports; nothing if this is not a run.
    pub(super) fn entries(&self) -> impl Iterator<Item = &ReportEntry> {
        self.manifest.iter().flat_map(|manifest| &manifest.reports)
    }

    /// True if this is the side without reports.
    pub fn is_nothing(&self) -> bool {
        self.manifest.is_none() && self.reports.is_empty()
    }

    /// The output folder of two runs, or of a run that is compared with nothing; `None` if these sides are anything else.
    pub fn output_with(&self, new: &Self) -> Option<Output> {
        let output = Output::of_run(&new.folder).filter(|_| new.manifest.is_some())?;
        let is_here = self.manifest.is_some() && Output::of_run(&self.folder).as_ref() == Some(&output);
        (is_here || self.is_nothing()).then_some(output)
    }

    /// Path of the review page for the sides that [`Self::output_with`] knows.
    pub fn page_with(&self, new: &Self) -> Option<PathBuf> {
        Some(self.output_with(new)?.review(&self.name, &new.name))
    }

    /// Code and name of each subject.
    pub fn subjects(&self) -> impl Iterator<Item = (String, String)> {
        self.reports.iter().map(|(key, report)| (key.subject().into_owned(), report.name.clone()))
    }

    /// A run whose manifest has already been read.
    pub fn run(folder: &Path, manifest: Manifest) -> Self {
        let reports = manifest.reports.iter().map(|entry| {
            let ReportEntry { id, name, region, report: file, .. } = entry.clone();
            let (file, sha256) = file.map(|file| (file.file, file.sha256)).unzip();
            let entry = Some(entry.clone());
            let report = SideReport { name, region, file, sha256: sha256.unwrap_or_default(), entry };
            (Key::Edition(id), report)
        });
        let reports = reports.collect();
        // The folder of the run itself, not a link to it.
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let addressees = Addressees::of_run(&folder);
        Self { name: manifest.run.id.clone(), folder, addressees, reports, manifest: Some(manifest) }
    }
}

impl SideReport {
    /// Code of its subject; empty if it does not belong to a run.
    pub(super) fn code(&self) -> &str {
        self.entry.as_ref().map(|entry| entry.id.report.subject.as_str()).unwrap_or_default()
    }

    /// Why the report could not be made; `None` if it was made.
    pub(super) fn failure(&self) -> Option<String> {
        self.entry
            .as_ref()
            .map(|entry| &entry.outcome)
            .filter(|outcome| !outcome.is_made())
            .map(Outcome::reason)
    }

    /// The facts of the report: from the file beside it or, failing that, from its attachment.
    pub(super) fn facts(&self, folder: &Path, attachments: &[(String, Vec<u8>)]) -> Option<Vec<Fact>> {
        let beside = self.entry.as_ref().and_then(|entry| entry.facts.as_ref());
        let bytes = match beside {
            Some(file) => fs::read(&folder.join(&file.file)).ok()?,
            None => attachments.iter().find(|(name, _)| name.ends_with("facts.json"))?.1.clone(),
        };
        FactsFile::read(&bytes).ok().map(|file| file.facts.into_owned())
    }
}

fn is_pdf(name: &str) -> bool {
    has_extension(name, "pdf")
}

/// True for a file in one of the formats of reports. A folder may have texts and pages of other kinds.
fn is_report(name: &str) -> bool {
    ["pdf", "html", "txt"].iter().any(|extension| has_extension(name, extension))
}

fn has_extension(name: &str, wanted: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}
