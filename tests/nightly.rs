use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Sandbox, copy, files, project};

/// The program with its arguments, to be run in a sandbox.
fn program(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = sandbox.command();
    command.args(arguments);
    command
}

/// The outcome of each report of the latest complete run.
fn outcomes(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let manifest = fs::read(sandbox.path("out/latest/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let reports = manifest["reports"].as_array().unwrap().iter();
    reports.map(|entry| (text(&entry["subject"]), text(&entry["outcome"]["state"]))).collect()
}

/// The bytes of every report and of its facts in the latest complete run.
fn reports(out: &Path) -> Vec<(String, Vec<u8>)> {
    let local = out.join("latest/local");
    files(&local).into_iter().map(|file| (file.clone(), fs::read(local.join(file)).unwrap())).collect()
}

/// What `build --plan` says about each report.
fn plan(sandbox: &Sandbox, arguments: &[&str]) -> BTreeMap<String, String> {
    let mut all = vec!["--plan", "--json"];
    all.extend(arguments);
    let result = sandbox.build("out", &all);
    assert!(result.code <= 1, "{}", result.err);
    let plan: Value = serde_json::from_str(&result.out).unwrap();
    let reports = plan["reports"].as_object().unwrap().iter();
    let code = |id: &str| id.strip_prefix("local/").unwrap().strip_suffix("/en/standard").unwrap().to_owned();
    reports.map(|(id, planned)| (code(id), planned["step"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn an_unchanged_evaluation_is_not_built_again() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let before = reports(&sandbox.path("out"));
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 0, "{}", result.err);
    assert!(result.out.contains("Made:    0; the other 4 reused from the run before"), "{}", result.out);
    assert!(outcomes(&sandbox).values().all(|outcome| outcome == "reused"));
    assert!(before == reports(&sandbox.path("out")));
    // A report that was changed on disk is not reused.
    let file = sandbox.path("out/latest/local/N1-ash.pdf");
    fs::remove_file(&file).unwrap();
    fs::write(&file, "not a report").unwrap();
    let result = sandbox.build("out", &["--plan"]);
    assert!(
        result.out.contains("1  the last run's file is missing or has been altered: Ash"),
        "{}",
        result.out
    );
    assert_eq!(sandbox.build("out", &[]).code, 0);
    assert_eq!(outcomes(&sandbox)["N1"], "built");
    assert!(before == reports(&sandbox.path("out")));
    assert_eq!(sandbox.build("out", &["--force"]).code, 0);
    assert!(outcomes(&sandbox).values().all(|outcome| outcome == "built"));
}

#[test]
fn only_reports_affected_by_a_change_are_built_again() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let expect_built = |wanted: &[&str]| {
        assert!(sandbox.build("out", &[]).code <= 1);
        let outcomes = outcomes(&sandbox);
        let built: Vec<&str> =
            outcomes.iter().filter(|(_, o)| *o == "built").map(|(c, _)| c.as_str()).collect();
        assert_eq!(built, wanted);
    };
    // A report does not contain its recipients.
    sandbox.edit("recipients.csv", "N1,", "N1, ");
    expect_built(&[]);
    // A free-text answer is only in its own area's report.
    sandbox.edit("submissions/N1.csv", "#let it", "#let this");
    expect_built(&["N1"]);
    // The contact in the settings is in every report.
    let settings = sandbox.evaluation().join("evaluation.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replacen("contact = \"", "contact = \"new-", 1)).unwrap();
    expect_built(&["N1", "N2", "S1", "S2"]);
}

#[test]
fn another_kinds_template_affects_no_local_report() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let arguments = ["--templates", templates.to_str().unwrap()];
    assert_eq!(sandbox.build("out", &arguments).code, 0);
    fs::create_dir(templates.join("poster")).unwrap();
    fs::write(templates.join("poster/report.typ.j2"), "a poster").unwrap();
    let steps = || plan(&sandbox, &arguments).into_values().collect::<Vec<_>>();
    assert_eq!(steps(), ["reuse"; 4]);
    fs::write(templates.join("local/unused.typ.j2"), "a part").unwrap();
    assert_eq!(steps(), ["make"; 4]);
}

/// Makes one edit of the given kind; the number decides its details.
fn edit(sandbox: &Sandbox, templates: &Path, kind: usize, number: usize) {
    let rewrite = |path: &Path, change: &dyn Fn(&str) -> String| {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, change(&text)).unwrap();
    };
    let submissions = sandbox.evaluation().join("submissions");
    let names = files(&submissions);
    let submission = submissions.join(&names[number % names.len()]);
    match kind {
        // Removes a row of a submission, unless it has few rows left.
        0 => rewrite(&submission, &|text| {
            let rows: Vec<&str> = text.lines().collect();
            let gone = 1 + number % (rows.len() - 1).max(1);
            let kept = rows.iter().enumerate().filter(|(row, _)| *row != gone || rows.len() < 8);
            kept.map(|(_, row)| format!("{row}\n")).collect()
        }),
        // Changes an answer to its opposite.
        1 => rewrite(&submission, &|text| {
            let (from, to) =
                [(",yes", ",no"), (",no", ",yes"), (",fast", ",slow"), (",slow", ",fast")][number % 4];
            text.replacen(from, to, 1)
        }),
        2 => rewrite(&templates.join("local/discussion.typ.j2"), &|text| {
            format!("{text}\nAnother sentence.\n")
        }),
        3 => rewrite(&templates.join("theme/report.typ"), &|text| format!("{text}\n// {number}\n")),
        4 => rewrite(&sandbox.evaluation().join("register.csv"), &|text| {
            if text.contains("Ash Dale") {
                text.replace("Ash Dale", "Ash Vale")
            } else {
                text.replace("Ash Vale", "Ash Dale")
            }
        }),
        _ => rewrite(&sandbox.evaluation().join("recipients.csv"), &|text| {
            text.replacen('@', &format!("{number}@"), 1)
        }),
    }
}

