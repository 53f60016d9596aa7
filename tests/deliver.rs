use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Finished, Sandbox, run_to_end};
use crate::post::{Fault, PostOffice};

/// An evaluation with real answers, its run approved, and a mail server.
pub(crate) struct Office {
    pub(crate) sandbox: Sandbox,
    pub(crate) post: PostOffice,
}

impl Office {
    pub(crate) fn new(post: PostOffice) -> Self {
        Self::with(post, "", |_| {})
    }

    pub(crate) fn with(post: PostOffice, settings: &str, prepare: impl FnOnce(&Sandbox)) -> Self {
        let office = Self { sandbox: Sandbox::new("two-regions"), post };
        office.sandbox.edit("evaluation.toml", "synthetic = true", "synthetic = false");
        let mail = format!(
            "\n[mail]\nfrom = \"The Board <reports@library.example.org>\"\nserver = \"127.0.0.1\"\nport = {}\n\
             security = \"none\"\nper-minute = 60000\nretry-pause = 0\ntimeout = 2\nattempts = 3\n\
             catch-all = \"test@library.example.org\"\n{settings}",
            office.post.port
        );
        office.sandbox.append("evaluation.toml", &mail);
        prepare(&office.sandbox);
        office.build();
        good(&office.approve());
        office
    }

    pub(crate) fn build(&self) {
        let built = self.sandbox.build("out", &[]);
        assert!(built.code <= 1, "{}", built.err);
    }

    pub(crate) fn approve(&self) -> Finished {
        self.sandbox.program(&["approve", "out", "--as", "Ann Lee"])
    }

    pub(crate) fn send(&self, more: &[&str]) -> Finished {
        let mut arguments = vec!["send", "out", "--evaluation", "evaluation"];
        arguments.extend(more);
        self.sandbox.program(&arguments)
    }

    pub(crate) fn rehearse(&self) -> Finished {
        self.send(&["--rehearse"])
    }

    /// Every delivery in the form "N1 accepted", sorted by area.
    pub(crate) fn states(&self) -> Vec<String> {
        let result = self.sandbox.program(&["deliveries", "evaluation", "--out", "out", "--json"]);
        let printed: Value = serde_json::from_str(good(&result)).unwrap();
        let text = |delivery: &Value, key: &str| delivery[key].as_str().unwrap().to_owned();
        let mut states: Vec<String> = printed["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|delivery| format!("{} {}", text(delivery, "subject"), text(delivery, "state")))
            .collect();
        states.sort();
        states
    }

    pub(crate) fn plan(&self) -> PathBuf {
        let run = self.sandbox.path("out/latest").canonicalize().unwrap();
        self.sandbox.path("out/sends").join(run.file_name().unwrap()).join("plan.json")
    }

    pub(crate) fn addressees(&self) -> Vec<String> {
        let mut to: Vec<String> = self.post.received().into_iter().map(|message| message.to).collect();
        to.sort();
        to
    }
}

pub(crate) const ALL: [&str; 4] =
    ["ann@ash.example.org", "bea@beck.example.org", "cy@clay.example.org", "di@dale.example.org"];

/// Expects that the program succeeded, and returns what it printed.
pub(crate) fn good(result: &Finished) -> &str {
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    &result.out
}

#[test]
fn what_was_rehearsed_is_sent_once() {
    let office = Office::new(PostOffice::friendly());
    let first = office.send(&[]);
    assert_eq!(first.code, 2);
    assert!(first.err.contains("there is no plan for this run"), "{}", first.err);
    let rehearsed = office.rehearse();
    assert!(good(&rehearsed).contains("4 messages planned"), "{}", rehearsed.out);
    assert!(
        !rehearsed.out.contains("ann@ash"),
        "addresses must be masked when the output is not a terminal: {}",
        rehearsed.out
    );
    assert!(office.post.received().is_empty() && office.states().is_empty());
    assert!(good(&office.send(&[])).contains("4 messages accepted by the server"));
    assert_eq!(office.addressees(), ALL);
    assert_eq!(office.states(), ["N1 accepted", "N2 accepted", "S1 accepted", "S2 accepted"]);
    // What was sent is what was rehearsed, byte for byte.
    let messages = office.plan().with_file_name("messages");
    for message in office.post.received() {
        let kept = fs::read_dir(&messages).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        assert!(kept.into_iter().any(|kept| kept == message.data), "{}", message.to);
        for (name, value) in [("Auto-Submitted", "auto-generated"), ("Reply-To", "board@library.example.org")]
        {
            assert_eq!(message.header(name), value);
        }
        assert!(message.header("Message-ID").ends_with("@library.example.org>"));
    }
}

#[test]
fn what_was_sent_is_not_sent_again_and_its_run_is_kept() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    // Sending again, even after another rehearsal, sends nothing.
    assert!(good(&office.send(&[])).contains("4 already sent, and not sent again"));
    assert!(good(&office.rehearse()).contains("0 messages planned"));
    assert!(good(&office.send(&[])).contains("0 messages accepted"));
    office.build();
    good(&office.rehearse());
    good(&office.send(&[]));
    assert_eq!(office.post.received().len(), 4);
    // A run from which reports were sent is kept.
    for _ in 0..3 {
        office.build();
    }
    let pruned = office.sandbox.program(&["prune", "evaluation", "--out", "out", "--keep", "1", "--json"]);
    let pruned: Value = serde_json::from_str(good(&pruned)).unwrap();
    let sent = office.sandbox.path("out/approved").canonicalize().unwrap();
    assert!(sent.is_dir());
    assert_eq!(pruned["removed"].as_array().unwrap().len(), 3);
    let status = office.sandbox.program(&["status", "evaluation", "--out", "out"]);
    assert!(good(&status).contains("4 accepted"), "{}", status.out);
}

