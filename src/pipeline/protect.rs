use std::cmp::Reverse;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::BuildError;
use super::workers::in_parallel;
use crate::aggregate::{self, AggregateFile, Aggregates, ProtectedAggregates, SealedAggregates};
use crate::check::CheckedEvaluation;

/// Decides which aggregates may be published, once for all reports. `decided` is called with how many sets of linked
/// questions have been decided, and how many there are.
///
/// # Errors
/// [`BuildError::Disclosure`] if a withheld figure could be worked out; then nothing may be published.
pub fn protect(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    jobs: Option<NonZeroUsize>,
    decided: &(dyn Fn(usize, usize) + Sync),
) -> Result<ProtectedAggregates, BuildError> {
    let mut linked = aggregate::linked(&evaluation.questionnaire);
    // The largest first, so that the others run in parallel with it.
    linked.sort_by_key(|linked| Reverse(linked.size()));
    let done = AtomicUsize::new(0);
    decided(0, linked.len());
    let decisions = in_parallel(jobs, &linked, |of| {
        let decision = aggregate::decide(evaluation, &aggregates, of);
        decided(1 + done.fetch_add(1, Ordering::Relaxed), linked.len());
        Ok(decision)
    })?;
    aggregates.protect(decisions).map_err(BuildError::Disclosure)
}

/// Seals the aggregates, and writes them as tables.
pub(super) fn seal(
    evaluation: &CheckedEvaluation,
    aggregates: ProtectedAggregates,
) -> Result<(SealedAggregates, Vec<AggregateFile>), BuildError> {
    aggregates.seal(evaluation).map_err(|error| BuildError::Defect(error.into()))
}
