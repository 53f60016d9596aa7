use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::deliver::{ALL, Office, good, sender};
use crate::harness::copy;
use crate::post::{Fault, PostOffice};

/// The files of the ledger.
fn ledger(office: &Office) -> Vec<PathBuf> {
    let files = fs::read_dir(office.sandbox.path("out")).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.to_string_lossy().contains("ledger.sqlite")).collect()
}

/// An office that sent all its reports, with a copy in `before` of its output folder as it was before the last three.
fn sent_in_two_parts() -> Office {
    let office = Office::new(PostOffice::new(|to, attempt| {
        let first = to.starts_with("ann") || attempt > 1;
        if first { Fault::None } else { Fault::Recipient("450 later") }
    }));
    office.sandbox.edit("evaluation.toml", "attempts = 3", "attempts = 1");
    good(&office.rehearse());
    assert_eq!(office.send(&[]).code, 1);
    assert_eq!(office.addressees(), ALL[..1]);
    copy(&office.sandbox.path("out"), &office.sandbox.path("before"));
    good(&office.send(&["--rehearse", "--failed"]));
    good(&office.send(&["--failed"]));
    assert_eq!(office.addressees(), ALL);
    office
}

/// Expects that the program refuses to send, and that nobody gets a report a second time.
fn refuses(office: &Office, folder: &str, words: &str) {
    for more in [&["--rehearse"] as &[&str], &["--rehearse", "--failed"], &[], &["--failed"]] {
        let mut arguments = vec!["send", folder, "--evaluation", "evaluation"];
        arguments.extend(more);
        let result = office.sandbox.program(&arguments);
        assert_eq!(result.code, 2, "{more:?}: {}{}", result.out, result.err);
        assert!(result.err.contains(words), "{more:?}: {}", result.err);
    }
    assert_eq!(office.addressees(), ALL);
}

#[test]
fn an_older_copy_of_the_ledger_is_recognised() {
    let office = sent_in_two_parts();
    ledger(&office).into_iter().for_each(|file| fs::remove_file(file).unwrap());
    fs::copy(office.sandbox.path("before/ledger.sqlite"), office.sandbox.path("out/ledger.sqlite")).unwrap();
    refuses(&office, "out", "lacks 3 of the reports that were sent");
}

#[test]
fn a_ledger_that_was_deleted_with_its_plans_is_missed_and_can_be_restored() {
    let office = sent_in_two_parts();
    ledger(&office).into_iter().for_each(|file| fs::remove_file(file).unwrap());
    fs::remove_dir_all(office.sandbox.path("out/sends")).unwrap();
    refuses(&office, "out", "lacks 4 of the reports that were sent");
    let restore = ["deliveries", "evaluation", "--out", "out", "--restore"];
    assert!(good(&office.sandbox.program(&restore)).contains("4 deliveries restored"));
    assert_eq!(office.states(), ["N1 accepted", "N2 accepted", "S1 accepted", "S2 accepted"]);
    assert!(good(&office.sandbox.program(&restore)).contains("0 deliveries restored"));
    let rehearsed = office.rehearse();
    for words in ["0 messages planned", "4 already sent"] {
        assert!(good(&rehearsed).contains(words), "{}", rehearsed.out);
    }
    good(&office.send(&[]));
    assert_eq!(office.addressees(), ALL);
}

#[test]
fn an_evaluation_that_is_built_into_another_folder_is_recognised() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    let built = office.sandbox.build("elsewhere", &[]);
    assert!(built.code <= 1, "{}", built.err);
    good(&office.sandbox.program(&["approve", "elsewhere", "--as", "Ann Lee"]));
    refuses(&office, "elsewhere", "lacks 4 of the reports that were sent");
}

#[test]
fn a_lost_vault_is_made_good_from_the_ledger() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    let trail = office.sandbox.vault().join("sent");
    fs::remove_dir_all(&trail).unwrap();
    assert!(good(&office.rehearse()).contains("0 messages planned"));
    // The trail is whole again: it misses the ledger when that is gone.
    ledger(&office).into_iter().for_each(|file| fs::remove_file(file).unwrap());
    refuses(&office, "out", "lacks 4 of the reports that were sent");
}

