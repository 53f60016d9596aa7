use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Sandbox, copy, edit, ended, files, only_run, project};

fn manifest(run: &std::path::Path) -> Value {
    serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn a_run_has_a_report_and_facts_for_every_area() {
    let sandbox = Sandbox::new("two-regions");
    let ended = sandbox.build("out", &[]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("4 reports, "), "{}", ended.out);
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
                !["manifest.json", "run.log", "summary.html", "summary.txt"].contains(&file.as_str())
            })
            .map(|file| (file.clone(), fs::read(run.join(file)).unwrap()))
            .collect();
        (manifest, bytes)
    };
    let one = built("one", "1");
    assert!(one == built("eight", "8"), "another number of threads gave other bytes");
    // The order of rows in a submission changes nothing but the report to which it is attached as received.
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
    assert!(without(one) == without(built("shuffled", "2")), "another order of rows gave other bytes");
}

#[test]
fn one_broken_submission_costs_one_report() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("submissions/S1.csv", "libraries,cards,,no", "libraries,cards,,nope");
    let ended = sandbox.build("out", &[]);
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    assert!(
        ended.err.contains("submissions/S1.csv:6 [answer]: the question has no such option: 'nope'"),
        "{}",
        ended.err
    );
    assert!(ended.out.contains("1 of 4 reports could not be made"), "{}", ended.out);
    assert!(ended.out.contains("S1    Clay: its submission has errors"), "{}", ended.out);
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
fn a_part_of_the_areas_leaves_latest_alone() {
    let sandbox = Sandbox::new("two-regions");
    for (arguments, count) in
        [(["--area", "n1"], 0), (["--area", "beck, city of"], 1), (["--region", "South"], 2)]
    {
        let ended = sandbox.build("out", &arguments);
        if count == 0 {
            assert_eq!(ended.code, 2, "codes are exact: {}", ended.err);
            continue;
        }
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(ended.out.contains(&format!("{count} report")), "{}", ended.out);
        assert!(!sandbox.path("out/latest").exists());
    }
}

#[test]
fn a_misspelt_area_gets_a_hint() {
    let sandbox = Sandbox::new("two-regions");
    let ended = sandbox.build("out", &["--area", "Clya"]);
    assert_eq!(ended.code, 2);
    assert_eq!(ended.err, "error: the register has no area 'Clya'\nhint: did you mean 'Clay'?\n");
    let ended = sandbox.build("out", &["--area", "Elm"]);
    assert!(ended.err.contains("Elm did not complete the assessment"), "{}", ended.err);
    let ended = sandbox.build("out", &["--region", "West"]);
    assert!(ended.err.contains("its regions are North, South"), "{}", ended.err);
}

