use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::comparison::Review;
use super::deciding_error::DecidingError;
use super::side::Side;
use super::statement::Statement;
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::EditionId;
use crate::publish::{Output, ReportEntry, altered};
use crate::vault::{Key, Purpose};

/// The groups of changes that each report has between two runs. They are kept beside the page for reviewers, so that a
/// decision on a group does not have to compare the runs again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReportGroups {
    /// The name of the old side.
    pub(super) old: String,
    /// The id of the new run.
    new: String,
    /// Hash of the manifest on each side; empty if there is none.
    manifests: [String; 2],
    /// The ids of the groups of each report that differs.
    reports: BTreeMap<String, BTreeSet<String>>,
}

/// The version of the file format.
const VERSION: u32 = 1;

impl ReportGroups {
    /// The groups that a comparison of all reports found.
    pub(super) fn of(review: &Review, old: &Side, new: &Side) -> Self {
        let mut reports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for group in &review.groups {
            let changes = group.reports.iter().map(|position| &review.changes[*position]);
            for id in changes.filter_map(|change| change.key.edition()) {
                reports.entry(id.to_string()).or_default().insert(group.id.clone());
            }
        }
        let (old_name, new_name) = (old.name.clone(), new.name.clone());
        Self { old: old_name, new: new_name, manifests: [old, new].map(manifest), reports }
    }

    /// Keeps them in an output folder.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn save(&self, output: &Output, key: &Key) -> Result<(), PathError> {
        let statement = serde_json::to_string(self).unwrap_or_default();
        let signature = key.sign(Purpose::Groups, statement.as_bytes());
        let kept = Statement { version: VERSION, statement, signature };
        fs::create_folder(&output.reviews())?;
        fs::replace(&output.groups(&self.old, &self.new), &serde_json::to_vec(&kept).unwrap_or_default())
    }

    /// Those kept for two sides; `None` if there are none, or they are not as this program signed them for these runs.
    pub(super) fn kept(output: &Output, old: &Side, new: &Side, key: &Key) -> Option<Self> {
        let bytes = fs::read(&output.groups(&old.name, &new.name)).ok()?;
        let kept: Statement = serde_json::from_slice(&bytes).ok()?;
        let is_signed = key.vouches_for(Purpose::Groups, kept.statement.as_bytes(), &kept.signature);
        let groups: Self = serde_json::from_str(&kept.statement).ok()?;
        let fits =
            groups.old == old.name && groups.new == new.name && groups.manifests == [old, new].map(manifest);
        (kept.version == VERSION && is_signed && fits).then_some(groups)
    }

    /// True if any report has a group with this id.
    pub(super) fn have(&self, id: &str) -> bool {
        self.reports.values().any(|groups| groups.contains(id))
    }

    /// The ids of the groups of a report; `None` if it does not differ.
    pub(super) fn of_report(&self, id: &EditionId) -> Option<&BTreeSet<String>> {
        self.reports.get(&id.to_string())
    }

    /// The reports with any of these groups.
    pub(super) fn with(&self, wanted: &BTreeSet<&str>) -> BTreeSet<EditionId> {
        let with = |groups: &BTreeSet<String>| groups.iter().any(|group| wanted.contains(group.as_str()));
        self.reports.iter().filter(|(_, groups)| with(groups)).filter_map(|(id, _)| id.parse().ok()).collect()
    }
}

/// Keeps the groups that a comparison of all reports found, so that deciding on a group does not have to compare them
/// again. Nothing is kept if these are not runs of one output folder, or if the old one was changed after it was made: what
/// is wrong with it would pass as unchanged.
///
/// # Errors
/// If the file cannot be written.
pub fn keep_groups(review: &Review, old: &Side, new: &Side, key: &Key) -> Result<(), PathError> {
    match old.output_with(new) {
        Some(output) if !review.changes.is_empty() && as_made(&old.folder, old.entries()).is_ok() => {
            ReportGroups::of(review, old, new).save(&output, key)
        }
        _ => Ok(()),
    }
}

/// Checks that the files of reports are still as they were made.
pub(super) fn as_made<'e>(
    folder: &Path,
    entries: impl Iterator<Item = &'e ReportEntry>,
) -> Result<(), DecidingError> {
    let problem = altered(folder, entries).into_iter().next();
    problem.map_or(Ok(()), |problem| Err(DecidingError::Altered(Box::new(problem))))
}

/// Hash of the manifest of a side; empty if it has none.
fn manifest(side: &Side) -> String {
    let bytes = side.manifest.as_ref().and_then(|_| fs::read(&side.folder.join("manifest.json")).ok());
    bytes.map(|bytes| sha256(&bytes)).unwrap_or_default()
}
