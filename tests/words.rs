//! The words of reports come from the lexicon, the templates and the evaluation, and from nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::harness::{Sandbox, copy, files, project};

/// A copy of the templates in a language of its own: every word of the lexicon ends in `z`.
fn templates_in_another_language(sandbox: &Sandbox) -> String {
    let folder = sandbox.path("templates");
    copy(&project().join("report-templates"), &folder);
    let lexicon = folder.join("lexicon/en.toml");
    let text: String = fs::read_to_string(&lexicon).unwrap().lines().map(translated).collect();
    fs::write(&lexicon, text).unwrap();
    folder.to_str().unwrap().to_owned()
}

/// A line of the lexicon in which every word between quotation marks ends in `z`, but for the names of values.
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
fn reports_in_another_language_have_no_english_word_of_the_programs() {
    for fixture in ["two-regions", "healthy-schools-2024"] {
        let sandbox = Sandbox::new(fixture);
        let templates = templates_in_another_language(&sandbox);
        let ended = sandbox.build("out", &["--templates", &templates]);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        let mut known = words_below(&sandbox.path("templates"));
        known.extend(words_below(&sandbox.evaluation()));
        let mut english = BTreeSet::new();
        let folder = sandbox.path("out/latest/local");
        for report in files(&folder).iter().filter(|file| file.ends_with(".pdf")) {
            let said = sandbox.program(&["text", folder.join(report).to_str().unwrap()]);
            // The headings of `text` itself are no words of the report.
            let said: String =
                said.out.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
            assert!(said.contains("Figurz 1") && said.contains("Iz placz"), "{said:.300}");
            // Two labels of a chart may stand so near one another that they are read as one word.
            let unknown =
                words(&said).into_iter().filter(|word| !word.ends_with('z') && !known.contains(word));
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
    let ended = sandbox.build("out", &["--templates", &templates]);
    assert_eq!(ended.code, 2, "{}{}", ended.out, ended.err);
    let place = without.iter().position(|line| *line == "[marks]").unwrap() + 1;
    assert!(ended.err.contains(&format!("lexicon/en.toml:{place}")), "{}", ended.err);
    assert!(ended.err.contains("not-yet"), "{}", ended.err);
}
