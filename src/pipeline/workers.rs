use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use rayon::ThreadPool;

use super::error::BuildError;
use super::overdue::Overdue;
use crate::fs::without_number;
use crate::parallel;

/// Stack size of each worker: Typst recurses, and its export runs on the same threads.
const STACK: usize = 64 << 20;

/// Name of the worker threads.
const WORKER: &str = "report-worker";

/// Does the work for each item, on as many threads as there are jobs. The first error stops the rest.
///
/// # Errors
/// If the work fails, with its first error, or if no threads can be started.
pub(super) fn in_parallel<T: Sync, R: Send>(
    jobs: Option<NonZeroUsize>,
    items: &[T],
    work: impl Fn(&T) -> Result<R, BuildError> + Send + Sync,
) -> Result<Vec<R>, BuildError> {
    pool(jobs.map_or(0, NonZeroUsize::get))?.install(|| parallel::map(items, work))
}

/// Makes as many reports at a time as there are jobs, each with its own threads: Typst spreads its work over all the
/// threads it finds, so a report that never ends would hold up others that share them. A worker whose report is overdue
/// is replaced by a new one.
///
/// # Errors
/// If the work fails, with its first error, or if no threads can be started.
pub(super) fn reports<T: Sync, R: Send>(
    jobs: Option<NonZeroUsize>,
    items: &[T],
    overdue: &Overdue,
    work: impl Fn(&T) -> Result<R, BuildError> + Send + Sync,
    is_overdue: impl Fn(&T) -> bool + Send + Sync,
) -> Result<Vec<R>, BuildError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let jobs = jobs.map_or_else(processors, NonZeroUsize::get).min(items.len());
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let stop = || {
        next.store(items.len(), Ordering::Relaxed);
        overdue.all_begun();
    };
    // Makes one report after another, until none are left or a new worker has replaced this one.
    let make_reports = || {
        let _stop = OnPanic(&stop);
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            let made = work(item);
            if made.is_err() {
                stop();
            }
            done.lock().unwrap_or_else(PoisonError::into_inner).push(made);
            if is_overdue(item) {
                return;
            }
        }
        overdue.all_begun();
    };
    thread::scope(|scope| {
        let start_worker = || {
            let pool = pool(1)?;
            let worker = thread::Builder::new().name(WORKER.to_owned());
            let worker = worker.spawn_scoped(scope, || {
                let pool = pool;
                pool.install(make_reports);
            });
            worker.map(|_| ()).map_err(|error| BuildError::Threads(without_number(&error.to_string())))
        };
        let start_workers = || {
            (0..jobs).try_for_each(|_| start_worker())?;
            let mut replaced = 0;
            while let Some(more) = overdue.more_than(replaced) {
                (replaced..more).try_for_each(|_| start_worker())?;
                replaced = more;
            }
            Ok(())
        };
        // If one fails to start, the others stop after the reports that they are making.
        start_workers().inspect_err(|_: &BuildError| stop())
    })?;
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
}

/// Calls the function if the thread panics.
struct OnPanic<F: Fn()>(F);

impl<F: Fn()> Drop for OnPanic<F> {
    fn drop(&mut self) {
        if thread::panicking() {
            (self.0)();
        }
    }
}

fn pool(threads: usize) -> Result<ThreadPool, BuildError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK)
        .thread_name(|n| format!("{WORKER}-{n}"))
        .build()
        .map_err(|error| BuildError::Threads(without_number(&error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::super::edition::guard;
    use super::*;
    use crate::model::EditionId;
    use crate::publish::Outcome;

    const TWO: Option<NonZeroUsize> = NonZeroUsize::new(2);

    #[test]
    fn a_panic_in_one_report_leaves_the_rest() {
        let make = |n: &i32| Ok(guard(|| if *n == 3 { panic!("report {n} broke") } else { Ok(*n) }));
        let mut done = reports(TWO, &[1, 2, 3, 4], &Overdue::default(), make, |_| false).unwrap();
        done.sort_by_key(|outcome| outcome.clone().unwrap_or_default());
        assert_eq!(
            done,
            [Err(Outcome::Defect { problem: "report 3 broke".to_owned() }), Ok(1), Ok(2), Ok(4)]
        );
    }

    #[test]
    fn an_overdue_report_holds_up_no_other() {
        let (overdue, last) = (Overdue::default(), std::sync::Barrier::new(3));
        let make = |report: &(&str, EditionId)| {
            // The first two end only once the last one is made, which needs workers to replace theirs.
            match report.0 {
                "A" | "B" => {
                    overdue.add(&report.1, "it took too long");
                    last.wait();
                }
                "Z" => drop(last.wait()),
                _ => {}
            }
            Ok(report.0.to_owned())
        };
        let codes = ["A", "B", "C", "D", "Z"];
        let id = |code: &str| format!("local/{code}/en/standard").parse().unwrap();
        let wanted = codes.map(|code| (code, id(code)));
        let mut done = reports(TWO, &wanted, &overdue, make, |(_, id)| overdue.why(id).is_some()).unwrap();
        done.sort();
        assert_eq!(done, codes);
    }
}