#[test]
fn the_trail_keeps_no_addresses() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    for file in crate::harness::files(&office.sandbox.vault()) {
        let bytes = fs::read(office.sandbox.vault().join(&file)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for word in ALL.iter().flat_map(|address| address.split('@').nth(1)).chain(ALL) {
            assert!(!text.contains(word), "{word} is in {file}");
        }
    }
}

#[cfg(unix)]
#[test]
fn only_their_owner_can_read_what_has_addresses() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::new(PostOffice::friendly());
    let out = office.sandbox.path("out");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let before = mode(&out);
    good(&office.rehearse());
    good(&office.send(&[]));
    assert_eq!((before & 0o055 > 0, mode(&out)), (true, before), "reviewers open the folder itself");
    let mut seen = 0;
    for file in crate::harness::files(&out) {
        let private = file.starts_with("sends/") || file.starts_with("ledger") || file == "verdicts.jsonl";
        if private {
            let mode = fs::metadata(out.join(&file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{file}");
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
    assert_eq!(fs::metadata(out.join("sends")).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn a_ledger_that_is_locked_after_the_message_left_does_not_send_it_again() {
    let office = Office::new(PostOffice::new(|_, _| Fault::Slow));
    good(&office.rehearse());
    let sending = sender(&office).stderr(Stdio::piped()).spawn().unwrap();
    while office.post.received().is_empty() {
        sleep(Duration::from_millis(5));
    }
    // The server has the message and has not said so yet. Whoever has the ledger now keeps it for longer than we wait.
    let ledger = rusqlite::Connection::open(office.sandbox.path("out/ledger.sqlite")).unwrap();
    ledger.busy_timeout(Duration::from_secs(5)).unwrap();
    ledger.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ended = sending.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("ledger.sqlite cannot be used"), "{said}");
    drop(ledger);
    assert_eq!(office.post.received().len(), 1);
    let again = office.send(&[]);
    assert_eq!(again.code, 1, "{}", again.err);
    assert!(again.err.contains("it is not known whether an earlier message arrived"), "{}", again.err);
    let mut states: Vec<String> = office.states();
    states.retain(|state| !state.ends_with("accepted"));
    assert_eq!(states.len(), 1, "{states:?}");
    assert!(states[0].ends_with("unknown"), "{states:?}");
    assert_eq!(office.addressees(), ALL, "nobody received it twice");
}

#[test]
fn what_was_sent_by_a_clock_that_was_ahead_is_still_known() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    // As if the clock had been in the next century then, for the ledger, the trail and the run.
    let ledger = rusqlite::Connection::open(office.sandbox.path("out/ledger.sqlite")).unwrap();
    ledger.execute("UPDATE delivery SET at = '2199-01-01T00:00:00Z'", []).unwrap();
    drop(ledger);
    let trail = office.sandbox.vault().join("sent/two-regions.jsonl");
    let text = fs::read_to_string(&trail).unwrap();
    fs::write(&trail, text.replace("\"at\":\"20", "\"at\":\"21")).unwrap();
    let run = office.sandbox.path("out/latest").canonicalize().unwrap();
    let ahead = run.with_file_name("2199-01-01T00-00-00Z");
    std::os::unix::fs::symlink(&run, &ahead).unwrap();
    fs::remove_file(office.sandbox.path("out/latest")).unwrap();
    std::os::unix::fs::symlink("runs/2199-01-01T00-00-00Z", office.sandbox.path("out/latest")).unwrap();
    office.build();
    good(&office.approve());
    let rehearsed = office.rehearse();
    assert!(good(&rehearsed).contains("0 messages planned"), "{}", rehearsed.out);
    good(&office.send(&[]));
    assert_eq!(office.addressees(), ALL);
}
