use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Finished, Sandbox, copy, edit, files, only_run, project, run_to_end};

fn manifest(run: &std::path::Path) -> Value {
    serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn a_run_has_a_report_and_facts_for_every_area() {
    let sandbox = Sandbox::new("two-regions");
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    assert!(result.out.contains("4 reports, "), "{}", result.out);
    let run = only_run(&sandbox.path("out"));
    let expected = [
        "aggregates/national.csv",
        "aggregates/regional.csv",
        "aggregates/sector.csv",
        "local/N1-ash.facts.json",
        "local/N1-ash.pdf",
        "local/N2-beck-city-of.facts.json",
        "local/N2-beck-city-of.pdf",
        "local/S1-clay.facts.json",
        "local/S1-clay.pdf",
        "local/S2-ash-dale.facts.json",
        "local/S2-ash-dale.pdf",
        "manifest.json",
        "manifest.sig",
        "private/recipients.json",
        "private/suppression.csv",
        "problems.json",
        "run.log",
        "summary.html",
        "summary.txt",
    ];
    assert_eq!(files(&run), expected);
    assert_eq!(sandbox.path("out/latest").canonicalize().unwrap(), run.canonicalize().unwrap());
    let manifest = manifest(&run);
    for entry in manifest["reports"].as_array().unwrap() {
        let file = run.join(entry["report"]["file"].as_str().unwrap());
        assert_eq!(entry["report"]["size"], fs::metadata(file).unwrap().len());
        assert_eq!(entry["outcome"]["state"], "built");
    }
    let national = fs::read_to_string(run.join("aggregates/national.csv")).unwrap();
    assert!(national.contains("pace-fast,,2,3,67,value\n"), "{national}");
    assert!(national.contains("card-uses,books,2,3,67,value\n"), "{national}");
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let sandbox = Sandbox::new("two-regions");
    let built = |out: &str, jobs: &str| {
        assert_eq!(sandbox.build(out, &["--jobs", jobs]).code, 0);
        let run = only_run(&sandbox.path(out));
        let mut manifest = manifest(&run);
        manifest.as_object_mut().unwrap().remove("run").unwrap();
        let bytes: Vec<(String, Vec<u8>)> = files(&run)
            .into_iter()
            .filter(|file| {
                !["manifest.json", "manifest.sig", "run.log", "summary.html", "summary.txt"]
                    .contains(&file.as_str())
            })
            .map(|file| (file.clone(), fs::read(run.join(file)).unwrap()))
            .collect();
        (manifest, bytes)
    };
    let one = built("one", "1");
    assert!(one == built("eight", "8"), "a different number of threads gave different bytes");
    // The order of rows in a submission affects only the report that has the original submission attached.
    let file = sandbox.evaluation().join("submissions/N1.csv");
    let text = fs::read_to_string(&file).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let without = |(_, bytes): (Value, Vec<(String, Vec<u8>)>)| {
        bytes
            .into_iter()
            .filter(|(file, _)| !file.starts_with("local/N1-") || file.ends_with(".facts.json"))
            .collect::<Vec<_>>()
    };
    assert!(
        without(one) == without(built("shuffled", "2")),
        "a different order of rows gave different bytes"
    );
}

#[test]
fn one_broken_submission_costs_one_report() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("submissions/S1.csv", "libraries,cards,,no", "libraries,cards,,nope");
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 1, "{}{}", result.out, result.err);
    assert!(
        result.err.contains("submissions/S1.csv:6 [answer]: the question has no such option: 'nope'"),
        "{}",
        result.err
    );
    assert!(result.out.contains("1 of 4 reports could not be made"), "{}", result.out);
    assert!(result.out.contains("S1    Clay: its submission has errors"), "{}", result.out);
    let run = only_run(&sandbox.path("out"));
    let made = files(&run.join("local"));
    assert_eq!(made.iter().filter(|file| file.ends_with(".pdf")).count(), 3);
    let states: Vec<Value> = manifest(&run)["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["outcome"]["state"].clone())
        .collect();
    assert_eq!(states, ["built", "built", "no-submission", "built"]);
}

