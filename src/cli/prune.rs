use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use serde_json::json;

use super::args::PruneArguments;
use super::check::load;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use area_reports::deliver::Ledger;
use area_reports::publish::Output;

/// `prune`: removes old runs.
pub(super) fn prune(arguments: &PruneArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let output = arguments.runs.output();
    let by_rule = || {
        Ok::<_, Failure>(
            load(&arguments.runs.evaluation)?.value.and_then(|evaluation| evaluation.settings.keep),
        )
    };
    let keep = arguments.keep.map_or_else(by_rule, |keep| Ok(Some(keep)))?;
    let Some(keep) = keep else {
        return Err(Failure::usage("the number of runs to keep is not set")
            .hint("write keep = 14 under [runs] in evaluation.toml, or give --keep 14"));
    };
    let removed = removed(&output, keep, arguments.dry_run)?;
    if arguments.runs.json {
        terminal.json(&json!({ "removed": removed, "dry-run": arguments.dry_run }));
        return Ok(Exit::Done);
    }
    for id in &removed {
        terminal.line(format_args!("{id}"));
    }
    let word = if removed.len() == 1 { "run" } else { "runs" };
    let done = if arguments.dry_run { "would be removed" } else { "removed" };
    terminal.line(format_args!(
        "{} {word} {done}; the last {keep} stay, those that 'latest' and 'approved' point to, and those from which reports were sent.",
        removed.len()
    ));
    Ok(Exit::Done)
}

/// Removes what the rule does not keep, unless this is a dry run, and returns the names.
pub(super) fn removed(output: &Output, keep: NonZeroUsize, dry_run: bool) -> Result<Vec<String>, Failure> {
    let lock = output.lock(&super::holder())?;
    let ledger = Ledger::existing(output)?;
    let sent = ledger.map_or_else(|| Ok(BTreeSet::new()), |ledger| ledger.runs())?;
    let removable = output.removable(keep, &sent, &lock)?;
    if !dry_run {
        output.remove(&removable, &lock)?;
    }
    Ok(removable.names())
}
