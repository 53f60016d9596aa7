use std::path::{Path, PathBuf};

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
    for page in fs::plain_files_in(&reviews)?.into_iter().filter(|file| file.ends_with(".html")) {
        if has(&reviews.join(&page), address) {
            fs::remove(&reviews.join(&page))?;
            forgotten.pages.push(page);
        }
    }
    for file in searched(output)? {
        if has(&file, address) {
            let name = file.strip_prefix(output.folder()).unwrap_or(&file);
            forgotten.left.push(name.display().to_string());
        }
    }
    Ok(forgotten)
}

/// The files that may have an address in them. Links are not followed: they lead to where others decide.
fn searched(output: &Output) -> Result<Vec<PathBuf>, PathError> {
    let mut files = Vec::new();
    for folder in
        [output.folder().to_owned(), output.reviews(), output.inbox(), output.recorded(), output.refused()]
    {
        files.extend(fs::plain_files_in(&folder)?.into_iter().map(|name| folder.join(name)));
    }
    for id in fs::folders_in(&output.runs_folder())? {
        let run = output.run(&id);
        // The contents of a PDF are compressed, and no recipient is in it.
        let names = fs::files_below(&run)?.into_iter().filter(|name| !name.ends_with(".pdf"));
        files.extend(names.map(|name| run.join(name)));
    }
    Ok(files)
}

/// True if a file has an address, whatever the case and however its format writes it, or if it cannot be read.
fn has(file: &Path, address: &str) -> bool {
    let Ok(bytes) = fs::read(file) else { return true };
    let text = String::from_utf8_lossy(&bytes).to_lowercase();
    // A long line of a message is broken with "=" at its end; pages write some characters by their numbers.
    let text = text.replace("=\r\n", "").replace("=\n", "");
    let text =
        text.replace("\\u0027", "'").replace("&#x27;", "'").replace("\\u0026", "&").replace("&amp;", "&");
    let wanted = address.to_lowercase();
    let is_part = |c: char| c.is_alphanumeric() || "._%+-'&@!#$*/=?^`{|}~".contains(c);
    text.match_indices(&wanted).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + wanted.len()..].chars().next();
        // "ann.lee@x.org" is not "lee@x.org", and "lee@x.org.uk" is not either; a full stop may end a sentence.
        !before.is_some_and(is_part) && !after.is_some_and(|c| is_part(c) && c != '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_however_it_is_written_and_no_other_passes_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let found = |text: &str, address: &str| {
            let file = folder.path().join("file");
            fs::write(&file, text.as_bytes()).unwrap();
            has(&file, address)
        };
        for text in ["<LEE@x.org>", "to lee@x.org.", "le=\r\ne@x.org", "\"lee@x.org\"", "lee@x.org"] {
            assert!(found(text, "Lee@X.org"), "{text}");
        }
        for text in ["o'brien@x.org", "o\\u0027brien@x.org", "o&#x27;brien@x.org"] {
            assert!(found(text, "o'brien@x.org"), "{text}");
        }
        for text in ["ann.lee@x.org", "lee@x.organ", "lee@x.or", ""] {
            assert!(!found(text, "lee@x.org"), "{text}");
        }
    }
}
