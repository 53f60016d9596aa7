use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::deliver::{ALL, Office, good};
use crate::harness::edit;
use crate::post::{Fault, PostOffice};

/// Expects that nothing is sent after a change, and that these words say why.
fn holds_everything(change: &dyn Fn(&Office), words: &str) {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    change(&office);
    let result = office.send(&[]);
    assert_eq!(result.code, 2, "{words}: {}{}", result.out, result.err);
    assert!(result.err.contains(words), "{words}: {}", result.err);
    assert_eq!(office.addressees(), Vec::<String>::new(), "{words}");
}

fn reject(office: &Office, run: &str) {
    let arguments = ["reject", run, "--as", "Ann Lee", "--area", "Ash", "--why", "wrong"];
    good(&office.sandbox.program(&arguments));
}

/// Replaces text in a file of the output folder.
fn change(office: &Office, file: &str, change: impl Fn(String) -> String) {
    let path = office.sandbox.path("out").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "{file}");
    fs::write(path, changed).unwrap();
}

#[test]
fn a_record_that_lost_a_verdict_is_noticed() {
    let without_last = |text: String| {
        let end = text.trim_end().rfind('\n').unwrap();
        text[..=end].to_owned()
    };
    holds_everything(
        &|office| {
            reject(office, "out");
            change(office, "verdicts.jsonl", without_last);
        },
        "lines are missing at the end",
    );
    holds_everything(
        &|office| {
            reject(office, "out");
            change(office, "verdicts.jsonl", |text| text.trim_end().to_owned());
        },
        "lines are missing at the end",
    );
}

#[test]
fn a_record_whose_chain_was_computed_again_is_noticed() {
    let forged = |text: String| {
        let line = text.lines().next().unwrap();
        let mut first: serde_json::Value = serde_json::from_str(line).unwrap();
        first["reviewer"] = "Eve Lee".into();
        format!("{first}\n")
    };
    holds_everything(&|office| change(office, "verdicts.jsonl", forged), "not as this program signed it");
}

#[test]
fn a_manifest_that_asks_for_fewer_approvals_is_noticed() {
    let fewer = |text: String| text.replace("\"approvals\": 1", "\"approvals\": 0");
    holds_everything(
        &|office| change(office, "latest/manifest.json", fewer),
        "not as this program signed it",
    );
    let real = |text: String| text.replace("\"synthetic\": false", "\"synthetic\":  false");
    holds_everything(&|office| change(office, "latest/manifest.json", real), "not as this program signed it");
}

#[test]
fn more_approvals_than_when_the_run_was_built_are_needed_at_once() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    office.sandbox.edit("evaluation.toml", "[review]", "[review]\napprovals = 2");
    let result = office.send(&[]);
    assert_eq!(result.code, 1, "{}{}", result.out, result.err);
    assert!(result.err.contains("a second person must still approve it"), "{}", result.err);
    assert!(office.addressees().is_empty());
}

