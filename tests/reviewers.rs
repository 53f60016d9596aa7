//! Who may decide, how they prove who they are, and how decisions travel from the page for reviewers to the record.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Finished, PASSPHRASE, Sandbox, run_to_end};

/// A first run that nobody has reviewed, in the folder `out`.
fn first_run() -> Sandbox {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    sandbox
}

fn latest(sandbox: &Sandbox) -> PathBuf {
    sandbox.path("out/latest").canonicalize().unwrap()
}

/// What somebody decides who approves every report on the page.
fn approvals(sandbox: &Sandbox, reviewer: &str) -> Value {
    let manifest = fs::read(latest(sandbox).join("manifest.json")).unwrap();
    Sandbox::approvals(&serde_json::from_slice(&manifest).unwrap(), reviewer)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Records an export at the terminal.
fn taken(sandbox: &Sandbox, export: &Value) -> Finished {
    fs::write(sandbox.path("decisions.json"), export.to_string()).unwrap();
    sandbox.program(&["approve", "out", "--from", "decisions.json"])
}

fn recorded(sandbox: &Sandbox) -> Vec<Value> {
    let text = fs::read_to_string(sandbox.path("out/verdicts.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn only_reviewers_with_their_passphrase_decide() {
    let sandbox = first_run();
    let as_whom = |name: &str, passphrase: &str| {
        let mut command = sandbox.command();
        command.args(["approve", "out", "--as", name]).env("AREA_REPORTS_PASSPHRASE", passphrase);
        run_to_end(&mut command)
    };
    for (name, passphrase, says) in [
        ("Di Fox", PASSPHRASE, "'Di Fox' is not one of the reviewers of this run"),
        ("Ann Lee", "correct horse battery stapel", "this is not the passphrase of Ann Lee"),
        ("Ann Lee", "", "there is no terminal to type it at"),
    ] {
        let result = as_whom(name, passphrase);
        assert_eq!(result.code, 2, "{}", result.out);
        assert!(result.err.contains(says), "{says}: {}", result.err);
    }
    assert_eq!(recorded(&sandbox), Vec::<Value>::new());
    // A name that looks the same is the same person: with a Cyrillic letter and a space without width.
    assert_eq!(as_whom("\u{410}nn L\u{200b}ee", PASSPHRASE).code, 0);
    let verdicts = recorded(&sandbox);
    assert_eq!(verdicts.len(), 4);
    assert!(verdicts.iter().all(|verdict| verdict["reviewer"] == "Ann Lee"), "{verdicts:?}");
    // Whoever is taken off the list no longer counts.
    sandbox.edit("evaluation.toml", "\"Ann Lee\", ", "");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let status = sandbox.program(&["status", "evaluation", "--out", "out"]);
    assert!(status.out.contains("but that person is not one of the reviewers"), "{}", status.out);
}

#[test]
fn a_passphrase_is_set_once_and_can_be_removed() {
    let sandbox = first_run();
    let reviewer = |arguments: &[&str], passphrase: &str| {
        let mut command = sandbox.command();
        command.arg("reviewer").args(arguments).env("AREA_REPORTS_PASSPHRASE", passphrase);
        run_to_end(&mut command)
    };
    let result = reviewer(&["add", "ANN  lee"], "another passphrase");
    assert_eq!(result.code, 2);
    assert!(result.err.contains("Ann Lee has had a passphrase since 2008-11-03"), "{}", result.err);
    assert_eq!(reviewer(&["remove", "Ann Lee"], "").code, 0);
    assert_eq!(reviewer(&["remove", "Ann Lee"], "").code, 2);
    let result = sandbox.program(&["approve", "out", "--as", "Ann Lee"]);
    assert!(result.err.contains("Ann Lee has no passphrase yet"), "{}", result.err);
    let result = reviewer(&["add", "Ann Lee"], "too short");
    assert!(result.err.contains("a passphrase needs at least 12 characters"), "{}", result.err);
    assert_eq!(reviewer(&["add", "Ann Lee"], "another passphrase").code, 0);
    let listed = reviewer(&["list"], "");
    assert_eq!(listed.out.lines().count(), 3, "{}", listed.out);
    let mut command = sandbox.command();
    command.args(["approve", "out", "--as", "Ann Lee"]).env("AREA_REPORTS_PASSPHRASE", "another passphrase");
    let result = run_to_end(&mut command);
    assert!(result.out.contains("4 of 4 reports approved."), "{}{}", result.out, result.err);
    let kept = fs::read_to_string(sandbox.vault().join("reviewers.json")).unwrap();
    assert!(!kept.contains("another passphrase"));
}

#[test]
fn an_edited_export_is_refused() {
    let sandbox = first_run();
    let export = sandbox.signed("Ann Lee", &approvals(&sandbox, "Ann Lee"));
    let edited = |from: &str, to: &str| {
        let statement = export["statement"].as_str().unwrap();
        assert!(statement.contains(from), "{from}: {statement}");
        let mut copy = export.clone();
        copy["statement"] = json!(statement.replacen(from, to, 1));
        copy
    };
    let signed = |change: &dyn Fn(&mut Value)| {
        let mut decisions = approvals(&sandbox, "Ann Lee");
        change(&mut decisions);
        sandbox.signed("Ann Lee", &decisions)
    };
    let mut version = export.clone();
    version["version"] = json!(1);
    for (export, says) in [
        (edited("Ann Lee", "Bo Ray"), "the signature is not that of Bo Ray"),
        (edited("Ann Lee", "Di Fox"), "'Di Fox' is not one of the reviewers"),
        (edited("\"old\":\"nothing\"", "\"old\":\"2008\""), "the signature is not that of Ann Lee"),
        (edited("\"approved\"", "\"rejected\""), "the signature is not that of Ann Lee"),
        (version, "the decisions have version 1, and this program reads version 2"),
        (signed(&|decisions| decisions["new"] = json!("2008")), "these decisions are on run 2008"),
        (signed(&|decisions| decisions["more"] = json!(1)), "these are not decisions"),
        (json!({ "statement": "" }), "these are not decisions"),
    ] {
        let result = taken(&sandbox, &export);
        assert_eq!(result.code, 2, "{says}: {}", result.out);
        assert!(result.err.contains(says), "{says}: {}", result.err);
    }
    for (export, says) in [
        (signed(&|decisions| decisions["old"] = json!("2008")), "with 2008, which is not the approved run"),
        (signed(&|decisions| decisions["at"] = json!("2999-01-01T00:00:00Z")), "computer is ahead"),
    ] {
        let result = taken(&sandbox, &export);
        assert_eq!((result.code, recorded(&sandbox).len()), (1, 0), "{says}: {}", result.out);
        assert!(result.err.contains(says), "{says}: {}", result.err);
    }
    let withdrawn = signed(&|decisions| decisions["reports"][0]["decision"] = json!("withdrawn"));
    let result = taken(&sandbox, &withdrawn);
    assert!(result.err.contains("a decision against a report must say why"), "{}", result.err);
    assert_eq!((result.code, recorded(&sandbox).len()), (1, 3));
    // An export names its reviewer, and nobody else can record it in their own name.
    let result = sandbox.program(&["approve", "out", "--from", "decisions.json", "--as", "Bo Ray"]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("cannot be used with"), "{}", result.err);
}

#[test]
fn an_export_counts_once_and_not_after_a_later_decision() {
    let sandbox = first_run();
    let mut decisions = approvals(&sandbox, "Ann Lee");
    let export = sandbox.signed("Ann Lee", &decisions);
    assert_eq!(taken(&sandbox, &export).code, 0);
    let reject = ["reject", "out", "--as", "Ann Lee", "--area", "Clay", "--why", "wrong name"];
    assert_eq!(sandbox.program(&reject).code, 0);
    // Recorded again, it does not lift the rejection; nor does an older one that was held back.
    let again = taken(&sandbox, &export);
    assert_eq!((again.code, recorded(&sandbox).len()), (0, 5), "{}", again.err);
    decisions["at"] = json!("2008-01-01T00:00:00Z");
    let older = taken(&sandbox, &sandbox.signed("Ann Lee", &decisions));
    assert_eq!((older.code, recorded(&sandbox).len()), (1, 5));
    assert!(older.err.contains("the reviewer has decided on it again since"), "{}", older.err);
    assert!(older.out.contains("rejected by Ann Lee: wrong name: Clay"), "{}", older.out);
}

#[test]
fn of_two_exports_the_later_decision_counts_whichever_is_recorded_first() {
    let exports = |sandbox: &Sandbox| {
        let mut decisions = approvals(sandbox, "Ann Lee");
        decisions["at"] = json!("2024-01-01T09:00:00Z");
        let early = sandbox.signed("Ann Lee", &decisions);
        decisions["at"] = json!("2024-01-01T09:30:00Z");
        decisions["reports"][2]["decision"] = json!("rejected");
        decisions["reports"][2]["note"] = json!("wrong name");
        (early, sandbox.signed("Ann Lee", &decisions))
    };
    for late_first in [false, true] {
        let sandbox = first_run();
        let (early, late) = exports(&sandbox);
        let order = if late_first { [late, early] } else { [early, late] };
        order.iter().for_each(|export| drop(taken(&sandbox, export)));
        let status = sandbox.program(&["status", "evaluation", "--out", "out"]);
        assert!(status.out.contains("rejected by Ann Lee: wrong name: Clay"), "{late_first}: {}", status.out);
    }
}

#[test]
fn the_nightly_run_records_what_is_in_the_inbox() {
    let sandbox = first_run();
    let inbox = sandbox.path("out/reviews/inbox");
    fs::create_dir_all(&inbox).unwrap();
    let export = sandbox.signed("Bo Ray", &approvals(&sandbox, "Bo Ray")).to_string();
    fs::write(inbox.join("bo.json"), &export).unwrap();
    // A second approval, after the first one was enough, and a decision that was recorded under this name before.
    let again = sandbox.signed("Cy Dow", &approvals(&sandbox, "Cy Dow")).to_string();
    fs::write(inbox.join("cy.json"), &again).unwrap();
    fs::create_dir_all(sandbox.path("out/reviews/recorded")).unwrap();
    fs::write(sandbox.path("out/reviews/recorded/cy.json"), "earlier").unwrap();
    fs::write(inbox.join("copying.json"), &export[..export.len() / 2]).unwrap();
    fs::write(inbox.join("edited.json"), export.replace("Bo Ray", "Ann Lee")).unwrap();
    fs::write(inbox.join("elsewhere.json"), export.replace("\\\"new\\\":\\\"", "\\\"new\\\":\\\"../"))
        .unwrap();
    let night = sandbox.program(&["nightly", "evaluation", "--out", "out"]);
    assert_eq!(night.code, 1, "{}", night.err);
    for line in [
        "bo.json: recorded 4 verdicts by Bo Ray on",
        "'approved' now points to",
        "cy.json: recorded 4 verdicts by Cy Dow on",
        "copying.json: not recorded: ",
        "the file is not complete",
        "edited.json: not recorded: ",
        "the signature is not that of Ann Lee",
        "there is no run ../",
        "Nothing differs: 4 identical.",
    ] {
        assert!(night.out.contains(line), "{line}: {}", night.out);
    }
    assert_eq!(recorded(&sandbox).len(), 8);
    let mut kept = crate::harness::files(&sandbox.path("out/reviews"));
    kept.retain(|file| file.contains('/'));
    kept.sort();
    let again = format!("recorded/cy-{}.json", &sha256(b"cy.json")[..16]);
    let expected = [
        "inbox/copying.json",
        "recorded/bo.json",
        &again,
        "recorded/cy.json",
        "refused/edited.json",
        "refused/edited.json.txt",
        "refused/elsewhere.json",
        "refused/elsewhere.json.txt",
    ];
    assert_eq!(kept, expected.map(str::to_owned));
}

#[test]
fn a_rejection_counts_even_if_the_approvals_beside_it_do_not() {
    let sandbox = first_run();
    let mut decisions = approvals(&sandbox, "Ann Lee");
    decisions["old"] = json!("2008");
    decisions["reports"][2]["decision"] = json!("rejected");
    decisions["reports"][2]["note"] = json!("wrong name");
    let result = taken(&sandbox, &sandbox.signed("Ann Lee", &decisions));
    assert_eq!((result.code, recorded(&sandbox).len()), (1, 1), "{}", result.err);
    assert!(result.out.contains("rejected by Ann Lee: wrong name: Clay"), "{}", result.out);
}

#[cfg(unix)]
#[test]
fn nothing_in_the_inbox_leads_elsewhere_or_keeps_others_from_being_recorded() {
    let sandbox = first_run();
    let inbox = sandbox.path("out/reviews/inbox");
    fs::create_dir_all(inbox.join("folder.json")).unwrap();
    let elsewhere = sandbox.path("elsewhere.json");
    fs::write(&elsewhere, sandbox.signed("Ann Lee", &approvals(&sandbox, "Ann Lee")).to_string()).unwrap();
    std::os::unix::fs::symlink(&elsewhere, inbox.join("a-link.json")).unwrap();
    std::os::unix::fs::symlink("/", inbox.join("all.json")).unwrap();
    fs::write(inbox.join(format!("!{}.json", "a".repeat(246))), "not decisions").unwrap();
    let export = sandbox.signed("Bo Ray", &approvals(&sandbox, "Bo Ray"));
    fs::write(inbox.join("bo.json"), export.to_string()).unwrap();
    let night = sandbox.program(&["nightly", "evaluation", "--out", "out"]);
    assert_eq!(night.code, 1, "{}", night.err);
    assert!(night.out.contains("bo.json: recorded 4 verdicts by Bo Ray"), "{}", night.out);
    assert_eq!(recorded(&sandbox).len(), 4);
    assert!(elsewhere.exists() && inbox.join("a-link.json").is_symlink());
    assert_eq!(crate::harness::files(&sandbox.path("out/reviews/refused")).len(), 2);
}

#[test]
fn decisions_are_recorded_as_they_arrive() {
    let sandbox = first_run();
    let inbox = sandbox.path("out/reviews/inbox");
    fs::create_dir_all(&inbox).unwrap();
    let mut watching = sandbox.command();
    watching.args(["status", "evaluation", "--out", "out", "--watch"]);
    watching.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let mut watching = watching.spawn().unwrap();
    let export = sandbox.signed("Cy Dow", &approvals(&sandbox, "Cy Dow"));
    fs::write(inbox.join("cy.json"), export.to_string()).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !sandbox.path("out/reviews/recorded/cy.json").exists() && Instant::now() < deadline {
        assert_eq!(watching.try_wait().unwrap(), None, "it ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    watching.kill().unwrap();
    watching.wait().unwrap();
    assert_eq!(recorded(&sandbox).len(), 4);
    assert_eq!(sandbox.path("out/approved").canonicalize().unwrap(), latest(&sandbox));
}

#[test]
fn the_first_run_has_a_page_like_any_other() {
    let sandbox = first_run();
    let diff = sandbox.program(&["diff", "out"]);
    assert_eq!(diff.code, 1, "{}", diff.err);
    assert!(diff.out.contains("no run is approved yet"), "{}", diff.out);
    let page = diff.out.lines().find_map(|line| line.strip_prefix("Open:  ")).unwrap();
    let page = fs::read_to_string(sandbox.path(page)).unwrap();
    assert!(page.contains("4 new reports; nothing is approved yet"));
    let first = data(&page);
    assert_eq!(first["decides"], true);
    assert_eq!(first["reports"].as_array().unwrap().len(), 4);
    let ash = first["reports"].as_array().unwrap().iter().find(|report| report["name"] == "Ash").unwrap();
    assert!(ash["recipients"][0].as_str().unwrap().contains("@"), "{}", ash["recipients"]);
    let names = first["reviewers"].as_array().unwrap();
    assert_eq!(names.len(), 3);
    assert!(names.iter().all(|reviewer| reviewer["check"].as_str().unwrap().len() == 4));
    assert!(names.iter().all(|reviewer| reviewer.get("key").is_none()), "only the program has the keys");
    // A page with some of the changes only is not for deciding: the rest would be approved unseen.
    let some = sandbox.program(&["diff", "out", "--area", "Ash", "--html", "some.html"]);
    assert_eq!(some.code, 1, "{}", some.err);
    assert_eq!(data(&fs::read_to_string(sandbox.path("some.html")).unwrap())["decides"], false);
}

/// What a page is made from.
fn data(page: &str) -> Value {
    let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    serde_json::from_str(data).unwrap()
}
