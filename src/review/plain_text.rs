use std::path::Path;

use super::reading::Contents;
use super::sections::Section;
use crate::fs::{self, PathError};

/// The words of a report in any format, section by section, in the form in which they are compared.
///
/// # Errors
/// If the file cannot be read, or is neither a PDF nor a web page nor plain text.
pub fn text(file: &Path) -> Result<String, TextError> {
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let contents = Contents::of(&name, fs::read(file)?).map_err(TextError::Contents)?;
    Ok(contents.sections().iter().map(wrapped).collect())
}

/// Why the words of a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The file is not a report.
    #[error("this is neither a PDF, nor a web page (.html), nor plain text (.txt): {0}")]
    Contents(String),
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