#[test]
fn a_forged_report_is_not_reused_by_the_next_run() {
    let office = Office::new(PostOffice::friendly());
    let run = office.sandbox.path("out/latest").canonicalize().unwrap();
    let file = "local/N1-ash.pdf";
    let honest = fs::read(run.join(file)).unwrap();
    let mut forged = honest.clone();
    forged.extend(b"% forged");
    fs::write(run.join(file), &forged).unwrap();
    let hash = |bytes: &[u8]| {
        use sha2::Digest;
        sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let with_forged = |text: String| text.replace(&hash(&honest), &hash(&forged));
    change(&office, "latest/manifest.json", with_forged);
    office.build();
    assert_eq!(fs::read(office.sandbox.path("out/latest").join(file)).unwrap(), honest);
}

#[test]
fn only_the_approved_run_is_sent_without_an_explicit_word() {
    let office = Office::new(PostOffice::friendly());
    let first = office.sandbox.path("out/latest").canonicalize().unwrap();
    let first = first.to_str().unwrap();
    office.sandbox.edit("submissions/N1.csv", "pace,,fast", "pace,,slow");
    office.build();
    good(&office.approve());
    let send = |more: &[&str]| {
        let mut arguments = vec!["send", first, "--evaluation", "evaluation"];
        arguments.extend(more);
        office.sandbox.program(&arguments)
    };
    good(&send(&["--rehearse"]));
    for more in [&[] as &[&str], &["--rehearse", "--catch-all"]] {
        let refused = send(more);
        assert_eq!(refused.code, 2, "{}{}", refused.out, refused.err);
        assert!(refused.err.contains("is not the approved run, which is"), "{}", refused.err);
        assert!(office.addressees().is_empty());
    }
    good(&send(&["--not-the-approved-run"]));
    assert_eq!(office.addressees(), ALL);
}

#[test]
fn a_catch_all_address_comes_from_the_settings_and_leaves_a_trace() {
    let office = Office::new(PostOffice::friendly());
    let sent = office.send(&["--rehearse", "--catch-all", "--area", "Ash"]);
    assert!(good(&sent).contains("1 of 1 accepted for test@library.example.org"), "{}", sent.out);
    assert!(sent.err.contains("1 message will go to test@library.example.org"), "{}", sent.err);
    let listed = office.sandbox.program(&["deliveries", "evaluation", "--out", "out"]);
    assert!(good(&listed).contains("1 message went to a catch-all address"), "{}", listed.out);
    let unknown = office.send(&["--rehearse", "--catch-all", "--area", "Nowhere"]);
    assert_eq!(unknown.code, 2);
    // It may be no address on the command line, none outside the domains, and none at all without the setting.
    assert_eq!(office.send(&["--rehearse", "--catch-all", "eve@evil.example.com"]).code, 2);
    let file = office.sandbox.evaluation().join("evaluation.toml");
    edit(&file, "test@library.example.org", "eve@evil.example.com");
    office.sandbox.append("evaluation.toml", "domains = [\"*.example.org\"]\n");
    let refused = office.send(&["--rehearse", "--catch-all"]);
    assert!(refused.err.contains("which is outside 'domains'"), "{}", refused.err);
    edit(&file, "catch-all = \"eve@evil.example.com\"\n", "");
    let refused = office.send(&["--rehearse", "--catch-all"]);
    assert!(refused.err.contains("does not say where the messages of a rehearsal may go"), "{}", refused.err);
    assert_eq!(office.addressees(), ["test@library.example.org"]);
}

#[test]
fn a_recipient_who_is_left_out_is_never_a_secret() {
    let rows = "area,name,email,format\nN1,Ann,ann@ash.example.org,standard\n";
    let cases: [(&str, &[u8]); 3] = [
        ("a bad row", b"N1,Eve,no address,standard\n"),
        ("an unknown area", b"XX,Eve,eve@x.example.org,standard\n"),
        ("Windows-1252", b"N1,Ren\xe9,rene@ash.example.org,standard\n"),
    ];
    for (what, row) in cases {
        let bytes = [rows.as_bytes(), row].concat();
        let office = Office::with(PostOffice::friendly(), "", |sandbox| {
            fs::write(sandbox.evaluation().join("recipients.csv"), &bytes).unwrap();
        });
        let rehearsed = office.rehearse();
        assert_eq!(rehearsed.code, 1, "{what}: {}{}", rehearsed.out, rehearsed.err);
        assert!(rehearsed.err.contains("recipients.csv"), "{what}: {}", rehearsed.err);
        let sent = office.send(&[]);
        assert_eq!(sent.code, 1, "{what}: {}{}", sent.out, sent.err);
        assert!(sent.err.contains("recipients.csv"), "{what}: {}", sent.err);
    }
}

/// Expects that a change while messages are being sent stops the sender before the next message.
fn stops(what: &str, change: impl FnOnce(&Office), words: &str) {
    let office = Office::new(PostOffice::new(|_, _| Fault::Slow));
    good(&office.rehearse());
    let mut command = office.sandbox.command();
    command.args(["send", "out", "--evaluation", "evaluation"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    while office.addressees().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    change(&office);
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{what}: {err}");
    assert!(err.contains(words), "{what}: {err}");
    let sent = office.addressees().len();
    assert!((1..4).contains(&sent), "{what}: {sent}");
}

#[test]
fn a_sender_notices_what_changes_while_it_sends() {
    stops("a rejection", |office| reject(office, "out"), "verdicts.jsonl changed while");
    let corrected = |office: &Office| {
        office.sandbox.edit("recipients.csv", "di@dale.example.org", "dora@dale.example.org");
    };
    stops("an address", corrected, "recipients.csv changed while");
    let rebuilt = |office: &Office| {
        office.sandbox.edit("submissions/N1.csv", "pace,,fast", "pace,,slow");
        office.build();
    };
    stops("a new run", rebuilt, "'latest' points to a different run while");
    let settings = |office: &Office| office.sandbox.append("evaluation.toml", "# changed\n");
    stops("the settings", settings, "evaluation.toml changed while");
}

#[test]
fn an_address_that_was_corrected_after_a_refusal_is_sent_to() {
    let office = Office::new(PostOffice::new(|to, _| {
        if to.starts_with("di@") { Fault::Recipient("550 no such person") } else { Fault::None }
    }));
    good(&office.rehearse());
    assert_eq!(office.send(&[]).code, 1);
    office.sandbox.edit("recipients.csv", "di@dale.example.org", "dora@dale.example.org");
    office.build();
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--recipients"]));
    let rehearsed = office.send(&["--rehearse", "--failed"]);
    assert!(good(&rehearsed).contains("1 message planned"), "{}", rehearsed.out);
    good(&office.send(&["--failed"]));
    assert!(office.addressees().contains(&"dora@dale.example.org".to_owned()));
    assert_eq!(office.addressees().len(), 4);
}

/// The key is outside every output folder: whoever can write there cannot sign.
#[test]
fn the_key_is_not_in_the_output_folder() {
    let office = Office::new(PostOffice::friendly());
    let key = fs::read(office.sandbox.vault().join("key")).unwrap();
    let holds = |folder: &Path| {
        let files = crate::harness::files(folder).into_iter().filter(|file| folder.join(file).is_file());
        files
            .filter(|file| fs::read(folder.join(file)).unwrap().windows(key.len()).any(|part| part == key))
            .count()
    };
    assert_eq!((key.len(), holds(&office.sandbox.path("out"))), (32, 0));
}

/// Expects that two officers whose addresses were swapped do not receive each other's report.
#[test]
fn swapped_addresses_are_a_decision_of_their_own() {
    let office = Office::new(PostOffice::friendly());
    let file = office.sandbox.evaluation().join("recipients.csv");
    let text = fs::read_to_string(&file).unwrap();
    let swapped = text.replace("ann@ash", "x@x").replace("bea@beck", "ann@ash").replace("x@x", "bea@beck");
    fs::write(&file, swapped).unwrap();
    office.build();
    // It is first in the queue, with the old and the new recipients in full.
    let diff = office.sandbox.program(&["diff", "out"]);
    assert_eq!(diff.code, 1, "{}", diff.err);
    let first = diff.out.find("Recipients who changed").unwrap();
    for line in [
        "  Ash\n            was Ann <a***@ash.example.org>, standard; now Ann <b***@beck.example.org>, standard\n",
        "because: recipients.csv changed",
        "2 decisions to make",
    ] {
        assert!(diff.out.contains(line), "{line}: {}", diff.out);
    }
    assert!(first < diff.out.find("  Ash\n            was").unwrap());
    let page = diff.out.lines().find_map(|line| line.strip_prefix("Open:  ")).unwrap();
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("bea@beck.example.org") && page.contains("ann@ash.example.org"));
    // The others can be approved as before.
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--area", "Clay"]));
    // Approving everything does not cover it, and nothing is sent.
    let approved = office.approve();
    assert_eq!(approved.code, 1, "{}{}", approved.out, approved.err);
    assert!(approved.err.contains("other people are to receive this report"), "{}", approved.err);
    assert!(approved.out.contains("2 of 4 reports approved"), "{}", approved.out);
    office.rehearse();
    office.send(&["--not-the-approved-run"]);
    assert!(!office.addressees().iter().any(|to| to.contains("ash") || to.contains("beck")));
    // Each group can be approved on its own.
    let groups: Vec<&str> =
        diff.out.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    let group = groups[0].split_whitespace().next().unwrap();
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--group", group]));
    let status = office.sandbox.program(&["status", "evaluation", "--out", "out"]);
    assert!(good(&status).contains("3 of 4 reports approved"), "{}", status.out);
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--recipients"]));
}