#[test]
fn only_approved_reports_of_real_answers_are_sent() {
    let office = Office::new(PostOffice::friendly());
    office.sandbox.edit("submissions/N1.csv", "pace,,fast", "pace,,slow");
    office.build();
    let rehearsed = office.rehearse();
    assert_eq!(rehearsed.code, 1);
    assert!(rehearsed.err.contains("the report may not be sent: approved by Ann Lee"), "{}", rehearsed.err);
    assert!(rehearsed.out.contains("0 messages planned"), "{}", rehearsed.out);
    office.sandbox.edit("evaluation.toml", "synthetic = false", "synthetic = true");
    office.build();
    good(&office.approve());
    let rehearsed = office.send(&["--rehearse", "--catch-all"]);
    assert!(good(&rehearsed).contains("4 of 4 accepted for test@library.example.org"), "{}", rehearsed.out);
    assert_eq!(office.addressees(), ["test@library.example.org"; 4]);
    let sent = office.send(&[]);
    assert_eq!(sent.code, 2);
    assert!(sent.err.contains("the answers are made up"), "{}", sent.err);
    assert!(office.states().is_empty(), "a rehearsal is not a delivery");
}

#[test]
fn nothing_is_sent_if_the_run_or_the_evaluation_says_its_answers_are_made_up() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    // The run was built while its answers were marked as real.
    office.sandbox.edit("evaluation.toml", "synthetic = false", "synthetic = true");
    let sent = office.send(&[]);
    assert_eq!(sent.code, 2, "{}{}", sent.out, sent.err);
    assert!(
        sent.err.contains("answers are real, and evaluation.toml says that they are made up"),
        "{}",
        sent.err
    );
    assert!(office.addressees().is_empty() && office.states().is_empty());
    // The settings say that the answers are real, but the run says that they are not.
    office.build();
    good(&office.approve());
    office.sandbox.edit("evaluation.toml", "synthetic = true", "synthetic = false");
    office.rehearse();
    let sent = office.send(&[]);
    assert_eq!(sent.code, 2, "{}{}", sent.out, sent.err);
    assert!(office.addressees().is_empty() && office.states().is_empty());
}

#[test]
fn a_damaged_plan_is_named_and_not_treated_as_missing() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    let plan = fs::read_to_string(office.plan()).unwrap();
    fs::write(office.plan(), &plan[..plan.len() / 2]).unwrap();
    let sent = office.send(&[]);
    assert_eq!(sent.code, 2, "{}{}", sent.out, sent.err);
    assert!(sent.err.contains("plan.json is not a plan of this program"), "{}", sent.err);
    assert!(sent.err.contains("--rehearse"), "{}", sent.err);
    assert!(office.addressees().is_empty());
}

/// Expects that, after a change since the rehearsal, nobody gets anything, and these words say why.
fn expect_held(what: &str, change: &dyn Fn(&Office), words: &str) {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    change(&office);
    let result = office.send(&[]);
    assert!((1..=3).contains(&result.code), "{what}: {} {}{}", result.code, result.out, result.err);
    assert!(result.err.contains(words), "{what}: {}", result.err);
    assert_eq!(office.addressees(), Vec::<String>::new(), "{what}");
}

fn report_of_ash(office: &Office) -> PathBuf {
    office.sandbox.path("out/latest/local/N1-ash.pdf")
}