/// How many random edits are made; set EDITS=200 for more.
fn edits() -> usize {
    std::env::var("EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(16)
}

#[test]
fn whatever_is_edited_the_plan_is_what_happens() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let arguments = ["--templates", templates.to_str().unwrap()];
    assert_eq!(sandbox.build("out", &arguments).code, 0);
    let mut random: usize = 20_081_103;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 33
    };
    let mut reused = 0;
    for _ in 0..edits() {
        edit(&sandbox, &templates, next() % 6, next());
        let plan = plan(&sandbox, &arguments);
        assert!(sandbox.build("out", &arguments).code <= 1);
        let outcomes = outcomes(&sandbox);
        for (code, step) in &plan {
            let happened = if outcomes[code] == "reused" { "reuse" } else { "make" };
            assert_eq!(step, happened, "{code}: {}", outcomes[code]);
            reused += usize::from(happened == "reuse");
        }
        assert!(sandbox.build("forced", &["--force", arguments[0], arguments[1]]).code <= 1);
        assert!(reports(&sandbox.path("out")) == reports(&sandbox.path("forced")), "a report is out of date");
    }
    assert!(reused > 0);
}

#[test]
fn a_second_run_at_the_same_time_is_refused_and_names_the_first() {
    let sandbox = Sandbox::new("two-regions");
    fs::create_dir(sandbox.path("out")).unwrap();
    let file = fs::File::create(sandbox.path("out/.lock")).unwrap();
    file.lock().unwrap();
    fs::write(sandbox.path("out/.lock"), "process 4711 (build, since yesterday)").unwrap();
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 5, "{}", result.err);
    assert!(result.err.contains("in use by process 4711 (build, since yesterday)"), "{}", result.err);
    drop(file);
    assert_eq!(sandbox.build("out", &[]).code, 0);
}

/// How many reports are in staging folders, which may appear and disappear meanwhile.
fn staged(out: &Path) -> usize {
    let folders = fs::read_dir(out.join("runs")).into_iter().flatten().flatten();
    let staging = folders.filter(|folder| folder.file_name().to_string_lossy().starts_with(".staging-"));
    let files =
        staging.filter_map(|folder| fs::read_dir(folder.path().join("local")).ok()).flatten().flatten();
    files.filter(|file| file.file_name().to_string_lossy().ends_with(".pdf")).count()
}

