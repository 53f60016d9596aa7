use serde_json::json;

use super::args::SendArguments;
use super::exit::{Exit, Failure};
use super::post::{Post, Preparation, command, counts, messages};
use super::terminal::Terminal;
use area_reports::deliver::{Destination, Outgoing, OutgoingError, Replay, SendError, SendPlan, Sent};
use area_reports::problem::{Checked, Problem};

/// Sends what is in the plan and would still be planned now.
pub(super) fn replay(
    arguments: &SendArguments,
    outgoing: &mut Outgoing<'_>,
    Preparation { letters, basis, left_out }: Preparation,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let real = outgoing.real_answers().map_err(|error| {
        Failure::usage(error.to_string())
            .hint("try it with --rehearse --catch-all, and an address of your own as 'catch-all' in [mail]")
    })?;
    let stored = rehearsed(arguments, outgoing)?;
    let Checked { value: Replay { messages, already }, problems: held } =
        outgoing.replay(&stored, &letters.pages, &letters.words)?;
    let problems: Vec<Problem> = left_out.into_iter().chain(held).collect();
    let (sent, failure) = if messages.is_empty() {
        (Sent::default(), None)
    } else {
        let folder = outgoing.plan_folder();
        let post = Post::open(arguments, outgoing.mail, &outgoing.manifest, &folder, &basis)?;
        post.send(&messages, Destination::Recipients { real, custody: &mut outgoing.custody }, terminal)
    };
    let held = problems.iter().any(Problem::is_error) || sent.refused + sent.unknown > 0;
    let planned = messages.len() - sent.accepted - sent.refused - sent.unknown;
    if arguments.json {
        terminal.json(&json!({
            "run": stored.run, "sent": counts(sent), "planned": planned, "already": already, "problems": problems,
        }));
    } else {
        terminal.problems(&problems);
        print(sent, planned, already, terminal);
    }
    failure.map_or(Ok(if held { Exit::Problems } else { Exit::Done }), Err)
}

/// The plan that was rehearsed.
fn rehearsed(arguments: &SendArguments, outgoing: &Outgoing<'_>) -> Result<SendPlan, Failure> {
    let again = format!("{} --rehearse", command(arguments));
    outgoing.rehearsed(arguments.failed).map_err(|error| {
        let hint = match &error {
            OutgoingError::NoPlan => format!("make one and look at it: {again}"),
            OutgoingError::PlanNotOfFailed => format!("make one: {again} --failed"),
            OutgoingError::Send(SendError::Plan { .. }) => format!("make a new one and look at it: {again}"),
            _ => return error.into(),
        };
        Failure::new(Exit::Usage, &error).hint(hint)
    })
}

fn print(sent: Sent, planned: usize, already: usize, terminal: &mut Terminal) {
    terminal.heading(format_args!("{} accepted by the server", messages(sent.accepted)));
    let others =
        [(sent.refused, "refused"), (sent.unknown, "with an unknown outcome"), (planned, "still planned")];
    for (count, what) in others.into_iter().filter(|(count, _)| *count > 0) {
        terminal.line(format_args!("{count} {what}"));
    }
    if already > 0 {
        terminal.line(format_args!("{already} already sent, and not sent again"));
    }
    if sent.unknown > 0 {
        terminal.next(format_args!("area-reports deliveries EVALUATION --state unknown"));
    }
}
