use std::collections::BTreeMap;

use serde_json::json;

use super::args::{ApproveArguments, Deciding, RejectArguments};
use super::exit::{Exit, Failure};
use super::output::run_of;
use super::passphrase::passphrase;
use super::terminal::Terminal;
use area_reports::problem::Problem;
use area_reports::publish::Manifest;
use area_reports::review::{
    DecidingError, Decision, Export, ExportFault, Judgement, Moment, Reach, Recorded, Reviewer,
    RunUnderReview, Selection, SignedVerdicts, Standing,
};

/// `approve`: records that reports of a run may be sent.
pub(super) fn approve(arguments: &ApproveArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let deciding = &arguments.deciding;
    let Some(file) = &arguments.from else {
        let note = arguments.note.as_deref().unwrap_or_default();
        let new_recipients = arguments.recipients;
        return decide(deciding, Judgement { decision: Decision::Approved, note, new_recipients }, terminal);
    };
    let run = open(deciding)?;
    let (verdicts, problems) = run.exported(&Export::read(file)?)?;
    record(run, verdicts, &problems, deciding.json, terminal)
}

/// `reject`: records that reports of a run are wrong.
pub(super) fn reject(arguments: &RejectArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    against(arguments, Decision::Rejected, terminal)
}

/// `withdraw`: records that reports of a run are not to be sent.
pub(super) fn withdraw(arguments: &RejectArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    against(arguments, Decision::Withdrawn, terminal)
}

/// `lift`: records that the rejection or withdrawal of somebody else should no longer stand.
pub(super) fn lift(arguments: &RejectArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    against(arguments, Decision::Lifted, terminal)
}

fn against(
    arguments: &RejectArguments,
    decision: Decision,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let deciding = &arguments.deciding;
    if arguments.why.trim().is_empty() {
        return Err(Failure::usage("--why is empty").hint("say why in a few words: others will ask"));
    }
    let named =
        [&deciding.area, &deciding.region, &deciding.group].into_iter().any(|names| !names.is_empty());
    if !named && deciding.kind.is_empty() {
        return Err(
            Failure::usage("which reports?").hint("name them with --area, --region, --kind or --group")
        );
    }
    decide(deciding, Judgement { decision, note: arguments.why.trim(), new_recipients: false }, terminal)
}

fn open(deciding: &Deciding) -> Result<RunUnderReview, Failure> {
    let (output, folder) = run_of(&deciding.run)?;
    let moment = Moment { holder: &super::holder(), at: super::stamp() };
    Ok(RunUnderReview::open(output, folder, super::vault::vault()?, moment)?)
}

/// Gives the same verdict on the reports that were named, or on all if none were: shows what it is about, and has the
/// reviewer sign.
fn decide(deciding: &Deciding, judgement: Judgement<'_>, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Deciding { area: areas, region: regions, kind: kinds, group: groups, .. } = deciding;
    let named = !areas.is_empty() || !regions.is_empty() || !kinds.is_empty();
    if named && !groups.is_empty() {
        return Err(Failure::usage("--group cannot be combined with --area or --region"));
    }
    let selection = if named {
        Selection::Of { areas, regions, kinds }
    } else if groups.is_empty() {
        Selection::All
    } else {
        Selection::Groups(groups)
    };
    let run = open(deciding)?;
    let reviewer = run.reviewer(deciding.reviewer.as_deref())?;
    let (verdicts, problems) = run.verdicts(&reviewer, selection, judgement, super::progress::comparing())?;
    let in_part = !groups.is_empty();
    let words = in_words(judgement.decision, in_part, &reviewer, &run, run.reach(&verdicts));
    if deciding.json {
        terminal.note(format_args!("{words}"));
    } else {
        terminal.line(format_args!("{words}"));
    }
    let signed = if verdicts.is_empty() {
        SignedVerdicts::default()
    } else {
        reviewer.sign(&passphrase(&format!("Passphrase of {}: ", reviewer.name()))?, verdicts)?
    };
    record(run, signed, &problems, deciding.json, terminal)
}

/// What a reviewer is about to sign.
fn in_words(
    decision: Decision,
    in_part: bool,
    reviewer: &Reviewer,
    run: &RunUnderReview,
    reach: Reach,
) -> String {
    let Reach { reports, of, unseen } = reach;
    let verb = match decision {
        Decision::Approved | Decision::ApprovedInPart if in_part => "approves changes in",
        Decision::Approved | Decision::ApprovedInPart => "approves",
        Decision::Rejected => "rejects",
        Decision::Withdrawn => "withdraws",
        Decision::Lifted => "lifts verdicts against",
    };
    let id = &run.manifest.run.id;
    let unseen = match unseen {
        _ if decision != Decision::Approved => String::new(),
        0 => "; all were approved in this form in an earlier run".to_owned(),
        unseen if unseen == reports => "; none was approved in this form in an earlier run".to_owned(),
        unseen => format!("; {unseen} of them were not approved in this form in an earlier run"),
    };
    let reports =
        if reports == of && of > 1 { format!("all {of}") } else { format!("{reports} of the {of}") };
    format!("{} {verb} {reports} reports of {id}{unseen}.", reviewer.name())
}

