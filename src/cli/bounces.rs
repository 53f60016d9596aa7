use serde_json::json;

use super::args::BouncesArguments;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::vault::custody;
use area_reports::deliver;
use area_reports::model::masked;

/// `bounces`: marks the deliveries that came back.
pub(super) fn bounces(arguments: &BouncesArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let output = arguments.runs.output();
    if !output.ledger().is_file() {
        return Err(Failure::usage(format!("nothing was sent from {} yet", output.folder().display())));
    }
    let mut custody = custody(&output)?;
    let read = deliver::bounces(&arguments.messages);
    let (bounces, others) = read.map_err(|error| Failure::new(Exit::Usage, &error))?;
    let at = super::stamp();
    let (mut marked, mut known, mut foreign, mut late) = (0, 0, 0, 0);
    for bounce in &bounces {
        let Some(message) = &bounce.message else {
            foreign += 1;
            continue;
        };
        if !custody.knows(message)? {
            foreign += 1;
        } else if !bounce.failed {
            late += 1;
        } else {
            let of = bounce.recipient.as_deref();
            let count = custody.bounce(message, of, &bounce.why, &at)?;
            marked += count;
            known += usize::from(count == 0);
            if count > 0 && !arguments.runs.json {
                let address = of.map(masked).unwrap_or_default();
                terminal.line(format_args!("{address}: {}", bounce.why));
            }
        }
    }
    if arguments.runs.json {
        terminal.json(
            &json!({ "bounced": marked, "known": known, "late": late, "foreign": foreign, "others": others }),
        );
        return Ok(Exit::Done);
    }
    terminal.line(format_args!("{marked} deliveries came back."));
    let rest = [
        (known, "were known before, or were never accepted"),
        (late, "only report a delay"),
        (foreign, "are about messages that were not sent from here"),
        (others, "are not delivery notices"),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        terminal.line(format_args!("{count} {what}"));
    }
    if marked > 0 {
        terminal.next(format_args!(
            "correct recipients.csv, build, approve --recipients, then: area-reports send RUN --rehearse --failed"
        ));
    }
    Ok(Exit::Done)
}