#[test]
fn building_some_of_the_areas_leaves_latest_alone() {
    let sandbox = Sandbox::new("two-regions");
    for (arguments, count) in
        [(["--area", "n1"], 0), (["--area", "beck, city of"], 1), (["--region", "South"], 2)]
    {
        let result = sandbox.build("out", &arguments);
        if count == 0 {
            assert_eq!(result.code, 2, "codes are case-sensitive: {}", result.err);
            continue;
        }
        assert_eq!(result.code, 0, "{}", result.err);
        assert!(result.out.contains(&format!("{count} report")), "{}", result.out);
        assert!(!sandbox.path("out/latest").exists());
    }
}

#[test]
fn a_misspelt_area_gets_a_hint() {
    let sandbox = Sandbox::new("two-regions");
    let result = sandbox.build("out", &["--area", "Clya"]);
    assert_eq!(result.code, 2);
    assert_eq!(result.err, "error: the register has no area 'Clya'\nhint: did you mean 'Clay'?\n");
    let result = sandbox.build("out", &["--area", "Elm"]);
    assert!(result.err.contains("Elm did not complete the assessment"), "{}", result.err);
    let result = sandbox.build("out", &["--region", "West"]);
    assert!(result.err.contains("its regions are North, South"), "{}", result.err);
}

#[test]
fn json_output_is_one_object() {
    let sandbox = Sandbox::new("two-regions");
    let result = sandbox.build("out", &["--json"]);
    assert_eq!((result.code, result.err.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&result.out).unwrap();
    assert_eq!(answer["manifest"]["reports"].as_array().unwrap().len(), 4);
    let result = sandbox.run(&["check", "--json"]);
    let answer: Value = serde_json::from_str(&result.out).unwrap();
    assert_eq!(answer["completeness"]["areas"].as_array().unwrap().len(), 4);
}

#[test]
fn a_template_can_be_changed_without_changing_the_program() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    let build = |out: &str| sandbox.build(out, &["--templates", templates.to_str().unwrap(), "--area", "N1"]);
    let pdf = |out: &str| fs::read(only_run(&sandbox.path(out)).join("local/N1-ash.pdf")).unwrap();
    assert_eq!(build("before").code, 0);
    edit(&templates.join("local/words/reading.j2"), "How to read this report", "Before you read this report");
    assert_eq!(build("after").code, 0);
    assert!(pdf("before") != pdf("after"));
}

/// A file, a text in it, what it is changed to, and the message.
const MISTAKES: [(&str, &str, &str, &str); 5] = [
    // A mistake in a tag is reported before any report is started.
    (
        "local/words/glance.j2",
        "|selectattr(\"kind\", \"eq\", \"measure\")|list %>",
        "|selectatr(\"kind\", \"eq\", \"measure\")|list %>",
        "unknown filter: filter selectatr is unknown",
    ),
    // A name that the report does not define is reported when the report is built.
    (
        "local/methods.typ.j2",
        "<< evaluation.contact >>",
        "<< evaluation.contakt >>",
        "undefined value: `evaluation.contakt` is undefined",
    ),
    (
        "local/words/reading.j2",
        "<< evaluation.period >>",
        "<< evaluation.perriod >>",
        "undefined value: `evaluation.perriod` is undefined",
    ),
    // A mistake in the Typst part of a template is reported at its place in the template.
    ("local/reading.typ.j2", "#contents(", "#contence(", "unknown variable: contence"),
    // A mistake in the theme is reported in the theme.
    ("theme/report.typ", "#let note(body) = block(", "#let note(body) = blokc(", "unknown variable: blokc"),
];

#[test]
fn a_template_mistake_is_reported_with_its_line() {
    for (file, from, to, message) in MISTAKES {
        let (printed, line) = mistake(file, from, to);
        let expected = format!("{file}:{line}: {message}\n");
        let excerpt = format!("{line} | ");
        assert!(
            printed.contains(&expected) && printed.contains(&excerpt),
            "wanted {expected:?} in\n{printed}"
        );
    }
}

#[test]
fn a_missing_font_is_an_error_and_not_silently_replaced() {
    let (printed, _) = mistake(
        "theme/report.typ",
        "set text(font: (\"Atkinson Hyperlegible Next\"",
        "set text(font: (\"Arial\"",
    );
    assert!(printed.contains("unknown font family: arial"), "{printed}");
}

