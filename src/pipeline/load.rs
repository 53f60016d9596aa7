use std::collections::BTreeMap;
use std::path::Path;

use crate::check::{self, CheckedEvaluation};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::Settings;
use crate::problem::Checked;
use crate::read;

/// Reads and checks an evaluation folder, one submission at a time.
///
/// # Errors
/// Only if the folder cannot be read at all; everything else is a problem. There is no value if the settings, register
/// or questionnaire are not valid.
pub fn load(folder: &Path) -> Result<Checked<Option<CheckedEvaluation>>, PathError> {
    let evaluation = read::evaluation(folder)?;
    let files = evaluation.submissions.clone();
    let Checked { value: frame, mut problems } = check::frame(evaluation);
    let Some(frame) = frame else { return Ok(Checked { value: None, problems }) };
    let mut submissions = Vec::new();
    for name in &files {
        let checked = frame.submission(name, read::submission(folder, name));
        submissions.extend(checked.value);
        problems.extend(checked.problems);
    }
    let closed = frame.close(submissions, &files);
    problems.extend(closed.problems);
    Ok(Checked { value: Some(closed.value), problems })
}

/// The settings in the `evaluation.toml` of a folder, whatever else is wrong there; `None` if they are wrong themselves.
/// Paths in them are relative to the evaluation's own folder.
pub fn settings(from: &Path, evaluation: &Path) -> Option<Settings> {
    let raw = read::settings(from, &mut Vec::new())?;
    check::settings(&read::known_as(Some(&raw), evaluation), evaluation, &raw)
}

/// Hash of each file in an evaluation folder, by its path. Hashes are taken before the files are read, so the next run
/// notices any change in between. A file that cannot be read has no hash: the check reports that as a problem.
///
/// # Errors
/// If the folder cannot be read.
pub fn inputs(folder: &Path) -> Result<BTreeMap<String, String>, PathError> {
    let files = fs::visible_files_below(folder)?;
    let hash = |file: String| {
        let hash = fs::read(&folder.join(&file)).map_or_else(|_| String::new(), |bytes| sha256(&bytes));
        (file, hash)
    };
    Ok(files.into_iter().map(hash).collect())
}
