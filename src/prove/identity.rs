use std::collections::BTreeMap;

use super::Doubt;
use super::readback::{Particulars, reader};
use crate::model::{Format, ReportId};
use crate::pdf::spaced;

/// What identifies the report that a file should be.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The report.
    pub report: &'a ReportId,
    /// The name of its subject.
    pub name: &'a str,
    /// The report's facts, as attached.
    pub facts: &'a [u8],
    /// The seal of the aggregate figures that the report prints.
    pub seal: &'a str,
}

/// Checks what is not on the pages of a finished report: title, keywords and attached files must belong to its own
/// subject.
///
/// # Errors
/// Returns every doubt.
pub fn identify(format: Format, bytes: &[u8], identity: Identity<'_>) -> Result<(), Vec<Doubt>> {
    let particulars =
        reader(format).particulars(bytes).map_err(|problem| vec![Doubt { page: None, problem }])?;
    let mut problems = metadata(&particulars, identity.name, identity.report);
    if particulars.keywords && !particulars.metadata.contains(&format!("aggregates-sha256:{}", identity.seal))
    {
        problems.push("the keywords lack the seal of its facts".to_owned());
    }
    problems.extend(particulars.attachments.iter().flat_map(|attached| attachments(attached, identity)));
    let doubts: Vec<Doubt> = problems.into_iter().map(|problem| Doubt { page: None, problem }).collect();
    if doubts.is_empty() { Ok(()) } else { Err(doubts) }
}

/// The names of the files that are attached to a report: its facts and, if it is made from one, the submission.
pub(super) fn attached_names(report: &ReportId) -> Vec<String> {
    let files =
        ["facts.json", "submission.csv"].into_iter().take(if report.kind.is_of_area() { 2 } else { 1 });
    files.map(|file| format!("{}-{file}", report.subject)).collect()
}

/// Checks that the files that belong to the report are attached, and nothing else.
fn attachments(attached: &[(String, Vec<u8>)], identity: Identity<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    let expected = attached_names(identity.report);
    let attached: BTreeMap<&str, &[u8]> =
        attached.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    if attached.keys().copied().ne(expected.iter().map(String::as_str)) {
        let names: Vec<&str> = attached.keys().copied().collect();
        problems.push(format!("the attached files are {}", names.join(", ")));
    }
    let facts = expected.first().and_then(|facts| attached.get(facts.as_str()));
    if facts.is_some_and(|bytes| *bytes != identity.facts) {
        problems.push("the attached facts are not those beside the report".to_owned());
    }
    problems
}

/// Checks that the subject's name is in the title and its code in the keywords.
pub(super) fn metadata(particulars: &Particulars, name: &str, report: &ReportId) -> Vec<String> {
    let name = spaced(name);
    let mut problems = Vec::new();
    if !particulars.metadata.contains(&name) {
        problems.push(format!("the title does not name {name}"));
    }
    let code = &report.subject;
    let keyword = if particulars.keywords {
        format!("{}:{code}", report.kind.subject_word())
    } else {
        report.path(code)
    };
    // One subject's code may be the start of another's.
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
