use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lopdf::{Document, Object};
use serde_json::Value;

use crate::harness::edit;
use crate::review::{Runs, differ, groups};

/// A change to an evaluation, its templates or a finished report, and what a reviewer must read of it in a group.
struct Change {
    what: &'static str,
    place: Place,
    from: &'static str,
    to: &'static str,
    read: &'static str,
}

#[derive(Clone, Copy)]
enum Place {
    Evaluation(&'static str),
    Template(&'static str),
    /// The catalog of the finished report of Beck: an entry and its value.
    Finished,
}

use Place::{Evaluation, Finished, Template};

const fn change(
    what: &'static str,
    place: Place,
    [from, to]: [&'static str; 2],
    read: &'static str,
) -> Change {
    Change { what, place, from, to, read }
}

const CHANGES: [Change; 19] = [
    change("an answer", Evaluation("submissions/N1.csv"), ["pace,,fast", "pace,,slow"], "own/pace"),
    change(
        "another answer",
        Evaluation("submissions/S1.csv"),
        ["engaged,schools,little", "engaged,schools,well"],
        "engaged",
    ),
    change("free text", Evaluation("submissions/N1.csv"), ["; 1. <b>", "; 97. <b>"], "97."),
    change("title", Evaluation("evaluation.toml"), ["schools 2024\"", "schools 2025\""], "2025"),
    change("period", Evaluation("evaluation.toml"), ["May 2024", "June 2024"], "June"),
    change("date", Evaluation("evaluation.toml"), ["2024-06-03", "2024-06-04"], "\"is\":\"4"),
    change("contact", Evaluation("evaluation.toml"), ["board@", "council@"], "council@"),
    change("organisation", Evaluation("evaluation.toml"), ["Library Board", "Book Board"], "Book"),
    change("area", Evaluation("register.csv"), ["Ash & Dale", "Ash & Vale"], "Vale"),
    change("measure", Evaluation("questionnaire.toml"), ["Fast progress", "Quick progress"], "Quick"),
    change("option", Evaluation("questionnaire.toml"), ["All of them", "Each of them"], "Each"),
    change("sentence", Template("local/words/reading.j2"), ["measure it,", "measure it at all,"], "at all"),
    change(
        "sentence of one area",
        Template("shared/words/methods.j2"),
        ["halves rounded up", "halves rounded up<% if area.code == \"S1\" %> (always)<% endif %>"],
        "(always)",
    ),
    change(
        "number",
        Template("local/words/discussion.j2"),
        ["They report answers", "They report 12 answers"],
        "12",
    ),
    change("colour", Template("theme/palette.toml"), ["ink = \"#1F1F1F\"", "ink = \"#1A1A1A\""], "#1a1a1a"),
    change("layout", Template("local/glance.typ.j2"), ["(1.5fr, <% for", "(1.6fr, <% for"], "\"moved\""),
    change("recipient", Evaluation("recipients.csv"), ["ann@ash", "abe@ash"], "abe@ash"),
    change("name of a recipient", Evaluation("recipients.csv"), ["Cy", "Cyd"], "Cyd"),
    change("language", Finished, ["Lang", "cy"], "language: cy"),
];

/// `COMBINATIONS=200 SEED=7 cargo test --release combined` tries more of them, or others.
#[test]
fn each_of_several_changes_at_once_is_in_a_group_that_says_it() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |number| number.parse().unwrap());
    let (combinations, seed) = (number("COMBINATIONS", 25), number("SEED", 1));
    let desk = Runs::new("two-regions");
    let mut missed = Vec::new();
    for at in 0..combinations {
        let mut random = fastrand::Rng::with_seed(seed * 100_000 + at);
        let several = 2 + random.usize(..2);
        let chosen = random.choose_multiple(CHANGES.iter(), several);
        let review = differ(&desk.first(), &made(&desk, &chosen));
        for change in &chosen {
            if !groups(&review).iter().any(|group| says(group, change.read)) {
                let all: Vec<&str> = chosen.iter().map(|change| change.what).collect();
                missed.push(format!("{at}: {} in {}", change.what, all.join(" and ")));
            }
        }
        fs::remove_dir_all(desk.sandbox.path("changed")).unwrap();
    }
    println!("combinations: {combinations} with seed {seed}; unreported changes {}", missed.len());
    assert!(missed.is_empty(), "with seed {seed}:\n{}", missed.join("\n"));
}

/// True if a group says this in its figures, words or looks.
fn says(group: &Value, wanted: &str) -> bool {
    ["figures", "words", "looks"]
        .iter()
        .any(|part| group[part].to_string().replace("\\\"", "\"").contains(wanted))
}

/// The run with these changes. They are undone again.
fn made(desk: &Runs, changes: &[&Change]) -> PathBuf {
    let mut before = BTreeMap::new();
    for change in changes {
        let file = match change.place {
            Evaluation(file) => desk.evaluation(file),
            Template(file) => desk.template(file),
            Finished => continue,
        };
        before.entry(file.clone()).or_insert_with(|| fs::read(&file).unwrap());
        edit(&file, change.from, change.to);
    }
    let run = desk.build("changed");
    for change in changes.iter().filter(|change| matches!(change.place, Finished)) {
        set_in_catalog(&run, change.from, change.to);
    }
    before.into_iter().for_each(|(file, bytes)| fs::write(file, bytes).unwrap());
    run
}

/// Sets an entry of the catalog of a finished report, as if the program had written it.
fn set_in_catalog(run: &Path, key: &str, value: &str) {
    let file = run.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let entries = manifest["reports"].as_array_mut().unwrap();
    let beck = entries.iter_mut().find(|entry| entry["name"] == "Beck, City of").unwrap();
    let pdf = run.join(beck["report"]["file"].as_str().unwrap());
    let mut document = Document::load(&pdf).unwrap();
    document.catalog_mut().unwrap().set(key, Object::string_literal(value));
    fs::remove_file(&pdf).unwrap();
    document.save(&pdf).unwrap();
    beck["report"]["sha256"] = Value::from("another");
    fs::write(&file, serde_json::to_vec(&manifest).unwrap()).unwrap();
}
