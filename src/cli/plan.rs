use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::terminal::Terminal;
use crate::check::CheckedEvaluation;
use crate::model::AreaIndex;
use crate::pipeline::{Plan, Step};
use crate::publish::{Cause, Moved};

/// Most names or figures in one line.
const TOLD: usize = 3;

/// Says which reports would be made, and why.
pub(super) fn plan(plan: &Plan, evaluation: &CheckedEvaluation, as_json: bool, terminal: &mut Terminal) {
    if as_json {
        return terminal.json(&machine(plan, evaluation));
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
        terminal.line(format_args!("  {:>4}  {}: {}", names.len(), words(*cause), some(names)));
    }
    if causes.contains_key(&Cause::Submission) || !plan.moved.is_empty() {
        figures(plan, evaluation, terminal);
    }
}

/// The figures that move, group by group, the nation last.
fn figures(plan: &Plan, evaluation: &CheckedEvaluation, terminal: &mut Terminal) {
    let nation = &evaluation.settings.nation;
    let mut groups: BTreeMap<&str, (Vec<&Moved>, BTreeSet<AreaIndex>)> = BTreeMap::new();
    for (moved, areas) in plan.moved.iter().filter(|(moved, _)| !moved.measure.is_empty()) {
        let group = groups.entry(&moved.group).or_default();
        group.0.push(moved);
        group.1.extend(areas);
    }
    terminal.heading(format_args!("Figures that move"));
    let last = groups.remove(nation.as_str());
    for (group, (mut moved, areas)) in groups.into_iter().chain(last.map(|last| (nation.as_str(), last))) {
        // What reads differently comes before what only has another count or base.
        moved.sort_by_key(|moved| (printed(&moved.was) == printed(&moved.is), *moved));
        let told: Vec<String> = moved.iter().map(|moved| told(moved)).collect();
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        let reports = if areas.len() == 1 { "report" } else { "reports" };
        terminal.line(format_args!("  {group}, in {} {reports}: {}", areas.len(), some(&told)));
    }
    if plan.moved.keys().all(|moved| moved.group != *nation || moved.measure.is_empty()) {
        terminal.line(format_args!("  {nation}: no printed figure moves"));
    }
}

fn told(moved: &Moved) -> String {
    let Moved { sector, measure, was, is, .. } = moved;
    let of = if sector.is_empty() { String::new() } else { format!(" of {sector}") };
    format!("{measure}{of} from {was} to {is}")
}

/// A printed form without count and base.
fn printed(form: &str) -> &str {
    form.split(" (").next().unwrap_or(form)
}

/// The first of some names or figures, and how many more there are.
fn some(all: &[&str]) -> String {
    let first = all[..all.len().min(TOLD)].join("; ");
    if all.len() > TOLD { format!("{first}; and {} more", all.len() - TOLD) } else { first }
}

fn words(cause: Cause) -> &'static str {
    match cause {
        Cause::New => "no run has them yet",
        Cause::Forced => "all are to be made",
        Cause::Failed => "the last run could not make them",
        Cause::Lost => "the last run's file is not as it was",
        Cause::Submission => "sent other answers",
        Cause::Figures => "print figures of others that move",
        Cause::Words => "print other words",
        Cause::Templates => "their templates or wording changed",
        Cause::Style => "the theme changed",
        Cause::Fonts => "the fonts changed",
        Cause::Engine => "the program changed",
    }
}

fn machine(plan: &Plan, evaluation: &CheckedEvaluation) -> serde_json::Value {
    let code = |area: AreaIndex| evaluation.register[area].code.to_string();
    let reports: BTreeMap<String, serde_json::Value> = plan
        .reports
        .iter()
        .map(|planned| {
            let step = match &planned.step {
                Step::Reuse { .. } => json!({ "step": "reuse" }),
                Step::Make(causes) => json!({ "step": "make", "causes": causes }),
            };
            (code(planned.area), step)
        })
        .collect();
    let moved = plan.moved.iter().map(|(moved, areas)| {
        json!({ "figure": moved, "areas": areas.iter().map(|area| code(*area)).collect::<Vec<_>>() })
    });
    json!({ "reports": reports, "moved": moved.collect::<Vec<_>>() })
}
