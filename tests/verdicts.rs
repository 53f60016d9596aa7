use std::fs;
use std::path::PathBuf;

use area_reports::vault::{Purpose, Vault};
use serde_json::{Value, json};

use crate::harness::{Finished, Sandbox};

/// An evaluation with an output folder `out`.
struct Runs(Sandbox);

impl Runs {
    fn new() -> Self {
        let desk = Self(Sandbox::new("two-regions"));
        desk.build();
        desk
    }

    fn build(&self) {
        let built = self.0.build("out", &[]);
        assert!(built.code <= 1, "{}", built.err);
    }

    fn out(&self) -> PathBuf {
        self.0.path("out")
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        self.0.program(arguments)
    }

    /// Gives verdicts on the latest run, as this person.
    fn give(&self, verdict: &str, who: &str, more: &[&str]) -> Finished {
        let mut arguments = vec![verdict, "out", "--as", who];
        arguments.extend(more);
        self.run(&arguments)
    }

    /// Records decisions in the format that the page for reviewers exports, signed by Ann Lee.
    fn decide(&self, decisions: &Value, more: &[&str]) -> Finished {
        let export = self.0.signed("Ann Lee", decisions);
        fs::write(self.0.path("decisions.json"), export.to_string()).unwrap();
        let mut arguments = vec!["approve", "out", "--from", "decisions.json"];
        arguments.extend(more);
        self.run(&arguments)
    }

    fn latest(&self) -> PathBuf {
        self.out().join("latest").canonicalize().unwrap()
    }

    fn approved(&self) -> Option<PathBuf> {
        self.out().join("approved").canonicalize().ok()
    }

    /// Publishes a different manifest of the latest run, signed by the program's own key.
    fn publish(&self, manifest: &Value) {
        let bytes = manifest.to_string();
        let vault = Vault::open(&self.0.vault()).unwrap();
        let signature = vault.key().sign(Purpose::Manifest, bytes.as_bytes());
        fs::write(self.latest().join("manifest.json"), bytes).unwrap();
        fs::write(self.latest().join("manifest.sig"), signature).unwrap();
    }

    fn manifest(&self) -> Value {
        serde_json::from_slice(&fs::read(self.latest().join("manifest.json")).unwrap()).unwrap()
    }
}

/// Expects that the program succeeded, and returns what it printed.
fn good(result: &Finished) -> &str {
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    &result.out
}

#[test]
fn a_verdict_holds_only_for_the_same_bytes_and_recipients() {
    let desk = Runs::new();
    let result = desk.give("approve", "Ann Lee", &[]);
    assert!(good(&result).contains("4 of 4 reports approved."), "{}", result.out);
    assert_eq!(desk.approved(), Some(desk.latest()));
    // Built again from the same inputs, with a new run id: all verdicts remain.
    desk.build();
    assert_ne!(desk.approved(), Some(desk.latest()));
    let result = desk.run(&["status", "evaluation", "--out", "out"]);
    assert!(good(&result).contains("4 of 4 reports approved."), "{}", result.out);
    // A changed comment changes the bytes of one report.
    desk.0.edit("submissions/N1.csv", "#let it", "#let this");
    desk.build();
    let result = desk.run(&["status", "evaluation", "--out", "out"]);
    assert!(good(&result).contains("3 of 4 reports approved."), "{}", result.out);
    assert!(result.out.contains("but the report has changed: Ash"), "{}", result.out);
    // The same bytes for different recipients need a new decision.
    desk.0.edit("submissions/N1.csv", "#let this", "#let it");
    let recipients = desk.0.evaluation().join("recipients.csv");
    let text = fs::read_to_string(&recipients).unwrap();
    let swapped = text.replace("\nN1,", "\nX,").replace("\nN2,", "\nN1,").replace("\nX,", "\nN2,");
    fs::write(&recipients, swapped).unwrap();
    desk.build();
    let result = desk.run(&["status", "evaluation", "--out", "out"]);
    assert!(result.out.contains("2 of 4 reports approved."), "{}", result.out);
    assert!(result.out.contains("but its recipients have changed: Ash, Beck, City of"), "{}", result.out);
}

