//! The command line: the only part that prints, exits, reads the clock or reads the environment.

mod args;
mod bounces;
mod build;
mod check;
mod choices;
mod deliveries;
mod demo;
mod diff;
mod exit;
mod forget;
mod inbox;
mod interruption;
mod limits;
mod nightly;
mod output;
mod passphrase;
mod plan;
mod post;
mod progress;
mod prune;
mod replay;
mod resolve;
mod reviewer;
mod selection;
mod send;
mod server;
mod status;
mod summary;
mod terminal;
mod vault;
mod verdict;
mod verify;
mod watch;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::Parser;

use args::{Arguments, Command};
use exit::{Exit, Failure};
use terminal::Terminal;

/// Runs the program with the arguments of the process.
pub(crate) fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // `--help` and `--version` are not mistakes.
            let asked = !error.use_stderr();
            drop(error.print());
            return if asked { Exit::Done } else { Exit::Usage }.into();
        }
    };
    interruption::listen();
    let mut terminal = Terminal::new();
    if now().as_second() < 0 {
        let failure = Failure {
            exit: Exit::System,
            message: format!("this computer's clock says {}", now().strftime("%F")),
            hint: None,
        };
        terminal.failure(&failure.hint("set the clock: runs are named after the time"));
        return Exit::System.into();
    }
    let outcome = guarded(|| match &arguments.command {
        Command::Build(arguments) => build::build(arguments, &mut terminal),
        Command::Check(arguments) => check::check(arguments, &mut terminal),
        Command::Demo(arguments) => demo::demo(arguments, &mut terminal),
        Command::Verify(arguments) => verify::verify(arguments, &mut terminal),
        Command::Nightly(arguments) => nightly::nightly(arguments, &mut terminal),
        Command::Watch(arguments) => watch::watch(arguments, &mut terminal),
        Command::Diff(arguments) => diff::diff(arguments, &mut terminal),
        Command::Approve(arguments) => verdict::approve(arguments, &mut terminal),
        Command::Reject(arguments) => verdict::reject(arguments, &mut terminal),
        Command::Withdraw(arguments) => verdict::withdraw(arguments, &mut terminal),
        Command::Lift(arguments) => verdict::lift(arguments, &mut terminal),
        Command::Reviewer(arguments) => reviewer::reviewer(arguments, &mut terminal),
        Command::Send(arguments) => send::send(arguments, &mut terminal),
        Command::Deliveries(arguments) => deliveries::deliveries(arguments, &mut terminal),
        Command::Bounces(arguments) => bounces::bounces(arguments, &mut terminal),
        Command::Forget(arguments) => forget::forget(arguments, &mut terminal),
        Command::Text(arguments) => diff::text(arguments, &mut terminal),
        Command::Words(arguments) => words::words(arguments, &mut terminal),
        Command::Status(arguments) => status::status(arguments, &mut terminal),
        Command::Prune(arguments) => prune::prune(arguments, &mut terminal),
    });
    let outcome = outcome.and_then(|exit| {
        terminal.finish().map(|()| exit).map_err(|error| Failure {
            message: format!("the output could not be written: {}", area_reports::fs::in_words(&error)),
            ..Failure::new(Exit::System, &error)
        })
    });
    let exit = outcome.unwrap_or_else(|failure| {
        terminal.failure(&failure);
        failure.exit
    });
    interruption::stopped().unwrap_or(exit).into()
}

/// The message and location of the last panic.
static BROKEN: Mutex<Option<String>> = Mutex::new(None);

/// Runs a command. A panic, on any thread, is a defect in the program and is reported as one.
fn guarded(work: impl FnOnce() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    // A panic in a single report is caught and becomes its outcome, so it is not printed here.
    std::panic::set_hook(Box::new(|panic| {
        *BROKEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic.to_string());
    }));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let broken = BROKEN.lock().unwrap_or_else(PoisonError::into_inner).take();
        let message = broken.unwrap_or_else(|| "a panic without a message".to_owned());
        let failure = Failure { exit: Exit::Defect, message, hint: None };
        Err(failure
            .hint("this is a defect in the program, not your fault: please report it; nothing was published"))
    })
}

/// The current time.
#[expect(clippy::disallowed_methods, reason = "this is the clock of the program")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The current time on a clock that is never adjusted, for measuring durations.
#[expect(clippy::disallowed_methods, reason = "this is the clock of deadlines")]
fn monotonic() -> std::time::Instant {
    std::time::Instant::now()
}

/// Describes this process to others that want the same output folder.
/// The time in UTC, to the second, as verdicts and the ledger record it.
fn stamp() -> String {
    now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn holder() -> String {
    format!("process {}, since {}", std::process::id(), now().strftime("%F %T UTC"))
}

/// Waits for a time.
#[expect(clippy::disallowed_methods, reason = "the library is handed this one")]
fn wait(pause: std::time::Duration) {
    std::thread::sleep(pause);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_on_any_thread_is_reported_as_a_defect() {
        let usual = std::panic::take_hook();
        let broken = guarded(|| {
            std::thread::scope(|scope| scope.spawn(|| panic!("of this thread")).join())
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        std::panic::set_hook(usual);
        let failure = broken.unwrap_err();
        assert_eq!(failure.exit, Exit::Defect);
        assert!(failure.message.contains("of this thread"), "{}", failure.message);
    }
}