#[test]
fn json_is_one_object() {
    let sandbox = Sandbox::new("two-regions");
    let ended = sandbox.build("out", &["--json"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(answer["manifest"]["reports"].as_array().unwrap().len(), 4);
    let ended = sandbox.run(&["check", "--json"]);
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(answer["completeness"]["areas"].as_array().unwrap().len(), 4);
}

#[test]
fn a_template_can_be_changed_without_the_program() {
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

#[test]
fn a_template_mistake_is_told_with_its_line() {
    let cases = [
        // A mistake in a tag shows before any report is begun.
        (
            "local/words/glance.j2",
            "<% set lower = less_far|length %>",
            "<% set lower = less_far|lenght %>",
            "unknown filter: filter lenght is unknown",
        ),
        // A name that the report does not have shows with the report.
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
        // A mistake in the Typst part of a template is led back to the template.
        ("local/reading.typ.j2", "#outline(title", "#outlyne(title", "unknown variable: outlyne"),
        // And one in the theme is told there.
        (
            "theme/report.typ",
            "#let note(body) = block(",
            "#let note(body) = blokc(",
            "unknown variable: blokc",
        ),
    ];
    for (file, from, to, message) in cases {
        let (said, line) = mistake(file, from, to);
        let expected = format!("{file}:{line}: {message}\n");
        let excerpt = format!("{line} | ");
        assert!(said.contains(&expected) && said.contains(&excerpt), "wanted {expected:?} in\n{said}");
    }
    // A font that is not in fonts/ is an error, and not silently another font.
    let (said, _) = mistake(
        "theme/report.typ",
        "set text(font: (\"Atkinson Hyperlegible Next\"",
        "set text(font: (\"Arial\"",
    );
    assert!(said.contains("unknown font family: arial"), "{said}");
}

#[test]
fn a_chart_without_an_alternative_text_is_refused_by_name() {
    let template = fs::read_to_string(project().join("report-templates/local/figure.typ.j2")).unwrap();
    let (start, end) = (template.find(", << words.alternative").unwrap(), template.find(">>),").unwrap() + 2);
    let (said, _) = mistake("local/figure.typ.j2", &template[start..end], " ");
    assert!(said.contains("missing argument: alt") && said.contains("/charts/figure-1.svg"), "{said}");
}

#[test]
fn a_number_that_is_no_fact_stops_the_report() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    edit(
        &templates.join("local/words/planning.j2"),
        "gives no advice",
        "gives << 4000 + 711 >> pieces of advice",
    );
    let ended = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(ended.code, 4, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("the digits '4,711' in "), "{}", ended.out);
    assert!(!sandbox.path("out/latest").exists());
}

/// What a build says when a template is changed like this, and the line of the change.
fn mistake(file: &str, from: &str, to: &str) -> (String, usize) {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    edit(&templates.join(file), from, to);
    let text = fs::read_to_string(templates.join(file)).unwrap();
    let line = text[..text.find(to).unwrap()].matches('\n').count() + 1;
    let ended = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    let said = format!("{}{}", ended.out, ended.err);
    assert_eq!(ended.code, 2, "{said}");
    assert!(!sandbox.path("out/latest").exists());
    (said, line)
}

#[test]
fn a_missing_template_is_named() {
    let sandbox = Sandbox::new("two-regions");
    let templates = sandbox.path("templates");
    copy(&project().join("report-templates"), &templates);
    fs::remove_file(templates.join("local/cover.typ.j2")).unwrap();
    let ended = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("there is no template local/cover.typ.j2"), "{}", ended.err);
    assert!(!sandbox.path("out").exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let sandbox = Sandbox::new("two-regions");
    fs::write(sandbox.path("file"), "in the way").unwrap();
    let ended = sandbox.build("file/out", &[]);
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("could not create") && ended.err.contains("file/out"), "{}", ended.err);
    assert!(ended.err.contains("nothing was published"), "{}", ended.err);
}

/// A limit on the size of files stands for a full disk: writing fails in the middle of the run.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_half_run() {
    let sandbox = Sandbox::new("two-regions");
    let script = format!(
        "trap '' XFSZ; ulimit -f 20; exec {} build --out out evaluation",
        env!("CARGO_BIN_EXE_area-reports")
    );
    let ended = ended(Command::new("sh").args(["-c", &script]).current_dir(sandbox.path("")));
    assert_eq!(ended.code, 3, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains("could not write") && ended.err.contains(".pdf"), "{}", ended.err);
    assert_eq!(files(&sandbox.path("out")), [".lock"]);
    assert_eq!(fs::read_dir(sandbox.path("out/runs")).unwrap().count(), 0);
}

#[test]
fn wrong_commands_are_answered() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.run(&["biuld"]).code, 2);
    let nowhere = sandbox.run_with(&["check"], |command| {
        command.current_dir(sandbox.path(".."));
    });
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("there is no evaluation folder"), "{}", nowhere.err);
    let help = ended(Command::new(env!("CARGO_BIN_EXE_area-reports")).arg("--help"));
    assert_eq!(help.code, 0);
    for word in ["build", "check", "demo", "Exit codes"] {
        assert!(help.out.contains(word), "{}", help.out);
    }
}

