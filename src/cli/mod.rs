//! The command line: the only part that prints, exits, asks for the time or reads the environment.

mod args;
mod bounces;
mod build;
mod check;
mod deliveries;
mod demo;
mod diff;
mod exit;
mod limits;
mod nightly;
mod plan;
mod progress;
mod prune;
mod selection;
mod send;
mod status;
mod summary;
mod terminal;
mod verdict;
mod verify;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use exit::Exit;
use terminal::Terminal;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers and not mistakes.
            let asked = !error.use_stderr();
            drop(error.print());
            return if asked { Exit::Done } else { Exit::Usage }.into();
        }
    };
    keep_quiet_about_caught_panics();
    let mut terminal = Terminal::new();
    let outcome = match &arguments.command {
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
        Command::Send(arguments) => send::send(arguments, &mut terminal),
        Command::Deliveries(arguments) => deliveries::deliveries(arguments, &mut terminal),
        Command::Bounces(arguments) => bounces::bounces(arguments, &mut terminal),
        Command::Text(arguments) => diff::text(arguments, &mut terminal),
        Command::Status(arguments) => status::status(arguments, &mut terminal),
        Command::Prune(arguments) => prune::prune(arguments, &mut terminal),
    };
    outcome
        .unwrap_or_else(|failure| {
            terminal.failure(&failure);
            failure.exit
        })
        .into()
}

/// A panic on a worker is caught and told as a defect of one report; all others print as usual.
fn keep_quiet_about_caught_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !std::thread::current().name().is_some_and(|name| name.starts_with(crate::pipeline::WORKER)) {
            usual(panic);
        }
    }));
}

/// What time it is.
#[expect(clippy::disallowed_methods, reason = "this is the clock of the program")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
