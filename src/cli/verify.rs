use serde_json::json;

use super::args::VerifyArguments;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::publish::{self, VerifyError};

/// `verify`: reads a run again from the disk.
pub(super) fn verify(arguments: &VerifyArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let verified = publish::verify(&arguments.run).map_err(|error| match &error {
        VerifyError::Path(_) => Failure::new(Exit::Usage, &error)
            .hint("name a run folder, for example build/integrated-working-2008/latest"),
        VerifyError::Manifest(_) => Failure::new(Exit::Usage, &error),
    })?;
    if arguments.json {
        let files = verified.files;
        terminal
            .json(&json!({ "files": files, "seal": verified.manifest.seal, "problems": verified.problems }));
    } else {
        terminal.problems(&verified.problems);
        let wrong = verified.problems.len();
        let word = if wrong == 1 { "problem" } else { "problems" };
        terminal.line(format_args!("{} files read, {wrong} {word}.", verified.files));
        terminal.line(format_args!("Aggregates: {}", verified.manifest.seal));
    }
    Ok(if verified.problems.is_empty() { Exit::Done } else { Exit::Problems })
}