#[test]
fn approved_moves_only_when_nothing_is_left_to_decide() {
    let desk = Runs::new();
    good(&desk.give("approve", "Ann Lee", &["--region", "North"]));
    good(&desk.give("reject", "Ann Lee", &["--area", "Clay", "--why", "the cover lacks a name"]));
    assert_eq!(desk.approved(), None);
    let result = desk.give("approve", "Bo Ray", &["--area", "S1", "--area", "S2"]);
    assert!(good(&result).contains("rejected by Ann Lee: the cover lacks a name: Clay"), "{}", result.out);
    assert_eq!(desk.approved(), None);
    let result = desk.give("withdraw", "Ann Lee", &["--area", "Clay", "--why", "they will not take part"]);
    assert!(good(&result).contains("3 of 4 reports approved, 1 withdrawn."), "{}", result.out);
    assert_eq!(desk.approved(), Some(desk.latest()));
    // A decision needs a name, reports to decide on and, if it is a rejection, a reason.
    for (arguments, says) in [
        (vec!["approve", "out"], "a verdict needs a name"),
        (vec!["reject", "out", "--as", "Ann Lee", "--why", "wrong"], "which reports?"),
        (vec!["reject", "out", "--as", "Ann Lee", "--area", "Clay", "--why", " "], "--why is empty"),
        (vec!["approve", "out", "--as", "Ann Lee", "--area", "Claay"], "did you mean 'Clay'?"),
        (vec!["approve", "elsewhere", "--as", "Ann Lee"], "neither an evaluation nor a folder of runs"),
    ] {
        let result = desk.run(&arguments);
        assert_eq!(result.code, 2, "{}", result.out);
        assert!(result.err.contains(says), "{}", result.err);
    }
}

#[test]
fn the_second_approval_must_come_from_somebody_else() {
    let desk = Runs::new();
    desk.0.edit("evaluation.toml", "[review]", "[review]\napprovals = 2");
    desk.build();
    let result = desk.give("approve", "Ann Lee", &[]);
    assert!(
        good(&result).contains("approved by Ann Lee; a second person must still approve it"),
        "{}",
        result.out
    );
    good(&desk.give("approve", "ann  lee", &[]));
    assert_eq!(desk.approved(), None);
    let result = desk.give("approve", "Bo Ray", &[]);
    assert!(good(&result).contains("4 of 4 reports approved."), "{}", result.out);
    assert_eq!(desk.approved(), Some(desk.latest()));
}

#[test]
fn groups_of_changes_can_be_approved_one_by_one() {
    let desk = Runs::new();
    good(&desk.give("approve", "Ann Lee", &[]));
    desk.0.edit("submissions/N1.csv", "schools,cards,,all", "schools,cards,,some");
    desk.build();
    let review: Value = serde_json::from_str(&desk.run(&["diff", "out", "--json"]).out).unwrap();
    let groups: Vec<&str> =
        review["groups"].as_array().unwrap().iter().map(|group| group["id"].as_str().unwrap()).collect();
    assert!(groups.len() > 1, "{groups:?}");
    for (position, group) in groups.iter().enumerate() {
        assert_ne!(desk.approved(), Some(desk.latest()), "before group {position}");
        good(&desk.give("approve", "Ann Lee", &["--group", group]));
    }
    assert_eq!(desk.approved(), Some(desk.latest()));
    let result = desk.give("approve", "Ann Lee", &["--group", "nonsense"]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("there is no group 'nonsense'"), "{}", result.err);
}

#[test]
fn approvals_of_groups_by_two_people_add_up() {
    let desk = Runs::new();
    good(&desk.give("approve", "Ann Lee", &[]));
    desk.0.edit("submissions/N1.csv", "schools,cards,,all", "schools,cards,,some");
    desk.build();
    let review: Value = serde_json::from_str(&desk.run(&["diff", "out", "--json"]).out).unwrap();
    let ids = |group: &Value| group["id"].as_str().unwrap().to_owned();
    let groups: Vec<String> = review["groups"].as_array().unwrap().iter().map(ids).collect();
    let (first, rest) = groups.split_first().unwrap();
    // What is kept of the comparison is enough: the approved run cannot even be read any more.
    let approved = desk.approved().unwrap();
    fs::rename(approved.join("local"), approved.join("away")).unwrap();
    let result = desk.give("approve", "Ann Lee", &["--group", first]);
    let mut left = rest.to_vec();
    left.sort();
    let missing = format!("still to be approved: {}", left.join(", "));
    assert!(good(&result).contains(&missing), "{missing}: {}", result.out);
    let of = format!("1 of its {} changes approved", groups.len());
    assert!(result.out.contains(&of), "{of}: {}", result.out);
    let mut arguments = Vec::new();
    rest.iter().for_each(|group| arguments.extend(["--group", group]));
    let result = desk.give("approve", "Bo Ray", &arguments);
    assert!(good(&result).contains("4 of 4 reports approved."), "{}", result.out);
    assert_eq!(desk.approved(), Some(desk.latest()));
}

