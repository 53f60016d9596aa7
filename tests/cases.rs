//! Each case is a folder. Its files are copied over those of the small evaluation, the files named in `remove.txt` are
//! deleted, and `expected.txt` has the exit code and the problems that `check` should report.
//! `ACCEPT=1 cargo test --release` overwrites `expected.txt` with what is found; read the diff before committing it.

use std::fmt::Write;
use std::fs;

use crate::harness::{Sandbox, copy, project};

#[test]
fn every_case_reports_what_is_expected() {
    let folder = project().join("tests/cases");
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 12, "too few cases: {}", cases.len());
    let mut wrong = String::new();
    for case in cases {
        let sandbox = Sandbox::new("two-regions");
        copy(&case, &sandbox.evaluation());
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        drop(fs::remove_file(sandbox.evaluation().join("expected.txt")));
        if let Ok(names) = fs::read_to_string(case.join("remove.txt")) {
            fs::remove_file(sandbox.evaluation().join("remove.txt")).unwrap();
            names.lines().for_each(|name| fs::remove_file(sandbox.evaluation().join(name)).unwrap());
        }
        let result = sandbox.run(&["check"]);
        let found = format!("exit code {}\n{}", result.code, result.err);
        if std::env::var_os("ACCEPT").is_some() {
            fs::write(case.join("expected.txt"), &found).unwrap();
        } else if found != expected {
            writeln!(wrong, "{}\n--- expected\n{expected}--- found\n{found}", case.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
