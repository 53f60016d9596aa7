//! A case is a folder: the small evaluation with the files of the case laid over it, the files named in `remove.txt`
//! taken out, and `expected.txt`: exit code and problems of `check`. `ACCEPT=1 cargo test --release` writes what is
//! found; read the difference before it is committed.

use std::fmt::Write;
use std::fs;

use crate::harness::{Sandbox, copy, project};

#[test]
fn every_case_is_told_as_expected() {
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
        let ended = sandbox.run(&["check"]);
        let found = format!("exit code {}\n{}", ended.code, ended.err);
        if std::env::var_os("ACCEPT").is_some() {
            fs::write(case.join("expected.txt"), &found).unwrap();
        } else if found != expected {
            writeln!(wrong, "{}\n--- expected\n{expected}--- found\n{found}", case.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