#[test]
fn groups_that_were_edited_are_compared_again() {
    let desk = Runs::new();
    good(&desk.give("approve", "Ann Lee", &[]));
    desk.0.edit("submissions/N1.csv", "#let it", "#let this");
    desk.build();
    let review: Value = serde_json::from_str(&desk.run(&["diff", "out", "--json"]).out).unwrap();
    let group = review["groups"][0]["id"].as_str().unwrap();
    let kept = fs::read_dir(desk.out().join("reviews")).unwrap().flatten().map(|file| file.path());
    let kept: Vec<PathBuf> = kept.filter(|file| file.to_string_lossy().ends_with(".groups.json")).collect();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    let text = fs::read_to_string(kept).unwrap();
    fs::write(kept, text.replace("local/N1/", "local/S1/")).unwrap();
    let result = desk.give("approve", "Ann Lee", &["--group", group]);
    assert!(good(&result).contains("approves changes in 1 of the 4 reports"), "{}", result.out);
    assert_eq!(desk.approved(), Some(desk.latest()));
}

#[test]
fn an_approval_is_of_the_bytes_on_the_disk() {
    let desk = Runs::new();
    let reports = desk.latest().join("local");
    let mut files: Vec<PathBuf> = fs::read_dir(&reports).unwrap().flatten().map(|file| file.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "pdf"));
    files.sort();
    fs::copy(&files[0], &files[1]).unwrap();
    let result = desk.give("approve", "Ann Lee", &[]);
    assert_eq!(result.code, 2, "{}", result.out);
    assert!(result.err.contains("the run was changed after it was made"), "{}", result.err);
    assert!(!desk.out().join("verdicts.jsonl").exists());
    // Of an export, what can be recorded is.
    let result = desk.decide(&Sandbox::approvals(&desk.manifest(), "Ann Lee"), &[]);
    assert_eq!(result.code, 1, "{}", result.out);
    assert!(result.err.contains("the run was changed after it was made"), "{}", result.err);
    assert!(result.out.contains("3 of 4 reports approved."), "{}", result.out);
}

#[test]
fn a_rejection_is_lifted_by_two_others() {
    let desk = Runs::new();
    good(&desk.give("reject", "Ann Lee", &["--area", "Clay", "--why", "wrong name"]));
    good(&desk.give("approve", "Bo Ray", &[]));
    let result = desk.give("lift", "Ann Lee", &["--area", "Clay", "--why", "I was wrong"]);
    assert!(good(&result).contains("rejected by Ann Lee: wrong name: Clay"), "{}", result.out);
    let result = desk.give("lift", "Bo Ray", &["--area", "Clay", "--why", "the name is right"]);
    assert!(
        good(&result).contains("(Bo Ray would lift this; one more reviewer is needed): Clay"),
        "{}",
        result.out
    );
    assert_eq!(desk.approved(), None);
    let result = desk.give("lift", "Cy Dow", &["--area", "Clay", "--why", "I asked them"]);
    assert!(good(&result).contains("4 of 4 reports approved."), "{}", result.out);
    assert_eq!(desk.approved(), Some(desk.latest()));
}

