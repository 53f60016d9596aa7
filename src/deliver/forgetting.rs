use super::custody::{Custody, CustodyError};
use crate::fs::{self, PathError};
use crate::lock::Lock;
use crate::publish::{Addressees, Output};

/// What was done to forget a person.
#[derive(Debug, Default)]
pub struct Forgotten {
    /// How many entries of the ledger now have a sign in the place of the address.
    pub entries: usize,
    /// The runs whose list of recipients no longer has the person.
    pub runs: Vec<String>,
    /// The plans that were removed because they had a message to the person.
    pub plans: Vec<String>,
    /// The pages for reviewers that were removed because they named the person.
    pub pages: Vec<String>,
    /// Files of the output folder that still have the address, because people wrote it there.
    pub left: Vec<String>,
}

/// Why a person could not be forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgettingError {
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The ledger or the trail cannot be used.
    #[error(transparent)]
    Custody(#[from] CustodyError),
}

/// Removes an address from everything that a locked output folder keeps. What was sent stays recorded, under a sign that
/// only the key of the vault recognises: the person still gets no report twice.
///
/// # Errors
/// If a file cannot be read or written, or the ledger cannot be used. What was removed until then stays removed.
pub fn forget(
    output: &Output,
    custody: &mut Custody,
    address: &str,
    _: &Lock,
) -> Result<Forgotten, ForgettingError> {
    let mut forgotten = Forgotten { entries: custody.forget(address)?, ..Forgotten::default() };
    for id in fs::folders_in(&output.runs_folder())? {
        if Addressees::forget(&output.run(&id), address)? {
            forgotten.runs.push(id);
        }
    }
    for id in fs::folders_in(&output.plans())? {
        let plan = output.plan(&id);
        if fs::files_below(&plan)?.iter().any(|file| has(&plan.join(file), address)) {
            fs::remove_folder(&plan)?;
            forgotten.plans.push(id);
        }
    }
    let reviews = output.reviews();
    let files = if reviews.is_dir() { fs::files_below(&reviews)? } else { Vec::new() };
    for page in files.into_iter().filter(|file| file.ends_with(".html")) {
        if has(&reviews.join(&page), address) {
            fs::remove(&reviews.join(&page))?;
            forgotten.pages.push(page);
        }
    }
    let mut left = fs::files_below(output.folder())?;
    // The contents of a PDF are compressed, and no recipient is in it.
    left.retain(|file| !file.ends_with(".pdf") && has(&output.folder().join(file), address));
    forgotten.left = left;
    Ok(forgotten)
}

/// True if a file has an address, whatever the case and however the format of the file writes it.
fn has(file: &std::path::Path, address: &str) -> bool {
    let Ok(bytes) = fs::read(file) else { return false };
    let wanted = address.to_ascii_lowercase().into_bytes();
    let text = bytes.to_ascii_lowercase();
    // A long line of a message is broken with "=" at its end.
    let unbroken = String::from_utf8_lossy(&text).replace("=\r\n", "").replace("=\n", "").into_bytes();
    [text, unbroken].iter().any(|text| text.windows(wanted.len().max(1)).any(|part| part == wanted))
}
