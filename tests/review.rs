use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object};
use serde_json::Value;

use crate::harness::{Finished, Sandbox, copy, edit, only_run, project};

/// An evaluation with its templates and a first run.
pub(crate) struct Runs {
    pub(crate) sandbox: Sandbox,
}

impl Runs {
    pub(crate) fn new(fixture: &str) -> Self {
        let desk = Self { sandbox: Sandbox::new(fixture) };
        copy(&project().join("report-templates"), &desk.templates());
        desk.build("first");
        desk
    }

    fn templates(&self) -> PathBuf {
        self.sandbox.path("templates")
    }

    /// Builds into this folder, and returns the run.
    pub(crate) fn build(&self, out: &str) -> PathBuf {
        let templates = self.templates();
        let result = self.sandbox.build(out, &["--templates", templates.to_str().unwrap()]);
        assert!(result.code <= 1, "{}", result.err);
        self.sandbox.path(out).join("latest").canonicalize().unwrap()
    }

    pub(crate) fn first(&self) -> PathBuf {
        self.sandbox.path("first/latest").canonicalize().unwrap()
    }

    /// Edits a file, builds, compares with the first run, and undoes the edit. An empty `from` adds the file.
    fn changed(&self, file: &Path, from: &str, to: &str) -> Value {
        let before = fs::read(file).unwrap_or_default();
        if from.is_empty() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, to).unwrap();
        } else {
            edit(file, from, to);
        }
        let run = self.build("changed");
        if from.is_empty() {
            fs::remove_file(file).unwrap()
        } else {
            fs::write(file, before).unwrap()
        }
        let review = differ(&self.first(), &run);
        fs::remove_dir_all(self.sandbox.path("changed")).unwrap();
        review
    }

    pub(crate) fn evaluation(&self, file: &str) -> PathBuf {
        self.sandbox.evaluation().join(file)
    }

    fn report_of_ash(&self) -> PathBuf {
        self.first().join("local/N1-ash.pdf")
    }

    pub(crate) fn template(&self, file: &str) -> PathBuf {
        self.templates().join(file)
    }
}

fn program(arguments: &[&str]) -> Finished {
    static VAULT: OnceLock<tempfile::TempDir> = OnceLock::new();
    let vault = VAULT.get_or_init(|| tempfile::tempdir().unwrap());
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_area-reports"));
    crate::harness::run_to_end(command.args(arguments).env("AREA_REPORTS_VAULT", vault.path()))
}

/// What `diff` prints about two runs, folders or files.
fn diff(old: &Path, new: &Path, more: &[&str]) -> Finished {
    let mut arguments = vec!["diff", "--full-addresses", old.to_str().unwrap(), new.to_str().unwrap()];
    arguments.extend(more);
    program(&arguments)
}

/// The same, as JSON.
pub(crate) fn differ(old: &Path, new: &Path) -> Value {
    let result = diff(old, new, &["--json"]);
    assert!(result.code <= 1, "{}", result.err);
    let review: Value = serde_json::from_str(&result.out).unwrap();
    assert_eq!(result.code == 0, review["changes"].as_array().unwrap().is_empty());
    review
}

pub(crate) fn groups(review: &Value) -> &Vec<Value> {
    review["groups"].as_array().unwrap()
}

/// The causes of a group, as "answers N1,S2" or "templates".
fn causes(group: &Value) -> Vec<String> {
    let list = |value: &Value| -> String {
        let names = value.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        names.collect::<Vec<_>>().join(",")
    };
    let cause = |cause: &Value| match cause["cause"].as_str().unwrap() {
        "answers" => format!("answers {}", list(&cause["areas"])),
        "settings" => format!("settings {}", list(&cause["files"])),
        other => other.to_owned(),
    };
    group["causes"].as_array().unwrap().iter().map(cause).collect()
}

/// The codes of a group's reports.
fn reports<'r>(review: &'r Value, group: &Value) -> Vec<&'r str> {
    let positions = group["reports"].as_array().unwrap().iter().map(|at| at.as_u64().unwrap() as usize);
    positions.map(|at| review["changes"][at]["subject"].as_str().unwrap()).collect()
}

