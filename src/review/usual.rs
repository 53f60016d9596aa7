use std::collections::BTreeMap;

use super::change::ReportChange;
use crate::publish::{FigureChange, PrintedFigure, Scope};

/// How most reports print the change of each figure they share.
pub(super) struct UsualForms<'c>(BTreeMap<SharedFigure<'c>, Forms<'c>>);

/// A figure that several reports share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SharedFigure<'c> {
    scope: &'c Scope,
    /// The id of the fact.
    id: &'c str,
}

/// How a figure was printed and how it is printed now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Forms<'c> {
    was: &'c Option<PrintedFigure>,
    is: &'c Option<PrintedFigure>,
}

impl<'c> UsualForms<'c> {
    pub(super) fn of(changes: &'c [ReportChange]) -> Self {
        let mut counts: BTreeMap<SharedFigure<'c>, BTreeMap<Forms<'c>, usize>> = BTreeMap::new();
        for figure in changes.iter().flat_map(|change| &change.figures) {
            if matches!(figure.scope, Scope::Group(_)) {
                *counts.entry(SharedFigure::of(figure)).or_default().entry(Forms::of(figure)).or_default() +=
                    1;
            }
        }
        let mut usual = BTreeMap::new();
        for (shared, forms) in counts {
            let most_common = forms.into_iter().max_by_key(|(_, count)| *count);
            usual.extend(most_common.map(|(forms, _)| (shared, forms)));
        }
        Self(usual)
    }

    /// True if most reports print the change of this figure differently.
    pub(super) fn differ_from(&self, figure: &FigureChange) -> bool {
        self.0.get(&SharedFigure::of(figure)).is_some_and(|usual| *usual != Forms::of(figure))
    }
}

impl<'c> SharedFigure<'c> {
    fn of(figure: &'c FigureChange) -> Self {
        Self { scope: &figure.scope, id: &figure.id }
    }
}

impl<'c> Forms<'c> {
    fn of(figure: &'c FigureChange) -> Self {
        Self { was: &figure.was, is: &figure.is }
    }
}
