//! Reports that take too long or too much memory are given up, and the others are served. Neither Typst nor a template can be
//! stopped from outside, so the program begins anew in its own place, takes over what was finished, and leaves out the report
//! at fault.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::terminal::Terminal;
use crate::fs;
use crate::model::{Area, Limits};
use crate::pipeline::Observer;
use crate::publish::Outcome;

/// How often the running reports are looked at.
const PERIOD: Duration = Duration::from_millis(50);

/// Looks after the reports that are being made, and passes on what it hears of them.
pub(super) struct Watchdog<'a> {
    observer: &'a dyn Observer,
    limits: Limits,
    /// Codes of the areas whose reports are being made, with the time when they were begun.
    running: Mutex<BTreeMap<String, Timestamp>>,
    done: AtomicBool,
}

/// What is wrong.
#[derive(Debug, PartialEq)]
enum Breach {
    /// A report took too long, or too much memory.
    Report {
        /// The code of its area.
        code: String,
        /// What it took.
        why: String,
    },
    /// Several reports are being made, and one of them takes too much memory.
    OneOfSeveral,
}

impl<'a> Watchdog<'a> {
    /// Looks after reports while `work` makes them.
    pub(super) fn during<T>(
        observer: &'a dyn Observer,
        limits: Limits,
        work: impl FnOnce(&dyn Observer) -> T,
    ) -> T {
        let dog = Self { observer, limits, running: Mutex::default(), done: AtomicBool::new(false) };
        std::thread::scope(|scope| {
            scope.spawn(|| dog.look_after());
            // Also when the work panics, or the scope would wait for the watchdog for ever.
            let _done = CallOff(&dog.done);
            work(&dog)
        })
    }

    fn look_after(&self) {
        let before = memory();
        while !self.done.load(Ordering::Relaxed) {
            std::thread::sleep(PERIOD);
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let taken = memory().zip(before).map(|(now, before)| now.saturating_sub(before));
            if let Some(breach) = breach(&self.limits, &running, super::now(), taken) {
                return begin_anew(&breach);
            }
        }
    }
}

/// Tells the watchdog that the work is done.
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

    fn starts(&self, area: &Area) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(area.code.to_string(), super::now());
        self.observer.starts(area);
    }

    fn finished(&self, area: &Area, outcome: &Outcome) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(area.code.as_str());
        self.observer.finished(area, outcome);
    }
}

/// Which report is at fault, if one is. `taken` is what the program took in bytes since it began to make reports.
fn breach(
    limits: &Limits,
    running: &BTreeMap<String, Timestamp>,
    now: Timestamp,
    taken: Option<u64>,
) -> Option<Breach> {
    let (code, begun) = running.iter().min_by_key(|(_, begun)| **begun)?;
    let report = |why: String| Some(Breach::Report { code: code.clone(), why });
    if now.duration_since(*begun).as_secs() >= i64::from(limits.seconds) {
        return report(format!("it took longer than {} s", limits.seconds));
    }
    let most = u64::from(limits.megabytes) * 1_000_000;
    if taken? <= most * running.len() as u64 {
        return None;
    }
    if running.len() > 1 {
        return Some(Breach::OneOfSeveral);
    }
    report(format!("it took more than {} MB of memory", limits.megabytes))
}

/// Puts the program in its own place once more, with what it has learnt. Returns only when that cannot be done; then the
/// report goes on.
fn begin_anew(breach: &Breach) {
    let Ok(program) = std::env::current_exe() else { return };
    let mut command = std::process::Command::new(program);
    command.args(std::env::args_os().skip(1));
    match breach {
        Breach::Report { code, why } => {
            Terminal::new().note(format_args!("{code}: {why}; the run goes on without it"));
            command.arg(format!("--give-up={code}={why}"));
        }
        Breach::OneOfSeveral => {
            Terminal::new().note(format_args!("a report takes too much memory; the run goes on one by one"));
            command.args(["--jobs=1", "--give-up="]);
        }
    }
    replace(command);
}

#[cfg(unix)]
fn replace(mut command: std::process::Command) {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Terminal::new().note(format_args!("the run could not go on without it: {error}"));
}

#[cfg(not(unix))]
fn replace(_: std::process::Command) {}

/// The memory that the program takes, in bytes, where the system tells.
fn memory() -> Option<u64> {
    let status = fs::read(std::path::Path::new("/proc/self/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_that_runs_longest_is_at_fault() {
        let limits = Limits { seconds: 10, megabytes: 100 };
        let at = |second| Timestamp::from_second(second).unwrap();
        let two = BTreeMap::from([("A".to_owned(), at(5)), ("B".to_owned(), at(0))]);
        let one = BTreeMap::from([("A".to_owned(), at(5))]);
        let fault =
            |code: &str, why: &str| Some(Breach::Report { code: code.to_owned(), why: why.to_owned() });
        assert_eq!(breach(&limits, &two, at(9), Some(200_000_000)), None);
        assert_eq!(breach(&limits, &two, at(10), Some(0)), fault("B", "it took longer than 10 s"));
        assert_eq!(breach(&limits, &two, at(9), Some(200_000_001)), Some(Breach::OneOfSeveral));
        assert_eq!(
            breach(&limits, &one, at(9), Some(200_000_001)),
            fault("A", "it took more than 100 MB of memory")
        );
        assert_eq!(breach(&limits, &one, at(9), None), None);
        assert_eq!(breach(&limits, &BTreeMap::new(), at(99), Some(u64::MAX)), None);
    }
}
