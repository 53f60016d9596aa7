use super::args::{ReviewerArguments, ReviewerCommand};
use super::exit::{Exit, Failure};
use super::passphrase::{is_given, passphrase};
use super::terminal::Terminal;
use super::vault::vault;
use area_reports::vault::{KnownReviewers, SHORTEST};

/// `reviewer`: sets and removes the passphrases with which reviewers sign.
pub(super) fn reviewer(arguments: &ReviewerArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut reviewers = KnownReviewers::read(&vault()?)?;
    match &arguments.command {
        ReviewerCommand::Add { name } => add(name, &mut reviewers, terminal),
        ReviewerCommand::Remove { name } => {
            if !reviewers.remove(name)? {
                return Err(Failure::usage(format!("{name} has no passphrase")));
            }
            terminal.line(format_args!("{name} can no longer sign. Verdicts already recorded still count."));
            Ok(Exit::Done)
        }
        ReviewerCommand::List => {
            for known in reviewers.all() {
                terminal.line(format_args!("{}  since {}", known.name, known.since));
            }
            if reviewers.all().is_empty() {
                terminal.line(format_args!("Nobody has a passphrase yet."));
                terminal.next(format_args!("area-reports reviewer add \"NAME\""));
            }
            Ok(Exit::Done)
        }
    }
}

fn add(name: &str, reviewers: &mut KnownReviewers, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Failure::usage("the name is empty"));
    }
    if let Some(known) = reviewers.of(&name) {
        return Err(Failure::usage(format!("{} has had a passphrase since {}", known.name, known.since))
            .hint(format!("to set a new one, first: area-reports reviewer remove \"{}\"", known.name)));
    }
    let chosen = passphrase(&format!("A passphrase for {name}, at least {SHORTEST} characters: "))?;
    if chosen.chars().count() < SHORTEST {
        return Err(Failure::usage(format!("a passphrase needs at least {SHORTEST} characters"))
            .hint("four unrelated words are easy to remember"));
    }
    if !is_given() && passphrase("Type it again: ")? != chosen {
        return Err(Failure::usage("the two passphrases differ").hint("nothing was saved: try again"));
    }
    reviewers.set(&name, &chosen, &super::stamp())?;
    terminal.line(format_args!(
        "{name} can now sign on this computer, and on every page for reviewers made from now on."
    ));
    terminal.line(format_args!(
        "Only people listed under 'reviewers' in [review] of evaluation.toml can decide."
    ));
    Ok(Exit::Done)
}