/// Every cause in a review.
fn all_causes(review: &Value) -> BTreeSet<String> {
    groups(review).iter().flat_map(causes).collect()
}

#[test]
fn a_rebuild_with_no_change_reports_nothing() {
    let desk = Runs::new("two-regions");
    let again = desk.build("again");
    let result = diff(&desk.first(), &again, &[]);
    assert_eq!(result.code, 0, "{}", result.err);
    assert!(result.out.contains("Nothing differs: 4 identical."), "{}", result.out);
}

#[test]
fn a_template_fix_is_one_decision_and_an_exceptional_area_a_second() {
    let desk = Runs::new("healthy-schools-2024");
    let reading = desk.template("local/words/reading.j2");
    let review = desk.changed(&reading, "They do not measure it,", "They do not measure it at all,");
    assert_eq!(groups(&review).len(), 1, "{:#}", review["groups"]);
    assert_eq!(reports(&review, &groups(&review)[0]).len(), 12);
    let odd = "They do not measure it<% if area.code == \"W05\" %>, nor here<% else %> at all<% endif %>,";
    let review = desk.changed(&reading, "They do not measure it,", odd);
    assert_eq!(groups(&review).len(), 2, "{:#}", review["groups"]);
    assert_eq!(reports(&review, &groups(&review)[0]), ["W05"]);
    assert_eq!(groups(&review)[0]["exception"], true);
    assert_eq!(reports(&review, &groups(&review)[1]).len(), 11);
    assert!(groups(&review).iter().all(|group| causes(group) == ["templates"]));
    // Its sentence is not lost among the others when figures change at the same time, and words with them.
    edit(&desk.evaluation("submissions/W01.csv"), "primary,meals,,every-day", "primary,meals,,never");
    let review = desk.changed(&reading, "They do not measure it,", odd);
    let odd_one = |group: &Value| {
        let of = reports(&review, group);
        let mut words = group["words"].as_array().unwrap().iter();
        of.len() <= 2
            && of.contains(&"W05")
            && words.any(|changed| changed["is"].to_string().contains("nor here"))
    };
    assert!(groups(&review).iter().any(odd_one), "{:#}", review["groups"]);
}

