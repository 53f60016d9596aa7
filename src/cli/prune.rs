use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::PruneArguments;
use super::build::lock;
use super::check::load;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::deliver::Ledger;
use crate::fs;
use crate::publish;

/// `prune`: removes old runs.
pub(super) fn prune(arguments: &PruneArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let out = arguments.runs.out();
    let by_rule = || {
        Ok::<_, Failure>(
            load(&arguments.runs.evaluation)?.value.and_then(|evaluation| evaluation.settings.keep),
        )
    };
    let keep = arguments.keep.map_or_else(by_rule, |keep| Ok(Some(keep)))?;
    let Some(keep) = keep else {
        return Err(Failure::usage("nothing says how many runs stay")
            .hint("write keep = 14 under [runs] in evaluation.toml, or give --keep 14"));
    };
    let removed = removed(&out, keep, arguments.dry_run)?;
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

/// Removes the runs that may go, unless they are only to be named, and gives their ids.
pub(super) fn removed(out: &Path, keep: NonZeroUsize, dry_run: bool) -> Result<Vec<String>, Failure> {
    let machine = |error: &dyn std::error::Error| Failure::new(Exit::Machine, error);
    let lock = lock(out)?;
    let ledger = Ledger::existing(out).map_err(|error| machine(&error))?;
    let sent = ledger.map_or_else(|| Ok(BTreeSet::new()), |ledger| ledger.runs());
    let runs = publish::prunable(out, keep, &sent.map_err(|error| machine(&error))?)
        .map_err(|error| machine(&error))?;
    for run in runs.iter().filter(|_| !dry_run) {
        publish::remove(run, &lock).map_err(|error| machine(&error))?;
    }
    let remains = publish::remains(out, &lock).map_err(|error| machine(&error))?;
    for folder in remains.iter().filter(|_| !dry_run) {
        fs::remove_folder(folder).map_err(|error| machine(&error))?;
    }
    let name = |folder: &PathBuf| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(runs.into_iter().map(|run| run.id).chain(remains.iter().filter_map(name)).collect())
}
