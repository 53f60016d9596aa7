use std::path::Path;

use super::sections::{Section, sections};
use crate::fs::{self, PathError};
use crate::pdf::{Objects, pages};

/// The words of a PDF, section by section, in the form in which they are compared.
///
/// # Errors
/// If the file cannot be read or is not a PDF.
pub fn text(file: &Path) -> Result<String, TextError> {
    let bytes = fs::read(file)?;
    let objects = Objects::read(&bytes).map_err(TextError::Pdf)?;
    let pages = pages(&bytes).map_err(TextError::Pdf)?;
    Ok(sections(&pages, &objects).iter().map(wrapped).collect())
}

/// Why the words of a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The file is not a PDF.
    #[error("this is not a PDF: {0}")]
    Pdf(String),
}

/// The longest line, in bytes, unless a single word is longer.
const LINE: usize = 100;

/// The text of a section under its heading, in short lines, for `git diff` and other tools.
fn wrapped(section: &Section) -> String {
    let mut text = format!("# {}\n\n", section.title);
    let mut line = String::new();
    for word in &section.words {
        if !line.is_empty() && line.len() + word.len() > LINE {
            text.push_str(&line);
            text.push('\n');
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    text.push_str(&line);
    text.push_str("\n\n");
    text
}
