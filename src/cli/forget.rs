use std::path::Path;

use serde_json::json;

use super::args::ForgetArguments;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::vault::custody;
use area_reports::deliver::{self, ForgettingError, Forgotten};
use area_reports::fs;
use area_reports::model::masked;
use area_reports::read::RECIPIENTS;

/// `forget`: removes a person from all records of recipients.
pub(super) fn forget(arguments: &ForgetArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let ForgetArguments { address, runs } = arguments;
    let address = address.trim();
    if !address.contains('@') {
        return Err(Failure::usage("this is not an address").hint("write it as name@example.org"));
    }
    if is_listed(&runs.evaluation.join(RECIPIENTS), address) {
        return Err(Failure::usage(format!("{RECIPIENTS} still has the address"))
            .hint("remove it there first: the next run would list the person again"));
    }
    let output = runs.output();
    let lock = output.lock(&super::holder())?;
    let mut custody = custody(&output)?;
    let forgotten = deliver::forget(&output, &mut custody, address, &lock)?;
    let Forgotten { entries, runs: lists, plans, pages, left } = &forgotten;
    let exit = if left.is_empty() { Exit::Done } else { Exit::Problems };
    if runs.json {
        terminal.json(&json!({
            "entries": entries, "runs": lists, "plans": plans, "pages": pages, "left": left,
        }));
        return Ok(exit);
    }
    terminal.line(format_args!("{} is forgotten:", masked(address)));
    terminal.line(format_args!(
        "  {entries} ledger entries now have a code in place of the address, which only this vault recognises"
    ));
    let removed = [
        (lists, "lists of recipients of runs no longer name the person"),
        (plans, "plans with a message to the person were removed: rehearse again before sending"),
        (pages, "pages for reviewers that named the person were removed: 'diff' makes them again"),
    ];
    for (what, words) in removed.into_iter().filter(|(what, _)| !what.is_empty()) {
        terminal.line(format_args!("  {} {words}", what.len()));
    }
    if !left.is_empty() {
        terminal.line(format_args!("The address is still in: {}", left.join(", ")));
    }
    terminal.line(format_args!(
        "Not searched: copies and backups of this folder, the mail server, and the evaluation's own files."
    ));
    Ok(exit)
}

/// True if a list of recipients has an address.
fn is_listed(list: &Path, address: &str) -> bool {
    let bytes = fs::read(list).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let is_it = |cell: &str| cell.trim().eq_ignore_ascii_case(address);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    rows.records().any(|row| row.map_or(true, |row| row.iter().any(is_it)))
}

impl From<ForgettingError> for Failure {
    fn from(error: ForgettingError) -> Self {
        match error {
            ForgettingError::Path(error) => error.into(),
            ForgettingError::Custody(error) => error.into(),
        }
    }
}
