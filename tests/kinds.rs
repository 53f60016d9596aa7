use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::harness::{Finished, Sandbox};

/// The small evaluation, with two reports for each area: a local report and a copy of the submission.
fn two_kinds() -> Sandbox {
    let sandbox = Sandbox::new("two-regions");
    sandbox.append("evaluation.toml", "\n[reports]\nkinds = [\"submission\", \"local\"]\n");
    sandbox
}

fn built(sandbox: &Sandbox) -> Finished {
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    result
}

/// The reports of the latest run as its manifest lists them.
fn listed(sandbox: &Sandbox) -> Vec<Value> {
    let manifest = fs::read(sandbox.path("out/latest/manifest.json")).unwrap();
    serde_json::from_slice::<Value>(&manifest).unwrap()["reports"].as_array().unwrap().clone()
}

fn id(entry: &Value) -> String {
    format!("{}/{}", entry["kind"].as_str().unwrap(), entry["subject"].as_str().unwrap())
}

/// The outcome of each report of the latest run.
fn outcomes(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let outcome = |entry: &Value| (id(entry), entry["outcome"]["state"].as_str().unwrap().to_owned());
    listed(sandbox).iter().map(outcome).collect()
}

#[test]
fn an_area_has_a_report_of_each_kind() {
    let sandbox = two_kinds();
    let result = built(&sandbox);
    assert!(result.out.contains("8 reports"), "{}", result.out);
    let ids: Vec<String> = listed(&sandbox).iter().map(id).collect();
    let areas = ["N1", "N2", "S1", "S2"];
    let expected = |kind: &str| areas.map(|area| format!("{kind}/{area}"));
    assert_eq!(ids, [expected("local"), expected("submission")].concat());
    for entry in listed(&sandbox) {
        for file in ["report", "facts"] {
            let path = entry[file]["file"].as_str().unwrap();
            let kind = entry["kind"].as_str().unwrap();
            assert!(path.starts_with(&format!("{kind}/")), "{path}");
            assert!(sandbox.path("out/latest").join(path).is_file(), "{path}");
        }
    }
    let verified = sandbox.program(&["verify", "out/latest"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}

#[test]
fn the_copy_of_a_submission_contains_its_answers_and_nobody_elses_figures() {
    let sandbox = two_kinds();
    built(&sandbox);
    let entries = listed(&sandbox);
    let copy = entries.iter().find(|entry| id(entry) == "submission/N1").unwrap();
    let path = sandbox.path("out/latest").join(copy["report"]["file"].as_str().unwrap());
    let text = sandbox.program(&["text", path.to_str().unwrap()]).out;
    assert!(text.contains("#let it"), "the free text is missing: {text}");
    assert!(!text.contains('%'), "a copy must not print shares of other areas: {text}");
}

#[test]
fn a_changed_answer_rebuilds_only_reports_that_print_something_different() {
    let sandbox = two_kinds();
    built(&sandbox);
    sandbox.edit("submissions/S1.csv", "libraries,cards,,no", "libraries,cards,,all");
    built(&sandbox);
    let outcomes = outcomes(&sandbox);
    for area in ["N1", "N2", "S2"] {
        assert_eq!(outcomes[&format!("submission/{area}")], "reused", "{outcomes:?}");
    }
    for made in ["submission/S1", "local/S1", "local/S2"] {
        assert_eq!(outcomes[made], "built", "{outcomes:?}");
    }
}

#[test]
fn two_reports_of_one_area_are_reviewed_separately() {
    let sandbox = two_kinds();
    built(&sandbox);
    let approved = sandbox.program(&["approve", "out", "--as", "Ann Lee", "--area", "N1"]);
    assert_eq!(approved.code, 0, "{}{}", approved.out, approved.err);
    let before = sandbox.path("out/latest").canonicalize().unwrap();
    // Only the cover of the copies changes.
    let templates = sandbox.path("templates");
    crate::harness::copy(&crate::harness::project().join("report-templates"), &templates);
    crate::harness::edit(
        &templates.join("submission/words/report.j2"),
        "<% macro kind() %>Copy of the submission",
        "<% macro kind() %>Their answers",
    );
    let result = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    let differs = sandbox.program(&["diff", before.to_str().unwrap(), "out/latest", "--json"]);
    let status = sandbox.program(&["approve", "out", "--as", "Ann Lee", "--area", "S1", "--json"]);
    let status: Value = serde_json::from_str(&status.out).unwrap();
    let standing = |wanted: &str| {
        let reports = status["reports"].as_array().unwrap();
        let entry = reports.iter().find(|entry| entry["report"] == wanted).unwrap();
        entry["standing"]["standing"].clone()
    };
    assert_eq!(standing("local/N1/en/standard"), "approved", "{status:#}");
    assert_ne!(standing("submission/N1/en/standard"), "approved", "{status:#}");
    let differs: Value = serde_json::from_str(&differs.out).unwrap();
    let changed = differs["changes"].as_array().unwrap().iter().map(id);
    let copies = ["N1", "N2", "S1", "S2"].map(|area| format!("submission/{area}"));
    assert_eq!(changed.collect::<Vec<_>>(), copies);
}

#[test]
fn kinds_are_chosen_wherever_reports_are() {
    let sandbox = two_kinds();
    built(&sandbox);
    let latest = || sandbox.path("out/latest").canonicalize().unwrap();
    let whole = latest();
    // Some of the kinds: a run that is not the latest, and cannot be approved.
    let some = sandbox.build("out", &["--kind", "submission"]);
    assert_eq!(some.code, 0, "{}", some.err);
    assert!(some.out.contains("4 reports") && some.out.contains("Only some of the reports"), "{}", some.out);
    assert_eq!(latest(), whole);
    // All of them, in any order and in either way of writing: a run like any other.
    for all in [&["--kind", "submission,local"][..], &["--kind", "local", "--kind", "submission"]] {
        let before = latest();
        assert_eq!(sandbox.build("out", all).code, 0);
        assert_ne!(latest(), before);
    }
    let unknown = sandbox.build("out", &["--kind", "sectoral"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("[possible values: local, regional, sector, national, submission]"),
        "{}",
        unknown.err
    );

    let approve = ["approve", "out", "--as", "Ann Lee", "--kind", "local"];
    let approved = sandbox.program(&approve);
    assert!(approved.out.contains("4 of 8 reports approved"), "{}{}", approved.out, approved.err);
    sandbox.edit("submissions/S1.csv", "libraries,cards,,no", "libraries,cards,,all");
    let before = latest();
    built(&sandbox);
    let changed = |more: &[&str]| {
        let (before, now) = (before.to_str().unwrap().to_owned(), latest().to_str().unwrap().to_owned());
        let mut arguments = vec!["diff", &before, &now, "--json"];
        arguments.extend(more);
        let differs: Value = serde_json::from_str(&sandbox.program(&arguments).out).unwrap();
        differs["changes"].as_array().unwrap().iter().map(id).collect::<Vec<_>>()
    };
    assert_eq!(changed(&["--kind", "submission"]), ["submission/S1"]);
    assert!(changed(&[]).len() > changed(&["--kind", "local"]).len());
}

#[test]
fn a_kind_that_the_evaluation_does_not_list_is_made_on_request() {
    let sandbox = Sandbox::new("two-regions");
    let made = sandbox.build("out", &["--kind", "submission", "--area", "Ash"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("1 report,"), "{}", made.out);
    assert!(!sandbox.path("out/latest").exists());
}
