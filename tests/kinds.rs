use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::harness::{Ended, Sandbox};

/// The small evaluation, whose areas get a local report and the copy of their submission.
fn two_kinds() -> Sandbox {
    let sandbox = Sandbox::new("two-regions");
    sandbox.append("evaluation.toml", "\n[reports]\nkinds = [\"submission\", \"local\"]\n");
    sandbox
}

fn built(sandbox: &Sandbox) -> Ended {
    let ended = sandbox.build("out", &[]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    ended
}

/// The reports of the last run as its manifest lists them.
fn listed(sandbox: &Sandbox) -> Vec<Value> {
    let manifest = fs::read(sandbox.path("out/latest/manifest.json")).unwrap();
    serde_json::from_slice::<Value>(&manifest).unwrap()["reports"].as_array().unwrap().clone()
}

fn id(entry: &Value) -> String {
    format!("{}/{}", entry["kind"].as_str().unwrap(), entry["subject"].as_str().unwrap())
}

/// What became of each report of the last run.
fn outcomes(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let outcome = |entry: &Value| (id(entry), entry["outcome"]["state"].as_str().unwrap().to_owned());
    listed(sandbox).iter().map(outcome).collect()
}

#[test]
fn an_area_has_a_report_of_each_kind() {
    let sandbox = two_kinds();
    let ended = built(&sandbox);
    assert!(ended.out.contains("8 reports"), "{}", ended.out);
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
fn the_copy_of_a_submission_has_its_answers_and_nobody_elses_figures() {
    let sandbox = two_kinds();
    built(&sandbox);
    let entries = listed(&sandbox);
    let copy = entries.iter().find(|entry| id(entry) == "submission/N1").unwrap();
    let path = sandbox.path("out/latest").join(copy["report"]["file"].as_str().unwrap());
    let said = sandbox.program(&["text", path.to_str().unwrap()]).out;
    assert!(said.contains("#let it"), "the free text is missing: {said}");
    assert!(!said.contains('%'), "a copy prints no share of other areas: {said}");
}

#[test]
fn an_answer_rebuilds_what_prints_something_else() {
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
fn each_of_two_reports_of_an_area_is_reviewed_for_itself() {
    let sandbox = two_kinds();
    built(&sandbox);
    let approved = sandbox.program(&["approve", "out", "--as", "Ann", "--area", "N1"]);
    assert_eq!(approved.code, 0, "{}{}", approved.out, approved.err);
    let before = sandbox.path("out/latest").canonicalize().unwrap();
    // The cover of copies alone changes.
    let templates = sandbox.path("templates");
    crate::harness::copy(&crate::harness::project().join("report-templates"), &templates);
    crate::harness::edit(
        &templates.join("submission/words/report.j2"),
        "Copy of the submission ·",
        "Their answers ·",
    );
    let ended = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    let differs = sandbox.program(&["diff", before.to_str().unwrap(), "out/latest", "--json"]);
    let status = sandbox.program(&["approve", "out", "--as", "Ann", "--area", "S1", "--json"]);
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
fn a_format_that_nothing_makes_is_refused_by_its_name() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.append("evaluation.toml", "\n[reports]\nformats = [\"standard\", \"html\"]\n");
    let ended = sandbox.build("out", &[]);
    assert_eq!(ended.code, 2, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains("'html'; this program makes standard"), "{}", ended.err);
}
