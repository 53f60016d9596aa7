//! The same facts in every format and language.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::deliver::{ALL, Office, good};
use crate::harness::{Sandbox, copy, edit, only_run, project};
use crate::post::PostOffice;

const FORMATS: [&str; 4] = ["standard", "large-print", "html", "text"];

fn manifest(run: &Path) -> Value {
    serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

/// The path of an edition in its run.
fn file(entry: &Value) -> String {
    entry["report"]["file"].as_str().unwrap().to_owned()
}

/// The entries of a run for one report, in all its formats.
fn editions<'m>(manifest: &'m Value, of: &Value) -> Vec<&'m Value> {
    let is = |entry: &&Value| ["kind", "subject", "language"].iter().all(|key| entry[*key] == of[*key]);
    manifest["reports"].as_array().unwrap().iter().filter(is).collect()
}

/// Every number in a text. Numbers with a comma between thousands are one.
fn numbers(text: &str) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let mut number = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let joins = c == ',' && !number.is_empty() && characters.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || joins {
            number.push(c);
        } else if !number.is_empty() {
            numbers.insert(std::mem::take(&mut number));
        }
    }
    numbers
}

/// Every count with its base, as "7 of 9".
fn shares(text: &str) -> BTreeSet<(String, String)> {
    let around = |c: char| c.is_ascii_punctuation() && c != '%' || matches!(c, '“' | '”');
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(around)).collect();
    let is_number = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == ',');
    let share = |of: &[&str]| match of {
        [count, "of", base] if is_number(count) && is_number(base) => {
            Some(((*count).to_owned(), (*base).to_owned()))
        }
        _ => None,
    };
    words.windows(3).filter_map(share).collect()
}

/// What a report says, without what only its form brings with it: the scale of charts, numbers of pages, its own name.
fn said(sandbox: &Sandbox, run: &Path, entry: &Value) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let path = run.join(file(entry));
    let printed = sandbox.program(&["text", path.to_str().unwrap()]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let text: Vec<&str> = printed.out.lines().filter(|line| !line.starts_with("# ")).collect();
    (numbers(&text.join(" ")), shares(&text.join(" ")))
}

#[test]
fn every_format_has_the_same_figures() {
    for fixture in ["two-regions", "healthy-schools-2024"] {
        let sandbox = Sandbox::new(fixture);
        let kinds = "local,regional,sector,national,submission";
        let built = sandbox.build("out", &["--kind", kinds, "--format", &FORMATS.join(",")]);
        assert_eq!(built.code, 0, "{}{}", built.out, built.err);
        let run = only_run(&sandbox.path("out"));
        let manifest = manifest(&run);
        let entries = manifest["reports"].as_array().unwrap();
        let standard: Vec<&Value> = entries.iter().filter(|entry| entry["format"] == "standard").collect();
        assert_eq!(entries.len(), standard.len() * FORMATS.len());
        for entry in standard {
            let (numbers, shares) = said(&sandbox, &run, entry);
            assert!(entry["kind"] == "submission" || numbers.len() > 10, "{}", file(entry));
            let pages = (1..=60).map(|page: u32| page.to_string());
            let own = self::numbers(&format!("{} {}", entry["subject"], manifest["evaluation"]));
            let of_form: BTreeSet<String> = pages.chain(["0", "100"].map(str::to_owned)).chain(own).collect();
            for other in editions(&manifest, entry) {
                let (its_numbers, its_shares) = said(&sandbox, &run, other);
                let differ: Vec<&String> = numbers
                    .symmetric_difference(&its_numbers)
                    .filter(|number| !of_form.contains(*number))
                    .collect();
                assert!(differ.is_empty(), "{}: {differ:?}", file(other));
                // What is heard says "2 of 3" where a table has two columns, and "none of the 10" for "0 of 10".
                let differ: Vec<_> =
                    shares.difference(&its_shares).filter(|(count, _)| count != "0").collect();
                assert!(differ.is_empty(), "{}: {differ:?}", file(other));
            }
        }
    }
}

