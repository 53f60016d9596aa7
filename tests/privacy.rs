//! Addresses of people: who can read them, and how a person is forgotten.

use std::fs;
use std::path::Path;

use crate::deliver::{ALL, Office, good};
use crate::harness::files;
use crate::post::{Fault, PostOffice};

/// The files in an output folder that have an address in some form that a text search finds, without PDFs.
fn with_address(folder: &Path, address: &str) -> Vec<String> {
    let mut found = files(folder);
    found.retain(|file| {
        let path = folder.join(file);
        let text = fs::read(&path).unwrap_or_default().to_ascii_lowercase();
        !path.is_symlink() && text.windows(address.len()).any(|part| part == address.as_bytes())
    });
    // A run is listed once, not once more for each link to it.
    found.retain(|file| !file.starts_with("latest/") && !file.starts_with("approved/"));
    found
}

/// An office from which reports were sent, one refused, one corrected, and all caught as a rehearsal.
fn used() -> Office {
    let post = PostOffice::new(|to, tries| match (to, tries) {
        ("bea@beck.example.org", 1) => Fault::Recipient("550 5.1.1 <bea@beck.example.org>: no such person"),
        _ => Fault::None,
    });
    let office = Office::new(post);
    good(&office.send(&["--rehearse", "--catch-all"]));
    good(&office.rehearse());
    assert_eq!(office.send(&[]).code, 1);
    let list = office.sandbox.evaluation().join("recipients.csv");
    let text = fs::read_to_string(&list).unwrap();
    fs::write(&list, text.replace("bea@beck", "bob@beck")).unwrap();
    office.build();
    assert_eq!(office.sandbox.program(&["diff", "out"]).code, 1);
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--recipients"]));
    good(&office.send(&["--rehearse", "--failed"]));
    good(&office.send(&["--failed"]));
    office
}

#[test]
fn addresses_are_where_they_must_be_and_only_their_owner_reads_them() {
    let office = used();
    let out = office.sandbox.path("out");
    let wal = |file: &String| file.starts_with("ledger.sqlite");
    for address in ALL {
        for file in with_address(&out, address).iter().filter(|file| !wal(file)) {
            let expected = file.starts_with("sends/")
                || file.ends_with("private/recipients.json")
                || file.starts_with("reviews/") && file.ends_with(".html");
            assert!(expected, "{address} is in {file}");
        }
    }
    #[cfg(unix)]
    for file in files(&out) {
        use std::os::unix::fs::PermissionsExt;
        let private = file.starts_with("sends/")
            || file.contains("private/")
            || file.starts_with("ledger")
            || file == "verdicts.jsonl";
        let path = out.join(&file);
        if private && !path.is_symlink() {
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{file}");
        }
    }
    let kept = files(&office.sandbox.vault());
    for address in ALL {
        let found = kept.iter().find(|file| {
            let text = fs::read(office.sandbox.vault().join(file)).unwrap();
            text.windows(address.len()).any(|part| part == address.as_bytes())
        });
        assert_eq!(found, None, "{address} is in the vault");
    }
}

#[test]
fn no_output_that_goes_elsewhere_than_to_a_terminal_has_an_address() {
    let office = used();
    let run = |arguments: &[&str]| {
        let result = office.sandbox.program(arguments);
        // The last run is not the approved one: that it cannot be sent is said without an address as well.
        assert!(result.code <= 2, "{arguments:?}: {}", result.err);
        format!("{}{}", result.out, result.err)
    };
    let commands: [&[&str]; 12] = [
        &["check", "evaluation", "--json"],
        &["diff", "out", "--json"],
        &["diff", "out"],
        &["status", "evaluation", "--out", "out", "--json"],
        &["deliveries", "evaluation", "--out", "out"],
        &["deliveries", "evaluation", "--out", "out", "--json"],
        &["deliveries", "evaluation", "--out", "out", "--csv"],
        &["send", "out", "--evaluation", "evaluation", "--rehearse", "--json"],
        &["send", "out", "--evaluation", "evaluation", "--rehearse"],
        &["send", "out", "--evaluation", "evaluation", "--json"],
        &["verify", "out/latest", "--json"],
        &["nightly", "evaluation", "--out", "out", "--json"],
    ];
    office.sandbox.append("recipients.csv", "N1,Abe,abe@ash.example.org,standard\n");
    office.build();
    for command in commands {
        let said = run(command);
        for address in ALL.into_iter().chain(["abe@ash.example.org", "bob@beck.example.org"]) {
            assert!(!said.contains(address), "{command:?}: {address}: {said}");
        }
    }
    // What identifies a message is not an address, and staff need it.
    let listed = run(&["deliveries", "evaluation", "--out", "out", "--json"]);
    let message = office.post.received().last().unwrap().header("Message-ID");
    assert!(listed.contains(&message), "{message}: {listed}");
    let asked = run(&["deliveries", "evaluation", "--out", "out", "--csv", "--full-addresses"]);
    let rows: Vec<&str> = asked.lines().collect();
    assert!(rows[0].starts_with("at,state,kind,subject,"), "{asked}");
    assert!(rows[1].contains(",accepted,local,N1,Ash,en,standard,"), "{asked}");
    assert!(rows[1].contains(",ann@ash.example.org,Ann,report,"), "{asked}");
}

#[test]
fn a_person_is_forgotten_and_still_gets_no_report_twice() {
    let office = used();
    let out = office.sandbox.path("out");
    let ann = "ann@ash.example.org";
    let forget = |address: &str| office.sandbox.program(&["forget", address, "evaluation", "--out", "out"]);
    let listed = forget(ann);
    assert_eq!(listed.code, 2, "{}", listed.out);
    assert!(listed.err.contains("recipients.csv still has the address"), "{}", listed.err);
    assert!(!with_address(&out, ann).is_empty());
    let list = office.sandbox.evaluation().join("recipients.csv");
    let text = fs::read_to_string(&list).unwrap();
    let without: String =
        text.lines().filter(|line| !line.contains(ann)).map(|line| format!("{line}\n")).collect();
    fs::write(&list, without).unwrap();
    let forgotten = forget("Ann@ASH.example.org");
    good(&forgotten);
    assert!(!forgotten.out.to_lowercase().contains(ann), "{}", forgotten.out);
    assert_eq!(with_address(&out, ann), Vec::<String>::new());
    // Nothing else was lost: every delivery is still listed, and the run is as it was.
    assert_eq!(office.states().iter().filter(|state| state.ends_with("accepted")).count(), 4);
    good(&office.sandbox.program(&["verify", "out/latest"]));
    // The same person again: the report that they have is not sent a second time.
    let before = office.post.received().len();
    fs::write(&list, text).unwrap();
    office.build();
    good(&office.sandbox.program(&["approve", "out", "--as", "Ann Lee", "--recipients"]));
    let rehearsed = office.rehearse();
    assert!(good(&rehearsed).contains("0 messages planned"), "{}", rehearsed.out);
    good(&office.send(&[]));
    assert_eq!(office.post.received().len(), before);
    // What somebody wrote into the record is said, not removed: a record cannot be edited.
    let why = "ann@ash.example.org says that it is wrong";
    let reject = ["reject", "out", "--as", "Ann Lee", "--area", "Ash", "--why", why];
    good(&office.sandbox.program(&reject));
    fs::write(&list, fs::read_to_string(&list).unwrap().replace(ann, "abe@ash.example.org")).unwrap();
    let left = forget(ann);
    assert_eq!(left.code, 1, "{}", left.err);
    assert!(left.out.contains("The address is still in: verdicts.jsonl"), "{}", left.out);
}
