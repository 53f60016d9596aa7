use std::path::Path;

use serde_json::json;

use super::args::CheckArguments;
use super::exit::{Exit, Failure};
use super::progress::protecting;
use super::terminal::Terminal;
use area_reports::aggregate::{
    Aggregates, Extent, Reconciliation, Withheld, aggregate, reconcile, reconcile_supplied,
};
use area_reports::check::{CheckedEvaluation, Completeness, completeness};
use area_reports::model::MeasureIndex;
use area_reports::pipeline::{self, BuildError};
use area_reports::problem::{Checked, Place, Problem};

/// `check`: lists every problem, how complete the submissions are, and whether the published figures hold.
pub(super) fn check(arguments: &CheckArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Checked { value, mut problems } = load(&arguments.evaluation)?;
    let Some(evaluation) = value else {
        return Ok(unusable(arguments.json, &problems, terminal));
    };
    let aggregates = aggregate(&evaluation);
    let published = reconcile(&evaluation, &aggregates);
    problems.extend(reconcile_supplied(&evaluation, &aggregates));
    problems.extend(published.iter().filter_map(|row| row.problem(&evaluation)));
    let completeness = completeness(&evaluation);
    let withheld = forecast(&evaluation, aggregates, &mut problems)?;
    if arguments.json {
        let published: Vec<_> = published
            .iter()
            .map(|row| json!({ "id": row.published.id, "holds": row.holds, "found": row.actual }))
            .collect();
        terminal.json(&json!({
            "problems": problems, "completeness": completeness, "published": published, "withheld": withheld.as_ref().map(withheld_json),
        }));
    } else {
        show_completeness(&evaluation, &completeness, terminal);
        show_published(&published, arguments.published, terminal);
        if let Some(extent) = &withheld {
            show_withheld(&evaluation, extent, terminal);
        }
        terminal.problems(&problems);
        summary(&evaluation, &problems, terminal);
        if !problems.iter().any(Problem::is_error) {
            terminal.next(format_args!("area-reports build {}", arguments.evaluation.display()));
        }
    }
    Ok(if problems.iter().any(Problem::is_error) { Exit::Problems } else { Exit::Done })
}

/// What a build would withhold. If a withheld figure could still be worked out, that is a problem: nothing would be
/// published.
fn forecast(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    problems: &mut Vec<Problem>,
) -> Result<Option<Extent>, Failure> {
    match pipeline::protect(evaluation, aggregates, None, &protecting()) {
        Ok(protected) => {
            let place = || Place::file("published.csv").column("value");
            problems.extend(protected.known_before(evaluation).into_iter().map(|figure| {
                let problem = "a figure that is withheld can be worked out from these figures and an area's own answers";
                Problem::warning("known-before", place(), problem).value(figure)
            }));
            Ok(Some(protected.extent()))
        }
        Err(BuildError::Disclosure(exposures)) => {
            let place = || Place::file("evaluation.toml").column("disclosure");
            problems.extend(exposures.iter().map(|exposure| {
                Problem::error("exposed-figure", place(), exposure.describe(evaluation))
                    .hint("figures that were published before give it away: see published.csv")
            }));
            Ok(None)
        }
        Err(error) => Err(Failure::new(Exit::Defect, &error)),
    }
}

fn withheld_json(extent: &Extent) -> serde_json::Value {
    let of =
        |withheld: &Withheld| json!({ "withheld": withheld.withheld, "statistics": withheld.statistics });
    json!({
        "nation": of(&extent.nation),
        "regions": of(&extent.regions),
        "sectors": of(&extent.sectors),
        "sectors-of-regions": of(&extent.sectors_of_regions),
        "measures-without-sectors-of-regions": extent.without_sectors_of_regions.len(),
    })
}

fn show_withheld(evaluation: &CheckedEvaluation, extent: &Extent, terminal: &mut Terminal) {
    terminal.heading(format_args!("Figures that would be withheld"));
    let nation = format!("for {}", evaluation.settings.nation);
    let mut rows = vec![
        (nation.as_str(), &extent.nation),
        ("for regions", &extent.regions),
        ("for sectors", &extent.sectors),
    ];
    rows.extend(
        (extent.sectors_of_regions.statistics > 0)
            .then_some(("for sectors in regions", &extent.sectors_of_regions)),
    );
    for (name, Withheld { statistics, withheld }) in rows {
        terminal.line(format_args!("  {name:<28} {withheld:>6} of {statistics}"));
    }
    if !extent.without_sectors_of_regions.is_empty() {
        let questionnaire = &evaluation.questionnaire;
        let measures = (0..questionnaire.measures.len()).map(MeasureIndex);
        let all = measures.filter(|measure| questionnaire.by_sector(*measure)).count();
        let none = extent.without_sectors_of_regions.len();
        terminal.line(format_args!(
            "  No figures of sectors in regions for {none} of {all} measures: too many would be withheld."
        ));
    }
    for measure in &extent.undecided {
        let id = &evaluation.questionnaire[*measure].id;
        terminal.line(format_args!("  all of {id}: what may be published of it could not be decided"));
    }
}