#[test]
fn changed_recipients_get_nothing() {
    expect_held(
        "swapped recipients",
        &|office| {
            let file = office.sandbox.evaluation().join("recipients.csv");
            let text = fs::read_to_string(&file).unwrap();
            let swapped =
                text.replace("ann@ash", "x@x").replace("bea@beck", "ann@ash").replace("x@x", "bea@beck");
            fs::write(&file, swapped).unwrap();
        },
        "the recipients of the report are not those that the report was approved for",
    );
    expect_held(
        "another address",
        &|office| office.sandbox.edit("recipients.csv", "ann@ash.example.org", "eve@ash.example.org"),
        "the recipients of the report are not those",
    );
}

#[test]
fn a_changed_plan_or_message_is_not_sent() {
    let messages = |office: &Office| {
        let folder = office.plan().with_file_name("messages");
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    };
    expect_held(
        "an edited plan",
        &|office| crate::harness::edit(&office.plan(), "\"ann@ash.example.org\"", "\"eve@evil.example.com\""),
        "plan.json is not as this program signed it",
    );
    expect_held(
        "a plan with another report",
        &|office| {
            let plan: Value = serde_json::from_slice(&fs::read(office.plan()).unwrap()).unwrap();
            let hash =
                |item: usize| plan["messages"][item]["reports"][0]["sha256"].as_str().unwrap().to_owned();
            let text = fs::read_to_string(office.plan()).unwrap();
            fs::write(office.plan(), text.replace(&hash(0), &hash(1))).unwrap();
        },
        "plan.json is not as this program signed it",
    );
    expect_held(
        "swapped messages",
        &|office| {
            let files = messages(office);
            fs::copy(&files[1], &files[0]).unwrap();
        },
        "the message is not the one that was planned",
    );
}

#[test]
fn a_changed_report_is_not_sent() {
    expect_held(
        "an edited report",
        &|office| {
            let mut bytes = fs::read(report_of_ash(office)).unwrap();
            let last = bytes.len() - 10;
            bytes[last] ^= 1;
            fs::write(report_of_ash(office), bytes).unwrap();
        },
        "the run is not as it was published",
    );
    expect_held(
        "swapped reports",
        &|office| {
            let other = office.sandbox.path("out/latest/local/N2-beck-city-of.pdf");
            fs::copy(other, report_of_ash(office)).unwrap();
        },
        "the run is not as it was published",
    );
}

#[test]
fn a_changed_verdict_or_record_stops_the_report() {
    expect_held(
        "a rejected report",
        &|office| {
            good(&office.sandbox.program(&[
                "reject",
                "out",
                "--as",
                "Ann Lee",
                "--area",
                "Ash",
                "--why",
                "a word too many",
            ]));
        },
        "rejected by Ann Lee: a word too many",
    );
    expect_held(
        "a record that somebody meddled with",
        &|office| {
            let file = office.sandbox.path("out/verdicts.jsonl");
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, text.replacen("Ann Lee", "Eve Lee", 1)).unwrap();
        },
        "the record of verdicts is damaged",
    );
}

#[test]
fn a_new_run_or_different_words_need_a_new_plan() {
    expect_held(
        "another run",
        &|office| {
            office.sandbox.edit("submissions/N1.csv", "pace,,fast", "pace,,slow");
            office.build();
        },
        "is not the approved run",
    );
    expect_held(
        "other words",
        &|office| office.sandbox.edit("evaluation.toml", "contact = \"board@", "contact = \"council@"),
        "since the plan was made, this changed: text of the message",
    );
}

#[test]
fn the_last_check_catches_what_all_others_missed() {
    // The plan, the message and the manifest agree with each other; only the table of recipients contradicts them.
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    let plan: Value = serde_json::from_slice(&fs::read(office.plan()).unwrap()).unwrap();
    let folder = office.plan().with_file_name("messages");
    let file = |item: usize| folder.join(plan["messages"][item]["file"].as_str().unwrap());
    let manifest: area_reports::publish::Manifest =
        serde_json::from_slice(&fs::read(office.sandbox.path("out/latest/manifest.json")).unwrap()).unwrap();
    let check =
        area_reports::deliver::FinalCheck::new(&office.sandbox.evaluation(), &manifest, None).unwrap();
    let message = fs::read(file(0)).unwrap();
    assert_eq!(check.refuses(&message, "ann@ash.example.org"), None);
    let refused = |message: &[u8], to: &str| check.refuses(message, to).unwrap();
    assert!(refused(&message, "bea@beck.example.org").contains("addressed to somebody else"));
    let to_other = String::from_utf8(message.clone()).unwrap().replace("ann@ash", "bea@beck");
    assert!(refused(to_other.as_bytes(), "bea@beck.example.org").contains("is the report local/N1"));
    let to_stranger = String::from_utf8(message.clone()).unwrap().replace("ann@ash", "eve@ash");
    assert!(refused(to_stranger.as_bytes(), "eve@ash.example.org").contains("does not have this address"));
    let copied = format!("Cc: eve@ash.example.org\r\n{}", String::from_utf8(message.clone()).unwrap());
    assert!(refused(copied.as_bytes(), "ann@ash.example.org").contains("addressed to somebody else"));
    assert!(refused(b"To: ann@ash.example.org\r\n\r\nhello", "ann@ash.example.org").contains("no report"));
}

