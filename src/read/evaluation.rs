use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::overlay::{RawOverlay, language_of, overlay};
use super::questionnaire::{RawQuestionnaire, questionnaire};
use super::settings::RawSettings;
use super::table::{Row, rows};
use super::toml_file::toml_of;
use crate::fs::{self, PathError};
use crate::problem::{Place, Problem};

/// An evaluation folder as read. Submissions are only listed; they are read one at a time with [`submission`], so
/// memory use does not grow with their content.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The path of the folder.
    pub folder: PathBuf,
    /// The name of the folder.
    pub id: String,
    /// `evaluation.toml`; `None` if it is missing or invalid.
    pub settings: Option<RawSettings>,
    /// `register.csv`.
    pub register: Vec<Row<RegisterRow>>,
    /// `questionnaire.toml`; `None` if it is missing or not TOML.
    pub questionnaire: Option<RawQuestionnaire>,
    /// The questionnaire's words in other languages, from `questionnaire.CODE.toml`.
    pub overlays: Vec<RawOverlay>,
    /// `recipients.csv`.
    pub recipients: Vec<Row<RecipientRow>>,
    /// `aggregates/national.csv`; empty if there is no such file.
    pub national: Vec<Row<SuppliedRow>>,
    /// `aggregates/regional.csv`; empty if there is no such file.
    pub regional: Vec<Row<SuppliedRow>>,
    /// `published.csv`; empty if there is no such file.
    pub published: Vec<Row<PublishedRow>>,
    /// The snippets in `wording/`, by their path in that folder.
    pub wording: BTreeMap<String, String>,
    /// The names of the files in `submissions/`, sorted.
    pub submissions: Vec<String>,
    /// The problems found while reading.
    pub problems: Vec<Problem>,
}

/// A row of `register.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct RegisterRow {
    /// The area's code.
    pub code: String,
    /// The area's name.
    pub name: String,
    /// The name of its region.
    pub region: String,
    /// `completed`, `signed-up` or `not-taking-part`.
    pub status: String,
}

/// A row of a file in `submissions/`.
#[derive(Clone, Debug, Deserialize)]
pub struct SubmissionRow {
    /// `strategic-lead` or a sector id.
    pub respondent: String,
    /// The question's id.
    pub question: String,
    /// The sector being rated, for a grid question.
    pub item: String,
    /// An option id, `dont-know`, `not-applicable` or free text.
    pub answer: String,
}

/// A row of `recipients.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct RecipientRow {
    /// The area's code.
    pub area: String,
    /// The person's name.
    pub name: String,
    /// The person's email address.
    pub email: String,
    /// The format the person wants.
    pub format: String,
    /// The language the person wants, if the file has such a column.
    pub language: Option<String>,
    /// How the person wants the report, if the file has such a column: attached to the message, or by a link in it.
    pub by: Option<String>,
}

/// A row of `published.csv`: a figure already published, as a relation that the aggregates must satisfy.
#[derive(Clone, Debug, Deserialize)]
pub struct PublishedRow {
    /// Its id.
    pub id: String,
    /// The cell, as `measure` or `measure:cell`, or `register:total`, `register:signed-up`, `register:completed`.
    pub measure: String,
    /// For `greater`: the cells it exceeds, separated by `|`.
    pub than: String,
    /// The nation, a region, or sector ids separated by `|`.
    pub group: String,
    /// What was published, in words.
    pub statement: String,
    /// The relation.
    pub relation: String,
    /// The value of the relation, if it has one.
    pub value: String,
    /// Where it was published.
    pub source: String,
}

/// A row of a file in `aggregates/`: a figure counted by someone else. The columns match those of a run's own files.
#[derive(Clone, Debug, Deserialize)]
pub struct SuppliedRow {
    /// The name of the region, in `regional.csv`.
    #[serde(default)]
    pub region: Option<String>,
    /// The measure's id.
    pub measure: String,
    /// The cell's id; empty for a measure with one cell.
    pub option: String,
    /// How many are counted; may be empty.
    pub count: String,
    /// Out of how many; may be empty.
    pub base: String,
    /// The percentage; may be empty.
    pub percent: String,
}