#[test]
fn recipients_decide_which_editions_are_made_and_sent() {
    let wants = |sandbox: &Sandbox| {
        sandbox.edit("recipients.csv", "clay.example.org,standard", "clay.example.org,html");
        sandbox.edit("recipients.csv", "dale.example.org,standard", "dale.example.org,text");
    };
    let office = Office::with(PostOffice::friendly(), "", wants);
    let manifest = manifest(&office.sandbox.path("out/latest"));
    let files: Vec<String> = manifest["reports"].as_array().unwrap().iter().map(file).collect();
    let of = |ending: &str| files.iter().filter(|file| file.ends_with(ending)).count();
    assert_eq!([of(".pdf"), of(".html"), of(".txt")], [4, 1, 1], "{files:?}");
    good(&office.rehearse());
    good(&office.send(&[]));
    let attached = |to: &str| -> Vec<String> {
        let received = office.post.received();
        let message = received.iter().find(|message| message.to == to).unwrap();
        let data = String::from_utf8_lossy(&message.data);
        let names = data.split("filename=\"").skip(1);
        assert!(!data.contains("a different format"), "{data}");
        names.map(|name| name.split('"').next().unwrap().rsplit('.').next().unwrap().to_owned()).collect()
    };
    assert_eq!(ALL.map(attached), [["pdf"], ["pdf"], ["html"], ["txt"]]);

    // Somebody who wants another format now gets the report in it; nobody else gets anything.
    office.sandbox.edit("recipients.csv", "ash.example.org,standard", "ash.example.org,html");
    office.build();
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--recipients"]));
    assert!(good(&office.rehearse()).contains("1 message planned"));
}