#[test]
fn every_server_fault_leads_to_the_right_state() {
    let faults: [(&str, Fault, &str); 8] = [
        ("refuses", Fault::Recipient("550 5.1.1 no such person"), "refused"),
        ("full", Fault::Recipient("552 5.2.2 mailbox full"), "refused"),
        ("never", Fault::Recipient("451 4.7.1 try again later"), "refused"),
        ("spam", Fault::Message("554 5.7.1 we think that it is spam"), "refused"),
        ("inside", Fault::DropsInside, "unknown"),
        ("after", Fault::DropsAfter, "unknown"),
        ("hangs", Fault::Hangs, "unknown"),
        ("slow", Fault::Slow, "accepted"),
    ];
    for (what, fault, state) in faults {
        let office =
            Office::new(PostOffice::new(move |to, _| if to.contains("beck") { fault } else { Fault::None }));
        good(&office.rehearse());
        let result = office.send(&[]);
        assert_eq!(result.code, i32::from(state != "accepted"), "{what}: {}", result.err);
        let states =
            ["N1 accepted".to_owned(), format!("N2 {state}"), "S1 accepted".into(), "S2 accepted".into()];
        assert_eq!(office.states(), states, "{what}: {}", result.err);
        if let Fault::Recipient(answer) | Fault::Message(answer) = fault {
            let last_word = answer.rsplit_once(' ').unwrap().1;
            assert!(result.err.contains(last_word), "{what}: {}", result.err);
        }
        assert!(!result.err.contains("bea@beck"), "{what}: {}", result.err);
        // Whatever the fault was, nothing is automatically sent twice.
        let before = office.post.received().len();
        office.rehearse();
        office.send(&[]);
        assert_eq!(office.post.received().len(), before, "{what}");
    }
}

#[test]
fn what_a_server_cannot_accept_yet_is_tried_again() {
    for answer in ["451 4.7.1 greylisted", "421 4.3.2 shutting down", "450 4.2.0 busy"] {
        let office = Office::new(PostOffice::new(move |to, tried| {
            if to.contains("beck") && tried < 3 { Fault::Recipient(answer) } else { Fault::None }
        }));
        good(&office.rehearse());
        let result = office.send(&[]);
        assert!(good(&result).contains("4 messages accepted"), "{}", result.out);
        assert!(result.err.contains("to be tried again"), "{}", result.err);
        assert_eq!(office.addressees(), ALL);
    }
}

#[test]
fn failed_messages_can_be_sent_again_on_their_own() {
    let office = Office::new(PostOffice::new(|to, tried| {
        if to.contains("beck") && tried == 1 {
            Fault::Recipient("550 5.1.1 no such person")
        } else {
            Fault::None
        }
    }));
    good(&office.rehearse());
    assert_eq!(office.send(&[]).code, 1);
    let rehearsed = office.rehearse();
    assert!(
        rehearsed.err.contains("it could not be delivered before: 550 5.1.1 no such person"),
        "{}",
        rehearsed.err
    );
    assert_eq!(office.send(&["--failed"]).code, 2);
    let rehearsed = office.send(&["--rehearse", "--failed"]);
    assert!(good(&rehearsed).contains("1 message planned"), "{}", rehearsed.out);
    assert!(good(&office.send(&["--failed"])).contains("1 message accepted"));
    assert_eq!(office.addressees(), ALL);
}

#[test]
fn an_unknown_delivery_waits_for_somebody_to_resolve_it() {
    let fault = |to: &str, tried: usize| {
        if to.contains("beck") && tried == 1 { Fault::DropsInside } else { Fault::None }
    };
    let office = Office::new(PostOffice::new(fault));
    good(&office.rehearse());
    assert_eq!(office.send(&[]).code, 1);
    let rehearsed = office.rehearse();
    assert!(
        rehearsed.err.contains("it is not known whether an earlier message arrived"),
        "{}",
        rehearsed.err
    );
    assert_eq!(office.send(&["--resolve", "not-accepted", "--area", "Ash"]).code, 2);
    good(&office.send(&["--resolve", "not-accepted", "--area", "Beck, City of"]));
    assert!(good(&office.rehearse()).contains("1 message planned"));
    good(&office.send(&[]));
    assert_eq!(office.addressees(), ALL);
    let office = Office::new(PostOffice::new(fault));
    good(&office.rehearse());
    office.send(&[]);
    good(&office.send(&["--resolve", "accepted"]));
    assert!(good(&office.rehearse()).contains("0 messages planned"));
}

