//! A send after one random change to what it rests on: whatever was changed, nobody receives what was not approved for
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::deliver::{Office, good};
use crate::harness::{files, run_to_end};
use crate::post::PostOffice;

/// `MUTATIONS=60 SEED=7 cargo test --release mutations` tries more of them, or others.
#[test]
fn a_send_after_any_change_reaches_nobody_with_anything_that_was_not_approved() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |number| number.parse().unwrap());
    let (mutations, seed) = (number("MUTATIONS", 20), number("SEED", 1));
    let office = Office::new(PostOffice::friendly());
    good(&office.rehearse());
    let approved = approved(&office);
    let (mut held, mut duplicates, mut wrong) = (0, Vec::new(), Vec::new());
    for at in 0..mutations {
        let mut random = fastrand::Rng::with_seed(seed * 100_000 + at);
        let twin = office.sandbox.twin();
        let what = mutate(&twin.path("out"), &mut random);
        let before = office.post.received().len();
        let send = run_to_end(twin.command().args(["send", "out", "--evaluation", "evaluation"]));
        let received = office.post.received().split_off(before);
        held += u64::from(received.is_empty());
        assert!(send.code == 0 || received.len() < 4, "{what}: {}{}", send.out, send.err);
        let mut seen = Vec::new();
        for message in received {
            if approved.get(&message.to) != Some(&message.data) {
                wrong.push(format!("{what}: {}", message.to));
            }
            if seen.contains(&message.to) {
                duplicates.push(format!("{what}: {}", message.to));
            }
            seen.push(message.to);
        }
    }
    println!(
        "mutations: {mutations} with seed {seed}, {held} held everything back; duplicates {}; wrong recipients {}",
        duplicates.len(),
        wrong.len()
    );
    assert!(duplicates.is_empty() && wrong.is_empty(), "seed {seed}: {duplicates:?} {wrong:?}");
    assert!(mutations < 20 || held > mutations / 2, "most changes must be noticed: {held} of {mutations}");
}

/// The message that each person was to receive, as it was rehearsed.
fn approved(office: &Office) -> BTreeMap<String, Vec<u8>> {
    let plan: Value = serde_json::from_slice(&fs::read(office.plan()).unwrap()).unwrap();
    let messages = office.plan().with_file_name("messages");
    let of = |message: &Value| {
        let file = message["file"].as_str().unwrap();
        (message["recipient"].as_str().unwrap().to_owned(), fs::read(messages.join(file)).unwrap())
    };
    plan["messages"].as_array().unwrap().iter().map(of).collect()
}

/// Changes one file of an output folder, or loses it, and says what was done.
fn mutate(out: &Path, random: &mut fastrand::Rng) -> String {
    let mut all = files(out);
    // The links lead to the same files once more, and a lock has nothing in it.
    all.retain(|file| !out.join(file).is_symlink() && !file.ends_with(".lock"));
    all.sort();
    let important =
        ["manifest.json", "manifest.sig", "plan.json", "plan.sig", "verdicts.jsonl", "ledger.sqlite"];
    if random.bool() {
        all.retain(|file| important.iter().any(|name| file.ends_with(name)));
    }
    let file = random.choice(&all).unwrap().clone();
    let path = out.join(&file);
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len().max(1);
    let what = match random.usize(..7) {
        0 => {
            let at = random.usize(..end);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.usize(..8);
            }
            "one bit"
        }
        1 => {
            bytes.truncate(random.usize(..end));
            "its end is missing"
        }
        2 => {
            bytes.extend_from_slice(b"\n");
            "a line more"
        }
        3 => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let lines: Vec<&str> = text.lines().collect();
            bytes = lines[..lines.len().saturating_sub(1)].join("\n").into_bytes();
            "its last line is missing"
        }
        4 => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            bytes = text.replace("ann@ash.example.org", "eve@elsewhere.example.org").into_bytes();
            "another address"
        }
        5 => {
            bytes = fs::read(out.join(random.choice(&all).unwrap())).unwrap();
            "the contents of another file"
        }
        _ => {
            fs::remove_file(&path).unwrap();
            return format!("{file}: gone");
        }
    };
    fs::write(&path, bytes).unwrap();
    format!("{file}: {what}")
}
