//! The whole run on one page, and the only parallel code.

use std::path::Path;

use crate::check::{self, CheckedEvaluation};
use crate::fs::PathError;
use crate::problem::Checked;
use crate::read;

/// Reads and checks an evaluation folder, one submission at a time.
///
/// # Errors
/// Only when the folder cannot be read at all; everything else is a problem. Without sound settings, register and
/// questionnaire there is no value.
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
