use std::collections::BTreeMap;

use super::Doubt;
use super::readback::Particulars;
use crate::model::Format;
use crate::pdf::spaced;

/// Whose a report should be.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Code of its area.
    pub code: &'a str,
    /// Name of its area.
    pub name: &'a str,
    /// Its facts, as they are attached.
    pub facts: &'a [u8],
    /// The seal of what it prints of the aggregates.
    pub seal: &'a str,
}

/// Reads what is not on the pages of a finished report: title, keywords and attached files must be its own area's.
///
/// # Errors
/// Every doubt.
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

/// The facts and the submission are attached, and nothing else.
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

/// The area's name is in the title, and its code in the keywords.
pub(super) fn metadata(particulars: &Particulars, name: &str, code: &str) -> Vec<String> {
    let name = spaced(name);
    let mut problems = Vec::new();
    if !particulars.metadata.contains(&name) {
        problems.push(format!("the title does not name {name}"));
    }
    let keyword = format!("area:{code}");
    // The code of one area may be the beginning of another's.
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