#[test]
fn a_killed_run_leaves_the_last_one_intact() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let good = reports(&sandbox.path("out"));
    let build = ["build", "--out", "out", "--force", "evaluation"];
    let staged = || staged(&sandbox.path("out"));
    let mut in_the_middle = 0;
    for wanted in [0, 1, 2, 3, 4, 1] {
        let mut child =
            program(&sandbox, &build).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while staged() != wanted && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        in_the_middle += usize::from(staged() > 0);
        let latest = fs::canonicalize(sandbox.path("out/latest")).unwrap();
        for run in fs::read_dir(sandbox.path("out/runs")).unwrap().map(|run| run.unwrap().path()) {
            if run.file_name().unwrap().to_str().unwrap().starts_with(".staging-") {
                assert!(run != latest, "'latest' points to a run that was killed");
                continue;
            }
            let verified = program(&sandbox, &["verify", run.to_str().unwrap()]).output().unwrap();
            assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        }
    }
    assert!(in_the_middle > 1, "no run was killed between two reports");
    assert_eq!(sandbox.build("out", &["--force"]).code, 0);
    assert!(good == reports(&sandbox.path("out")));
    let leftovers = fs::read_dir(sandbox.path("out/runs")).unwrap();
    assert!(leftovers.flatten().all(|run| !run.file_name().to_string_lossy().starts_with(".staging-")));
}

#[test]
fn a_killed_run_can_be_resumed() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let mut child = program(&sandbox, &["build", "--out", "out", "--jobs", "1", "evaluation"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while staged(&sandbox.path("out")) < 3 {
        sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!sandbox.path("out/latest").exists());
    let result = sandbox.build("out", &["--resume"]);
    assert_eq!(result.code, 0, "{}", result.err);
    let reused = outcomes(&sandbox).values().filter(|outcome| *outcome == "reused").count();
    assert!((2..12).contains(&reused), "{reused} were reused");
    assert_eq!(sandbox.build("fresh", &[]).code, 0);
    assert!(reports(&sandbox.path("out")) == reports(&sandbox.path("fresh")));
}

#[test]
fn nightly_checks_builds_verifies_prunes_and_reports() {
    let sandbox = Sandbox::new("two-regions");
    let settings = sandbox.evaluation().join("evaluation.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\n[runs]\nkeep = 2\n")).unwrap();
    let night = || sandbox.run(&["nightly", "--out", "out"]);
    let first = night();
    assert_eq!((first.code, first.err.as_str()), (0, ""), "{}", first.out);
    for line in ["4 made, 0 reused unchanged, 0 failed", "4 reports: new", "verified: every file"] {
        assert!(first.out.contains(line), "{line:?} is not in\n{}", first.out);
    }
    // A broken submission: other reports are built, and the missing one is listed with the run that last had it.
    sandbox.edit("submissions/S1.csv", "libraries,cards,,no", "libraries,cards,,nope");
    let second = night();
    assert_eq!(second.code, 1);
    assert!(second.out.contains("3 made, 0 reused unchanged, 1 failed"), "{}", second.out);
    assert!(second.out.contains("S1 Clay: its submission has errors (last made in 20"), "{}", second.out);
    assert!(second.out.contains("changed: submissions/S1.csv"), "{}", second.out);
    let third = night();
    assert!(third.out.contains("0 made, 3 reused unchanged, 1 failed"), "{}", third.out);
    assert!(third.out.contains("S1 Clay: its submission has errors (last made in 20"), "{}", third.out);
    assert!(third.out.contains("removed by the rule in evaluation.toml: 20"), "{}", third.out);
    let runs = fs::read_dir(sandbox.path("out/runs")).unwrap().count();
    assert_eq!(runs, 2);
    let log = fs::read_to_string(sandbox.path("out/latest/run.log")).unwrap();
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.last().unwrap()["failed"], 1);
    let page = fs::read_to_string(sandbox.path("out/latest/summary.html")).unwrap();
    assert!(page.contains("<th scope=\"row\">Clay (S1)</th>"), "{page}");
    assert!(!page.contains("src=") && !page.contains("href="), "the page must not refer to other files");
    let status = sandbox.run(&["status", "--out", "out"]);
    let rows: Vec<&str> = status.out.lines().filter(|line| line.starts_with("20")).collect();
    assert_eq!(rows.len(), 2, "{}", status.out);
    assert!(rows[0].contains("latest"), "{}", status.out);
    assert!(status.out.contains("0 of 4 reports approved."), "{}", status.out);
}

