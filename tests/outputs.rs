use std::fs;
use std::path::Path;

use insta::{Settings, assert_snapshot};

use crate::harness::{Finished, Sandbox};
use crate::post::PostOffice;

/// Snapshots in which whatever differs from run to run or from computer to computer has a name instead.
fn steady(sandbox: &Sandbox) -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let folder = sandbox.path("");
    let folder = folder.display().to_string();
    for (pattern, name) in [
        (folder.trim_end_matches('/'), "FOLDER"),
        // A second run in the same second has a longer id, so the spaces after it vary.
        (r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)? {2,}", "RUN  "),
        (r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?", "RUN"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?", "TIME"),
        (r" {2,}\d+(\.\d+)? ?(MiB|KiB|kB|MB|GB)\b", "  SIZE"),
        (r"\d+(\.\d+)? ?(MiB|KiB|kB|MB|GB)\b", "SIZE"),
        (r"\d+\.\d+ ?s\b", "SECONDS"),
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\b[0-9a-f]{32}@", "ID@"),
        (r"\b[0-9a-f]{12}\b", "HASH"),
        (r"\b(parts|words)-[0-9a-f]{24}\b", "$1-BOUNDARY"),
        (r"(?m)^Date: .*$", "Date: DATE"),
        (r"\b\d{1,2} [A-Z][a-z]+ 20[2-9]\d\b", "DAY"),
        (r"  [0-9a-f]{8}  ", "  GROUP  "),
        (r"--group [0-9a-f]{8}", "--group GROUP"),
    ] {
        settings.add_filter(pattern, name);
    }
    settings
}

/// The command as it was given, and all that it printed.
fn printed(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let Finished { code, out, err } = sandbox.program(arguments);
    let lines = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    format!(
        "$ area-reports {}\n{}\n--- errors\n{}\n--- exit {code}",
        arguments.join(" "),
        lines(&out),
        lines(&err)
    )
}

/// An evaluation with real answers that can be sent to a friendly server.
fn office() -> (Sandbox, PostOffice) {
    let (sandbox, post) = (Sandbox::new("two-regions"), PostOffice::friendly());
    sandbox.edit("evaluation.toml", "synthetic = true", "synthetic = false");
    let mail = format!(
        "\n[mail]\nfrom = \"The Board <reports@library.example.org>\"\nserver = \"127.0.0.1\"\nport = {}\n\
         security = \"none\"\nper-minute = 60000\nretry-pause = 0\n",
        post.port
    );
    sandbox.append("evaluation.toml", &mail);
    (sandbox, post)
}

#[test]
fn from_the_first_build_to_a_correction() {
    let (sandbox, post) = office();
    let mut settings = steady(&sandbox);
    settings.add_filter(&post.port.to_string(), "PORT");
    let _bound = settings.bind_to_scope();
    let send = |more: &[&str]| {
        let arguments: Vec<&str> =
            ["send", "out", "--evaluation", "evaluation"].into_iter().chain(more.iter().copied()).collect();
        printed(&sandbox, &arguments)
    };
    assert_snapshot!(
        "plan-of-a-first-run",
        printed(&sandbox, &["build", "evaluation", "--out", "out", "--plan"])
    );
    assert_snapshot!("build", printed(&sandbox, &["build", "evaluation", "--out", "out"]));
    assert_snapshot!("send-unapproved", send(&["--rehearse"]));
    assert_snapshot!("approve", printed(&sandbox, &["approve", "out", "--as", "Ann Lee"]));
    assert_snapshot!("rehearse", send(&["--rehearse"]));
    assert_snapshot!("send-plan", plan(&sandbox));
    assert_snapshot!("message", words_of(&sandbox));
    assert_snapshot!("send", send(&[]));
    assert_snapshot!("deliveries", printed(&sandbox, &["deliveries", "evaluation", "--out", "out"]));
    sandbox.edit("submissions/N1.csv", "pace,,fast", "pace,,slow");
    assert_snapshot!(
        "plan-of-a-correction",
        printed(&sandbox, &["build", "evaluation", "--out", "out", "--plan"])
    );
    // An answer changed, so a figure published before no longer fits.
    assert_eq!(sandbox.build("out", &[]).code, 1);
    assert_snapshot!("diff", printed(&sandbox, &["diff", "out"]));
    assert_eq!(sandbox.program(&["approve", "out", "--as", "Ann Lee"]).code, 0);
    assert_snapshot!("rehearse-a-correction", send(&["--rehearse", "--note", "Ash sent its answers again."]));
    assert_snapshot!("message-of-a-correction", words_of(&sandbox));
    assert_snapshot!("status", printed(&sandbox, &["status", "evaluation", "--out", "out"]));
}

#[test]
fn what_staff_read_in_the_morning() {
    let sandbox = Sandbox::new("two-regions");
    let mut settings = steady(&sandbox);
    settings.add_filter(r"(?m)^(.*(seconds|free|processor time|slowest).*)$", "MEASURED");
    let _bound = settings.bind_to_scope();
    assert_snapshot!("nightly", printed(&sandbox, &["nightly", "evaluation", "--out", "out"]));
    assert_snapshot!("nightly-again", printed(&sandbox, &["nightly", "evaluation", "--out", "out"]));
    assert_snapshot!("verify", printed(&sandbox, &["verify", "out/latest"]));
    assert_snapshot!("check", printed(&sandbox, &["check", "evaluation"]));
}

/// The plan that waits, as JSON.
fn plan(sandbox: &Sandbox) -> String {
    String::from_utf8(fs::read(folder(sandbox).join("plan.json")).unwrap()).unwrap()
}

/// The first message of the plan, without what is attached.
fn words_of(sandbox: &Sandbox) -> String {
    let messages = folder(sandbox).join("messages");
    let mut files: Vec<_> = fs::read_dir(messages).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let message = String::from_utf8(fs::read(&files[0]).unwrap()).unwrap().replace("\r\n", "\n");
    let end = message.find("Content-Disposition: attachment").unwrap();
    message[..end].replace("=\n", "").lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The folder of the plan of the last run.
fn folder(sandbox: &Sandbox) -> std::path::PathBuf {
    let run = sandbox.path("out/latest").canonicalize().unwrap();
    sandbox.path("out/sends").join(Path::new(run.file_name().unwrap()))
}
