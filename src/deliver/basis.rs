use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::fs;
use crate::hash::sha256;
use crate::publish::{Link, Output};
use crate::read::RECIPIENTS;

/// Everything that decides what may be sent, as it was when the sender read it. A sender that finds any of it changed
/// stops before its next message: a rejection or a corrected address counts at once.
#[derive(Debug)]
pub struct Basis {
    output: Output,
    /// The hash of each file by its path; `None` if there is no such file.
    files: BTreeMap<PathBuf, Option<String>>,
    /// The run that each link points to.
    links: Vec<(Link, Option<PathBuf>)>,
}

impl Basis {
    /// Looks at the evaluation, and at the run and its output folder. To miss nothing, this comes before reading them.
    pub fn of(evaluation: &Path, output: &Output, run: &Path) -> Self {
        let files = [
            evaluation.join("evaluation.toml"),
            evaluation.join(RECIPIENTS),
            run.join("manifest.json"),
            output.verdicts(),
        ];
        let links = [Link::Latest, Link::Approved];
        Self {
            output: output.clone(),
            files: files.into_iter().map(|file| (file.clone(), hash(&file))).collect(),
            links: links.into_iter().map(|link| (link, output.linked(link))).collect(),
        }
    }

    /// What changed since, in words; `None` if nothing did.
    pub fn change(&self) -> Option<String> {
        let moved = self.links.iter().find(|(link, run)| self.output.linked(*link) != *run);
        if let Some((link, _)) = moved {
            return Some(format!("'{}' points to a different run", link.name()));
        }
        let changed = self.files.iter().find(|(file, known)| hash(file) != **known);
        changed.map(|(file, _)| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            format!("{name} changed")
        })
    }
}

fn hash(file: &Path) -> Option<String> {
    fs::read(file).ok().map(|bytes| sha256(&bytes))
}
