//! All words of reports come from the lexicon, the templates or the evaluation.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::harness::{Sandbox, copy, files, project};

/// A copy of the templates in a made-up language: every word of the lexicon ends in `z`.
fn templates_in_another_language(sandbox: &Sandbox) -> String {
    let folder = sandbox.path("templates");
    copy(&project().join("report-templates"), &folder);
    let lexicon = folder.join("lexicon/en.toml");
    let text: String = fs::read_to_string(&lexicon).unwrap().lines().map(translated).collect();
    fs::write(&lexicon, text).unwrap();
    folder.to_str().unwrap().to_owned()
}

/// A line of the lexicon in which every word in quotation marks ends in `z`, except the names of placeholders.
fn translated(line: &str) -> String {
    let (mut text, mut quoted, mut value) = (String::new(), false, false);
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        quoted ^= c == '"';
        value = (value || c == '{') && c != '}';
        let ends = !letters.peek().is_some_and(|next| next.is_alphabetic() || *next == '\'');
        text.push(if quoted && !value && c.is_alphabetic() && ends { 'z' } else { c });
    }
    text + "\n"
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn words_below(folder: &Path) -> BTreeSet<String> {
    files(folder).iter().flat_map(|file| words(&fs::read_to_string(folder.join(file)).unwrap())).collect()
}

#[test]
fn reports_in_another_language_contain_no_english_words_from_the_program() {
    for fixture in ["two-regions", "healthy-schools-2024"] {
        let sandbox = Sandbox::new(fixture);
        let templates = templates_in_another_language(&sandbox);
        let result = sandbox.build("out", &["--templates", &templates]);
        assert_eq!(result.code, 0, "{}{}", result.out, result.err);
        let mut known = words_below(&sandbox.path("templates"));
        known.extend(words_below(&sandbox.evaluation()));
        let mut english = BTreeSet::new();
        let folder = sandbox.path("out/latest/local");
        for report in files(&folder).iter().filter(|file| file.ends_with(".pdf")) {
            let text = sandbox.program(&["text", folder.join(report).to_str().unwrap()]);
            // `text` adds headings that are not part of the report.
            let text: String =
                text.out.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
            assert!(text.contains("Figurz 1") && text.contains("Iz placz"), "{text:.300}");
            // Two labels of a chart may be so close together that they are read as one word.
            let unknown =
                words(&text).into_iter().filter(|word| !word.ends_with('z') && !known.contains(word));
            english.extend(unknown);
        }
        assert!(english.is_empty(), "{english:?}");
    }
}

#[test]
fn a_missing_word_is_reported_with_its_place() {
    let sandbox = Sandbox::new("two-regions");
    let templates = templates_in_another_language(&sandbox);
    let lexicon = Path::new(&templates).join("lexicon/en.toml");
    let text = fs::read_to_string(&lexicon).unwrap();
    let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("not-yet")).collect();
    fs::write(&lexicon, without.join("\n")).unwrap();
    let result = sandbox.build("out", &["--templates", &templates]);
    assert_eq!(result.code, 2, "{}{}", result.out, result.err);
    let place = without.iter().position(|line| *line == "[marks]").unwrap() + 1;
    assert!(result.err.contains(&format!("lexicon/en.toml:{place}")), "{}", result.err);
    assert!(result.err.contains("not-yet"), "{}", result.err);
}

/// A translation of the questionnaire into the made-up language.
fn overlay(sandbox: &Sandbox) -> String {
    let text = fs::read_to_string(sandbox.evaluation().join("questionnaire.toml")).unwrap();
    let questionnaire: toml::Table = text.parse().unwrap();
    let mut overlay = String::new();
    let tables =
        |key: &str| questionnaire[key].as_array().unwrap().iter().map(|table| table.as_table().unwrap());
    let word =
        |text: &toml::Value| translated(&format!("{:?}", text.as_str().unwrap())).trim_end().to_owned();
    let mut line = |path: String, text: &toml::Value| overlay.push_str(&format!("{path} = {}\n", word(text)));
    for (kind, field) in [("sector", "name"), ("section", "title")] {
        for table in tables(kind) {
            line(format!("{kind}s.{}", table["id"].as_str().unwrap()), &table[field]);
        }
    }
    for (kind, fields) in [("question", ["text", "title", "base"]), ("measure", ["label", "base", "-"])] {
        for table in tables(kind) {
            let path = format!("{kind}s.{}", table["id"].as_str().unwrap());
            for field in fields.into_iter().filter(|field| table.contains_key(*field)) {
                line(format!("{path}.{field}"), &table[field]);
            }
            if let Some(profile) = table.get("profile") {
                line(format!("{path}.profile"), &profile["title"]);
            }
            for many in ["options", "cells"] {
                for one in table.get(many).and_then(|many| many.as_array()).into_iter().flatten() {
                    line(format!("{path}.{many}.{}", one["id"].as_str().unwrap()), &one["label"]);
                }
            }
        }
    }
    overlay
}

#[test]
fn a_language_needs_only_two_files() {
    for fixture in ["two-regions", "healthy-schools-2024"] {
        let sandbox = Sandbox::new(fixture);
        let templates = templates_in_another_language(&sandbox);
        let lexicon = Path::new(&templates).join("lexicon");
        fs::rename(lexicon.join("en.toml"), lexicon.join("xx.toml")).unwrap();
        fs::copy(project().join("report-templates/lexicon/en.toml"), lexicon.join("en.toml")).unwrap();
        fs::write(sandbox.evaluation().join("questionnaire.xx.toml"), overlay(&sandbox)).unwrap();
        sandbox.edit("evaluation.toml", "nation = ", "language = \"xx\"\nnation = ");
        let result = sandbox.build("out", &["--templates", &templates]);
        assert_eq!(result.code, 0, "{}{}", result.out, result.err);
        let verified = sandbox.program(&["verify", sandbox.path("out/latest").to_str().unwrap()]);
        assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
        let folder = sandbox.path("out/latest/xx/local");
        let reports: Vec<String> = files(&folder).into_iter().filter(|file| file.ends_with(".pdf")).collect();
        assert!(reports.len() >= 4, "{reports:?}");
        let questionnaire = fs::read_to_string(sandbox.evaluation().join("questionnaire.toml")).unwrap();
        let titles = questionnaire.lines().filter_map(|line| line.strip_prefix("title = "));
        let english: Vec<&str> = titles.map(|title| title.trim_matches('"')).collect();
        for report in reports {
            let path = folder.join(report);
            let bytes = fs::read(&path).unwrap();
            let language = String::from_utf8_lossy(&bytes).contains("<rdf:li>xx</rdf:li>");
            assert!(language, "the language of the file is not xx");
            let text = sandbox.program(&["text", path.to_str().unwrap()]).out;
            for title in &english {
                let printed = text.lines().any(|line| line == *title);
                assert!(!printed, "{title} is English");
            }
            assert!(text.contains("Figurz 1"), "{text:.300}");
        }
    }
}

#[test]
fn a_language_without_a_lexicon_is_refused_by_name() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("evaluation.toml", "nation = ", "language = \"gd\"\nnation = ");
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 2, "{}{}", result.out, result.err);
    assert!(result.err.contains("lexicon/gd.toml"), "{}", result.err);
    assert!(
        !result.err.contains("months"),
        "there should be one problem, not one for each word: {}",
        result.err
    );
}
