use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::vault::vault;
use area_reports::publish::Output;
use area_reports::review::{Moment, Received, RecordedExport, record_inbox};

/// Records what reviewers put into the inbox of an output folder.
pub(super) fn received(output: &Output) -> Result<Vec<Received>, Failure> {
    let moment = Moment { holder: &super::holder(), at: super::stamp() };
    Ok(record_inbox(output, &vault()?, &moment)?)
}

/// [`Exit::Problems`] if a file was not recorded in full.
pub(super) fn exit(received: &[Received]) -> Exit {
    let is_whole = |received: &Received| matches!(&received.outcome, Ok(taken) if taken.problems.is_empty());
    if received.iter().all(is_whole) { Exit::Done } else { Exit::Problems }
}

/// Prints what became of the files in the inbox.
pub(super) fn print(received: &[Received], terminal: &mut Terminal) {
    if !received.is_empty() {
        terminal.heading(format_args!("Decisions in the inbox"));
    }
    for Received { file, outcome } in received {
        match outcome {
            Ok(RecordedExport { reviewer, run, new, problems, approved }) => {
                let word = if *new == 1 { "verdict" } else { "verdicts" };
                terminal.line(format_args!("{file}: recorded {new} {word} by {reviewer} on {run}"));
                terminal.problems(problems);
                if *approved {
                    terminal.line(format_args!("'approved' now points to {run}."));
                }
            }
            Err(error) => {
                let failure = Failure::from(error);
                terminal.line(format_args!("{file}: not recorded: {}", failure.message));
                failure.hint.iter().for_each(|hint| terminal.faint(format_args!("  {hint}")));
            }
        }
    }
}

/// What became of the files in the inbox, as JSON.
pub(super) fn as_json(received: &[Received]) -> Value {
    let one = |Received { file, outcome }: &Received| match outcome {
        Ok(RecordedExport { reviewer, run, new, problems, approved }) => json!({
            "file": file, "reviewer": reviewer, "run": run, "recorded": new, "problems": problems, "approved": approved,
        }),
        Err(error) => json!({ "file": file, "refused": error.to_string() }),
    };
    received.iter().map(one).collect()
}
