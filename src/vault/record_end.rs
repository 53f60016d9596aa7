use std::path::Path;

use super::error::VaultError;
use super::folder::Vault;
use crate::fs;

/// How long a record of verdicts was when this program last wrote to it: lines that are missing since were removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordEnd {
    /// How many lines it had.
    pub lines: usize,
    /// Hash of the last of them.
    pub last: String,
}

impl RecordEnd {
    /// The end of the record that begins with a line of this hash; `None` if the vault does not know the record.
    ///
    /// # Errors
    /// If the vault cannot be read, or is damaged.
    pub fn of(vault: &Vault, first_line: &str) -> Result<Option<Self>, VaultError> {
        let file = vault.record_end(first_line);
        if !file.exists() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
        let known = text.split_once(' ').and_then(|(lines, last)| Some((lines.parse().ok()?, last.trim())));
        let Some((lines, last)) = known else { return Err(VaultError::Damaged { file, line: 1 }) };
        Ok(Some(Self { lines, last: last.to_owned() }))
    }

    /// The record that a folder was last known to have, by the hash of its first line, and a run that it has verdicts on.
    ///
    /// # Errors
    /// If the vault cannot be read.
    pub fn known_in(vault: &Vault, folder: &Path) -> Result<Option<(String, String)>, VaultError> {
        let file = vault.record_in(folder);
        if !file.exists() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
        Ok(text.split_once(' ').map(|(first, run)| (first.to_owned(), run.trim().to_owned())))
    }

    /// Remembers that a folder has a record, with verdicts on a run.
    ///
    /// # Errors
    /// If the vault cannot be written to.
    pub fn remember_in(vault: &Vault, folder: &Path, first_line: &str, run: &str) -> Result<(), VaultError> {
        let file = vault.record_in(folder);
        file.parent().map_or(Ok(()), fs::create_private_folder)?;
        Ok(fs::replace_private(&file, format!("{first_line} {run}\n").as_bytes())?)
    }

    /// Remembers the end of a record.
    ///
    /// # Errors
    /// If the vault cannot be written to.
    pub fn remember(&self, vault: &Vault, first_line: &str) -> Result<(), VaultError> {
        let file = vault.record_end(first_line);
        file.parent().map_or(Ok(()), fs::create_private_folder)?;
        Ok(fs::replace_private(&file, format!("{} {}\n", self.lines, self.last).as_bytes())?)
    }
}
