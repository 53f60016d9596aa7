use std::collections::BTreeSet;

use super::error::SendError;
use super::ledger::Ledger;
use super::send_plan::PlanFolder;
use crate::fs::{self, PathError};
use crate::publish::Output;

/// The suffix of a run's mark, which is beside the folder of its plan.
const MARK: &str = ".begun";

/// Records in a file that messages of a run are being sent: if the ledger is lost, the file shows that there was one.
pub(super) fn leave_mark(folder: &PlanFolder, run: &str, at: &str) -> Result<(), PathError> {
    fs::write(&folder.path().with_file_name(format!("{run}{MARK}")), at.as_bytes())
}

/// A run from which messages were sent but which is not in the ledger: it was lost, or belongs to a different folder.
///
/// # Errors
/// If the folder or the ledger cannot be read.
pub(super) fn forgotten(output: &Output, ledger: &Ledger) -> Result<Option<String>, SendError> {
    let folder = output.plans();
    if !folder.is_dir() {
        return Ok(None);
    }
    let known: BTreeSet<String> = ledger.deliveries()?.into_iter().map(|delivery| delivery.run).collect();
    let files = fs::visible_files_below(&folder)?;
    let marked = files.iter().filter_map(|file| file.strip_suffix(MARK));
    Ok(marked.map(str::to_owned).find(|run| !known.contains(run)))
}
