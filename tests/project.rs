use std::fs;

use crate::harness::{files, project};

#[test]
fn there_is_one_comemo() {
    // Two copies would make evicting a silent no-op: the cache of Typst would be another one than ours.
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
