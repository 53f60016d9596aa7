//! Gives up on reports that take too long or too much memory, so that the rest can be made. Typst cannot be stopped
//! from outside: a report that takes too long is abandoned on its thread, and others are made beside it. When only such
//! reports are left, or one takes too much memory, the program replaces itself with a new process, which reuses what
//! was finished and leaves out the reports at fault.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::exit::Failure;
use super::terminal::Terminal;
use area_reports::fs;
use area_reports::model::{EditionId, Limits};
use area_reports::pipeline::{Observer, Overdue};
use area_reports::publish::ReportEntry;

/// How long to wait between checks of the running reports.
const PERIOD: Duration = Duration::from_millis(50);

/// How many reports may be left on abandoned threads at the same time.
const MOST_LEFT_ALONE: usize = 32;

/// Watches the reports that are being made, and passes on what it observes.
pub(super) struct Watchdog<'a> {
    observer: &'a dyn Observer,
    limits: Limits,
    overdue: &'a Overdue,
    /// The reports that are being made.
    running: Mutex<BTreeMap<EditionId, Running>>,
    done: AtomicBool,
}

/// A report that is being made.
#[derive(Clone, Copy)]
struct Running {
    begun: Instant,
    thread: Thread,
}

/// What is wrong.
#[derive(Debug, PartialEq)]
enum Breach {
    /// All reports in progress take too long, or some do and together they take too much memory.
    Overdue,
    /// The only report that is being made takes too much memory.
    Report {
        /// Which report it is.
        id: EditionId,
        /// Which limit it exceeded.
        why: String,
    },
    /// Several reports are being made, and one of them takes too much memory.
    OneOfSeveral,
}

impl<'a> Watchdog<'a> {
    /// Watches reports while `work` makes them.
    ///
    /// # Errors
    /// If no thread can be started.
    pub(super) fn during<T>(
        observer: &'a dyn Observer,
        limits: Limits,
        overdue: &'a Overdue,
        work: impl FnOnce(&dyn Observer) -> T,
    ) -> Result<T, Failure> {
        let dog = Self { observer, limits, overdue, running: Mutex::default(), done: AtomicBool::new(false) };
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().spawn_scoped(scope, || dog.look_after());
            thread?;
            // Runs even if the work panics: the scope would wait for the watchdog for ever.
            let _done = CallOff(&dog.done);
            Ok(work(&dog))
        })
    }

    fn look_after(&self) {
        let before = memory();
        let mut seen = None;
        while !self.done.load(Ordering::Relaxed) {
            super::wait(PERIOD);
            let running = self.running().clone();
            for (id, report) in &running {
                if report.begun.elapsed().as_secs() >= u64::from(self.limits.seconds) {
                    self.leave_alone(id, report.thread);
                }
            }
            let taken = memory().zip(before).map(|(now, before)| now.saturating_sub(before));
            let ids: Vec<&EditionId> = running.keys().collect();
            let breach = breach(self.limits, &ids, &self.overdue.reports(), taken);
            // A worker between two reports has none, so what is seen only once may pass.
            if let Some(breach) = breach.as_ref().filter(|_| breach == seen) {
                return start_again(breach, &self.overdue.reports());
            }
            seen = breach;
        }
    }

    /// Stops waiting for a report.
    fn leave_alone(&self, id: &EditionId, thread: Thread) {
        if self.overdue.why(id).is_some() {
            return;
        }
        let why = format!("it took longer than {} s", self.limits.seconds);
        Terminal::new().note(format_args!("{id}: {why}; the run continues without it"));
        self.overdue.add(id, &why);
        thread.step_back();
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<EditionId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops the watchdog when dropped.
struct CallOff<'a>(&'a AtomicBool);

impl Drop for CallOff<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Observer for Watchdog<'_> {
    fn protects(&self, decided: usize, all: usize) {
        self.observer.protects(decided, all);
    }

    fn begins(&self, reports: usize) {
        self.observer.begins(reports);
    }

    fn starts(&self, id: &EditionId) {
        let report = Running { begun: super::monotonic(), thread: Thread::current() };
        self.running().insert(id.clone(), report);
        self.observer.starts(id);
    }

    fn finished(&self, entry: &ReportEntry) {
        self.running().remove(&entry.id);
        self.observer.finished(entry);
    }
}

