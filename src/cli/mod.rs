//! The command line: the only part that prints, exits, asks for the time or reads the environment.

mod args;
mod build;
mod check;
mod demo;
mod exit;
mod terminal;

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
    let mut terminal = Terminal::new();
    let outcome = match &arguments.command {
        Command::Build(arguments) => build::build(arguments, &mut terminal),
        Command::Check(arguments) => check::check(arguments, &mut terminal),
        Command::Demo(arguments) => demo::demo(arguments, &mut terminal),
    };
    outcome
        .unwrap_or_else(|failure| {
            terminal.failure(&failure);
            failure.exit
        })
        .into()
}
