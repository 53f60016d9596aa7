//! Work on many things at once.

use rayon::iter::{FromParallelIterator, IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Does some work for each item, on the threads of the pool that it is called in, and collects the results in the order of the
/// items. Collected into a `Result`, the first error stops the rest.
pub(crate) fn map<T: Sync, R: Send, C: FromParallelIterator<R>>(
    items: &[T],
    work: impl Fn(&T) -> R + Send + Sync,
) -> C {
    // One item may take a hundred times as long as the next: threads take them one by one.
    items.par_iter().with_max_len(1).map(work).collect()
}
