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
