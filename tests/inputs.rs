use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Finished, Sandbox, edit, files};

/// How many reports of the latest run were built, and how many there are in total.
fn built_and_total(sandbox: &Sandbox, out: &str) -> (usize, usize) {
    let manifest = fs::read(sandbox.path(out).join("latest/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let reports = manifest["reports"].as_array().unwrap();
    let built = reports.iter().filter(|report| report["outcome"]["state"] == "built");
    (built.count(), reports.len())
}

/// Everything that the program printed.
fn printed(result: &Finished) -> String {
    format!("{}{}", result.out, result.err)
}

/// The text of a report, as other tools read it.
fn text(sandbox: &Sandbox, report: &str) -> String {
    let report = sandbox.path("out/latest/local").join(report);
    let result = sandbox.program(&["text", report.to_str().unwrap()]);
    assert_eq!(result.code, 0, "{}", printed(&result));
    result.out
}

/// Builds, and expects success and this number of reports.
fn builds(sandbox: &Sandbox, reports: usize) {
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 0, "{}", printed(&result));
    let folder = sandbox.path("out/latest/local");
    let pdfs = files(&folder).into_iter().filter(|file| file.ends_with(".pdf")).count();
    assert_eq!(pdfs, reports, "{}", printed(&result));
}

#[test]
fn every_policy_works_for_another_evaluation() {
    for (policy, expected) in [("policy = \"strict\"", 0), ("policy = \"standard\"\nminimum-others = 2", 0)] {
        let sandbox = Sandbox::new("healthy-schools-2024");
        let settings = sandbox.evaluation().join("evaluation.toml");
        let text = fs::read_to_string(&settings).unwrap();
        let rest = text.split("[disclosure]").next().unwrap();
        fs::write(&settings, format!("{rest}\n[disclosure]\n{policy}\n")).unwrap();
        let result = sandbox.build("out", &[]);
        assert_eq!(result.code, expected, "{}", printed(&result));
        assert_eq!(built_and_total(&sandbox, "out"), (12, 12));
    }
    let sandbox = Sandbox::new("healthy-schools-2024");
    sandbox.append("submissions/W07.csv", "strategic-lead,no-such-question,,yes\n");
    let result = sandbox.build("out", &[]);
    assert_eq!((result.code, built_and_total(&sandbox, "out")), (1, (11, 12)), "{}", printed(&result));
}

#[test]
fn an_area_that_was_asked_no_closed_question_gets_its_report() {
    let sandbox = Sandbox::new("two-regions");
    fs::remove_file(sandbox.evaluation().join("published.csv")).unwrap();
    let rows = "respondent,question,item,answer\nschools,comment,,A word\n";
    let only_a_comment = "asked = \"managers\"\nsectors = [\"libraries\"]\nkind = \"single\"";
    sandbox.edit("questionnaire.toml", "asked = \"managers\"\nkind = \"single\"", only_a_comment);
    let uses = "asked = \"managers\"\nsectors = [\"libraries\"]\nkind = \"multiple\"";
    sandbox.edit("questionnaire.toml", "asked = \"managers\"\nkind = \"multiple\"", uses);
    for file in files(&sandbox.evaluation().join("submissions")) {
        let path = sandbox.evaluation().join("submissions").join(file);
        let text = fs::read_to_string(&path).unwrap();
        let kept = text.lines().filter(|line| !line.starts_with("schools,card"));
        fs::write(&path, kept.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    }
    fs::write(sandbox.evaluation().join("submissions/S1.csv"), rows).unwrap();
    builds(&sandbox, 4);
    let printed = text(&sandbox, "S1-clay.pdf").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(printed.contains("one of two managers answered; the strategic lead did not."), "{printed:.600}");
}

#[test]
fn thousands_of_areas_are_printed_with_commas() {
    let sandbox = Sandbox::new("two-regions");
    let mut areas = String::new();
    for area in 0..1430 {
        writeln!(areas, "X{area},Far Away {area},East,signed-up").unwrap();
    }
    sandbox.append("register.csv", &areas);
    builds(&sandbox, 4);
    assert!(text(&sandbox, "N1-ash.pdf").contains("1,435"));
}

#[test]
fn a_questionnaire_needs_no_profile() {
    let sandbox = Sandbox::new("healthy-schools-2024");
    let path = sandbox.evaluation().join("questionnaire.toml");
    let questionnaire = fs::read_to_string(&path).unwrap();
    let without: Vec<&str> = questionnaire.lines().filter(|line| !line.starts_with("profile")).collect();
    assert!(without.len() < questionnaire.lines().count());
    fs::write(&path, without.join("\n")).unwrap();
    builds(&sandbox, 12);
}

#[test]
fn reports_with_a_figure_longer_than_a_page_are_built() {
    let sandbox = Sandbox::new("two-regions");
    let label = "Engaged with workshops of every other school ".repeat(11);
    sandbox.edit("questionnaire.toml", "label = \"Well engaged\"", &format!("label = \"{}\"", label.trim()));
    for sector in 0..6 {
        let declared = format!("\n[[sector]]\nid = \"more-{sector}\"\nname = \"sector {sector}\"\n");
        sandbox.append("questionnaire.toml", &declared);
        for area in ["N1", "N2", "S1", "S2"] {
            let row = format!("strategic-lead,engaged,more-{sector},well\n");
            sandbox.append(&format!("submissions/{area}.csv"), &row);
        }
    }
    builds(&sandbox, 4);
}

/// A questionnaire of that many sectors, single-choice questions and key figures.
fn wide_questionnaire(sectors: usize, questions: usize, key_figures: usize) -> String {
    let mut text = String::new();
    for sector in 0..sectors {
        writeln!(text, "[[sector]]\nid = 's{sector}'\nname = 'sector {sector}'").unwrap();
    }
    text.push_str("[[section]]\nid = 'all'\ntitle = 'Everything'\n");
    let options = "[{ id = 'yes', label = 'Yes' }, { id = 'no', label = 'No' }]";
    for question in 0..questions {
        let who = if question % 2 == 0 { "managers" } else { "strategic-lead" };
        writeln!(
            text,
            "[[question]]\nid = 'q{question}'\nsection = 'all'\ntext = 'Question {question}?'\ntitle = 'Title {question}'\n\
             asked = '{who}'\nkind = 'single'\noptions = {options}\nprovenance = 'original'"
        )
        .unwrap();
    }
    for measure in 0..key_figures {
        let question = measure % questions;
        writeln!(
            text,
            "[[measure]]\nid = 'm{measure}'\nquestion = 'q{question}'\nlabel = 'Measure {measure}'\ncounts = ['yes']\n\
             polarity = 'more-is-further-on'\nkey-figure = true"
        )
        .unwrap();
    }
    text
}

/// An evaluation with one area and this many sectors, questions and key figures.
fn wide(sectors: usize, questions: usize, key_figures: usize) -> Sandbox {
    let sandbox = Sandbox::new("two-regions");
    let evaluation = sandbox.evaluation();
    let text = wide_questionnaire(sectors, questions, key_figures);
    fs::write(evaluation.join("questionnaire.toml"), text).unwrap();
    fs::write(evaluation.join("register.csv"), "code,name,region,status\nN1,Ash,North,completed\n").unwrap();
    fs::write(evaluation.join("recipients.csv"), "area,name,email,format\nN1,A,a@example.org,standard\n")
        .unwrap();
    for file in ["N2", "S1", "S2"] {
        fs::remove_file(evaluation.join(format!("submissions/{file}.csv"))).unwrap();
    }
    drop(fs::remove_file(evaluation.join("published.csv")));
    drop(fs::remove_dir_all(evaluation.join("wording")));
    let mut rows = "respondent,question,item,answer\n".to_owned();
    for question in 0..questions {
        if question % 2 == 0 {
            (0..sectors).for_each(|sector| writeln!(rows, "s{sector},q{question},,yes").unwrap());
        } else {
            writeln!(rows, "strategic-lead,q{question},,no").unwrap();
        }
    }
    fs::write(evaluation.join("submissions/N1.csv"), rows).unwrap();
    sandbox
}

#[test]
fn reports_with_many_sectors_questions_and_key_figures_are_built() {
    builds(&wide(200, 4, 4), 1);
    builds(&wide(2, 500, 4), 1);
    builds(&wide(2, 300, 300), 1);
    // Only checked, because building it would take too long; `tests/curve/` measures evaluations of this size.
    assert_eq!(wide(2, 8_000, 300).run(&["check"]).code, 0);
}

#[test]
fn too_many_of_anything_is_reported_by_check() {
    for (sandbox, what) in [
        (wide(256, 1, 1), "256 [[sector]] tables; at most 255"),
        (wide(1, 10_001, 1), "10001 [[question]] tables; at most 10000"),
        (wide(1, 1, 301), "301 key figures; at most 300"),
    ] {
        let result = sandbox.run(&["check"]);
        assert_eq!(result.code, 2);
        assert!(result.err.contains(what), "{}", result.err);
    }
    let sandbox = Sandbox::new("two-regions");
    let long = "x".repeat(20_000_000);
    sandbox.edit("questionnaire.toml", "title = \"Library cards\"", &format!("title = \"{long}\""));
    let result = sandbox.run(&["check"]);
    assert!(
        result.code == 2 && result.err.contains("the text has 20000000 characters; at most 200"),
        "{}",
        result.err
    );
    assert!(result.err.len() < 2_000, "{} bytes are printed about it", result.err.len());
}

#[test]
fn thousands_of_mistakes_are_counted_but_not_all_listed() {
    let sandbox = Sandbox::new("two-regions");
    let rows: String = (0..2_000).map(|row| format!("strategic-lead,no-such-{row},,x\n")).collect();
    sandbox.append("submissions/N1.csv", &rows);
    let result = sandbox.run(&["check"]);
    assert!(
        result.err.contains("(2000)") && result.err.contains("and 1950 more like these"),
        "{}",
        result.err
    );
    let listed = sandbox.run(&["check", "--json"]);
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(
        listed["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == "error").count(),
        2_000
    );
}

#[test]
fn names_may_be_in_any_script() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("register.csv", "N1,Ash,", "N1,القاهرة 12,");
    sandbox.edit("register.csv", "S1,Clay,", "S1,ירושלים,");
    sandbox.edit("register.csv", "S2,Ash & Dale,", "S2,東京都 हिन्दी 😀,");
    sandbox.edit("questionnaire.toml", "name = \"libraries\"", "name = \"תל אביב 7\"");
    sandbox.edit("questionnaire.toml", "title = \"Library cards\"", "title = \"कार्ड 3\"");
    sandbox.edit(
        "submissions/N1.csv",
        "strategic-lead,pace,,fast\n",
        "strategic-lead,pace,,fast\nlibraries,comment,,\"שלום 12, עולם\nনমস্কার 4\"\n",
    );
    builds(&sandbox, 4);
    let folder = sandbox.path("out/latest/local");
    let report =
        files(&folder).into_iter().find(|file| file.starts_with("N1") && file.ends_with(".pdf")).unwrap();
    let text = text(&sandbox, &report);
    for words in ["القاهرة", "תל אביב", "कार्ड", "নমস্কার"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let run = sandbox.path("out/latest");
    assert_eq!(sandbox.program(&["verify", run.to_str().unwrap()]).code, 0);
}

#[test]
fn names_may_be_ordinary_words_or_contain_numbers() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("register.csv", "N1,Ash,", "N1,March,");
    sandbox.edit("register.csv", "S1,Clay,", "S1,Food,");
    sandbox.edit("register.csv", "S2,Ash & Dale,", "S2,North,");
    let word = "w".repeat(200);
    sandbox.edit("register.csv", "\"Beck, City of\"", &word);
    sandbox.edit("questionnaire.toml", "name = \"schools\"", "name = \"post-16 colleges and under-5s\"");
    sandbox.edit("questionnaire.toml", "name = \"libraries\"", "name = \"children’s centres, “new” CO2\"");
    builds(&sandbox, 4);
}

#[test]
fn unusual_characters_in_answers_are_printed_and_control_characters_are_refused() {
    let url = format!("https://www.example.org/{}", "a-path/".repeat(16));
    for answer in [
        "zero\u{200b}width",
        "soft\u{ad}hyphen",
        "co\u{2011}operate",
        "Nguye\u{302}\u{303}n",
        &url,
        "\u{1f600}",
    ] {
        let sandbox = Sandbox::new("two-regions");
        sandbox.append("submissions/N2.csv", &format!("libraries,comment,,\"{answer}\"\n"));
        builds(&sandbox, 4);
    }
    let sandbox = Sandbox::new("two-regions");
    sandbox.append("submissions/N2.csv", "libraries,comment,,\"a\u{1b}[31m b\"\n");
    let result = sandbox.build("out", &[]);
    assert_eq!((result.code, built_and_total(&sandbox, "out")), (1, (3, 4)), "{}", printed(&result));
    assert!(result.err.contains("submissions/N2.csv:") && result.err.contains("U+001B"), "{}", result.err);
    assert!(!printed(&result).contains('\u{1b}'), "an escape sequence reached the terminal");
}

#[test]
fn two_areas_never_share_a_file() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("register.csv", "N1,Ash,", "1,2 Ash,");
    sandbox.edit("register.csv", "S1,Clay,", "1-2,Ash,");
    for (from, to) in [("N1", "1"), ("S1", "1-2")] {
        let file = |code: &str| sandbox.evaluation().join(format!("submissions/{code}.csv"));
        fs::rename(file(from), file(to)).unwrap();
        edit(&sandbox.evaluation().join("recipients.csv"), &format!("\n{from},"), &format!("\n{to},"));
    }
    let result = sandbox.build("out", &[]);
    let reports = files(&sandbox.path("out/latest/local"));
    let pdfs = reports.iter().filter(|file| file.ends_with(".pdf")).count();
    assert_eq!(pdfs, 4, "{reports:?}\n{}", printed(&result));
}

#[test]
fn an_unreadable_file_affects_only_its_own_area() {
    let sandbox = Sandbox::new("two-regions");
    let submissions = sandbox.evaluation().join("submissions");
    fs::remove_file(submissions.join("N2.csv")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::os::unix::fs::symlink("nowhere", submissions.join("N2.csv")).unwrap();
        std::os::unix::fs::symlink("..", submissions.join("round")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", submissions.join("S9.csv")).unwrap();
        let pipe = submissions.join("S8.csv");
        assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
        let name = std::ffi::OsStr::from_bytes(b"odd\xff.csv");
        fs::write(submissions.join(Path::new(name)), "x").unwrap();
    }
    let result = sandbox.build("out", &[]);
    assert_eq!((result.code, built_and_total(&sandbox, "out")), (1, (3, 4)), "{}", printed(&result));
    assert!(result.err.contains("the name of the file is not UTF-8"), "{}", result.err);
    assert!(!result.err.contains("os error"), "{}", result.err);
}

#[test]
fn a_header_of_megabytes_is_not_echoed() {
    let sandbox = Sandbox::new("two-regions");
    fs::write(sandbox.evaluation().join("submissions/N1.csv"), "x".repeat(10_000_000)).unwrap();
    for arguments in [&["check"][..], &["check", "--json"]] {
        let result = sandbox.run(arguments);
        assert_eq!(result.code, 1);
        assert!(printed(&result).len() < 20_000, "{} bytes", printed(&result).len());
    }
}

#[test]
fn an_endless_loop_in_any_template_is_stopped_and_leaves_nothing_behind() {
    let forever = "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}";
    let typst = forever.replace("{%", "<%").replace("%}", "%>");
    for (file, code, source) in [
        ("summary/run.html.j2", 2, forever),
        ("summary/run.txt.j2", 2, forever),
        ("local/words/about.j2", 2, &typst),
    ] {
        let sandbox = Sandbox::new("two-regions");
        let templates = sandbox.path("templates");
        crate::harness::copy(&crate::harness::project().join("report-templates"), &templates);
        fs::write(templates.join(file), source).unwrap();
        let result = sandbox.build("out", &["--templates", templates.to_str().unwrap()]);
        assert_eq!(result.code, code, "{file}: {}", printed(&result));
        assert!(printed(&result).contains("more steps than [limits] allow"), "{file}: {}", printed(&result));
        assert_eq!(fs::read_dir(sandbox.path("out/runs")).unwrap().count(), 0, "{file}");
    }
    let sandbox = Sandbox::new("two-regions");
    fs::create_dir_all(sandbox.evaluation().join("wording")).unwrap();
    fs::write(sandbox.evaluation().join("wording/cover.md.j2"), typst).unwrap();
    assert_eq!(sandbox.build("out", &[]).code, 2);
}

#[test]
fn a_folder_in_place_of_the_link_is_reported_before_anything_is_built() {
    let sandbox = Sandbox::new("two-regions");
    fs::create_dir_all(sandbox.path("out/latest")).unwrap();
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 3);
    assert!(result.err.contains("in the way of the link"), "{}", result.err);
    assert_eq!(fs::read_dir(sandbox.path("out/runs")).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let sandbox = Sandbox::new("two-regions");
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_area-reports"));
    let status = command.args(["check", "--json"]).arg(sandbox.evaluation()).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(3));
}

#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_start_are_reported_as_a_system_error() {
    let sandbox = Sandbox::new("two-regions");
    let program = env!("CARGO_BIN_EXE_area-reports");
    let script = format!("ulimit -v 2500000; exec {program} build --jobs 64 --out out evaluation");
    let mut command = std::process::Command::new("sh");
    let result = crate::harness::run_to_end(
        command
            .args(["-c", &script])
            .env("AREA_REPORTS_VAULT", sandbox.vault())
            .current_dir(sandbox.path("")),
    );
    assert_eq!(result.code, 3, "{}", printed(&result));
    assert!(
        result.err.contains("no thread could be started") && result.err.contains("fewer --jobs"),
        "{}",
        result.err
    );
    assert_eq!(fs::read_dir(sandbox.path("out/runs")).unwrap().count(), 0);
}
