use std::fs;

use crate::harness::{files, project};

#[test]
fn there_is_only_one_version_of_comemo() {
    // With two versions, clearing our cache would silently have no effect on the one that Typst uses.
    let lock = fs::read_to_string(project().join("Cargo.lock")).unwrap();
    assert_eq!(lock.matches("name = \"comemo\"\n").count(), 1);
    assert_eq!(lock.matches("name = \"typst-library\"\n").count(), 1);
}

#[test]
fn every_module_of_these_tests_is_listed() {
    let main = fs::read_to_string(project().join("tests/main.rs")).unwrap();
    for file in files(&project().join("tests")) {
        if let Some(name) = file.strip_suffix(".rs").filter(|name| !name.contains('/') && *name != "main") {
            assert!(main.contains(&format!("mod {name};")), "{file} is never run");
        }
    }
}

/// The sources of the library by their path below `src/`, without their tests.
fn library() -> Vec<(String, String)> {
    let src = project().join("src");
    let of_library = |file: &String| file.ends_with(".rs") && file != "main.rs" && !file.starts_with("cli/");
    let source = |file: String| {
        let text = fs::read_to_string(src.join(&file)).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
        (file, code)
    };
    let sources: Vec<_> = files(&src).into_iter().filter(of_library).map(source).collect();
    assert!(sources.len() > 100, "{}", sources.len());
    sources
}

#[test]
fn the_library_does_not_know_the_command_line() {
    for (file, code) in library() {
        for name in ["clap", "indicatif", "anstream", "anstyle", "crate::cli", "notify::"] {
            assert!(!code.contains(name), "{file} uses {name}");
        }
    }
}

#[test]
fn work_is_spread_over_threads_in_one_place() {
    for (file, code) in library() {
        let allowed = ["parallel.rs", "pipeline/workers.rs"].contains(&file.as_str());
        assert!(allowed || !code.contains("rayon"), "{file} uses rayon; parallel.rs is for that");
    }
}

#[test]
fn source_files_are_short() {
    let src = project().join("src");
    let mut lengths: Vec<(usize, String)> = files(&src)
        .into_iter()
        .filter(|file| file.ends_with(".rs"))
        .map(|file| (fs::read_to_string(src.join(&file)).unwrap().lines().count(), file))
        .collect();
    lengths.sort();
    let (median, longest) = (&lengths[lengths.len() / 2], &lengths[lengths.len() - 1]);
    assert!(median.0 < 150, "the median file has {} lines", median.0);
    assert!(longest.0 <= 450, "{} has {} lines", longest.1, longest.0);
}

#[test]
fn nothing_decides_in_the_command_line_what_may_be_sent_or_approved() {
    let cli = project().join("src/cli");
    for file in files(&cli) {
        let code = fs::read_to_string(cli.join(&file)).unwrap();
        for name in ["RealAnswers", ".approve(", "manifest.synthetic"] {
            assert!(!code.contains(name), "{file} decides with {name}");
        }
    }
}
