use std::collections::BTreeMap;

use super::Doubt;
use super::readback::Particulars;
use crate::model::Format;
use crate::pdf::spaced;

/// What identifies the area that a report should belong to.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The area's code.
    pub code: &'a str,
    /// The area's name.
    pub name: &'a str,
    /// The report's facts, as attached.
    pub facts: &'a [u8],
    /// The seal of the aggregate figures that the report prints.
    pub seal: &'a str,
}

/// Checks what is not on the pages of a finished report: title, keywords and attached files must belong to its own
/// area.
///
/// # Errors
/// Returns every doubt.
pub fn identify(format: Format, bytes: &[u8], identity: Identity<'_>) -> Result<(), Vec<Doubt>> {
    let particulars =
        Particulars::of(format, bytes).map_err(|problem| vec![Doubt { page: None, problem }])?;
    let mut problems = metadata(&particulars, identity.name, identity.code);
    if !particulars.metadata.contains(&format!("aggregates-sha256:{}", identity.seal)) {
        problems.push("the keywords lack the seal of its facts".to_owned());
    }
    problems.extend(particulars.attachments.iter().flat_map(|attached| attachments(attached, identity)));
    let doubts: Vec<Doubt> = problems.into_iter().map(|problem| Doubt { page: None, problem }).collect();
    if doubts.is_empty() { Ok(()) } else { Err(doubts) }
}

/// Checks that the facts and the submission are attached, and nothing else.
fn attachments(attached: &[(String, Vec<u8>)], identity: Identity<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let facts = format!("{}-facts.json", identity.code);
    let submission = format!("{}-submission.csv", identity.code);
    let attached: BTreeMap<&str, &[u8]> =
        attached.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    if attached.keys().copied().ne([facts.as_str(), submission.as_str()]) {
        let names: Vec<&str> = attached.keys().copied().collect();
        problems.push(format!("the attached files are {}", names.join(", ")));
    }
    if attached.get(facts.as_str()).is_some_and(|bytes| *bytes != identity.facts) {
        problems.push("the attached facts are not those beside the report".to_owned());
    }
    problems
}

/// Checks that the area's name is in the title and its code in the keywords.
pub(super) fn metadata(particulars: &Particulars, name: &str, code: &str) -> Vec<String> {
    let name = spaced(name);
    let mut problems = Vec::new();
    if !particulars.metadata.contains(&name) {
        problems.push(format!("the title does not name {name}"));
    }
    let keyword = format!("area:{code}");
    // One area's code may be the start of another's.
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    if !particulars
        .metadata
        .match_indices(&keyword)
        .any(|(at, found)| ends(&particulars.metadata[at + found.len()..]))
    {
        problems.push(format!("the keywords lack the code {code}"));
    }
    problems
}