#[test]
fn nightly_says_what_differs_from_the_approved_run() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.append("evaluation.toml", "\n[runs]\nkeep = 1\n");
    let night = || sandbox.run(&["nightly", "--out", "out"]);
    let first = night();
    assert!(first.out.contains("no run is approved yet, so every report is new"), "{}", first.out);
    assert!(first.out.contains("/reviews/nothing.."), "{}", first.out);
    let approved = sandbox.program(&["approve", "out", "--as", "Ann Lee"]);
    assert_eq!(approved.code, 0, "{}", approved.err);
    let second = night();
    assert!(second.out.contains("Nothing differs: 4 identical."), "{}", second.out);
    sandbox.edit("submissions/S1.csv", "libraries,cards,,no", "libraries,cards,,all");
    let third = night();
    assert_eq!(third.code, 0, "{}", third.err);
    assert!(third.out.contains("because: different answers from Clay (S1)"), "{}", third.out);
    // The page and, beside it, the groups that it shows. That of the first run is still of the approved one.
    let pages = || -> Vec<String> {
        let mut files = crate::harness::files(&sandbox.path("out/reviews"));
        files.retain(|file| !file.starts_with("nothing.."));
        files.sort();
        files
    };
    let page = pages();
    assert_eq!(page.len(), 2, "{page:?}");
    assert!(third.out.contains(&format!("out/reviews/{}\n", page[1])), "{}", third.out);
    // The page is removed together with the run that it is about.
    let night: serde_json::Value =
        serde_json::from_str(&sandbox.run(&["nightly", "--out", "out", "--json"]).out).unwrap();
    assert_eq!(night["review"]["groups"].as_array().unwrap().len(), 4, "{:#}", night["review"]);
    assert_eq!(night["removed"].as_array().unwrap().len(), 1);
    assert_eq!(pages().len(), 2);
    assert_ne!(pages(), page);
}