/// What is done to a run after it was published.
type Change<'a> = &'a dyn Fn(&std::path::Path);

#[test]
fn verify_finds_whatever_was_changed_after_publishing() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    // Another run of other answers: its reports print other figures.
    sandbox.edit("submissions/S2.csv", "libraries,cards,,no", "libraries,cards,,all");
    assert!(sandbox.build("other", &[]).code <= 1);
    let other = only_run(&sandbox.path("other"));
    let verify = |change: &dyn Fn(&std::path::Path)| {
        let run = sandbox.path("copy");
        drop(fs::remove_dir_all(&run));
        copy(&only_run(&sandbox.path("out")), &run);
        change(&run);
        ended(Command::new(env!("CARGO_BIN_EXE_area-reports")).arg("verify").arg(&run))
    };
    let untouched = verify(&|_| {});
    assert_eq!((untouched.code, untouched.err.as_str()), (0, ""));
    assert!(untouched.out.starts_with("17 files read, 0 problems.\n"), "{}", untouched.out);

    let pdf = "local/N1-ash.pdf";
    let mut bytes = fs::read(only_run(&sandbox.path("out")).join(pdf)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let exchange = |run: &std::path::Path, file: &str, part: &str| {
        let hash =
            |run: &std::path::Path| manifest(run)["reports"][0][part]["sha256"].as_str().unwrap().to_owned();
        let json = fs::read_to_string(run.join("manifest.json")).unwrap();
        fs::write(run.join("manifest.json"), json.replace(&hash(run), &hash(&other))).unwrap();
        fs::copy(other.join(file), run.join(file)).unwrap();
    };
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
        // With its hash in the manifest, only what is inside tells.
        ("local/N1-ash.pdf: the keywords lack the seal of its facts", &|run| exchange(run, pdf, "report")),
        ("local/N1-ash.pdf: the attached facts are not those beside the report", &|run| {
            exchange(run, pdf, "report");
        }),
        ("local/N1-ash.facts.json: a figure is not that of the aggregates of this run: 'nation/", &|run| {
            exchange(run, pdf, "report");
            exchange(run, "local/N1-ash.facts.json", "facts");
        }),
    ];
    for (expected, change) in cases {
        let found = verify(change);
        assert_eq!(found.code, 1, "{expected}");
        assert!(found.err.contains(expected), "wanted {expected:?} in\n{}", found.err);
    }
    let nowhere =
        ended(Command::new(env!("CARGO_BIN_EXE_area-reports")).arg("verify").arg(sandbox.evaluation()));
    assert_eq!(nowhere.code, 2);
}

#[test]
fn a_run_can_be_supplied_as_aggregates_and_agrees_with_itself() {
    let sandbox = Sandbox::new("two-regions");
    assert_eq!(sandbox.build("out", &[]).code, 0);
    let (run, supplied) = (only_run(&sandbox.path("out")), sandbox.evaluation().join("aggregates"));
    fs::create_dir(&supplied).unwrap();
    for name in ["national.csv", "regional.csv"] {
        fs::copy(run.join("aggregates").join(name), supplied.join(name)).unwrap();
    }
    let ended = sandbox.run(&["check"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

#[test]
fn another_evaluation_needs_no_change_of_the_program() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let ended = sandbox.build("out", &[]);
    assert_eq!((ended.code, ended.out.contains("12 reports, ")), (0, true), "{}{}", ended.out, ended.err);
    let made = files(&only_run(&sandbox.path("out")).join("local"));
    assert!(made.contains(&"W06-the-marches-shropshire-hereford.pdf".to_owned()), "{made:?}");
}

#[test]
fn the_templates_know_no_particular_evaluation() {
    for file in files(&project().join("report-templates")) {
        let text = fs::read_to_string(project().join("report-templates").join(&file)).unwrap().to_lowercase();
        for word in ["england", "cwdc", "integrated", "caf", "workforce", "2008", "143"] {
            assert!(!text.contains(word), "{file} says {word:?}");
        }
    }
}
