use std::io::IsTerminal;

use super::exit::{Exit, Failure};

/// The environment variable with the passphrase of a reviewer, for when nobody is at a terminal.
const VARIABLE: &str = "AREA_REPORTS_PASSPHRASE";

/// The passphrase that the environment has, or that somebody types after a prompt.
pub(super) fn passphrase(prompt: &str) -> Result<String, Failure> {
    if let Some(given) = given() {
        return Ok(given);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            "a reviewer's passphrase is needed, and there is no terminal to type it at",
        )
        .hint(format!("run this at a terminal, or set {VARIABLE}")));
    }
    rpassword::prompt_password(prompt).map_err(|error| Failure::new(Exit::System, &error))
}

/// True if the passphrase comes from the environment, so that nobody is asked.
pub(super) fn is_given() -> bool {
    given().is_some()
}

#[expect(clippy::disallowed_methods, reason = "a passphrase is not part of any evaluation or output folder")]
fn given() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|value| !value.is_empty())
}