#[test]
fn nothing_is_lost_when_the_server_is_unreachable() {
    let office = Office::new(PostOffice::friendly());
    let port = office.post.port.to_string();
    good(&office.rehearse());
    office.sandbox.edit("evaluation.toml", &format!("port = {port}"), "port = 1");
    let result = office.send(&[]);
    assert_eq!(result.code, 3, "{}", result.err);
    assert!(result.err.contains("what was not accepted is still planned"), "{}", result.err);
    assert_eq!(office.states(), ["N1 planned", "N2 planned", "S1 planned", "S2 planned"]);
    office.sandbox.edit("evaluation.toml", "port = 1\n", &format!("port = {port}\n"));
    good(&office.send(&[]));
    assert_eq!(office.addressees(), ALL);
}

#[test]
fn without_the_ledger_nothing_is_sent_a_second_time() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    for file in fs::read_dir(office.sandbox.path("out")).unwrap().map(|file| file.unwrap().path()) {
        if file.to_string_lossy().contains("ledger.sqlite") {
            fs::remove_file(file).unwrap();
        }
    }
    for result in [office.rehearse(), office.send(&[])] {
        assert_eq!(result.code, 2, "{}", result.out);
        assert!(result.err.contains("lacks 4 of the reports that were sent"), "{}", result.err);
    }
    assert_eq!(office.addressees(), ALL);
    fs::write(office.sandbox.path("out/ledger.sqlite"), "no database, but a file all the same").unwrap();
    let result = office.send(&[]);
    assert_eq!(result.code, 3, "{}", result.err);
}

#[test]
fn two_senders_never_send_at_the_same_time() {
    let office = Office::new(PostOffice::new(|_, _| Fault::Slow));
    good(&office.rehearse());
    let mut first = sender(&office).spawn().unwrap();
    while office.post.received().is_empty() {
        sleep(Duration::from_millis(5));
    }
    let second = office.send(&[]);
    assert_eq!(second.code, 5, "{}", second.err);
    assert!(second.err.contains("reports of this evaluation are being sent by"), "{}", second.err);
    assert!(first.wait().unwrap().success());
    assert_eq!(office.addressees(), ALL);
}

