use std::collections::BTreeMap;
use std::fs;

use area_reports::aggregate::aggregate;
use area_reports::compose::{self, Sources};
use area_reports::model::FactState;
use area_reports::{chart, pipeline};
use serde_json::Value;

use crate::harness::{Sandbox, english, files, only_run, project};

/// Three areas in each region. In the South West one lead did not answer, so figures about leads there are withheld.
fn schools() -> Sandbox {
    let sandbox = Sandbox::new("healthy-schools-2024");
    sandbox.edit("evaluation.toml", "minimum-others = 1", "minimum-others = 2");
    sandbox
}

fn run_of(sandbox: &Sandbox, out: &str) -> BTreeMap<String, Vec<u8>> {
    let result = sandbox.build(out, &["--format", "standard,large-print,html,text"]);
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    let run = only_run(&sandbox.path(out));
    let all = files(&run).into_iter().filter(|file| !file.starts_with("manifest."));
    all.map(|file| (file.clone(), fs::read(run.join(&file)).unwrap())).collect()
}

/// If a withheld number were anywhere in a report (text, chart, description, metadata or attachment) or in the
/// published aggregates, changing the number would change the bytes. Here two leads swap their answers about two
/// sectors: all totals stay the same, and only figures of sectors within regions change, which are not published here.
#[test]
fn a_withheld_number_leaves_no_trace_in_any_file() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let before = run_of(&sandbox, "before");
    for (file, primary, special) in [("submissions/W06.csv", 3, 4), ("submissions/W08.csv", 4, 3)] {
        let row = |sector: &str, answer: i32| format!("strategic-lead,support,{sector},{answer}");
        sandbox.edit(file, &row("primary", primary), &row("primary", special));
        sandbox.edit(file, &row("special", special), &row("special", primary));
    }
    let after = run_of(&sandbox, "after");
    let changed: Vec<&str> = before
        .iter()
        // The log and the summary contain the time of the run.
        .filter(|(file, _)| *file != "run.log" && !file.starts_with("summary."))
        .filter(|(file, bytes)| after[*file] != **bytes)
        .map(|(file, _)| file.as_str())
        .collect();
    let endings = ["facts.json", "html", "large-print.pdf", "pdf", "txt"];
    let own = ["W06-the-marches-shropshire-hereford", "W08-sir-gar"];
    let own: Vec<String> =
        own.iter().flat_map(|area| endings.map(|ending| format!("local/{area}.{ending}"))).collect();
    assert_eq!(changed, own, "the two areas' own reports, and nothing else");
}

#[test]
fn a_withheld_figure_is_withheld_in_tables_charts_and_facts() {
    let sandbox = schools();
    let evaluation = pipeline::load(&sandbox.evaluation()).unwrap().value.unwrap();
    let protected = pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
    let (aggregates, tables) = protected.seal(&evaluation).unwrap();
    let regional = tables.iter().find(|table| table.name == "regional.csv").unwrap();
    assert!(regional.text.contains("South West,priority,5,,,,withheld\n"), "{}", regional.text);
    for submission in &evaluation.submissions {
        let sources = Sources { evaluation: &evaluation, aggregates: &aggregates, words: &english() };
        let model = compose::local(sources, submission).unwrap();
        if model.content.area.region != "South West" {
            continue;
        }
        let fact = model.facts.iter().find(|fact| fact.id == "region/priority:5").unwrap();
        assert_eq!((fact.printed.as_str(), fact.state), ("[c]", FactState::Withheld));
        assert_eq!((fact.count, fact.base, fact.percent), (None, None, None));
        let [_, figure] = model.content.verdicts.as_ref().unwrap();
        let verdict = figure.verdicts.iter().find(|verdict| verdict.title == "Priority of healthy food");
        let steps = &verdict.unwrap().steps;
        assert!(figure.withheld);
        for region in steps.iter().map(|step| &step.region) {
            assert_eq!((region.percent.as_str(), region.length), ("[c]", 0));
        }
        let chart = chart::charts(&model).into_iter().find(|chart| chart.number == figure.number).unwrap();
        let withheld = chart.printed().iter().filter(|text| *text == "[c]").count();
        assert!(withheld >= steps.len(), "{:?}", chart.printed());
    }
}

#[test]
fn a_run_fails_when_a_withheld_figure_can_be_worked_out() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("evaluation.toml", "minimum-others = 0", "minimum-others = 1");
    // One of two leads in the South answered; figures for the North and the nation were published before.
    let mut published = fs::read_to_string(sandbox.evaluation().join("published.csv")).unwrap();
    for (id, group, percent) in [("north", "North", 50), ("all", "Ruritania", 67)] {
        for (option, percent) in [("fast", percent), ("slow", 100 - percent), ("dont-know", 0)] {
            published.push_str(&format!("{id}-{option},pace:{option},,{group},S,percent,{percent},report\n"));
        }
    }
    fs::write(sandbox.evaluation().join("published.csv"), published).unwrap();
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 2, "{}{}", result.out, result.err);
    let line = "pace:fast for South could be worked out by everybody";
    assert!(result.err.contains(line), "{}", result.err);
    assert!(!sandbox.path("out/latest").exists());
}

#[test]
fn a_figure_of_a_group_is_the_same_in_every_report() {
    let evaluation =
        pipeline::load(&project().join("fixtures/integrated-working-2008")).unwrap().value.unwrap();
    let protected = pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
    let (aggregates, _) = protected.seal(&evaluation).unwrap();
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for submission in &evaluation.submissions {
        let sources = Sources { evaluation: &evaluation, aggregates: &aggregates, words: &english() };
        let model = compose::local(sources, submission).unwrap();
        let of_groups = |id: &str| id.starts_with("region/") || id.starts_with("nation/");
        for fact in model.facts.iter().filter(|fact| of_groups(&fact.id)) {
            let group = if fact.id.starts_with("region/") { model.content.area.region.as_str() } else { "" };
            let value = serde_json::to_value(fact).unwrap();
            let first = seen.entry(format!("{group} {}", fact.id)).or_insert_with(|| value.clone());
            assert_eq!(*first, value, "in {}", model.subject.name);
        }
    }
    assert!(seen.len() > 1000, "{} figures", seen.len());
}
