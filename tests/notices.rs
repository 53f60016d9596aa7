use std::fs;

use crate::deliver::{Office, good};
use crate::harness::Sandbox;
use crate::post::PostOffice;

#[test]
fn the_nightly_summary_is_emailed() {
    let post = PostOffice::friendly();
    let office = Office::with(
        post,
        "notify = [\"staff@library.example.org\", \"duty@library.example.org\"]\n",
        |_| {},
    );
    good(&office.sandbox.run(&["nightly", "--out", "out", "--notify"]));
    let received = office.post.received();
    assert_eq!(office.addressees(), ["duty@library.example.org", "staff@library.example.org"]);
    assert!(received[0].header("Subject").ends_with("nightly run done"), "{}", received[0].header("Subject"));
    let text = String::from_utf8_lossy(&received[0].data).into_owned();
    assert!(text.contains("verified: every file") && text.contains("Nothing differs"), "{text}");
    office.sandbox.edit(
        "evaluation.toml",
        "notify = [\"staff@library.example.org\", \"duty@library.example.org\"]\n",
        "",
    );
    let result = office.sandbox.run(&["nightly", "--out", "out", "--notify"]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("does not say who gets the summary"), "{}", result.err);
}

/// A night that ends badly: what was done before it, the exit code, and what the summary must say.
struct BadNight(&'static str, fn(&Sandbox), i32, &'static [&'static str]);

const NIGHTS: [BadNight; 6] = [
    BadNight(
        "no register",
        |sandbox| fs::remove_file(sandbox.evaluation().join("register.csv")).unwrap(),
        2,
        &["register.csv", "Nothing can be made", "area-reports nightly evaluation"],
    ),
    BadNight(
        "a broken questionnaire",
        |sandbox| sandbox.append("questionnaire.toml", "\n[[section\n"),
        2,
        &["questionnaire.toml:", "Nothing can be made", "'latest' is the last whole run"],
    ),
    BadNight(
        "broken settings",
        |sandbox| sandbox.append("evaluation.toml", "\n[mail\n"),
        2,
        &["evaluation.toml:", "Nothing can be made"],
    ),
    BadNight(
        "a broken answer",
        |sandbox| sandbox.append("submissions/N1.csv", "libraries,surprise,,all\n"),
        1,
        &["submissions/N1.csv:", "'surprise'", "hint:"],
    ),
    BadNight(
        "no place to write",
        |sandbox| {
            fs::remove_dir_all(sandbox.path("out")).unwrap();
            fs::write(sandbox.path("out"), "a file").unwrap();
        },
        3,
        &["The nightly run ended early:", "out"],
    ),
    BadNight(
        "a damaged approved run",
        |sandbox| {
            let file = sandbox.path("out/approved/local/N2-beck-city-of.pdf");
            fs::write(file, "another").unwrap();
        },
        1,
        &["The approved run is damaged", "local/N2-beck-city-of.pdf", "None of its reports can be sent"],
    ),
];

#[test]
fn staff_are_told_of_every_night_that_ends_badly() {
    for BadNight(night, harm, code, says) in NIGHTS {
        let notify = "notify = [\"staff@library.example.org\"]\n";
        let office = Office::with(PostOffice::friendly(), notify, |_| {});
        // One good night, after which the settings are known even if they cannot be read.
        good(&office.sandbox.run(&["nightly", "--out", "out", "--notify"]));
        harm(&office.sandbox);
        let result = office.sandbox.run(&["nightly", "--out", "out", "--notify"]);
        assert_eq!(result.code, code, "{night}: {}{}", result.out, result.err);
        let received = office.post.received();
        assert_eq!(received.len(), 2, "{night}: {}{}", result.out, result.err);
        let text = String::from_utf8_lossy(&received[1].data).into_owned();
        let word = if code == 1 { "nightly run done, with problems" } else { "nightly run failed" };
        let subject = received[1].header("Subject");
        assert!(subject.ends_with(word), "{night}: {subject}");
        for words in says {
            assert!(text.contains(words), "{night}: {words}: {text}");
        }
    }
}
