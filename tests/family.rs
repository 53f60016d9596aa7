use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use area_reports::model::{FactSource, Kind};
use area_reports::publish::{FactsFile, Manifest};
use serde_json::Value;

use crate::harness::{Finished, Sandbox, files, project};

const ALL: &str = "local,regional,sector,national,submission";

/// Every kind of report of an evaluation.
fn built(sandbox: &Sandbox) -> Finished {
    let result = sandbox.build("out", &["--kind", ALL]);
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    result
}

fn run(sandbox: &Sandbox) -> std::path::PathBuf {
    sandbox.path("out/latest").canonicalize().unwrap()
}

fn manifest(run: &Path) -> Manifest {
    serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

fn facts(run: &Path, path: &str) -> FactsFile<'static> {
    FactsFile::read(&fs::read(run.join(path)).unwrap()).unwrap()
}

#[test]
fn one_command_makes_every_kind_of_report_and_the_data_pack() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let result = built(&sandbox);
    assert!(
        result.out.contains("12 local, 4 regional, 3 sector, 1 national, 12 submission"),
        "{}",
        result.out
    );
    let run = run(&sandbox);
    let counts =
        |kind: Kind| manifest(&run).reports.iter().filter(|entry| entry.id.report.kind == kind).count();
    assert_eq!(Kind::ALL.iter().map(|kind| counts(*kind)).collect::<Vec<_>>(), [12, 4, 3, 1, 12]);
    assert!(files(&run.join("data-pack")).contains(&"healthy-schools-2024-data-pack.xlsx".to_owned()));
    for copy in ["csv", "xlsx", "pdf"] {
        let made = files(&run.join("submission")).iter().filter(|file| file.ends_with(copy)).count();
        assert_eq!(made, 12, "{copy}");
    }
    let verified = sandbox.program(&["verify", "out/latest"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
    // Nothing changed: nothing is made again.
    let again = built(&sandbox);
    assert!(again.out.contains("Made:    0; the other 32 reused"), "{}", again.out);
}

#[test]
fn a_report_about_many_areas_has_no_fact_about_one() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    built(&sandbox);
    let run = run(&sandbox);
    for entry in manifest(&run).reports {
        if entry.id.report.kind.is_of_area() {
            continue;
        }
        let facts = facts(&run, &entry.facts.as_ref().unwrap().file);
        assert_eq!(facts.subject, entry.id.report.subject);
        assert!(facts.facts.len() > 20, "{}", entry.id);
        assert!(facts.facts.iter().all(|fact| fact.source != FactSource::Submission), "{}", entry.id);
    }
}

/// The figure of a region or sector that the policy withholds, put into a report: as if a table had let it through.
#[test]
fn a_withheld_figure_that_a_regional_or_sector_table_lets_through_is_found() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    sandbox.edit("evaluation.toml", "minimum-others = 1", "minimum-others = 2");
    built(&sandbox);
    let run = run(&sandbox);
    let mut planted = 0;
    for entry in manifest(&run).reports {
        let file = run.join(&entry.facts.as_ref().unwrap().file);
        let is_withheld = |fact: &Value| {
            fact["state"] == "withheld" && fact["source"] == "aggregates" && fact["count"].is_null()
        };
        let text = fs::read(&file).unwrap();
        let mut facts: Value = serde_json::from_slice(&text).unwrap();
        let fact = facts["facts"].as_array_mut().unwrap().iter_mut().find(|fact| is_withheld(fact));
        let (Some(fact), false) = (fact, entry.id.report.kind.is_of_area()) else { continue };
        fact["count"] = 1.into();
        fact["base"] = 3.into();
        fs::write(&file, serde_json::to_vec_pretty(&facts).unwrap()).unwrap();
        let verified = sandbox.program(&["verify", "out/latest"]);
        assert_eq!(verified.code, 1, "{}", entry.id);
        fs::write(&file, text).unwrap();
        planted += 1;
    }
    assert!(planted > 0, "nothing is withheld");
}

#[test]
fn the_areas_of_a_region_are_named_only_where_it_says_who_answered() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let templates = sandbox.path("templates");
    crate::harness::copy(&project().join("report-templates"), &templates);
    // A name in any other place is refused: here in the headline.
    let words = templates.join("regional/words/report.j2");
    let text = fs::read_to_string(&words).unwrap();
    let named = text.replace(
        "<% macro reading() %>",
        "<% macro reading() %>\n<< turnout.named[0].answered[0] >> answered.",
    );
    assert_ne!(named, text);
    fs::write(&words, named).unwrap();
    let arguments = ["--kind", "regional", "--templates", templates.to_str().unwrap()];
    let result = sandbox.build("out", &arguments);
    assert_eq!(result.code, 4, "{}{}", result.out, result.err);
    assert!(result.out.contains(" names "), "{}", result.out);
}

