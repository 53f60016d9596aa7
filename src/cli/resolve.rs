use serde_json::json;

use super::args::{Resolution, SendArguments};
use super::exit::{Exit, Failure};
use super::post::{command, messages};
use super::terminal::Terminal;
use super::vault::custody;
use area_reports::deliver::{Delivery, State, StateChange};
use area_reports::publish::Output;

/// Records what somebody found out about messages whose outcome was unknown.
pub(super) fn resolve(
    arguments: &SendArguments,
    output: &Output,
    resolution: Resolution,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let mut custody = custody(output)?;
    custody.recover(&super::stamp())?;
    let deliveries = custody.deliveries()?;
    let wanted = |delivery: &&Delivery| {
        delivery.state == State::Unknown
            && (arguments.area.is_empty() || arguments.area.iter().any(|area| delivery.is_of(area)))
    };
    let mut ids: Vec<&str> =
        deliveries.iter().filter(wanted).map(|delivery| delivery.message.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(Failure::usage("there is no message with an unknown outcome")
            .hint("area-reports deliveries lists every message"));
    }
    let (to, answer) = match resolution {
        Resolution::Accepted => (State::Accepted, "somebody found out that it arrived"),
        Resolution::NotAccepted => (State::Planned, "somebody found out that it did not arrive"),
    };
    for id in &ids {
        custody.move_message(id, StateChange { from: State::Unknown, to, answer, at: &super::stamp() })?;
    }
    if arguments.json {
        terminal.json(&json!({ "resolved": ids, "state": to }));
        return Ok(Exit::Done);
    }
    terminal.line(format_args!("{} now {}.", messages(ids.len()), to.word()));
    if to == State::Planned {
        terminal.next(format_args!("{} --rehearse", command(arguments)));
    }
    Ok(Exit::Done)
}