/// The ids of the groups of changes since the approved run.
fn groups(desk: &Runs) -> Vec<String> {
    let review: Value = serde_json::from_str(&desk.run(&["diff", "out", "--json"]).out).unwrap();
    let groups = review["groups"].as_array().unwrap().iter();
    groups.map(|group| group["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn approving_a_change_does_not_approve_what_was_withdrawn_before() {
    let desk = Runs::new();
    good(&desk.give("withdraw", "Ann Lee", &["--area", "Ash", "--why", "the answers are wrong"]));
    good(&desk.give("approve", "Bo Ray", &[]));
    assert_eq!(desk.approved(), Some(desk.latest()));
    desk.0.edit("submissions/N1.csv", "#let it", "#let this");
    desk.build();
    for group in groups(&desk) {
        let result = desk.give("approve", "Bo Ray", &["--group", &group]);
        assert_eq!(result.code, 1, "{}", result.out);
        assert!(
            result.err.contains("the version that it was compared with is not approved"),
            "{}",
            result.err
        );
        assert!(result.out.contains("3 of 4 reports approved."), "{}", result.out);
    }
}

#[test]
fn a_change_does_not_replace_ones_own_rejection() {
    let desk = Runs::new();
    good(&desk.give("approve", "Ann Lee", &[]));
    desk.0.edit("submissions/N1.csv", "#let it", "#let this");
    desk.build();
    let groups = groups(&desk);
    good(&desk.give("reject", "Ann Lee", &["--area", "Ash", "--why", "wrong words"]));
    let result = desk.give("approve", "Ann Lee", &["--group", &groups[0]]);
    assert_eq!(result.code, 1, "{}", result.out);
    assert!(result.err.contains("the same reviewer rejected or withdrew it"), "{}", result.err);
    assert!(result.out.contains("rejected by Ann Lee: wrong words: Ash"), "{}", result.out);
    // A rejection in the same words, after the first was lifted, is a new one.
    let why = ["--area", "Ash", "--why", "it is right"];
    good(&desk.give("lift", "Bo Ray", &why));
    good(&desk.give("lift", "Cy Dow", &why));
    let result = desk.give("reject", "Ann Lee", &["--area", "Ash", "--why", "wrong words"]);
    assert!(good(&result).contains("1 verdict recorded."), "{}", result.out);
    assert!(result.out.contains("rejected by Ann Lee: wrong words: Ash"), "{}", result.out);
}

#[test]
fn a_record_that_was_deleted_is_missed() {
    let desk = Runs::new();
    good(&desk.give("reject", "Ann Lee", &["--area", "Clay", "--why", "wrong name"]));
    let file = desk.out().join("verdicts.jsonl");
    let record = fs::read(&file).unwrap();
    for lost in [None, Some(Vec::new())] {
        match &lost {
            None => fs::remove_file(&file).unwrap(),
            Some(bytes) => fs::write(&file, bytes).unwrap(),
        }
        let result = desk.give("approve", "Bo Ray", &[]);
        assert_eq!(result.code, 2, "{}", result.out);
        assert!(result.err.contains("the record of verdicts is damaged"), "{}", result.err);
    }
    fs::write(&file, record).unwrap();
    good(&desk.give("approve", "Bo Ray", &[]));
    // If the whole folder is deleted, there is a new start.
    fs::remove_dir_all(desk.out()).unwrap();
    desk.build();
    assert!(good(&desk.give("approve", "Bo Ray", &[])).contains("4 of 4 reports approved."));
}

#[test]
fn two_reports_of_one_area_are_decided_on_separately() {
    let desk = Runs::new();
    // The same run with a second report for the first area, of a different kind but with the same bytes.
    let mut manifest = desk.manifest();
    let reports = manifest["reports"].as_array_mut().unwrap();
    let mut copy = reports[0].clone();
    copy["kind"] = json!("submission");
    reports.push(copy);
    desk.publish(&manifest);
    let standings = |kind: &str, decision: &str| {
        let mut file = Sandbox::approvals(&manifest, "Ann Lee");
        let decisions = file["reports"].as_array_mut().unwrap();
        decisions.retain(|report| report["kind"] == kind && report["subject"] == "N1");
        assert_eq!(decisions.len(), 1);
        (decisions[0]["decision"], decisions[0]["note"]) = (json!(decision), json!("looked at"));
        let result: Value = serde_json::from_str(good(&desk.decide(&file, &["--json"]))).unwrap();
        let standing = |id: &str| {
            let report = result["reports"].as_array().unwrap().iter().find(|report| report["report"] == id);
            report.unwrap()["standing"]["standing"].as_str().unwrap().to_owned()
        };
        (standing("local/N1/en/standard"), standing("submission/N1/en/standard"))
    };
    let pair = |local: &str, copy: &str| (local.to_owned(), copy.to_owned());
    assert_eq!(standings("local", "approved"), pair("approved", "open"));
    assert_eq!(standings("submission", "rejected"), pair("approved", "rejected"));
    assert_eq!(standings("local", "rejected"), pair("rejected", "rejected"));
    assert_eq!(standings("submission", "approved"), pair("rejected", "approved"));

    // The reports in a manifest must be in order.
    assert!(!desk.run(&["verify", "out/latest"]).err.contains("not each listed once, in order"));
    manifest["reports"].as_array_mut().unwrap().rotate_right(1);
    desk.publish(&manifest);
    assert!(desk.run(&["verify", "out/latest"]).err.contains("not each listed once, in order"));
}

#[test]
fn decisions_from_the_page_count_only_for_what_was_reviewed() {
    let desk = Runs::new();
    let decisions = |change: &dyn Fn(&mut Value)| {
        let mut file = Sandbox::approvals(&desk.manifest(), "Ann Lee");
        change(&mut file);
        desk.decide(&file, &[])
    };
    let result = decisions(&|file| file["reports"][1]["seen"]["sha256"] = json!("another"));
    assert_eq!(result.code, 1, "{}", result.err);
    assert!(result.err.contains("the run does not have what was looked at"), "{}", result.err);
    assert!(result.out.contains("3 of 4 reports approved."), "{}", result.out);
    assert_eq!(desk.approved(), None);
    let result = decisions(&|file| file["reports"][0]["decision"] = json!("rejected"));
    assert!(result.err.contains("a decision against a report must say why"), "{}", result.err);
    let result = decisions(&|file| file["new"] = json!("another run"));
    assert_eq!(result.code, 2);
    let result = decisions(&|file| file["surprise"] = json!(1));
    assert_eq!(result.code, 2);
    assert!(good(&decisions(&|_| {})).contains("4 of 4 reports approved."));
    assert_eq!(desk.approved(), Some(desk.latest()));
}

#[test]
fn the_record_cannot_be_changed_without_a_trace() {
    let desk = Runs::new();
    good(&desk.give("reject", "Ann Lee", &["--area", "Clay", "--why", "wrong name"]));
    good(&desk.give("approve", "Ann Lee", &[]));
    good(&desk.run(&["verify", "out/latest"]));
    let file = desk.out().join("verdicts.jsonl");
    let whole = fs::read_to_string(&file).unwrap();
    assert_eq!(whole.lines().count(), 5);
    let tampered = |text: String, says: &str| {
        fs::write(&file, text).unwrap();
        let verified = desk.run(&["verify", "out/latest"]);
        assert_eq!(verified.code, 1, "{}", verified.out);
        assert!(verified.err.contains(says), "{says}: {}", verified.err);
    };
    // A line is missing, a line was changed, or a line is about bytes that nobody reviewed.
    tampered(whole.lines().skip(1).map(|line| format!("{line}\n")).collect(), "verdicts.jsonl:1");
    tampered(whole.replacen("wrong name", "right name", 1), "verdicts.jsonl:2");
    let hash = desk.manifest()["reports"][0]["report"]["sha256"].as_str().unwrap().to_owned();
    tampered(whole.replace(&hash, &"0".repeat(64)), "does not have what it was given for");
    let result = desk.give("approve", "Ann Lee", &[]);
    assert_eq!(result.code, 2, "{}", result.out);
    assert!(result.err.contains("the record of verdicts is damaged"), "{}", result.err);
    // A line that was cut off by a crash is not a verdict, and the next verdict replaces it.
    fs::write(&file, format!("{whole}{{\"at\": \"20")).unwrap();
    good(&desk.run(&["verify", "out/latest"]));
    good(&desk.give("reject", "Bo Ray", &["--area", "Clay", "--why", "another look"]));
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 6);
    // After a later rejection, `approved` points to a run that is no longer approved, and `verify` says so.
    let verified = desk.run(&["verify", "out/latest"]);
    assert!(
        verified.err.contains("`approved` points to a run whose report is rejected by Bo Ray"),
        "{}",
        verified.err
    );
}

#[test]
fn a_run_of_only_some_areas_cannot_be_approved() {
    let desk = Runs::new();
    let built = desk.0.build("out", &["--area", "Ash"]);
    assert_eq!(built.code, 0, "{}", built.err);
    let runs = fs::read_dir(desk.out().join("runs")).unwrap().flatten();
    let partial = runs.map(|run| run.path()).find(|run| *run != desk.latest()).unwrap();
    let result = desk.run(&["approve", partial.to_str().unwrap(), "--as", "Ann Lee"]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("some areas only"), "{}", result.err);
}
