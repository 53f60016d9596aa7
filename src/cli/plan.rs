use std::collections::BTreeMap;

use serde_json::json;

use super::terminal::Terminal;
use area_reports::check::CheckedEvaluation;
use area_reports::explain::first_of;
use area_reports::model::Kind;
use area_reports::pipeline::{Plan, Step};
use area_reports::publish::{Cause, MovedFigure, MovedGroup, label};

/// Most names or figures in one line.
const LISTED: usize = 3;

/// Prints which reports would be made, and why.
pub(super) fn plan(plan: &Plan, evaluation: &CheckedEvaluation, as_json: bool, terminal: &mut Terminal) {
    if as_json {
        return terminal.json(&as_json_value(plan));
    }
    let made = plan.reports.iter().filter(|planned| matches!(planned.step, Step::Make(_))).count();
    let (all, word) = (plan.reports.len(), if plan.reports.len() == 1 { "report" } else { "reports" });
    terminal
        .heading(format_args!("Of {all} {word}, {made} would be made and {} reused unchanged", all - made));
    let counts = kinds(plan);
    for (kind, [made, reused]) in counts.iter().filter(|_| counts.len() > 1) {
        terminal.line(format_args!("  {:<12}{made:>4} made {reused:>5} reused", kind.word()));
    }
    let mut causes: BTreeMap<Cause, Vec<String>> = BTreeMap::new();
    for planned in &plan.reports {
        if let Step::Make(why) = &planned.step {
            let name = label(&planned.id, &evaluation.subject_name(planned.subject));
            why.iter().for_each(|cause| causes.entry(*cause).or_default().push(name.clone()));
        }
    }
    for (cause, names) in &causes {
        terminal.line(format_args!(
            "  {:>4}  {}: {}",
            names.len(),
            cause.words(),
            first_of(&names.iter().map(String::as_str).collect::<Vec<_>>())
        ));
    }
    if causes.contains_key(&Cause::Answers) || !plan.moved.is_empty() {
        figures(plan, &evaluation.settings.nation, terminal);
    }
}

/// How many reports of each kind would be made and reused.
fn kinds(plan: &Plan) -> BTreeMap<Kind, [usize; 2]> {
    let mut counts: BTreeMap<Kind, [usize; 2]> = BTreeMap::new();
    for planned in &plan.reports {
        let is_reused = matches!(planned.step, Step::Reuse { .. });
        counts.entry(planned.id.report.kind).or_default()[usize::from(is_reused)] += 1;
    }
    counts
}

/// Prints the figures that would change, group by group.
fn figures(plan: &Plan, nation: &str, terminal: &mut Terminal) {
    terminal.heading(format_args!("Figures that change"));
    for MovedGroup { group, reports, figures, more } in &plan.moved {
        let mut lines: Vec<String> = figures.iter().take(LISTED).map(line).collect();
        let more = more + figures.len() - lines.len();
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        let word = if *reports == 1 { "report" } else { "reports" };
        terminal.line(format_args!("  {group}, in {reports} {word}: {}", lines.join("; ")));
    }
    if plan.moved.iter().all(|moved| moved.group != *nation) {
        terminal.line(format_args!("  {nation}: no printed figure changes"));
    }
}

fn line(moved: &MovedFigure) -> String {
    let MovedFigure { sector, measure, was, is, .. } = moved;
    let of = if sector.is_empty() { String::new() } else { format!(" for {sector}") };
    format!("{measure}{of} from {was} to {is}")
}

fn as_json_value(plan: &Plan) -> serde_json::Value {
    let reports: BTreeMap<String, serde_json::Value> = plan
        .reports
        .iter()
        .map(|planned| {
            let step = match &planned.step {
                Step::Reuse { .. } => json!({ "step": "reuse" }),
                Step::Make(causes) => json!({ "step": "make", "causes": causes }),
            };
            (planned.id.to_string(), step)
        })
        .collect();
    let kinds: BTreeMap<&str, serde_json::Value> = kinds(plan)
        .into_iter()
        .map(|(kind, [made, reused])| (kind.word(), json!({ "made": made, "reused": reused })))
        .collect();
    json!({ "kinds": kinds, "reports": reports, "moved": plan.moved })
}
