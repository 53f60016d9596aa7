use std::collections::BTreeMap;

use serde_json::json;

use super::args::{ApproveArguments, Deciding, RejectArguments};
use super::exit::{Exit, Failure};
use super::output::run_of;
use super::terminal::Terminal;
use area_reports::problem::Problem;
use area_reports::publish::Manifest;
use area_reports::review::{
    DecidingError, Decision, Judgement, Moment, Recorded, RunUnderReview, Selection, Standing, Verdict,
};

/// `approve`: records that reports of a run may be sent.
pub(super) fn approve(arguments: &ApproveArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let deciding = &arguments.deciding;
    let run = open(deciding)?;
    let note = arguments.note.clone().unwrap_or_default();
    let (verdicts, problems) = match &arguments.from {
        Some(file) => run.decisions(file, deciding.reviewer.is_some())?,
        None => {
            let new_recipients = arguments.recipients;
            let judgement = Judgement { decision: Decision::Approved, note: &note, new_recipients };
            verdicts(&run, deciding, judgement)?
        }
    };
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

fn against(
    arguments: &RejectArguments,
    decision: Decision,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let deciding = &arguments.deciding;
    if arguments.why.trim().is_empty() {
        return Err(Failure::usage("--why is empty").hint("say why in a few words: others will ask"));
    }
    if deciding.area.is_empty() && deciding.region.is_empty() && deciding.group.is_empty() {
        return Err(Failure::usage("which reports?").hint("name them with --area, --region or --group"));
    }
    let run = open(deciding)?;
    let judgement = Judgement { decision, note: arguments.why.trim(), new_recipients: false };
    let (verdicts, problems) = verdicts(&run, deciding, judgement)?;
    record(run, verdicts, &problems, deciding.json, terminal)
}

fn open(deciding: &Deciding) -> Result<RunUnderReview, Failure> {
    let (output, folder) = run_of(&deciding.run)?;
    let moment = Moment { holder: &super::holder(), at: super::stamp() };
    let vault = super::vault::vault()?;
    Ok(RunUnderReview::open(output, folder, deciding.reviewer.as_deref(), vault, moment)?)
}

/// The same verdict on the reports that were named, or on all if none were.
fn verdicts(
    run: &RunUnderReview,
    deciding: &Deciding,
    judgement: Judgement<'_>,
) -> Result<(Vec<Verdict>, Vec<Problem>), Failure> {
    let Deciding { area: areas, region: regions, group: groups, .. } = deciding;
    let named = !areas.is_empty() || !regions.is_empty();
    if named && !groups.is_empty() {
        return Err(Failure::usage("--group cannot be combined with --area or --region"));
    }
    let selection = if named {
        Selection::Of { areas, regions }
    } else if groups.is_empty() {
        Selection::All
    } else {
        Selection::Groups(groups)
    };
    Ok(run.verdicts(selection, judgement, super::progress::comparing())?)
}

impl From<DecidingError> for Failure {
    fn from(error: DecidingError) -> Self {
        let usage = || Self::new(Exit::Usage, &error);
        match &error {
            DecidingError::Lock(_) | DecidingError::Record(_) | DecidingError::Vault(_) => {}
            DecidingError::Manifest(_) => return usage().hint(super::verify::DISTRUSTED),
            DecidingError::Partial => {
                return usage()
                    .hint("verdicts are given on whole runs: build without --area, --region and --failed");
            }
            DecidingError::DamagedRecord(_) => {
                return usage().hint(
                    "restore verdicts.jsonl as it was; nothing is added to a record that cannot be relied on",
                );
            }
            DecidingError::NoReviewer => {
                return usage()
                    .hint("give yours with --as, or set 'reviewer' in [review] of evaluation.toml");
            }
            DecidingError::UnknownArea { near: Some(near), .. } => {
                return usage().hint(format!("did you mean '{near}'?"));
            }
            DecidingError::NothingApproved => {
                return usage().hint("approve all, or by --area and --region");
            }
            DecidingError::UnknownGroup { .. } => return usage().hint("area-reports diff lists them"),
            DecidingError::Side(_)
            | DecidingError::Path(_)
            | DecidingError::Decisions { .. }
            | DecidingError::DifferentRun { .. }
            | DecidingError::UnknownArea { near: None, .. }
            | DecidingError::UnknownRegion(_) => return usage(),
        }
        match error {
            DecidingError::Lock(error) => error.into(),
            DecidingError::Vault(error) => error.into(),
            error => Self::new(Exit::System, &error),
        }
    }
}

/// Records verdicts and prints the state of the run's review.
fn record(
    mut run: RunUnderReview,
    verdicts: Vec<Verdict>,
    problems: &[Problem],
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let given = verdicts.len();
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
