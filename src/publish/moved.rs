use serde::{Deserialize, Serialize};

use super::cause::Cause;
use super::entry::ReportEntry;
use super::figure_change::{ChangeKind, FigureChange, PrintedFigure, Scope, figure_changes};
use super::fingerprint::{DifferentParts, Fingerprint};
use crate::model::{Fact, ReportModel};

/// The figures of one region or the nation that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedGroup {
    /// The region or nation.
    pub group: String,
    /// How many reports print one of them.
    pub reports: usize,
    /// The first of the figures: those with different values come before those with only a different count or base.
    pub figures: Vec<MovedFigure>,
    /// How many more figures there are.
    pub more: usize,
}

impl MovedGroup {
    /// Most figures to list for a group.
    const MOST: usize = 20;

    /// The figures of a group, in any order, and how many reports print one of them.
    pub fn new(group: String, reports: usize, mut figures: Vec<MovedFigure>) -> Self {
        figures.sort();
        let more = figures.len().saturating_sub(Self::MOST);
        figures.truncate(Self::MOST);
        Self { group, reports, figures, more }
    }
}

/// A figure of a region or the nation that is printed differently from in the last run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MovedFigure {
    /// True if only its count or its base changed.
    #[serde(default)]
    pub basis_only: bool,
    /// The region or nation.
    pub group: String,
    /// The id of the sector; empty for all sectors.
    pub sector: String,
    /// The measure, with its cell if it has several.
    pub measure: String,
    /// How it was printed, with count and base.
    pub was: String,
    /// How it is printed now.
    pub is: String,
}

impl MovedFigure {
    /// A changed figure of a region or the nation; `None` for others, and for those that are no longer printed.
    fn of(change: &FigureChange) -> Option<Self> {
        let Scope::Group(group) = &change.scope else { return None };
        let was = change.was.as_ref().map(PrintedFigure::without_reading);
        Some(Self {
            basis_only: change.kind == ChangeKind::Basis,
            group: group.clone(),
            sector: change.sector.clone(),
            measure: change.measure.clone(),
            was: was.unwrap_or_else(|| "not printed".to_owned()),
            is: change.is.as_ref()?.without_reading(),
        })
    }
}

/// Why a report differs from that of the last run, and the figures of regions and the nation that changed in it.
pub fn causes(
    last: &ReportEntry,
    fingerprint: &Fingerprint,
    was: &[Fact],
    model: &ReportModel,
) -> (Vec<Cause>, Vec<MovedFigure>) {
    let Some(old) = &last.fingerprint else { return (vec![Cause::Failed], Vec::new()) };
    let parts = DifferentParts::between(old, fingerprint);
    let mut causes = Vec::new();
    if parts.submission {
        causes.push(Cause::Answers);
    }
    let changes =
        if parts.facts { figure_changes(&model.subject.name, was, &model.facts) } else { Vec::new() };
    // The area's own figures follow from its submission.
    if changes.iter().any(|change| change.scope != Scope::Own) {
        causes.push(Cause::Figures);
    }
    // Different answers or figures change the model; if there are none, the words must differ.
    if causes.is_empty() && parts.model {
        causes.push(Cause::Settings);
    }
    let made_with = [
        (parts.templates, Cause::Templates),
        (parts.style, Cause::Style),
        (parts.fonts, Cause::Fonts),
        (parts.engine, Cause::Engine),
    ];
    causes.extend(made_with.into_iter().filter(|(differs, _)| *differs).map(|(_, cause)| cause));
    // Made from the same inputs, yet missing.
    if causes.is_empty() {
        causes.push(if last.outcome.is_made() { Cause::Lost } else { Cause::Failed });
    }
    (causes, changes.iter().filter_map(MovedFigure::of).collect())
}