#[test]
fn latest_and_approved_are_never_removed() {
    let sandbox = Sandbox::new("two-regions");
    for _ in 0..3 {
        assert_eq!(sandbox.build("out", &[]).code, 0);
    }
    let runs = || {
        let mut names: Vec<String> = fs::read_dir(sandbox.path("out/runs"))
            .unwrap()
            .map(|run| run.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let before = runs();
    std::os::unix::fs::symlink(Path::new("runs").join(&before[0]), sandbox.path("out/approved")).unwrap();
    assert_eq!(
        sandbox.run(&["prune", "--out", "out"]).code,
        2,
        "without --keep or a setting, prune must be refused"
    );
    let dry = sandbox.run(&["prune", "--out", "out", "--keep", "1", "--dry-run"]);
    assert!(dry.out.starts_with(&format!("{}\n1 run would be removed", before[1])), "{}", dry.out);
    assert_eq!(runs(), before);
    assert_eq!(sandbox.run(&["prune", "--out", "out", "--keep", "1"]).code, 0);
    assert_eq!(runs(), [before[0].clone(), before[2].clone()]);
}

#[test]
fn reports_can_be_rebuilt_and_compared() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let rebuild = || {
        let arguments = ["verify", "out/latest", "--rebuild", "2", "--evaluation", "evaluation"];
        let output = program(&sandbox, &arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    };
    let (code, out, err) = rebuild();
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Made again and compared byte for byte: "), "{out}");
    // Reports with different bytes, as another version of the program could build them, and a manifest that fits.
    let manifest = sandbox.path("out/latest/manifest.json");
    for (file, bytes) in reports(&sandbox.path("out")).iter().filter(|(file, _)| file.ends_with(".pdf")) {
        let longer = [bytes.as_slice(), b"\n"].concat();
        let path = sandbox.path("out/latest/local").join(file);
        fs::write(path, &longer).unwrap();
        let hash = |bytes: &[u8]| {
            let mut command =
                Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            std::io::Write::write_all(&mut command.stdin.take().unwrap(), bytes).unwrap();
            String::from_utf8(command.wait_with_output().unwrap().stdout).unwrap()[..64].to_owned()
        };
        let json = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, json.replace(&hash(bytes), &hash(&longer))).unwrap();
    }
    let (code, _, err) = rebuild();
    assert_eq!(code, 1);
    assert_eq!(err.matches("made again, the report differs").count(), 2, "{err}");
    sandbox.edit("recipients.csv", "N1,", "N1, ");
    let (code, _, err) = rebuild();
    assert_eq!(code, 2);
    assert!(err.contains("the evaluation is not as it was"), "{err}");
}

/// Kills the program when the test ends, whether it passes or fails.
struct Watching(std::process::Child);

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn watch_rebuilds_on_every_save_and_keeps_the_last_good_report_after_a_mistake() {
    use std::io::{BufRead, BufReader};
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let arguments = ["watch", "evaluation", "--report", "Ash", "--templates", "templates", "--out", "out"];
    let child = program(&sandbox, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut watching = Watching(child);
    let mut printed = BufReader::new(watching.0.stdout.take().unwrap()).lines();
    let mut errors = BufReader::new(watching.0.stderr.take().unwrap()).lines();
    let file = sandbox.path("out/watch/N1-ash.pdf");
    assert!(printed.next().unwrap().unwrap().starts_with("Ash: "));
    assert!(errors.next().unwrap().unwrap().starts_with("Watching evaluation and templates"));
    let first = fs::read(&file).unwrap();
    let sentences = templates.join("local/words/discussion.j2");
    let text = fs::read_to_string(&sentences).unwrap();
    fs::write(&sentences, text.replace("They report answers", "They repeat answers")).unwrap();
    assert!(printed.next().unwrap().unwrap().starts_with("Ash: "));
    let second = fs::read(&file).unwrap();
    assert!(first != second, "the report was not built again");

    let template = templates.join("local/discussion.typ.j2");
    let good = fs::read_to_string(&template).unwrap();
    fs::write(&template, good.replace("#headline[", "#nothing[")).unwrap();
    assert_eq!(errors.next().unwrap().unwrap(), "error: a template does not fit Ash");
    let place = errors.next().unwrap().unwrap();
    assert!(
        place.contains("local/discussion.typ.j2:") && place.contains("unknown variable: nothing"),
        "{place}"
    );
    assert!(fs::read(&file).unwrap() == second, "the last good report is gone");

    fs::write(&sentences, &text).unwrap();
    fs::write(&template, &good).unwrap();
    assert!(printed.next().unwrap().unwrap().starts_with("Ash: "));
    assert!(fs::read(&file).unwrap() == first);
}

/// Templates with this Typst source at the start of the report for N2, such as an endless loop.
fn greedy(sandbox: &Sandbox, source: &str) -> String {
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let main = templates.join("local/report.typ.j2");
    let text = fs::read_to_string(&main).unwrap();
    fs::write(&main, format!("<% if area.code == \"N2\" %>\n{source}\n<% endif %>\n{text}")).unwrap();
    templates.to_str().unwrap().to_owned()
}

#[test]
fn a_report_that_never_finishes_is_abandoned_and_the_others_are_built() {
    let sandbox = Sandbox::new("two-regions");
    let templates =
        greedy(&sandbox, "#for i in range(100000) { for j in range(100000) { let x = calc.sin(j) } }");
    let settings = sandbox.evaluation().join("evaluation.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\n[limits]\nseconds = 3\n")).unwrap();
    let result = sandbox.build("out", &["--templates", &templates, "--jobs", "2"]);
    assert_eq!(result.code, 1, "{}{}", result.out, result.err);
    assert!(result.out.contains("N2    Beck, City of: it took longer than 3 s"), "{}", result.out);
    let outcomes = outcomes(&sandbox);
    assert_eq!(outcomes["N2"], "limit");
    assert!(["N1", "S1", "S2"].iter().all(|code| ["built", "reused"].contains(&outcomes[*code].as_str())));
}

#[test]
fn a_report_that_uses_too_much_memory_is_abandoned() {
    let sandbox = Sandbox::new("two-regions");
    let templates = greedy(
        &sandbox,
        "#let all = range(30000000)\n#for i in range(100000) { for j in range(100000) { let x = calc.sin(j) } }",
    );
    let settings = sandbox.evaluation().join("evaluation.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\n[limits]\nmegabytes = 300\n")).unwrap();
    let result = sandbox.build("out", &["--templates", &templates, "--jobs", "2"]);
    assert_eq!(result.code, 1, "{}{}", result.out, result.err);
    assert!(result.out.contains("N2    Beck, City of: it took more than 300 MB of memory"), "{}", result.out);
    assert_eq!(outcomes(&sandbox)["N2"], "limit");
}