#[test]
fn a_welsh_report_has_the_figures_of_the_english_one() {
    let sandbox = Sandbox::new("integrated-working-2008");
    let formats = FORMATS.join(",");
    let arguments =
        ["--kind", "local,submission", "--area", "301", "--language", "en,cy", "--format", &formats];
    let built = sandbox.build("out", &arguments);
    assert_eq!(built.code, 0, "{}{}", built.out, built.err);
    assert!(!built.err.contains("untranslated"), "{}", built.err);
    let run = only_run(&sandbox.path("out"));
    let manifest = manifest(&run);
    let entries = manifest["reports"].as_array().unwrap();
    assert_eq!(entries.len(), 2 * 2 * FORMATS.len());
    for welsh in entries.iter().filter(|entry| entry["language"] == "cy") {
        let path = file(welsh);
        assert!(path.starts_with("cy/"), "{path}");
        let same = |entry: &&Value| {
            entry["language"] == "en" && ["kind", "format"].iter().all(|key| entry[*key] == welsh[*key])
        };
        let english = entries.iter().find(same).unwrap();
        let (of_welsh, of_english) = (said(&sandbox, &run, welsh).0, said(&sandbox, &run, english).0);
        // Small numbers may be words in one language and digits in the other, and pages are numbered to the last.
        let is_small = |number: &&String| number.parse::<u32>().is_ok_and(|number| number < 70);
        let lacks: Vec<&String> =
            of_english.difference(&of_welsh).filter(|number| !is_small(number)).collect();
        assert!(lacks.is_empty(), "{path}: {lacks:?}");
        let bytes = fs::read(run.join(&path)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let says = match path.rsplit('.').next().unwrap() {
            "pdf" => "<rdf:li>cy</rdf:li>",
            "html" => "<html lang=\"cy\"",
            _ => "Cyfeirnod: ",
        };
        assert!(text.contains(says), "{path} does not say {says}");
    }
}

#[test]
fn a_recipient_may_want_another_language() {
    let sandbox = Sandbox::new("two-regions");
    let recipients = fs::read_to_string(sandbox.evaluation().join("recipients.csv")).unwrap();
    let lines: Vec<&str> = recipients.lines().collect();
    let with = |language: &str| {
        let row = |line: &&str| format!("{line},{}\n", if line.starts_with("N1") { language } else { "" });
        let rows: String = lines[1..].iter().map(row).collect();
        fs::write(sandbox.evaluation().join("recipients.csv"), format!("{},language\n{rows}", lines[0]))
            .unwrap();
    };
    with("cy");
    let checked = sandbox.run(&["check"]);
    assert_eq!(checked.code, 1);
    assert!(
        checked.err.contains("recipients.csv:2 [language]: reports are not made in this language"),
        "{}",
        checked.err
    );
    with("en");
    assert_eq!(sandbox.run(&["check"]).code, 0);
    let refused = sandbox.build("out", &["--language", "cy"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("questionnaire.cy.toml would add this one"), "{}", refused.err);
}

/// What a comparison of two runs found.
fn compared(sandbox: &Sandbox, old: &Path, new: &Path) -> Value {
    let result = sandbox.program(&["diff", old.to_str().unwrap(), new.to_str().unwrap(), "--json"]);
    assert_eq!(result.code, 1, "{}{}", result.out, result.err);
    serde_json::from_str(&result.out).unwrap()
}

#[test]
fn every_difference_of_a_page_or_a_text_is_found() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let build = |out: &str| {
        let built =
            sandbox.build(out, &["--format", "html,text", "--templates", templates.to_str().unwrap()]);
        assert_eq!(built.code, 0, "{}{}", built.out, built.err);
        only_run(&sandbox.path(out))
    };
    let first = build("first");
    let changes = [
        (
            "local/words/reading.j2",
            "The figures show how",
            "These figures show how",
            ["html", "text"].as_slice(),
            "These",
        ),
        ("local/reading.html.j2", "<p>", "<p class=\"new\">", &["html"], "class=\\\"new\\\""),
        ("theme/page.css", "}", "}\n", &["html"], "style-src"),
    ];
    for (number, (file, from, to, formats, says)) in changes.into_iter().enumerate() {
        let path = templates.join(file);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&path, before.replacen(from, to, 1)).unwrap();
        let second = build(&format!("second-{number}"));
        fs::write(&path, before).unwrap();
        let review = compared(&sandbox, &first, &second);
        let changed: BTreeSet<&str> = review["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["format"].as_str().unwrap())
            .collect();
        assert_eq!(changed.into_iter().collect::<Vec<_>>(), formats, "{file}: {review:#}");
        assert!(review.to_string().contains(says), "{file}: {review:#}");
    }
}

#[test]
fn a_report_may_come_by_a_link() {
    let by_link = |sandbox: &Sandbox| {
        let recipients = fs::read_to_string(sandbox.evaluation().join("recipients.csv")).unwrap();
        let row = |line: &str| match line {
            line if line.starts_with("area,") => format!("{line},by\n"),
            line if line.starts_with("S1") => format!("{},link\n", line.replace("standard", "html")),
            line => format!("{line},\n"),
        };
        let rows: String = recipients.lines().map(row).collect();
        fs::write(sandbox.evaluation().join("recipients.csv"), rows).unwrap();
    };
    let office =
        Office::with(PostOffice::friendly(), "links = \"https://reports.example.org/2024\"\n", by_link);
    good(&office.rehearse());
    good(&office.send(&[]));
    let received = office.post.received();
    let of = |to: &str| {
        let message = received.iter().find(|message| message.to == to).unwrap();
        String::from_utf8_lossy(&message.data).replace("=\r\n", "")
    };
    let linked = of(ALL[2]);
    assert!(linked.contains("https://reports.example.org/2024/local/S1-clay.html"), "{linked}");
    assert!(!linked.contains("filename="), "{linked}");
    assert!(of(ALL[0]).contains("filename=") && !of(ALL[0]).contains("https://reports.example.org"));

    // Without a place where reports are published there is nothing to link to, and a private copy has none at all.
    let sandbox = Sandbox::new("two-regions");
    by_link(&sandbox);
    let checked = sandbox.run(&["check"]);
    assert_eq!(checked.code, 1);
    assert!(checked.err.contains("recipients.csv:4 [by]: a link needs the address"), "{}", checked.err);
}

#[test]
fn a_language_has_its_own_marks_and_separators() {
    let sandbox = Sandbox::new("integrated-working-2008");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let lexicon = templates.join("lexicon/en.toml");
    edit(&lexicon, "thousands = \",\"", "thousands = \".\"");
    edit(&lexicon, "open = \"“\"\nclose = \"”\"", "open = \"«\"\nclose = \"»\"");
    let build = |out: &str| {
        let formats = FORMATS.join(",");
        sandbox.build(
            out,
            &["--kind", "national", "--format", &formats, "--templates", templates.to_str().unwrap()],
        )
    };
    let built = build("out");
    assert_eq!(built.code, 0, "{}{}", built.out, built.err);
    for file in ["england.txt", "england.html", "england.pdf"] {
        let path = only_run(&sandbox.path("out")).join("national").join(file);
        let text = sandbox.program(&["text", path.to_str().unwrap()]).out;
        assert!(text.contains("1.185") && !text.contains("1,185"), "{file}");
        assert!(text.contains('«') && text.contains('»'), "{file}");
    }
    for (from, to) in [("thousands = \".\"", "thousands = \" \""), ("open = \"«\"", "open = \"'\"")] {
        edit(&lexicon, from, to);
        let refused = build("refused");
        assert_eq!(refused.code, 2, "{to}");
        assert!(refused.err.contains("lexicon/en.toml:"), "{}", refused.err);
        edit(&lexicon, to, from);
    }
}
