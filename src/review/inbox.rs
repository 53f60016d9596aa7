use std::path::{Component, Path, PathBuf};

use super::deciding::{Moment, RunUnderReview};
use super::deciding_error::{DecidingError, ExportFault};
use super::export::Export;
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::problem::Problem;
use crate::publish::Output;
use crate::vault::Vault;

/// A file that a reviewer put into the inbox, and what became of it.
#[derive(Debug)]
pub struct Received {
    /// Its name.
    pub file: String,
    /// What was recorded, or why nothing was.
    pub outcome: Result<RecordedExport, DecidingError>,
}

impl Received {
    /// True if the file stays in the inbox until it is complete, or until the folder is free.
    pub fn waits(&self) -> bool {
        self.outcome.as_ref().is_err_and(must_wait)
    }
}

/// Decisions from the inbox that were recorded.
#[derive(Debug)]
pub struct RecordedExport {
    /// Who gave them.
    pub reviewer: String,
    /// The id of the run that they are on.
    pub run: String,
    /// How many verdicts were new.
    pub new: usize,
    /// The decisions that could not become verdicts.
    pub problems: Vec<Problem>,
    /// True if `approved` now points to the run.
    pub approved: bool,
}

/// Records the exported decisions in the inbox of an output folder, in the order of their names. A recorded file is moved
/// to `recorded`, and one that cannot be used to `refused`, both beside the inbox, with a text that says why. A file that is still
/// being copied stays, and so does every file while somebody else uses the folder.
///
/// # Errors
/// If the inbox cannot be read.
pub fn record_inbox(output: &Output, vault: &Vault, moment: &Moment<'_>) -> Result<Vec<Received>, PathError> {
    let inbox = output.inbox();
    let mut files = fs::plain_files_in(&inbox)?;
    files.retain(|file| file.ends_with(".json"));
    let received = files.into_iter().map(|file| {
        let path = inbox.join(&file);
        let outcome = record(&path, output, vault, moment);
        let put_away = match &outcome {
            Ok(RecordedExport { problems, .. }) => {
                let lines = problems.iter().map(|problem| format!("not recorded: {problem}\n"));
                put_away(&path, &output.recorded(), &lines.collect::<String>())
            }
            Err(error) if must_wait(error) => Ok(()),
            Err(error) => put_away(&path, &output.refused(), &format!("{error}\n")),
        };
        // A file that cannot be moved keeps no other from being recorded; taken twice, it counts once.
        let outcome = put_away.map_or_else(|error| Err(error.into()), |()| outcome);
        Received { file, outcome }
    });
    Ok(received.collect())
}

/// True if the same file may be recorded later.
fn must_wait(error: &DecidingError) -> bool {
    match error {
        DecidingError::Export { fault, .. } => matches!(fault, ExportFault::Incomplete),
        DecidingError::Lock(_)
        | DecidingError::Path(_)
        | DecidingError::Vault(_)
        | DecidingError::Record(_) => true,
        _ => false,
    }
}

fn record(
    file: &Path,
    output: &Output,
    vault: &Vault,
    moment: &Moment<'_>,
) -> Result<RecordedExport, DecidingError> {
    let export = Export::read(file)?;
    let id = export.run().to_owned();
    let folder = run_folder(output, &id)
        .ok_or_else(|| DecidingError::Export { file: file.to_owned(), fault: ExportFault::UnknownRun(id) })?;
    let mut run = RunUnderReview::open(output.clone(), folder, vault.clone(), moment.clone())?;
    let (verdicts, problems) = run.exported(&export)?;
    let recorded = run.record(verdicts)?;
    let (reviewer, run) = (export.reviewer().to_owned(), export.run().to_owned());
    Ok(RecordedExport { reviewer, run, new: recorded.new, problems, approved: recorded.approved })
}

/// The folder of a run that a file names; `None` if there is no such run, whatever else the name leads to.
fn run_folder(output: &Output, id: &str) -> Option<PathBuf> {
    let mut parts = Path::new(id).components();
    let is_name = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    let folder = output.run(id);
    (is_name && folder.is_dir()).then(|| folder.canonicalize().ok()).flatten()
}

/// The longest name of a file that is kept, in bytes: the name of the text beside it is longer.
const LONGEST: usize = 200;

/// Moves a file of the inbox into a folder, with a text beside it. Another file of the same name is kept.
fn put_away(file: &Path, folder: &Path, text: &str) -> Result<(), PathError> {
    fs::create_folder(folder)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = if folder.join(&name).exists() || name.len() > LONGEST {
        let short: String = name.trim_end_matches(".json").chars().take(LONGEST / 8).collect();
        format!("{short}-{}.json", &sha256(name.as_bytes())[..16])
    } else {
        name
    };
    if !text.is_empty() {
        fs::write(&folder.join(format!("{name}.txt")), text.as_bytes())?;
    }
    fs::rename(file, &folder.join(name))
}