#[test]
fn a_chart_without_alternative_text_is_refused_by_name() {
    let alternative = "alt: (if n == 0 { drawn.name + \". \" } else { drawn.continues + \" \" }) + alt";
    let (printed, _) = mistake("theme/report.typ", alternative, "alt: none");
    assert!(printed.contains("missing alt text") && printed.contains("theme/report.typ"), "{printed}");
}

#[test]
fn a_number_that_is_not_a_fact_stops_the_report() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    edit(
        &templates.join("local/words/discussion.j2"),
        "They report answers",
        "They report << 4000 + 711 >> answers",
    );
    let result = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(result.code, 4, "{}{}", result.out, result.err);
    assert!(result.out.contains("the digits '4,711' in "), "{}", result.out);
    assert!(!sandbox.path("out/latest").exists());
}

/// What a build prints after this change to a template, and the line of the change.
fn mistake(file: &str, from: &str, to: &str) -> (String, usize) {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    edit(&templates.join(file), from, to);
    let text = fs::read_to_string(templates.join(file)).unwrap();
    let line = text[..text.find(to).unwrap()].matches('\n').count() + 1;
    let result = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    let printed = format!("{}{}", result.out, result.err);
    assert_eq!(result.code, 2, "{printed}");
    assert!(!sandbox.path("out/latest").exists());
    (printed, line)
}

#[test]
fn a_missing_template_is_named() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    fs::remove_file(templates.join("local/cover.typ.j2")).unwrap();
    let result = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("there is no template local/cover.typ.j2"), "{}", result.err);
    assert!(!sandbox.path("out").exists());
}

#[test]
fn a_folder_that_cannot_be_created_is_named() {
    let sandbox = Sandbox::new("two-regions");
    fs::write(sandbox.path("file"), "in the way").unwrap();
    let result = sandbox.build("file/out", &[]);
    assert_eq!(result.code, 3);
    assert!(result.err.contains("could not create") && result.err.contains("file/out"), "{}", result.err);
    assert!(result.err.contains("nothing was published"), "{}", result.err);
}

/// A limit on file size simulates a full disk: writing fails in the middle of the run.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_partial_run() {
    let sandbox = Sandbox::new("two-regions");
    let script = format!(
        "trap '' XFSZ; ulimit -f 20; exec {} build --out out evaluation",
        env!("CARGO_BIN_EXE_area-reports")
    );
    let result = run_to_end(
        Command::new("sh")
            .args(["-c", &script])
            .env("AREA_REPORTS_VAULT", sandbox.vault())
            .current_dir(sandbox.path("")),
    );
    assert_eq!(result.code, 3, "{}{}", result.out, result.err);
    assert!(result.err.contains("could not write") && result.err.contains(".pdf"), "{}", result.err);
    assert_eq!(files(&sandbox.path("out")), [".lock"]);
    assert_eq!(fs::read_dir(sandbox.path("out/runs")).unwrap().count(), 0);
}

#[test]
fn wrong_commands_are_refused_and_help_lists_the_right_ones() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.run(&["biuld"]).code, 2);
    let nowhere = sandbox.run_with(&["check"], |command| {
        command.current_dir(sandbox.path(".."));
    });
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("there is no evaluation folder"), "{}", nowhere.err);
    let help = run_to_end(Command::new(env!("CARGO_BIN_EXE_area-reports")).arg("--help"));
    assert_eq!(help.code, 0);
    for word in ["build", "check", "demo", "Exit codes"] {
        assert!(help.out.contains(word), "{}", help.out);
    }
}

/// A change made to a run after it was published.
type Change<'a> = &'a dyn Fn(&std::path::Path);

/// The result of `verify` on a copy of the run in `out` after a change.
fn verified(sandbox: &Sandbox, change: &dyn Fn(&std::path::Path)) -> Finished {
    let run = sandbox.path("copy");
    drop(fs::remove_dir_all(&run));
    copy(&only_run(&sandbox.path("out")), &run);
    change(&run);
    run_to_end(sandbox.command().arg("verify").arg(&run))
}

/// Puts a file of another run into this one, and its hash into the manifest.
fn exchange(other: &std::path::Path, run: &std::path::Path, file: &str, part: &str) {
    let hash =
        |run: &std::path::Path| manifest(run)["reports"][0][part]["sha256"].as_str().unwrap().to_owned();
    let json = fs::read_to_string(run.join("manifest.json")).unwrap();
    fs::write(run.join("manifest.json"), json.replace(&hash(run), &hash(other))).unwrap();
    fs::copy(other.join(file), run.join(file)).unwrap();
}

