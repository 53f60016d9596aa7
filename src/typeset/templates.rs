use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::chart::Palette;
use crate::fs::{self, PathError};
use crate::problem::Problem;

/// A template of `report-templates/` that is part of the program.
macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../report-templates/", $path)))),*]
    };
}

/// Every file of `report-templates/`; a test compares the list with the folder.
const EMBEDDED: [(&str, &str); 17] = embedded![
    "local/about.typ.j2",
    "local/cover.typ.j2",
    "local/description.typ.j2",
    "local/figure.typ.j2",
    "local/glance.typ.j2",
    "local/main.typ.j2",
    "local/methods.typ.j2",
    "local/places.typ.j2",
    "local/planning.typ.j2",
    "local/prose.typ.j2",
    "local/quarters.typ.j2",
    "local/reading.typ.j2",
    "local/section.typ.j2",
    "local/submission.typ.j2",
    "local/withheld.typ.j2",
    "theme/palette.toml",
    "theme/report.typ",
];

/// The colours of all reports.
const PALETTE: &str = "theme/palette.toml";

/// The files of `report-templates/`, by their path in that folder.
#[derive(Clone, Debug)]
pub struct Templates {
    files: BTreeMap<String, String>,
}

/// Why a folder of templates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplatesError {
    /// A file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A file is not text.
    #[error("{0}")]
    NotText(Box<Problem>),
    /// A file that every set of templates needs is not there.
    #[error("there is no template {0}")]
    Missing(&'static str),
}

impl Templates {
    /// The templates that are part of the program.
    pub fn embedded() -> Self {
        Self { files: EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Templates given one by one.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// The templates of a folder.
    ///
    /// # Errors
    /// When a file cannot be read or is not UTF-8, or when one that the program has is missing.
    pub fn from_folder(folder: &Path) -> Result<Self, TemplatesError> {
        let mut files = BTreeMap::new();
        for path in fs::visible_files_below(folder)? {
            let bytes = fs::read(&folder.join(&path))?;
            let text = crate::read::text_of(&path, bytes).map_err(TemplatesError::NotText)?;
            files.insert(path, text);
        }
        match EMBEDDED.iter().find(|(path, _)| !files.contains_key(*path)) {
            Some((path, _)) => Err(TemplatesError::Missing(path)),
            None => Ok(Self { files }),
        }
    }

    /// Every file with its path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The colours of charts and pages.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(super) fn palette(&self) -> Result<Palette, Vec<Problem>> {
        Palette::of(PALETTE, self.get(PALETTE).unwrap_or_default())
    }

    /// Hash of all files and their paths.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                hasher.update(part.len().to_le_bytes());
                hasher.update(part);
            }
        }
        crate::hash::hex(hasher)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("report-templates");
        let of_folder = Templates::from_folder(&folder).unwrap();
        assert_eq!(of_folder.files, Templates::embedded().files);
    }
}
