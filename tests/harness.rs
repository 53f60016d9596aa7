//! Runs the real program on copies of small evaluations.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use area_reports::model::Language;
use area_reports::templates::Templates;
use area_reports::vault::{KnownReviewers, Vault};
use area_reports::words::Lexicon;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

/// The project's folder.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The words of reports in English.
pub(crate) fn english() -> Lexicon {
    Templates::embedded().lexicon(&Language::english()).unwrap()
}

/// A copy of a small evaluation in its own folder, which tests may change.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// The passphrase of every reviewer.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// The reviewers of all fixtures.
pub(crate) const REVIEWERS: [&str; 3] = ["Ann Lee", "Bo Ray", "Cy Dow"];

/// The file of a vault in which all reviewers have the passphrase. Hashing it takes a while, so it is made once.
fn known_reviewers() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut known = KnownReviewers::read(&Vault::open(folder.path()).unwrap()).unwrap();
        for name in REVIEWERS {
            known.set(name, PASSPHRASE, "2008-11-03T09:00:00Z").unwrap();
        }
        fs::read(folder.path().join("reviewers.json")).unwrap()
    })
}

/// What the program printed, and its exit code.
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    /// A copy of a fixture.
    pub(crate) fn new(fixture: &str) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        copy(&project().join("fixtures").join(fixture), &sandbox.evaluation());
        sandbox.add_reviewers();
        sandbox
    }

    /// A copy of this one, with everything that was made in it.
    pub(crate) fn twin(&self) -> Self {
        let twin = Self { folder: tempfile::tempdir().unwrap() };
        let status = Command::new("cp").arg("-a").arg(self.path(".")).arg(twin.path("")).status().unwrap();
        assert!(status.success());
        twin
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The evaluation folder.
    pub(crate) fn evaluation(&self) -> PathBuf {
        self.path("evaluation")
    }

    /// Replaces text in a file of the evaluation.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        edit(&self.evaluation().join(file), from, to);
    }

    /// Adds lines to the end of a file of the evaluation.
    pub(crate) fn append(&self, file: &str, text: &str) {
        let path = self.evaluation().join(file);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(path, before + text).unwrap();
    }

    /// Runs the program with the evaluation as the last argument.
    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with(arguments, |_| {})
    }

    /// Runs `build` into the folder `out`, with additional arguments.
    pub(crate) fn build(&self, out: &str, arguments: &[&str]) -> Finished {
        let out = self.path(out);
        let mut all = vec!["build", "--out", out.to_str().unwrap()];
        all.extend(arguments);
        self.run(&all)
    }

    /// Runs the program in the folder that holds the evaluation.
    pub(crate) fn program(&self, arguments: &[&str]) -> Finished {
        run_to_end(self.command().args(arguments))
    }

    /// The vault that the program uses.
    pub(crate) fn vault(&self) -> PathBuf {
        self.path("vault")
    }

    /// Puts the passphrases of the reviewers of all fixtures into the vault, as `reviewer add` would.
    pub(crate) fn add_reviewers(&self) {
        fs::create_dir_all(self.vault()).unwrap();
        fs::write(self.vault().join("reviewers.json"), known_reviewers()).unwrap();
    }

    /// What somebody decides who approves every report on the page of the first run, by its manifest.
    pub(crate) fn approvals(manifest: &Value, reviewer: &str) -> Value {
        let reports = manifest["reports"].as_array().unwrap().iter().map(|entry| {
            json!({
                "kind": entry["kind"], "subject": entry["subject"], "language": entry["language"],
                "format": entry["format"],
                "seen": { "sha256": entry["report"]["sha256"], "facts": entry["facts"]["sha256"],
                          "recipients": entry["recipients"] },
                "decision": "approved", "groups": [], "note": "",
            })
        });
        let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        json!({ "at": at, "old": "nothing", "new": manifest["run"]["id"], "reviewer": reviewer,
                "reports": reports.collect::<Vec<_>>() })
    }

    /// An export of the page for reviewers with these decisions, signed with the passphrase of a reviewer.
    pub(crate) fn signed(&self, reviewer: &str, decisions: &Value) -> Value {
        let file = fs::read(self.vault().join("reviewers.json")).unwrap();
        let known: Value = serde_json::from_slice(&file).unwrap();
        let known = known.as_array().unwrap().iter().find(|known| known["name"] == reviewer).unwrap();
        let (salt, rounds) = (known["salt"].as_str().unwrap(), known["rounds"].as_u64().unwrap());
        let key = pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(
            PASSPHRASE.as_bytes(),
            salt.as_bytes(),
            u32::try_from(rounds).unwrap(),
        );
        let statement = decisions.to_string();
        let mut code = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        code.update(format!("decisions\0{statement}").as_bytes());
        let signature: String =
            code.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        json!({ "version": 2, "statement": statement, "signature": signature })
    }

    /// A command of the program, in the folder that holds the evaluation, with a vault of its own.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_area-reports"));
        command.current_dir(self.folder.path()).env("AREA_REPORTS_VAULT", self.vault());
        command.env("AREA_REPORTS_PASSPHRASE", PASSPHRASE).stdin(Stdio::null());
        command
    }

    /// Runs the program after applying `change` to the command.
    pub(crate) fn run_with(&self, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Finished {
        let mut command = self.command();
        command.args(arguments).arg("evaluation");
        change(&mut command);
        run_to_end(&mut command)
    }
}

/// Runs a command until it exits.
pub(crate) fn run_to_end(command: &mut Command) -> Finished {
    let output = command.output().unwrap();
    Finished {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Replaces text that occurs exactly once in a file.
pub(crate) fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {}", file.display());
    fs::write(file, text.replace(from, to)).unwrap();
}

/// Copies a folder and everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The relative paths of all files in a folder and its subfolders, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The only run in an output folder.
pub(crate) fn only_run(out: &Path) -> PathBuf {
    let runs: Vec<PathBuf> =
        fs::read_dir(out.join("runs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(runs.len(), 1, "{runs:?}");
    runs[0].clone()
}