#[test]
fn a_resubmission_shows_in_its_own_report_its_region_and_the_nation() {
    let desk = Runs::new("healthy-schools-2024");
    let review = desk.changed(
        &desk.evaluation("submissions/W01.csv"),
        "primary,meals,,every-day",
        "primary,meals,,never",
    );
    assert!(groups(&review).iter().all(|group| causes(group) == ["answers W01"]), "{:#}", review["groups"]);
    let about = |wanted: &dyn Fn(&Value) -> bool| -> Vec<&str> {
        let found = groups(&review).iter().filter(|group| wanted(group));
        found.flat_map(|group| reports(&review, group)).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let of = |group: &Value, scope: &str| {
        group["figures"].as_array().unwrap().iter().any(|f| f["scope"]["group"] == scope)
    };
    let own = |group: &Value| {
        group["figures"].as_array().unwrap().iter().any(|figure| figure["id"] == "own/primary/meals")
    };
    assert_eq!(about(&own), ["W01"], "{:#}", review["groups"]);
    assert_eq!(about(&|group| of(group, "North")), ["W01", "W02", "W03"]);
    assert_eq!(about(&|group| of(group, "Wales and the Marches")).len(), 12);
    assert!(!groups(&review).iter().any(|group| of(group, "Mid")));
}

#[test]
fn the_effects_of_two_resubmissions_are_kept_apart() {
    let desk = Runs::new("healthy-schools-2024");
    let second = desk.evaluation("submissions/W04.csv");
    let text = fs::read_to_string(&second).unwrap();
    let pace = text.lines().find(|line| line.starts_with("strategic-lead,priority,,")).unwrap();
    let other = if pace.ends_with('5') { "strategic-lead,priority,,1" } else { "strategic-lead,priority,,5" };
    fs::write(&second, text.replace(pace, other)).unwrap();
    let review = desk.changed(
        &desk.evaluation("submissions/W01.csv"),
        "primary,meals,,every-day",
        "primary,meals,,never",
    );
    let mut kept_apart = std::collections::BTreeSet::new();
    for group in groups(&review) {
        for figure in group["figures"].as_array().unwrap() {
            let areas = causes(&serde_json::json!({ "causes": figure["causes"] }));
            let measure = figure["measure"].as_str().unwrap();
            let wanted = match figure["scope"]["group"].as_str() {
                Some("North") => "answers W01",
                Some("Mid") => "answers W04",
                _ if measure.starts_with("priority") => "answers W04",
                _ if measure.starts_with("meal") => "answers W01",
                _ => continue,
            };
            assert_eq!(areas, [wanted], "{figure:#}");
            kept_apart.insert(wanted);
        }
    }
    assert_eq!(kept_apart.len(), 2);
}

/// Copies a run, changes the pages of its reports, and changes one part of their fingerprint in the manifest.
fn doctored(run: &Path, to: &Path, part: &str, change: impl Fn(&mut Document)) {
    copy(run, to);
    let file = to.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    for entry in manifest["reports"].as_array_mut().unwrap() {
        let pdf = to.join(entry["report"]["file"].as_str().unwrap());
        let mut document = Document::load(&pdf).unwrap();
        change(&mut document);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        fs::remove_file(&pdf).unwrap();
        fs::write(&pdf, &bytes).unwrap();
        entry["report"]["sha256"] = Value::from(format!("of {part} {}", bytes.len()));
        if !part.is_empty() {
            entry["fingerprint"][part] = Value::from("another");
        }
    }
    fs::write(&file, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

/// Changes what is drawn on a page; pages are numbered from 1.
pub(crate) fn on_page(document: &mut Document, page: u32, change: impl Fn(&mut Vec<Operation>)) {
    let id = document.get_pages()[&page];
    let mut content = Content::decode(&document.get_page_content(id)).unwrap();
    change(&mut content.operations);
    document.change_page_content(id, content.encode().unwrap()).unwrap();
}

fn shift(operations: &mut Vec<Operation>, right: f32) {
    let matrix = [1.0, 0.0, 0.0, 1.0, right, 0.0].map(Object::Real);
    operations.insert(0, Operation::new("cm", matrix.to_vec()));
}

/// Changes a file and expects these causes for all that differs.
fn expect_causes(desk: &Runs, file: &Path, from: &str, to: &str, wanted: &[&str]) -> Value {
    let review = desk.changed(file, from, to);
    assert!(!groups(&review).is_empty(), "{to}: nothing differs");
    let causes: Vec<String> = all_causes(&review).into_iter().collect();
    assert_eq!(causes, wanted, "{to}: {:#}", review["groups"]);
    review
}

fn has_words(review: &Value) -> bool {
    groups(review).iter().any(|group| !group["words"].as_array().unwrap().is_empty())
}

#[test]
fn changed_answers_are_the_cause_of_what_follows_from_them() {
    let desk = Runs::new("two-regions");
    let answers = [
        ("N1", "pace,,fast", "pace,,slow"),
        ("N1", "schools,cards,,all", "schools,cards,,some"),
        ("N1", "libraries,cards,,some", "libraries,cards,,all"),
        ("N1", "engaged,schools,well", "engaged,schools,little"),
        ("N1", "engaged,libraries,little", "engaged,libraries,well"),
        ("N1", "schools,card-uses,,music\n", ""),
        ("N1", "libraries,card-uses,,none", "libraries,card-uses,,books"),
        ("N1", "#let it", "#let this"),
    ];
    for (area, from, to) in answers {
        let file = desk.evaluation(&format!("submissions/{area}.csv"));
        expect_causes(&desk, &file, from, to, &[&format!("answers {area}")]);
    }
}

#[test]
fn changed_sentences_are_traced_to_templates_or_wording() {
    let desk = Runs::new("two-regions");
    let wordings = [
        ("local/words/reading.j2", "They do not measure it,", "They do not measure it at all,"),
        ("local/words/reading.j2", "The figures show how", "These figures show how"),
        ("shared/words/methods.j2", "halves rounded up", "halves up"),
        ("local/words/discussion.j2", "They report answers", "They repeat answers"),
        ("local/words/places.j2", "not an order of merit", "not a table"),
        ("local/words/bars.j2", "Most often in", "Most of all in"),
    ];
    for (file, from, to) in wordings {
        assert!(has_words(&expect_causes(&desk, &desk.template(file), from, to, &["templates"])), "{to}");
    }
    for (file, text) in
        [("wording/glossary.md.j2", "## Glossary\n\nA word."), ("wording/cover.md.j2", "About the cards.")]
    {
        assert!(has_words(&expect_causes(&desk, &desk.evaluation(file), "", text, &["templates"])), "{text}");
    }
}

#[test]
fn a_changed_layout_is_traced_to_templates_and_changes_no_words() {
    let desk = Runs::new("two-regions");
    let layouts = [
        ("local/glance.typ.j2", "(1.5fr, <% for", "(1.6fr, <% for"),
        ("local/reading.typ.j2", "1.07em", "1.2em"),
        (
            "local/methods.typ.j2",
            "rows: \"close\",\n    ([<< common.region() >>], [<< shared.counted",
            "rows: \"tight\",\n    ([<< common.region() >>], [<< shared.counted",
        ),
    ];
    for (file, from, to) in layouts {
        assert!(!has_words(&expect_causes(&desk, &desk.template(file), from, to, &["templates"])), "{to}");
    }
}

#[test]
fn a_changed_theme_is_the_cause_of_a_different_look() {
    let desk = Runs::new("two-regions");
    let styles = [
        ("theme/palette.toml", "second = \"#444444\"", "second = \"#424242\""),
        ("theme/palette.toml", "ink = \"#1F1F1F\"", "ink = \"#1A1A1A\""),
        ("theme/palette.toml", "track = \"#F2F2F2\"", "track = \"#F4F4F4\""),
        ("theme/report.typ", "section: 14pt, part: 20pt", "section: 14pt, part: 19pt"),
    ];
    for (file, from, to) in styles {
        expect_causes(&desk, &desk.template(file), from, to, &["style"]);
    }
}

#[test]
fn one_change_of_layout_is_one_decision_on_a_small_page() {
    let desk = Runs::new("healthy-schools-2024");
    edit(
        &desk.template("theme/report.typ"),
        "size: body-size, fill: ink",
        "size: body-size + 0.1pt, fill: ink",
    );
    let (first, second) = (desk.first(), desk.build("second"));
    let page = desk.sandbox.path("review.html");
    let result = desk.sandbox.program(&[
        "diff",
        first.to_str().unwrap(),
        second.to_str().unwrap(),
        "--json",
        "--html",
        "review.html",
    ]);
    let review: Value = serde_json::from_str(&result.out).unwrap();
    assert_eq!(groups(&review).len(), 1, "{:#}", review["groups"]);
    assert_eq!(reports(&review, &groups(&review)[0]).len(), 12);
    let html = fs::read_to_string(page).unwrap();
    // The pictures take at most four million bytes; everything else is small beside them.
    assert!(html.len() < 5_000_000, "{} bytes", html.len());
    // Two reports are shown, before and now, with at most six pages each.
    let shown = html.matches("data:image/webp").count();
    assert!((2..=24).contains(&shown), "{shown} pictures");
}

#[test]
fn changed_settings_register_and_questions_are_named_by_file() {
    let desk = Runs::new("two-regions");
    let settings = [
        ("evaluation.toml", "contact = \"board@", "contact = \"council@", "settings evaluation.toml"),
        ("evaluation.toml", "period = \"May 2024\"", "period = \"June 2024\"", "settings evaluation.toml"),
        ("register.csv", "S2,Ash & Dale", "S2,Ash & Vale", "settings register.csv"),
        (
            "questionnaire.toml",
            "label = \"Fast progress\"",
            "label = \"Quick progress\"",
            "settings questionnaire.toml",
        ),
        (
            "questionnaire.toml",
            "label = \"All of them\"",
            "label = \"Each of them\"",
            "settings questionnaire.toml",
        ),
    ];
    for (file, from, to, wanted) in settings {
        expect_causes(&desk, &desk.evaluation(file), from, to, &[wanted]);
    }
}

#[test]
fn changed_fonts_and_a_changed_program_are_causes() {
    let desk = Runs::new("two-regions");
    for (part, wanted) in [("fonts", "fonts"), ("engine", "engine")] {
        let run = desk.sandbox.path(part);
        doctored(&desk.first(), &run, part, |document| on_page(document, 2, |page| shift(page, 0.5)));
        let review = differ(&desk.first(), &run);
        assert_eq!(all_causes(&review).into_iter().collect::<Vec<_>>(), [wanted], "{:#}", review["groups"]);
    }
}

/// Changes the first colour that is not a grey.
fn rotate_colour(page: &mut [Operation]) {
    let colours = ["rg", "RG", "sc", "scn", "SC", "SCN"];
    let mut fills = page.iter_mut().filter(|operation| colours.contains(&operation.operator.as_str()));
    let operation = fills
        .find(|operation| operation.operands.len() == 3 && operation.operands[0] != operation.operands[2])
        .unwrap();
    operation.operands.rotate_left(1);
}

#[test]
fn changes_that_the_eye_could_miss_are_reported() {
    let desk = Runs::new("two-regions");
    type Change = Box<dyn Fn(&mut Vec<Operation>)>;
    let changes: [(&str, Change, &str); 4] = [
        ("one pixel", Box::new(|page| shift(page, 1.0)), "moved"),
        ("a hundredth of a point", Box::new(|page| shift(page, 0.01)), "moved"),
        ("a colour", Box::new(|page| rotate_colour(page)), "colour"),
        (
            "a footnote",
            Box::new(|page| {
                let place = page.iter_mut().rev().find(|operation| operation.operator == "Tm").unwrap();
                let height = place.operands[5].as_float().unwrap();
                place.operands[5] = Object::Real(height + 0.3);
            }),
            "moved",
        ),
    ];
    let before = desk.report_of_ash();
    for (what, change, look) in changes {
        let after = desk.sandbox.path("after.pdf");
        let mut document = Document::load(&before).unwrap();
        on_page(&mut document, 3, change);
        document.save(&after).unwrap();
        let review = differ(&before, &after);
        let pages = review["changes"][0]["pages"].as_array().unwrap();
        assert_eq!(pages.len(), 1, "{what}: {review:#}");
        assert_eq!(pages[0]["is"], 3, "{what}");
        assert_eq!(pages[0]["looks"][0]["look"], look, "{what}: {:#}", pages[0]);
        assert!(pages[0]["difference"]["pixels"].as_u64().unwrap() > 0, "{what}");
        assert!(!pages[0]["difference"]["boxes"].as_array().unwrap().is_empty(), "{what}");
        assert_eq!(groups(&review).len(), 1, "{what}");
    }
}

#[test]
fn objects_in_a_different_order_are_not_a_visible_change() {
    let desk = Runs::new("two-regions");
    let before = desk.report_of_ash();
    let after = desk.sandbox.path("after.pdf");
    let mut document = Document::load(&before).unwrap();
    document.renumber_objects();
    document.save(&after).unwrap();
    let review = differ(&before, &after);
    assert_eq!(review["changes"][0]["pages"].as_array().unwrap().len(), 0);
    let result = diff(&before, &after, &[]);
    assert!(result.out.contains("different bytes, but nothing that can be seen or read"), "{}", result.out);
}

#[test]
fn folders_and_filtered_reports_can_be_compared() {
    let desk = Runs::new("healthy-schools-2024");
    edit(&desk.evaluation("submissions/W01.csv"), "primary,meals,,every-day", "primary,meals,,never");
    let second = desk.build("second");
    let first = desk.first();
    // The folders of reports are enough to compare figures, because the facts are attached to the reports.
    let review = differ(&first.join("local"), &second.join("local"));
    assert!(
        review["changes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|change| !change["figures"].as_array().unwrap().is_empty())
    );
    assert!(all_causes(&review).contains("unknown"));
    let result = diff(&first, &second, &["--area", "Powys", "--json"]);
    let review: Value = serde_json::from_str(&result.out).unwrap();
    assert_eq!(review["changes"].as_array().unwrap().len(), 1);
    let result = diff(&first, &second, &["--region", "north", "--json"]);
    let review: Value = serde_json::from_str(&result.out).unwrap();
    assert_eq!(review["changes"].as_array().unwrap().len(), 3);
    let result = diff(&first, &second, &["--area", "Pwys"]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("did you mean 'Powys'?"), "{}", result.err);
    let result = diff(&first, &second, &["--cause", "style"]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("has that measure or cause"), "{}", result.err);
    let result = diff(&first, &second, &["--measure", "meals", "--max-groups", "1"]);
    assert_eq!(result.code, 1, "{}", result.err);
    assert!(result.out.contains("--max-groups 0 lists them all"), "{}", result.out);
    // A report that cannot be read is listed, and the others are still compared.
    let broken = desk.sandbox.path("broken");
    copy(&second.join("local"), &broken);
    fs::write(broken.join("W02-gwynedd.pdf"), "%PDF-1.7 and no more").unwrap();
    let review = differ(&first.join("local"), &broken);
    assert_eq!(groups(&review)[0]["risk"], "gone", "{:#}", review["groups"][0]);
    assert_eq!(review["changes"].as_array().unwrap().len(), 12);
}

#[test]
fn new_and_missing_reports_come_first() {
    let desk = Runs::new("healthy-schools-2024");
    edit(
        &desk.evaluation("submissions/W01.csv"),
        "primary,meals,,every-day",
        "primary,meals,,sometimes-or-other",
    );
    let second = desk.build("second");
    let review = differ(&desk.first(), &second);
    assert_eq!(groups(&review)[0]["risk"], "gone");
    assert_eq!(reports(&review, &groups(&review)[0]), ["W01"]);
    assert_eq!(causes(&groups(&review)[0]), ["answers W01"]);
    let review = differ(&second, &desk.first());
    assert_eq!(groups(&review)[0]["risk"], "new");
    assert_eq!(reports(&review, &groups(&review)[0]), ["W01"]);
}

#[test]
fn a_report_can_be_printed_as_text_for_other_tools() {
    let desk = Runs::new("two-regions");
    let report = desk.first().join("local/N1-ash.pdf");
    let result = program(&["text", report.to_str().unwrap()]);
    assert_eq!(result.code, 0, "{}", result.err);
    assert!(result.out.contains("# 1. At a glance\n"), "{}", result.out);
    assert!(result.out.lines().all(|line| line.chars().count() < 240));
    let result = program(&["text", project().join("Cargo.toml").to_str().unwrap()]);
    assert_eq!(result.code, 2);
    assert!(result.err.contains("neither a PDF"), "{}", result.err);
    assert!(only_run(&desk.sandbox.path("first")).join("manifest.json").is_file());
}

#[test]
fn git_shows_changes_to_the_text_of_a_report() {
    let desk = Runs::new("two-regions");
    let report = |run: &Path| fs::read(run.join("local/N1-ash.pdf")).unwrap();
    let repository = desk.sandbox.path("repository");
    fs::create_dir(&repository).unwrap();
    let git = |arguments: &[&str]| {
        let textconv = format!("diff.area-report.textconv={} text", env!("CARGO_BIN_EXE_area-reports"));
        let who = ["user.name=Ann Lee", "user.email=ann@example.org", "init.defaultBranch=main", &textconv];
        let mut command = std::process::Command::new("git");
        who.iter().for_each(|setting| {
            command.args(["-c", setting]);
        });
        let result = crate::harness::run_to_end(command.args(arguments).current_dir(&repository));
        assert_eq!(result.code, 0, "{}", result.err);
        result.out
    };
    git(&["init"]);
    fs::write(repository.join(".gitattributes"), "*.pdf diff=area-report\n").unwrap();
    fs::write(repository.join("ash.pdf"), report(&desk.first())).unwrap();
    git(&["add", "."]);
    git(&["commit", "-m", "First"]);
    edit(&desk.evaluation("submissions/N1.csv"), "pace,,fast", "pace,,slow");
    fs::write(repository.join("ash.pdf"), report(&desk.build("second"))).unwrap();
    let printed = git(&["diff", "--word-diff=plain"]);
    assert!(printed.contains("[-Fast-]{+Slow+}"), "{printed}");
}