/// A file in `submissions/`, as read.
#[derive(Clone, Debug)]
pub struct SubmissionFile {
    /// Its path in the evaluation folder.
    pub file: String,
    /// Its text as received, without a byte order mark; empty if it cannot be read.
    pub text: String,
    /// Its rows.
    pub rows: Vec<Row<SubmissionRow>>,
    /// The problems found while reading.
    pub problems: Vec<Problem>,
}

/// The file that says who receives which report.
pub const RECIPIENTS: &str = "recipients.csv";

/// The id of an evaluation: the one in `evaluation.toml`, or else the name of its folder.
pub fn id_of(folder: &Path) -> String {
    known_as(settings(folder, &mut Vec::new()).as_ref(), folder)
}

/// The id in settings that were read, or else the name of the evaluation folder.
pub fn known_as(settings: Option<&RawSettings>, folder: &Path) -> String {
    settings.and_then(|settings| settings.id.clone()).unwrap_or_else(|| name_of(folder))
}

/// Reads `evaluation.toml` alone; `None` if it cannot be read.
pub fn settings(folder: &Path, problems: &mut Vec<Problem>) -> Option<RawSettings> {
    let text = text(folder, "evaluation.toml", problems)?;
    toml_of("evaluation.toml", &text, problems)
}

fn name_of(folder: &Path) -> String {
    let path = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| "evaluation".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Reads `recipients.csv`, which may have two more columns.
fn recipients(folder: &Path, problems: &mut Vec<Problem>) -> Vec<Row<RecipientRow>> {
    const COLUMNS: [&str; 4] = ["area", "name", "email", "format"];
    const OPTIONAL: [&str; 2] = ["language", "by"];
    let Some(text) = text(folder, RECIPIENTS, problems) else { return Vec::new() };
    let header = text.lines().next().unwrap_or_default();
    let has = |wanted: &&str| header.split(',').any(|name| name == *wanted);
    let columns: Vec<&str> = COLUMNS.into_iter().chain(OPTIONAL.into_iter().filter(has)).collect();
    rows(RECIPIENTS, &text, &columns, problems)
}

/// Reads an evaluation folder, except for the contents of its submissions.
///
/// # Errors
/// Only when the folder itself cannot be read; everything else is reported as a problem in the result.
pub fn evaluation(folder: &Path) -> Result<Evaluation, PathError> {
    let mut problems = Vec::new();
    let files = files(folder, &mut problems)?;
    let settings: Option<RawSettings> = settings(folder, &mut problems);
    let questionnaire = text(folder, "questionnaire.toml", &mut problems)
        .and_then(|text| questionnaire("questionnaire.toml", &text, &mut problems));
    let overlays = files.iter().filter_map(|file| {
        let language = language_of(file)?;
        let text = text(folder, file, &mut problems)?;
        overlay(file, language, &text, &mut problems)
    });
    let overlays = overlays.collect();
    let register = table(folder, "register.csv", &["code", "name", "region", "status"], &mut problems);
    let recipients = recipients(folder, &mut problems);
    let optional = |file: &str| files.iter().any(|known| known == file);
    let published = if optional("published.csv") {
        let columns = ["id", "measure", "than", "group", "statement", "relation", "value", "source"];
        table(folder, "published.csv", &columns, &mut problems)
    } else {
        Vec::new()
    };
    let mut supplied = |file: &str, columns: &[&str]| {
        if optional(file) { table(folder, file, columns, &mut problems) } else { Vec::new() }
    };
    let columns = ["region", "measure", "option", "count", "base", "percent", "state"];
    let regional = supplied("aggregates/regional.csv", &columns);
    let national = supplied("aggregates/national.csv", &columns[1..]);
    let wording = files
        .iter()
        .filter_map(|file| {
            Some((file.strip_prefix("wording/")?.to_owned(), text(folder, file, &mut problems)?))
        })
        .collect();
    let submissions = files.iter().filter_map(|file| submission_name(file)).map(str::to_owned).collect();
    Ok(Evaluation {
        folder: folder.to_owned(),
        id: known_as(settings.as_ref(), folder),
        settings,
        register,
        questionnaire,
        overlays,
        recipients,
        national,
        regional,
        published,
        wording,
        submissions,
        problems,
    })
}

/// Reads one file in `submissions/`.
pub fn submission(folder: &Path, name: &str) -> SubmissionFile {
    let file = format!("submissions/{name}");
    let mut problems = Vec::new();
    let text = text(folder, &file, &mut problems).unwrap_or_default();
    let rows = if problems.is_empty() {
        rows(&file, &text, &["respondent", "question", "item", "answer"], &mut problems)
    } else {
        Vec::new()
    };
    SubmissionFile { file, text, rows, problems }
}

/// The files of an evaluation folder whose names can be read. Those that nothing reads are reported as well.
fn files(folder: &Path, problems: &mut Vec<Problem>) -> Result<Vec<String>, PathError> {
    let mut files = fs::visible_files_below(folder)?;
    files.retain(|file| {
        // This character replaces bytes that are not valid UTF-8.
        let readable = !file.contains('\u{fffd}');
        if !readable {
            let message = "the name of the file is not UTF-8, so the file cannot be read";
            problems.push(Problem::error("file-name", Place::file(file), message).hint("rename the file"));
        }
        readable
    });
    report_unknown_files(&files, problems);
    Ok(files)
}

fn table<T: serde::de::DeserializeOwned>(
    folder: &Path,
    file: &str,
    columns: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<Row<T>> {
    text(folder, file, problems).map_or_else(Vec::new, |text| rows(file, &text, columns, problems))
}

/// Reads the text of a file; a file that is missing or not UTF-8 is a problem.
fn text(folder: &Path, file: &str, problems: &mut Vec<Problem>) -> Option<String> {
    match fs::read(&folder.join(file)) {
        Ok(bytes) => text_of(file, bytes).map_err(|problem| problems.push(*problem)).ok(),
        Err(error) => {
            problems.push(Problem::error(
                "unreadable-file",
                Place::file(file),
                format!("the file cannot be read: {}", fs::in_words(&error.source)),
            ));
            None
        }
    }
}

/// Decodes bytes as UTF-8 text, without a byte order mark.
pub(crate) fn text_of(file: &str, bytes: Vec<u8>) -> Result<String, Box<Problem>> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        let byte = error.as_bytes()[valid];
        let problem = Problem::error("not-utf-8", Place::line(file, line), "the file is not UTF-8 text")
            .value(format!("byte {byte:#04x}"))
            .hint("save it as UTF-8, for example as 'CSV UTF-8' in a spreadsheet program");
        Box::new(problem)
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The name of a file in `submissions/`; `None` for any other file.
fn submission_name(file: &str) -> Option<&str> {
    file.strip_prefix("submissions/").filter(|name| name.ends_with(".csv"))
}

/// Reports files that no part of the program reads: a misspelt name would otherwise go unnoticed.
fn report_unknown_files(files: &[String], problems: &mut Vec<Problem>) {
    const FILES: [&str; 9] = [
        "evaluation.toml",
        "register.csv",
        "questionnaire.toml",
        RECIPIENTS,
        "published.csv",
        "aggregates/national.csv",
        "aggregates/regional.csv",
        "synthetic.toml",
        "README.md",
    ];
    for file in files {
        let known = FILES.contains(&file.as_str())
            || file.starts_with("wording/")
            || submission_name(file).is_some()
            || language_of(file).is_some();
        if !known {
            problems.push(
                Problem::warning("unknown-file", Place::file(file), "nothing reads this file")
                    .hint("take it out of the evaluation folder, or correct its name"),
            );
        }
    }
}
