use std::collections::BTreeSet;

use serde::Serialize;

use crate::publish::Cause;

/// Why something in a report differs: a cause, with the areas or files behind it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Explanation {
    /// The cause.
    pub cause: Cause,
    /// The areas that sent different answers, by code: the report's own area, or other areas through the aggregates.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub areas: BTreeSet<String>,
    /// The files of the evaluation that changed: the register, the questionnaire, the settings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

impl Explanation {
    /// Different answers from these areas, by code.
    pub(super) fn answers(areas: BTreeSet<String>) -> Self {
        Self { areas, ..Cause::Answers.into() }
    }

    /// Different answers from one area, by code.
    pub(super) fn answers_of(area: &str) -> Self {
        Self::answers(BTreeSet::from([area.to_owned()]))
    }

    /// Changes to these files.
    pub(super) fn settings(files: Vec<String>) -> Self {
        Self { files, ..Cause::Settings.into() }
    }
}

impl From<Cause> for Explanation {
    fn from(cause: Cause) -> Self {
        Self { cause, areas: BTreeSet::new(), files: Vec::new() }
    }
}

/// What all the sets of explanations have in common or, if that is nothing, everything in any of them.
pub(super) fn common<'a>(
    sets: impl Iterator<Item = &'a BTreeSet<Explanation>> + Clone,
) -> BTreeSet<Explanation> {
    let all = || sets.clone().flatten().cloned().collect::<BTreeSet<Explanation>>();
    let common: BTreeSet<Explanation> =
        all().into_iter().filter(|cause| sets.clone().all(|set| set.contains(cause))).collect();
    if common.is_empty() { all() } else { common }
}