pub(crate) fn sender(office: &Office) -> Command {
    let mut command = office.sandbox.command();
    command.args(["send", "out", "--evaluation", "evaluation"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[cfg(unix)]
#[test]
fn a_sender_that_is_stopped_finishes_its_message_and_leaves_the_rest_planned() {
    let office = Office::new(PostOffice::new(|_, _| Fault::Slow));
    good(&office.rehearse());
    let mut first = sender(&office).spawn().unwrap();
    while office.post.received().is_empty() {
        sleep(Duration::from_millis(5));
    }
    let status = Command::new("kill").args(["-TERM", &first.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(first.wait().unwrap().code(), Some(143));
    let states = office.states();
    assert!(
        states.iter().all(|state| state.ends_with("accepted") || state.ends_with("planned")),
        "{states:?}"
    );
    assert!(states.iter().any(|state| state.ends_with("planned")), "{states:?}");
    good(&office.send(&[]));
    assert_eq!(office.addressees(), ALL);
}

#[test]
fn a_sender_that_is_killed_sends_nothing_twice() {
    let kills = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12);
    let (mut unknown, mut planned) = (0, 0);
    for kill in 0..kills {
        let office = Office::new(PostOffice::new(|_, _| Fault::None));
        good(&office.rehearse());
        let mut first = sender(&office).spawn().unwrap();
        // Spread over the whole send: sending four messages takes about 60 milliseconds.
        sleep(Duration::from_micros(30_000 + 40_000 * kill / kills));
        first.kill().unwrap();
        first.wait().unwrap();
        planned += 4 - office.post.received().len();
        let again = office.send(&[]);
        assert!(again.code <= 1, "{}", again.err);
        let ids: Vec<String> =
            office.post.received().iter().map(|message| message.header("Message-ID")).collect();
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(ids.len(), once.len(), "a message arrived twice");
        let states = office.states();
        let count = |wanted: &str| states.iter().filter(|state| state.ends_with(wanted)).count();
        unknown += count("unknown");
        assert_eq!(count("accepted") + count("unknown"), 4, "{states:?}");
        assert!(count("accepted") <= ids.len() && 4 - ids.len() <= count("unknown"), "{states:?}");
    }
    println!("kills: {kills}; duplicates 0; wrong recipients 0");
    // With enough kills, some happen before, between and during messages.
    assert!(kills < 100 || planned > 0 && unknown > 0, "{planned} were not sent, {unknown} are unknown");
}

/// People whose names and addresses are unusual, or wrong.
const UNUSUAL: &str = "area,name,email,format\n\
    N1,\"Lee, \"\"Ann\"\" O'Hara\",ann+reports@ash.example.org,standard\n\
    N1,Élodie Ångström 漢字,elodie@ash.example.org,standard\n\
    N1,\"Eve\r\nBcc: everybody@example.org\",eve@ash.example.org,standard\n\
    N2,Bea,bea@beck.example.com,standard\n\
    S1,Cy,cy@clay..example.org,standard\n\
    S2,Di,dí@dale.example.org,standard\n\
    S2,Dom,dom@münchen.example,standard\n";

#[test]
fn unusual_recipients_get_a_message_or_are_refused_with_a_reason() {
    let post = PostOffice::friendly();
    let office = Office::with(post, "domains = [\"*.example.org\", \"münchen.example\"]\n", |sandbox| {
        fs::write(sandbox.evaluation().join("recipients.csv"), UNUSUAL).unwrap();
    });
    let rehearsed = office.rehearse();
    assert_eq!(rehearsed.code, 1);
    for words in [
        "reports may not go to this domain: 'Beck, City of, b***@beck.example.com'",
        "no server accepts this address",
    ] {
        assert!(rehearsed.err.contains(words), "{words}: {}", rehearsed.err);
    }
    let result = office.send(&[]);
    assert!(
        result.err.contains("the server does not accept addresses with letters outside ASCII"),
        "{}",
        result.err
    );
    let checked = office.sandbox.run(&["check"]);
    assert!(checked.err.contains("a name must be on one line"), "{}", checked.err);
    let received = office.post.received();
    let to =
        |wanted: &str| received.iter().find(|message| message.to.starts_with(wanted)).unwrap().header("To");
    for wanted in ["ann+", "elodie"] {
        // The whole name is encoded, so no quotation mark or comma in it can end it early.
        assert!(to(wanted).starts_with("=?utf-8?"), "{}", to(wanted));
    }
    let head =
        |data: &[u8]| String::from_utf8_lossy(data).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    assert!(received.iter().all(|message| !head(&message.data).contains("Bcc")));
    assert!(
        received.iter().all(|message| message.to.ends_with("ash.example.org") || message.to.contains("xn--")),
        "{received:?}"
    );
}

#[test]
fn a_thousand_recipients_each_get_the_report_of_their_area() {
    let office = Office::with(PostOffice::friendly(), "", |sandbox| {
        let mut rows = "area,name,email,format\n".to_owned();
        for number in 0..1000 {
            let area = ["N1", "N2", "S1", "S2"][number % 4];
            rows.push_str(&format!("{area},Reader {number},reader{number}@{area}.example.org,standard\n"));
        }
        fs::write(sandbox.evaluation().join("recipients.csv"), rows).unwrap();
    });
    assert!(good(&office.rehearse()).contains("1000 messages planned"));
    assert!(good(&office.send(&[])).contains("1000 messages accepted"));
    for message in office.post.received() {
        let area = message.to.split(['@', '.']).nth(1).unwrap().to_owned();
        let name = format!("two-regions-{area}-");
        assert!(String::from_utf8_lossy(&message.data).contains(&name), "{}", message.to);
    }
}

#[test]
fn one_person_for_several_areas_gets_one_message_if_the_settings_say_so() {
    let both =
        |sandbox: &Sandbox| sandbox.edit("recipients.csv", "bea@beck.example.org", "ann@ash.example.org");
    let office = Office::with(PostOffice::friendly(), "", both);
    let rehearsed = office.rehearse();
    assert!(good(&rehearsed).contains("4 messages planned"), "{}", rehearsed.out);
    assert!(
        rehearsed.err.contains("one person gets the reports of 2 areas, a message for each"),
        "{}",
        rehearsed.err
    );
    let office = Office::with(PostOffice::friendly(), "together = true\n", both);
    assert!(good(&office.rehearse()).contains("3 messages planned"));
    good(&office.send(&[]));
    assert_eq!(office.post.received().len(), 3);
    assert_eq!(office.states(), ["N1 accepted", "N2 accepted", "S1 accepted", "S2 accepted"]);
    let received = office.post.received();
    let both = received.iter().find(|message| message.to.starts_with("ann")).unwrap();
    let text = String::from_utf8_lossy(&both.data);
    assert!(text.contains("two-regions-N1-ash.pdf") && text.contains("two-regions-N2-beck-city-of.pdf"));
}

/// An office that sent its reports, and then a correction after Ash changed an answer; and how many messages corrected.
fn corrected() -> (Office, usize) {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    office.sandbox.edit("submissions/N1.csv", "pace,,fast", "pace,,slow");
    office.build();
    good(&office.approve());
    let rehearsed = office.send(&["--rehearse", "--note", "Ash sent its answers again."]);
    let plan: Value = serde_json::from_slice(&fs::read(office.plan()).unwrap()).unwrap();
    let messages = plan["messages"].as_array().unwrap();
    let all = messages.iter().all(|message| message["event"] == "correction");
    assert!(!messages.is_empty() && all, "{}", rehearsed.out);
    good(&office.send(&[]));
    assert_eq!(office.post.received().len(), 4 + messages.len());
    (office, messages.len())
}

/// The last message to somebody, as text.
fn last_to(office: &Office, name: &str) -> (String, String) {
    let received = office.post.received();
    let message = received.iter().rfind(|message| message.to.starts_with(name)).unwrap();
    (message.header("Subject"), String::from_utf8_lossy(&message.data).replace("=\r\n", ""))
}

#[test]
fn a_report_that_changed_is_sent_as_a_correction() {
    let (office, _) = corrected();
    let (subject, text) = last_to(&office, "ann");
    assert!(subject.contains("corrected report for Ash"), "{subject}");
    for words in [
        "Ash sent different answers",
        "Ash sent its answers again.",
        "  Ash, Fast progress\r\n    was: Fast\r\n    now: Slow\r\n",
    ] {
        assert!(text.contains(words), "{words}: {text:.3000}");
    }
    // Other areas learn that figures changed, but not whose answers changed.
    let (subject, text) = last_to(&office, "bea");
    assert!(subject.contains("corrected"), "{subject}");
    assert!(text.contains("other areas sent different answers"), "{text:.3000}");
    assert!(!text.contains("Ash sent different answers"), "{text:.3000}");
    // Nothing has changed since, so nobody gets anything.
    office.build();
    assert!(good(&office.rehearse()).contains("0 messages planned"));
}

#[test]
fn an_earlier_report_is_not_sent_after_a_correction_unless_it_is_right_again() {
    let (office, corrections) = corrected();
    // The older report is still approved, but can no longer be sent to anybody.
    let runs = fs::read_dir(office.sandbox.path("out/runs")).unwrap();
    let older = runs.map(|run| run.unwrap().path()).min().unwrap();
    let older = older.to_str().unwrap();
    let rehearsed = office.sandbox.program(&["send", older, "--evaluation", "evaluation", "--rehearse"]);
    assert!(rehearsed.out.contains("0 messages planned"), "{}{}", rehearsed.out, rehearsed.err);
    assert!(rehearsed.err.contains("the recipient has the report of a later run"), "{}", rehearsed.err);
    // The first answer was right after all, so the first report is sent again, as a correction of the correction.
    office.sandbox.edit("submissions/N1.csv", "pace,,slow", "pace,,fast");
    office.build();
    good(&office.approve());
    assert!(good(&office.rehearse()).contains(&format!("{corrections} messages planned")));
    good(&office.send(&[]));
    let received = office.post.received();
    assert_eq!(received.len(), 4 + 2 * corrections);
    let mut ids: Vec<String> = received.iter().map(|message| message.header("Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), received.len());
}

#[test]
fn a_report_that_only_looks_different_is_not_sent_again() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    let templates = office.sandbox.path("templates");
    crate::harness::copy(&crate::harness::project().join("report-templates"), &templates);
    crate::harness::edit(&templates.join("theme/palette.toml"), "ink = \"#1F1F1F\"", "ink = \"#1A1A1A\"");
    let built = office.sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(built.code, 0, "{}", built.err);
    good(&office.approve());
    let rehearsed = office.rehearse();
    assert!(good(&rehearsed).contains("0 messages planned"), "{}", rehearsed.out);
    assert!(
        rehearsed.err.contains("the report says the same as the one that was sent and only looks different"),
        "{}",
        rehearsed.err
    );
}

#[test]
fn bounced_messages_are_marked() {
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    good(&office.send(&[]));
    let received = office.post.received();
    let beck = received.iter().find(|message| message.to.starts_with("bea")).unwrap();
    let notice = format!(
        "From: Mailer-Daemon@mx.example.org\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
         Action: failed\r\nFinal-Recipient: rfc822; bea@beck.example.org\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 no such person\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         Message-ID: {}\r\nTo: bea@beck.example.org\r\n\r\nhello\r\n--b--\r\n",
        beck.header("Message-ID")
    );
    let folder = office.sandbox.path("bounces");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("1"), &notice).unwrap();
    fs::write(folder.join("2"), notice.replace(&beck.header("Message-ID"), "<other@example.org>")).unwrap();
    let bounces = || office.sandbox.program(&["bounces", "bounces", "evaluation", "--out", "out"]);
    let result = bounces();
    assert!(good(&result).contains("1 deliveries came back"), "{}", result.out);
    assert!(result.out.contains("1 are about messages that were not sent from here"), "{}", result.out);
    assert_eq!(office.states(), ["N1 accepted", "N2 bounced", "S1 accepted", "S2 accepted"]);
    assert!(good(&bounces()).contains("0 deliveries came back"));
    // It is tried again only on request.
    assert!(office.rehearse().out.contains("0 messages planned"));
    assert!(good(&office.send(&["--rehearse", "--failed"])).contains("1 message planned"));
}

#[test]
fn the_sending_rate_is_not_exceeded() {
    let office = Office::with(PostOffice::friendly(), "", |sandbox| {
        sandbox.edit("evaluation.toml", "per-minute = 60000", "per-minute = 120");
    });
    good(&office.rehearse());
    let started = std::time::SystemTime::now();
    good(&office.send(&[]));
    let took = started.elapsed().unwrap();
    // The shortest time allowed: three pauses of half a second between four messages.
    assert!(took >= Duration::from_millis(1500), "{took:?}");
    // Two recipients at the same domain, with a second between them.
    let office = Office::with(PostOffice::friendly(), "domain-pause = 1\n", |sandbox| {
        sandbox.append("recipients.csv", "N1,Abe,abe@ash.example.org,standard\n");
    });
    good(&office.rehearse());
    let started = std::time::SystemTime::now();
    good(&office.send(&[]));
    assert!(started.elapsed().unwrap() >= Duration::from_secs(1));
    assert_eq!(office.post.received().len(), 5);
}

#[test]
fn a_message_that_is_too_large_or_worded_differently_is_not_sent() {
    let office = Office::with(PostOffice::friendly(), "largest = 1\n", |_| {});
    let templates = office.sandbox.path("templates");
    crate::harness::copy(&crate::harness::project().join("report-templates"), &templates);
    let body = templates.join("mail/report/body.txt.j2");
    let text = fs::read_to_string(&body).unwrap();
    fs::write(&body, text.clone() + "With kind regards.\n").unwrap();
    good(&office.rehearse());
    let result = office.send(&["--templates", "templates"]);
    assert_eq!(result.code, 1, "{}", result.out);
    assert!(
        result.err.contains("since the plan was made, this changed: text of the message"),
        "{}",
        result.err
    );
    fs::write(&body, text + &"With kind regards.\n".repeat(60_000)).unwrap();
    let result = office.send(&["--rehearse", "--templates", "templates"]);
    assert_eq!(result.code, 1, "{}", result.out);
    assert!(
        result.err.contains("the message is 1.") && result.err.contains("the limit is 1.0 MB"),
        "{}",
        result.err
    );
    assert!(office.post.received().is_empty());
}

#[test]
fn a_rehearsal_says_who_is_new_since_the_last_delivery() {
    let office = Office::new(PostOffice::friendly());
    let first = office.rehearse();
    assert!(!good(&first).contains("NEW RECIPIENT"), "everybody is, the first time: {}", first.out);
    good(&office.send(&[]));
    office.sandbox.append("recipients.csv", "N1,Abe,abe@ash.example.org,standard\n");
    office.build();
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--recipients"]));
    let second = office.send(&["--rehearse", "--full-addresses"]);
    assert!(good(&second).contains("1 recipient gets a report for the first time"), "{}", second.out);
    let row = second.out.lines().find(|line| line.contains("NEW RECIPIENT")).unwrap();
    assert!(row.contains("abe@ash.example.org"), "{row}");
}

#[test]
fn a_password_is_never_sent_unencrypted_or_printed() {
    let office = Office::new(PostOffice::friendly());
    let file = office.sandbox.evaluation().join("smtp.txt");
    fs::write(&file, "sender\ns3cret-pw\n").unwrap();
    good(&office.rehearse());
    let with = |name: &str, value: &str| {
        let mut command = sender(&office);
        command
            .env(name, value)
            .env("AREA_REPORTS_SMTP_NAME", "sender")
            .stderr(Stdio::piped())
            .stdout(Stdio::piped());
        run_to_end(&mut command)
    };
    let result = with("AREA_REPORTS_SMTP_PASSWORD", "s3cret-pw");
    assert_eq!(result.code, 2, "{}", result.err);
    assert!(result.err.contains("a password is only sent over an encrypted connection"), "{}", result.err);
    assert!(!format!("{}{}", result.out, result.err).contains("s3cret"));
    let result = with("NOTHING", "");
    assert!(result.err.contains("one of them is missing"), "{}", result.err);
    assert!(!result.err.contains("s3cret"));
    assert!(office.post.received().is_empty());
}