/// What is wrong with the running reports, if anything. `taken` is the memory in bytes taken since the program began to
/// make reports.
fn breach(
    limits: Limits,
    running: &[&EditionId],
    overdue: &BTreeMap<EditionId, String>,
    taken: Option<u64>,
) -> Option<Breach> {
    let late = running.iter().filter(|id| overdue.contains_key(**id)).count();
    let most = u64::from(limits.megabytes) * 1_000_000;
    let too_much = taken.is_some_and(|taken| taken > most * running.len() as u64);
    match running {
        [] => None,
        _ if late == running.len() || late > MOST_LEFT_ALONE || late > 0 && too_much => Some(Breach::Overdue),
        [id] if too_much => {
            let why = format!("it took more than {} MB of memory", limits.megabytes);
            Some(Breach::Report { id: (*id).clone(), why })
        }
        _ => too_much.then_some(Breach::OneOfSeveral),
    }
}

/// Replaces this process with a new one that knows which reports to leave out. Returns only if that fails; then the run
/// continues.
fn start_again(breach: &Breach, overdue: &BTreeMap<EditionId, String>) {
    let Ok(program) = program() else { return };
    let mut command = std::process::Command::new(program);
    command.args(std::env::args_os().skip(1));
    // Passed even with no report to give up, so that the run reuses what was finished.
    command.arg("--give-up=");
    command.args(overdue.iter().map(|(id, why)| format!("--give-up={id}={why}")));
    match breach {
        Breach::Overdue => {}
        Breach::Report { id, why } => {
            Terminal::new().note(format_args!("{id}: {why}; the run continues without it"));
            command.arg(format!("--give-up={id}={why}"));
        }
        Breach::OneOfSeveral => {
            Terminal::new().note(format_args!(
                "a report took too much memory; the run continues with one report at a time"
            ));
            command.arg("--jobs=1");
        }
    }
    replace(command);
}

/// The program's own file. Linux keeps it for as long as the program runs, even if it has been replaced.
fn program() -> std::io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}

#[cfg(unix)]
fn replace(mut command: std::process::Command) {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Terminal::new().note(format_args!("the run could not continue without it: {error}"));
}

#[cfg(not(unix))]
fn replace(_: std::process::Command) {}

/// The memory that the program uses, in bytes, if the system reports it.
fn memory() -> Option<u64> {
    let status = fs::read(std::path::Path::new("/proc/self/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// An operating-system thread.
#[derive(Clone, Copy)]
struct Thread {
    #[cfg(target_os = "linux")]
    id: rustix::thread::Pid,
}

impl Thread {
    fn current() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            id: rustix::thread::gettid(),
        }
    }

    /// Gives this thread the lowest priority, if the system can do that.
    fn step_back(self) {
        #[cfg(target_os = "linux")]
        let _ = rustix::process::setpriority_process(Some(self.id), 19);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reports_at_fault_are_found() {
        let limits = Limits { seconds: 10, megabytes: 100 };
        let id = |code: &str| -> EditionId { format!("local/{code}/en/standard").parse().unwrap() };
        let breach = |running: &[&str], late: &[&str], megabytes: u64| {
            let running: Vec<EditionId> = running.iter().map(|code| id(code)).collect();
            let overdue = late.iter().map(|code| (id(code), String::new())).collect();
            breach(limits, &running.iter().collect::<Vec<_>>(), &overdue, Some(megabytes * 1_000_000))
        };
        assert_eq!(breach(&["A", "B"], &[], 200), None);
        assert_eq!(breach(&["A", "B"], &["B"], 200), None);
        assert_eq!(breach(&["A", "B"], &["B"], 201), Some(Breach::Overdue));
        assert_eq!(breach(&["A", "B"], &["A", "B"], 0), Some(Breach::Overdue));
        assert_eq!(breach(&["A", "B"], &[], 201), Some(Breach::OneOfSeveral));
        let why = "it took more than 100 MB of memory".to_owned();
        assert_eq!(breach(&["A"], &["B"], 101), Some(Breach::Report { id: id("A"), why }));
        assert_eq!(breach(&[], &["B"], 999), None);
    }
}