#[test]
fn verify_finds_whatever_was_changed_after_publishing() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    // A second run with different answers, so that its reports print different figures.
    sandbox.edit("submissions/S2.csv", "libraries,cards,,no", "libraries,cards,,all");
    assert!(sandbox.build("other", &[]).code <= 1);
    let other = only_run(&sandbox.path("other"));
    let verify = |change: &dyn Fn(&std::path::Path)| verified(&sandbox, change);
    let pdf = "local/N1-ash.pdf";
    let mut bytes = fs::read(only_run(&sandbox.path("out")).join(pdf)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let cases: [(&str, Change<'_>); 7] = [
        ("local/N1-ash.pdf: the file is not the one that the run published", &|run| {
            fs::write(run.join(pdf), &bytes).unwrap();
        }),
        ("local/N1-ash.pdf: the file cannot be read", &|run| fs::remove_file(run.join(pdf)).unwrap()),
        ("local/notes.txt: the manifest does not list this file", &|run| {
            fs::write(run.join("local/notes.txt"), "a note").unwrap();
        }),
        ("aggregates: the aggregates are not those that the manifest seals", &|run| {
            fs::copy(other.join("aggregates/national.csv"), run.join("aggregates/national.csv")).unwrap();
        }),
        // Once its hash is in the manifest, only its contents give it away.
        ("local/N1-ash.pdf: the keywords lack the seal of its facts", &|run| {
            exchange(&other, run, pdf, "report")
        }),
        ("local/N1-ash.pdf: the attached facts are not those beside the report", &|run| {
            exchange(&other, run, pdf, "report");
        }),
        ("local/N1-ash.facts.json: a figure differs from the aggregates of this run: 'nation/", &|run| {
            exchange(&other, run, pdf, "report");
            exchange(&other, run, "local/N1-ash.facts.json", "facts");
        }),
    ];
    for (expected, change) in cases {
        let found = verify(change);
        assert_eq!(found.code, 1, "{expected}");
        assert!(found.err.contains(expected), "wanted {expected:?} in\n{}", found.err);
    }
}

#[test]
fn verify_finds_nothing_in_an_untouched_run() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let untouched = verified(&sandbox, &|_| {});
    assert_eq!((untouched.code, untouched.err.as_str()), (0, ""));
    assert!(untouched.out.starts_with("19 files read, 0 problems.\n"), "{}", untouched.out);
}

#[test]
fn verify_needs_a_run_folder() {
    let sandbox = Sandbox::new("two-regions");
    let nowhere = run_to_end(sandbox.command().arg("verify").arg(sandbox.evaluation()));
    assert_eq!(nowhere.code, 2);
}

#[test]
fn the_aggregates_of_a_run_can_be_supplied_and_agree_with_it() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let (run, supplied) = (only_run(&sandbox.path("out")), sandbox.evaluation().join("aggregates"));
    fs::create_dir(&supplied).unwrap();
    for name in ["national.csv", "regional.csv"] {
        fs::copy(run.join("aggregates").join(name), supplied.join(name)).unwrap();
    }
    let result = sandbox.run(&["check"]);
    assert_eq!((result.code, result.err.as_str()), (0, ""));
}

#[test]
fn another_evaluation_needs_no_change_to_the_program() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let result = sandbox.build("out", &[]);
    assert_eq!((result.code, result.out.contains("12 reports, ")), (0, true), "{}{}", result.out, result.err);
    let made = files(&only_run(&sandbox.path("out")).join("local"));
    assert!(made.contains(&"W06-the-marches-shropshire-hereford.pdf".to_owned()), "{made:?}");
}

#[test]
fn the_templates_mention_no_particular_evaluation() {
    for file in files(&project().join("report-templates")) {
        let text = fs::read_to_string(project().join("report-templates").join(&file)).unwrap().to_lowercase();
        for word in ["england", "cwdc", "integrated", "caf", "workforce", "2008", "143"] {
            assert!(!text.contains(word), "{file} says {word:?}");
        }
    }
}