impl From<DecidingError> for Failure {
    fn from(error: DecidingError) -> Self {
        Self::from(&error)
    }
}

impl From<&DecidingError> for Failure {
    fn from(error: &DecidingError) -> Self {
        let usage = || Self::new(Exit::Usage, error);
        match error {
            DecidingError::Lock(_) => Self::new(Exit::Busy, error),
            DecidingError::Record(_) | DecidingError::Vault(_) | DecidingError::Path(_) => {
                Self::new(Exit::System, error)
            }
            DecidingError::Manifest(_) | DecidingError::Altered(_) => usage().hint(super::verify::DISTRUSTED),
            DecidingError::Partial => {
                usage().hint("verdicts are given on whole runs: build without --area, --region and --failed")
            }
            DecidingError::DamagedRecord(_) => usage().hint(
                "restore verdicts.jsonl as it was; nothing is added to a record that cannot be relied on",
            ),
            DecidingError::NoReviewers => {
                usage().hint("name them in evaluation.toml and build again: [review] reviewers = [\"NAME\"]")
            }
            DecidingError::NoName { who } => {
                usage().hint(format!("give yours with --as: {}", who.join(", ")))
            }
            DecidingError::NotAReviewer { who, .. } => {
                usage().hint(format!("'reviewers' in [review] of evaluation.toml: {}", who.join(", ")))
            }
            DecidingError::NoPassphrase(name) => {
                usage().hint(format!("set one: area-reports reviewer add \"{name}\""))
            }
            DecidingError::WrongPassphrase(_) => usage().hint("nothing was recorded: try again"),
            DecidingError::Export { fault, .. } => match export_hint(fault) {
                Some(hint) => usage().hint(hint),
                None => usage(),
            },
            DecidingError::UnknownArea { near: Some(near), .. } => {
                usage().hint(format!("did you mean '{near}'?"))
            }
            DecidingError::UnknownGroup { .. } => usage().hint("area-reports diff lists them"),
            DecidingError::Side(_)
            | DecidingError::UnknownArea { near: None, .. }
            | DecidingError::UnknownRegion(_) => usage(),
        }
    }
}

fn export_hint(fault: &ExportFault) -> Option<&'static str> {
    match fault {
        ExportFault::Incomplete => Some("it may still be being copied: try again"),
        ExportFault::Version { .. } | ExportFault::NotSigned(_) => {
            Some("make the page again with area-reports diff, and export from that")
        }
        ExportFault::NotDecisions(_)
        | ExportFault::Unreadable(_)
        | ExportFault::UnknownRun(_)
        | ExportFault::DifferentRun { .. } => None,
    }
}

/// Records verdicts and prints the state of the run's review.
fn record(
    mut run: RunUnderReview,
    verdicts: SignedVerdicts,
    problems: &[Problem],
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let given = verdicts.count();
    let Recorded { new, standings, approved } = run.record(verdicts)?;
    let manifest = &run.manifest;
    let exit = if problems.is_empty() { Exit::Done } else { Exit::Problems };
    if as_json {
        let reports: Vec<_> = manifest
            .reports
            .iter()
            .zip(&standings)
            .map(|(entry, standing)| json!({ "report": entry.id.to_string(), "subject": entry.id.report.subject, "standing": standing }))
            .collect();
        terminal.json(&json!({
            "run": manifest.run.id, "recorded": new, "approved": approved, "problems": problems, "reports": reports,
        }));
        return Ok(exit);
    }
    terminal.problems(problems);
    let word = if new == 1 { "verdict" } else { "verdicts" };
    let again = if new < given { format!(" ({} recorded already)", given - new) } else { String::new() };
    terminal.line(format_args!("{new} {word} recorded{again}."));
    standing(manifest, &standings, terminal);
    if approved {
        terminal.line(format_args!("'approved' now points to {}.", manifest.run.id));
    }
    Ok(exit)
}

/// Prints the state of a run's review: how many reports are settled, and what is left.
pub(super) fn standing(manifest: &Manifest, standings: &[Standing], terminal: &mut Terminal) {
    /// Most names to list of one kind.
    const NAMES: usize = 5;
    let count = |wanted: fn(&Standing) -> bool| standings.iter().filter(|standing| wanted(standing)).count();
    let approved = count(|standing| matches!(standing, Standing::Approved { .. }));
    let withdrawn = count(|standing| matches!(standing, Standing::Withdrawn { .. }));
    let besides = if withdrawn > 0 { format!(", {withdrawn} withdrawn") } else { String::new() };
    terminal.line(format_args!("{approved} of {} reports approved{besides}.", standings.len()));
    let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (entry, standing) in manifest.reports.iter().zip(standings).filter(|(_, s)| !s.is_settled()) {
        let why = if entry.outcome.is_made() {
            standing.words()
        } else {
            format!("not made: {}", entry.outcome.reason())
        };
        left.entry(why).or_default().push(entry.label());
    }
    for (why, names) in left {
        let more = names.len().saturating_sub(NAMES);
        let named = names[..names.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        terminal.line(format_args!("  {why}: {named}{more}"));
    }
}
