use std::collections::BTreeMap;

use serde_json::json;

use super::terminal::Terminal;
use crate::check::CheckedEvaluation;
use crate::pipeline::{Plan, Step};
use crate::publish::{Cause, GroupMoved, Moved};

/// Most names or figures in one line.
const TOLD: usize = 3;

/// Says which reports would be made, and why.
pub(super) fn plan(plan: &Plan, evaluation: &CheckedEvaluation, as_json: bool, terminal: &mut Terminal) {
    if as_json {
        return terminal.json(&machine(plan));
    }
    let made = plan.reports.iter().filter(|planned| matches!(planned.step, Step::Make(_))).count();
    let (all, word) = (plan.reports.len(), if plan.reports.len() == 1 { "report" } else { "reports" });
    terminal.heading(format_args!(
        "Of {all} {word}, {made} would be made and {} taken over unchanged",
        all - made
    ));
    let mut causes: BTreeMap<Cause, Vec<&str>> = BTreeMap::new();
    for planned in &plan.reports {
        if let Step::Make(why) = &planned.step {
            let name = evaluation.register[planned.area].name.as_str();
            why.iter().for_each(|cause| causes.entry(*cause).or_default().push(name));
        }
    }
    for (cause, names) in &causes {
        terminal.line(format_args!("  {:>4}  {}: {}", names.len(), cause.words(), some(names)));
    }
    if causes.contains_key(&Cause::Submission) || !plan.moved.is_empty() {
        figures(plan, &evaluation.settings.nation, terminal);
    }
}

/// The figures that move, group by group.
fn figures(plan: &Plan, nation: &str, terminal: &mut Terminal) {
    terminal.heading(format_args!("Figures that move"));
    for GroupMoved { group, reports, figures, more } in &plan.moved {
        let mut lines: Vec<String> = figures.iter().take(TOLD).map(told).collect();
        let more = more + figures.len() - lines.len();
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        let word = if *reports == 1 { "report" } else { "reports" };
        terminal.line(format_args!("  {group}, in {reports} {word}: {}", lines.join("; ")));
    }
    if plan.moved.iter().all(|moved| moved.group != *nation) {
        terminal.line(format_args!("  {nation}: no printed figure moves"));
    }
}

fn told(moved: &Moved) -> String {
    let Moved { sector, measure, was, is, .. } = moved;
    let of = if sector.is_empty() { String::new() } else { format!(" of {sector}") };
    format!("{measure}{of} from {was} to {is}")
}

/// The first of some names or figures, and how many more there are.
fn some(all: &[&str]) -> String {
    let first = all[..all.len().min(TOLD)].join("; ");
    if all.len() > TOLD { format!("{first}; and {} more", all.len() - TOLD) } else { first }
}

fn machine(plan: &Plan) -> serde_json::Value {
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
    json!({ "reports": reports, "moved": plan.moved })
}