#[test]
fn many_endless_reports_cost_one_restart_and_no_other_report() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let main = templates.join("local/report.typ.j2");
    let text = fs::read_to_string(&main).unwrap();
    let forever = "#for i in range(100000) { for j in range(100000) { let x = calc.sin(j) } }";
    let odd = r#"<% if area.code in ["W01", "W03", "W05", "W07", "W09", "W11"] %>"#;
    fs::write(&main, format!("{odd}\n{forever}\n<% endif %>\n{text}")).unwrap();
    sandbox.append("evaluation.toml", "\n[limits]\nseconds = 3\n");
    // The program file is deleted during the run: a restart must still use the program that was started first.
    let copied = sandbox.path("program");
    fs::copy(env!("CARGO_BIN_EXE_area-reports"), &copied).unwrap();
    let mut command = Command::new(&copied);
    command.args(["build", "--out", "out", "--jobs", "2", "--templates"]).arg(&templates).arg("evaluation");
    command.current_dir(sandbox.path("")).env("AREA_REPORTS_VAULT", sandbox.vault());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    sleep(Duration::from_millis(300));
    fs::remove_file(&copied).unwrap();
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{}{err}", String::from_utf8_lossy(&output.stdout));
    let outcomes = outcomes(&sandbox);
    let count = |state: &str| outcomes.values().filter(|outcome| *outcome == state).count();
    assert_eq!((count("limit"), count("built") + count("reused")), (6, 6), "{outcomes:?}");
    assert_eq!(err.matches("deciding which figures").count(), 2, "{err}");
}

/// Sends a signal to a program, as Ctrl-C or the operating system does.
#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[cfg(unix)]
#[test]
fn a_stopped_run_keeps_what_is_finished_and_says_how_to_resume() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = Sandbox::new("healthy-schools-2024");
        let mut command = program(&sandbox, &["build", "--out", "out", "--jobs", "1", "evaluation"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        while staged(&sandbox.path("out")) < 3 {
            sleep(Duration::from_millis(5));
        }
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{err}");
        assert!(
            err.contains("are kept") && err.contains("area-reports build evaluation --out out --resume"),
            "{err}"
        );
        let result = sandbox.build("out", &["--resume"]);
        assert_eq!(result.code, 0, "{}", result.err);
        assert!(outcomes(&sandbox).values().filter(|outcome| *outcome == "reused").count() >= 2);
    }
}

#[test]
fn leftovers_of_a_killed_run_are_removed_once_a_later_run_is_complete() {
    let sandbox = Sandbox::new("two-regions");
    let leave = |name: &str| fs::create_dir_all(sandbox.path("out/runs").join(name)).unwrap();
    assert_eq!(sandbox.build("out", &[]).code, 0);
    leave(".staging-2001-01-01T00-00-00Z-abc");
    leave(".staging-2001-01-01T00-00-00Z-removed");
    leave(".staging-2999-01-01T00-00-00Z-abc");
    let pruned = sandbox.run(&["prune", "--out", "out", "--keep", "1", "--json"]);
    assert_eq!(pruned.code, 0, "{}", pruned.err);
    let names = fs::read_dir(sandbox.path("out/runs")).unwrap();
    let mut names: Vec<String> =
        names.map(|run| run.unwrap().file_name().to_str().unwrap().to_owned()).collect();
    names.retain(|name| name.starts_with('.'));
    assert_eq!(names, [".staging-2999-01-01T00-00-00Z-abc"], "a run can still be resumed from it");
}
