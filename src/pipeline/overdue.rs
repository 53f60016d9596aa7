use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::model::EditionId;

/// The reports that took too long. Neither Typst nor a template can be stopped, so such a report keeps its thread, and
/// a new thread makes reports in its place.
#[derive(Debug, Default)]
pub struct Overdue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The abandoned reports, and why.
    reports: BTreeMap<EditionId, String>,
    /// True once every report has been started, so that no more threads are needed.
    all_begun: bool,
}

impl Overdue {
    /// Stops waiting for a report; `why` says which limit it exceeded.
    pub fn add(&self, id: &EditionId, why: &str) {
        self.state().reports.insert(id.clone(), why.to_owned());
        self.changed.notify_all();
    }

    /// Why a report is no longer waited for; `None` if it still is.
    pub fn why(&self, id: &EditionId) -> Option<String> {
        self.state().reports.get(id).cloned()
    }

    /// All reports that are no longer waited for, and why.
    pub fn reports(&self) -> BTreeMap<EditionId, String> {
        self.state().reports.clone()
    }

    /// Records that every report has been started.
    pub(super) fn all_begun(&self) {
        self.state().all_begun = true;
        self.changed.notify_all();
    }

    /// Waits until there are more overdue reports than `known`, and returns their number; `None` once every report has
    /// been started.
    pub(super) fn more_than(&self, known: usize) -> Option<usize> {
        let waiting = |state: &mut State| !state.all_begun && state.reports.len() <= known;
        let state = self.changed.wait_while(self.state(), waiting).unwrap_or_else(PoisonError::into_inner);
        (!state.all_begun).then_some(state.reports.len())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