#[test]
fn recipients_are_named_by_kind_and_subject() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.append(
        "recipients.csv",
        "national,Nan,nan@nation.example.org,standard\n\
         regional/north,Reg,reg@north.example.org,standard\n\
         submission/N1,Sue,sue@ash.example.org,standard\n",
    );
    let check = sandbox.program(&["check", "evaluation"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    for (wrong, right) in
        [("regional/nowhere", "regional/north"), ("local/N9", "local/N1"), ("sector", "national")]
    {
        let sandbox = Sandbox::new("two-regions");
        sandbox.append("recipients.csv", &format!("{wrong},Ann,ann@x.example.org,standard\n"));
        let check = sandbox.program(&["check", "evaluation"]);
        assert_eq!(check.code, 1, "{wrong}");
        assert!(
            check.err.contains("there is no such area or report")
                || check.out.contains("there is no such area or report"),
            "{}{}",
            check.out,
            check.err
        );
        let sandbox = Sandbox::new("two-regions");
        sandbox.append("recipients.csv", &format!("{right},Ann,ann@x.example.org,standard\n"));
        assert_eq!(sandbox.program(&["check", "evaluation"]).code, 0, "{right}");
    }
}

/// What a plan says about each report, and what became of it.
fn plan_and_outcome(sandbox: &Sandbox) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let planned = sandbox.build("out", &["--kind", ALL, "--plan", "--json"]);
    let planned: Value = serde_json::from_str(&planned.out).unwrap();
    let step = |(id, of): (&String, &Value)| {
        let step = if of["step"] == "make" { "built" } else { "reused" };
        (id.clone(), step.to_owned())
    };
    let planned = planned["reports"].as_object().unwrap().iter().map(step).collect();
    let result = sandbox.build("out", &["--kind", ALL]);
    assert!(result.code <= 1, "{}{}", result.out, result.err);
    let outcome = manifest(&run(sandbox))
        .reports
        .into_iter()
        .map(|entry| (entry.id.to_string(), entry.outcome.name().to_owned()));
    (planned, outcome.collect())
}

/// Changes one answer of one area to another option, and says which area that is.
fn change_an_answer(sandbox: &Sandbox, rng: &mut fastrand::Rng) -> String {
    let folder = sandbox.evaluation().join("submissions");
    let submissions = files(&folder);
    loop {
        let file = &submissions[rng.usize(..submissions.len())];
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let rows: Vec<&str> = text.lines().collect();
        let at = rng.usize(1..rows.len());
        // An answer of the same question from another area is sure to be one of its options.
        let cells: Vec<&str> = rows[at].split(',').collect();
        let other = &submissions[rng.usize(..submissions.len())];
        let other = fs::read_to_string(folder.join(other)).unwrap();
        let same =
            |row: &&str| row.split(',').take(cells.len() - 1).eq(cells[..cells.len() - 1].iter().copied());
        let Some(answer) = other.lines().find(|row| same(row) && *row != rows[at]) else { continue };
        let changed: Vec<&str> =
            rows.iter().enumerate().map(|(n, row)| if n == at { answer } else { row }).collect();
        fs::write(folder.join(file), changed.join("\n") + "\n").unwrap();
        // Several answers to one question may no longer fit together.
        if sandbox.program(&["check", "evaluation"]).code != 0 {
            fs::write(folder.join(file), text).unwrap();
            continue;
        }
        return file.trim_end_matches(".csv").to_owned();
    }
}

/// How many random edits to try; more of them with `EDITS=100 cargo test --release random_edits`.
fn edits() -> usize {
    std::env::var("EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(8)
}

#[test]
fn after_random_edits_the_plan_is_the_outcome_for_every_kind() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    built(&sandbox);
    let mut rng = fastrand::Rng::with_seed(18);
    let mut kinds_made: BTreeSet<String> = BTreeSet::new();
    for edit in 0..edits() {
        let area = change_an_answer(&sandbox, &mut rng);
        let (planned, outcome) = plan_and_outcome(&sandbox);
        assert_eq!(planned, outcome, "edit {edit}, of {area}");
        // The area's own reports are made again, and no copy of another area's submission.
        let made = |id: &String| planned[id] == "built";
        for id in planned.keys().filter(|id| id.starts_with("submission/")) {
            assert!(!made(id) || id.starts_with(&format!("submission/{area}/")), "edit {edit}: {id}");
        }
        kinds_made
            .extend(planned.keys().filter(|id| made(id)).map(|id| id.split('/').next().unwrap().to_owned()));
    }
    assert_eq!(kinds_made.len(), Kind::ALL.len(), "{kinds_made:?}");
}

/// Every published finding is in the national report, in a sentence and in its table, each time with its number.
#[test]
fn every_published_finding_is_in_the_national_report() {
    for (fixture, findings) in [("integrated-working-2008", 75), ("two-regions", 3)] {
        let sandbox = Sandbox::new(fixture);
        let result = sandbox.build("out", &["--kind", "national"]);
        assert_eq!(result.code, 0, "{}{}", result.out, result.err);
        let run = crate::harness::only_run(&sandbox.path("out"));
        let report = files(&run.join("national")).into_iter().find(|file| file.ends_with(".pdf")).unwrap();
        let text = sandbox.program(&["text", run.join("national").join(report).to_str().unwrap()]);
        let text = text.out.split_whitespace().collect::<Vec<_>>().join(" ");
        // A line may be broken after a hyphen.
        let unspaced = text.replace(' ', "");
        let table = fs::read_to_string(sandbox.evaluation().join("published.csv")).unwrap();
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        let mut number = 0;
        for row in rows.records() {
            let row = row.unwrap();
            number += 1;
            let reference = format!("P{number}");
            let whole = |(at, _): &(usize, &str)| {
                !text[at + reference.len()..].starts_with(|c: char| c.is_ascii_digit())
            };
            let places = text.match_indices(&reference).filter(whole).count();
            assert_eq!(places, 2, "{fixture}: {reference}, {}", &row[0]);
            assert!(unspaced.contains(&row[4].replace(' ', "")), "{fixture}: the table lacks '{}'", &row[4]);
        }
        assert_eq!(number, findings, "{fixture}");
        assert!(text.contains("None of them disagrees."), "{fixture}");
    }
}