/// Reads and checks an evaluation folder for any command.
pub(super) fn load(folder: &Path) -> Result<Checked<Option<CheckedEvaluation>>, Failure> {
    if !folder.is_dir() {
        return Err(Failure::usage(format!("there is no evaluation folder {}", folder.display()))
            .hint("make a demonstration with: area-reports demo DIR"));
    }
    Ok(pipeline::load(folder)?)
}

/// Says that nothing can be made from an evaluation whose settings, register or questionnaire are wrong.
pub(super) fn unusable(as_json: bool, problems: &[Problem], terminal: &mut Terminal) -> Exit {
    if as_json {
        terminal.json(&json!({
            "problems": problems }));
    } else {
        terminal.problems(problems);
        terminal.note(format_args!(
            "\nNothing can be made until the settings, register and questionnaire of this evaluation are correct."
        ));
    }
    Exit::Usage
}

fn summary(evaluation: &CheckedEvaluation, problems: &[Problem], terminal: &mut Terminal) {
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = problems.len() - errors;
    terminal.heading(format_args!("Summary"));
    terminal.line(format_args!(
        "{} completed areas, {} valid submissions; {errors} {}, {warnings} {}.",
        evaluation.register.completed(None),
        evaluation.submissions.len(),
        if errors == 1 { "error" } else { "errors" },
        if warnings == 1 { "warning" } else { "warnings" },
    ));
    for area in &evaluation.broken {
        let area = &evaluation.register[*area];
        terminal.line(format_args!("No report can be made of {} ({}).", area.name, area.code));
    }
}

fn show_published(published: &[Reconciliation<'_>], all: bool, terminal: &mut Terminal) {
    if published.is_empty() {
        return;
    }
    let holding = published.iter().filter(|row| row.holds).count();
    terminal.heading(format_args!("Published figures"));
    terminal.line(format_args!("{holding} of {} published figures agree with the answers.", published.len()));
    for row in published.iter().filter(|row| all || !row.holds) {
        let word = if row.holds { "holds " } else { "BROKEN" };
        terminal.line(format_args!("  {word}  {:<36} {}", row.published.id, row.actual));
    }
}

fn show_completeness(evaluation: &CheckedEvaluation, completeness: &Completeness, terminal: &mut Terminal) {
    let Completeness { areas, sectors, questions } = completeness;
    terminal.heading(format_args!("Completeness by sector"));
    for sector in sectors {
        terminal
            .line(format_args!("  {:<28} {:>4} of {} areas", sector.name, sector.responded, sector.areas));
    }
    terminal.heading(format_args!("Completeness by question"));
    terminal.line(format_args!(
        "  {:<26} {:>8} {:>10} {:>14} {:>12} {:>9} {:>11}",
        "question", "answered", "don't know", "not applicable", "not answered", "not asked", "no response"
    ));
    for q in questions {
        terminal.line(format_args!(
            "  {:<26} {:>8} {:>10} {:>14} {:>12} {:>9} {:>11}",
            q.id, q.value, q.dont_know, q.not_applicable, q.not_answered, q.not_asked, q.no_response
        ));
    }
    let all = evaluation.questionnaire.sectors.len() as u32;
    let gaps: Vec<_> = areas.iter().filter(|a| !a.strategic_lead || a.managers < all).collect();
    terminal.heading(format_args!("Areas with missing answers"));
    if gaps.is_empty() {
        terminal.line(format_args!("  none"));
    }
    for area in gaps {
        let lead = if area.strategic_lead { "" } else { ", no strategic lead" };
        let percent = 100 * area.answered / area.asked.max(1);
        terminal.line(format_args!(
            "  {:<5} {:<30} {} of {all} managers{lead}; {percent}% of their questions answered",
            area.code.as_str(),
            area.name,
            area.managers
        ));
    }
}
