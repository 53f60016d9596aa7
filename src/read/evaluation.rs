use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::overlay::{RawOverlay, language_of, overlay};
use super::questionnaire::{RawQuestionnaire, questionnaire};
use super::table::{Row, rows};
use super::toml_file::toml_of;
use crate::fs::{self, PathError};
use crate::problem::{Place, Problem};

/// An evaluation folder as read. Submissions are only listed: they are read one at a time with [`submission`], so that
/// memory does not grow with what they say.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The folder.
    pub folder: PathBuf,
    /// Name of the folder.
    pub id: String,
    /// `evaluation.toml`; `None` when it is missing or wrong.
    pub settings: Option<RawSettings>,
    /// `register.csv`.
    pub register: Vec<Row<RegisterRow>>,
    /// `questionnaire.toml`; `None` when it is missing or not TOML.
    pub questionnaire: Option<RawQuestionnaire>,
    /// Its words in other languages, `questionnaire.CODE.toml`.
    pub overlays: Vec<RawOverlay>,
    /// `recipients.csv`.
    pub recipients: Vec<Row<RecipientRow>>,
    /// `aggregates/national.csv`; empty where there is none.
    pub national: Vec<Row<SuppliedRow>>,
    /// `aggregates/regional.csv`; empty where there is none.
    pub regional: Vec<Row<SuppliedRow>>,
    /// `published.csv`; empty where there is none.
    pub published: Vec<Row<PublishedRow>>,
    /// Snippets of `wording/`, by their path in that folder.
    pub wording: BTreeMap<String, String>,
    /// Names of the files in `submissions/`, sorted.
    pub submissions: Vec<String>,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

/// `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawSettings {
    /// Title.
    pub title: String,
    /// When the answers were collected.
    pub period: String,
    /// Date of publication.
    pub published: toml::value::Datetime,
    /// The code of the language of its reports; English without it.
    pub language: Option<String>,
    /// What all areas together are called.
    pub nation: String,
    /// Who publishes.
    pub organisation: String,
    /// Address for questions.
    pub contact: String,
    /// True for made-up answers.
    pub synthetic: bool,
    /// When a statistic is withheld.
    #[serde(default)]
    pub disclosure: Option<RawDisclosure>,
    /// Which runs stay.
    #[serde(default)]
    pub runs: Option<RawRuns>,
    /// What one report may take.
    #[serde(default)]
    pub limits: Option<RawLimits>,
    /// Which reports are made.
    pub reports: Option<RawReports>,
    /// Who decides on reports.
    pub review: Option<RawReview>,
    /// How reports are sent.
    pub mail: Option<RawMail>,
}

/// `[limits]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawLimits {
    /// Seconds that a report may take.
    #[serde(default)]
    pub seconds: Option<i64>,
    /// Megabytes of memory that a report may take.
    #[serde(default)]
    pub megabytes: Option<i64>,
}

/// `[reports]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawReports {
    /// Their kinds.
    pub kinds: Option<Vec<String>>,
    /// Their formats.
    pub formats: Option<Vec<String>>,
}

/// `[review]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawReview {
    /// How many people must approve a report.
    pub approvals: Option<i64>,
    /// The name of the usual reviewer.
    pub reviewer: Option<String>,
}

/// `[mail]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawMail {
    /// Who sends: `Name <address>`.
    pub from: String,
    /// Who reads the answers; the contact of the evaluation where it is an address.
    pub reply_to: Option<String>,
    /// Name of the server.
    pub server: String,
    /// Its port.
    pub port: Option<i64>,
    /// `starttls`, `tls` or `none`.
    pub security: Option<String>,
    /// A file of certificates.
    pub certificates: Option<PathBuf>,
    /// A file with name and password.
    pub credentials: Option<PathBuf>,
    /// The domains to which reports may go.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Whether a person gets all reports in one message.
    #[serde(default)]
    pub together: bool,
    /// Most messages in a minute.
    pub per_minute: Option<i64>,
    /// Seconds between two messages to one domain.
    pub domain_pause: Option<i64>,
    /// How often a message is tried.
    pub attempts: Option<i64>,
    /// Seconds before the second attempt.
    pub retry_pause: Option<i64>,
    /// Seconds that the server may take for an answer.
    pub timeout: Option<i64>,
    /// Most megabytes of a message.
    pub largest: Option<i64>,
    /// Who gets the summary of the night.
    #[serde(default)]
    pub notify: Vec<String>,
}

/// `[runs]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawRuns {
    /// How many runs stay in the output folder.
    pub keep: i64,
}

/// `[disclosure]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawDisclosure {
    /// `standard` or `strict`.
    pub policy: String,
    /// How many other areas must be behind a statistic, where the policy's own number is not wanted.
    #[serde(default)]
    pub minimum_others: Option<i64>,
    /// How many areas may pool their answers with a reader's own.
    #[serde(default)]
    pub colluding_areas: Option<i64>,
    /// How many values a withheld count could have, at least.
    #[serde(default)]
    pub possible_values: Option<i64>,
    /// Whether statistics of one sector in one region are published.
    #[serde(default)]
    pub sectors_of_regions: Option<bool>,
}

/// A row of `register.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct RegisterRow {
    /// Area code.
    pub code: String,
    /// Area name.
    pub name: String,
    /// Name of its region.
    pub region: String,
    /// `completed`, `signed-up` or `not-taking-part`.
    pub status: String,
}

/// A row of a file in `submissions/`.
#[derive(Clone, Debug, Deserialize)]
pub struct SubmissionRow {
    /// `strategic-lead` or a sector id.
    pub respondent: String,
    /// Question id.
    pub question: String,
    /// The sector that is rated, for a grid question.
    pub item: String,
    /// Option id, `dont-know`, `not-applicable`, or free text.
    pub answer: String,
}

/// A row of `recipients.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct RecipientRow {
    /// Area code.
    pub area: String,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// Format that the person wants.
    pub format: String,
}

/// A row of `published.csv`: a figure already published, as a relation that the aggregates must satisfy.
#[derive(Clone, Debug, Deserialize)]
pub struct PublishedRow {
    /// Id.
    pub id: String,
    /// The cell, as `measure` or `measure:cell`, or `register:total`, `register:signed-up`, `register:completed`.
    pub measure: String,
    /// For `greater`: the cells that it exceeds, with `|` between them.
    pub than: String,
    /// The nation, a region, or sector ids with `|` between them.
    pub group: String,
    /// What was published, in words.
    pub statement: String,
    /// The relation.
    pub relation: String,
    /// Its value, where it has one.
    pub value: String,
    /// Where it was published.
    pub source: String,
}

/// A row of a file in `aggregates/`: what somebody else counted. The columns are those of a run's own files.
#[derive(Clone, Debug, Deserialize)]
pub struct SuppliedRow {
    /// Name of the region, in `regional.csv`.
    #[serde(default)]
    pub region: Option<String>,
    /// Measure id.
    pub measure: String,
    /// Cell id; empty for a measure with one cell.
    pub option: String,
    /// How many are counted; may be empty.
    pub count: String,
    /// Out of how many; may be empty.
    pub base: String,
    /// The percentage; may be empty.
    pub percent: String,
}

/// A file of `submissions/` as read.
#[derive(Clone, Debug)]
pub struct SubmissionFile {
    /// Its path in the evaluation folder.
    pub file: String,
    /// Its text as received, without a byte order mark; empty when it cannot be read.
    pub text: String,
    /// Its rows.
    pub rows: Vec<Row<SubmissionRow>>,
    /// What was wrong.
    pub problems: Vec<Problem>,
}

/// The id of an evaluation: the name of its folder.
pub fn id_of(folder: &Path) -> String {
    let path = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| "evaluation".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Reads an evaluation folder, except for what its submissions say.
///
/// # Errors
/// Only when the folder itself cannot be read: everything else is a problem of the result.
pub fn evaluation(folder: &Path) -> Result<Evaluation, PathError> {
    let mut problems = Vec::new();
    let mut files = fs::visible_files_below(folder)?;
    files.retain(|file| {
        // What stands for bytes that are no text.
        let readable = !file.contains('\u{fffd}');
        if !readable {
            let message = "the name of the file is not UTF-8, so the file cannot be read";
            problems.push(Problem::error("file-name", Place::file(file), message).hint("rename the file"));
        }
        readable
    });
    report_unknown_files(&files, &mut problems);
    let settings = text(folder, "evaluation.toml", &mut problems)
        .and_then(|text| toml_of("evaluation.toml", &text, &mut problems));
    let questionnaire = text(folder, "questionnaire.toml", &mut problems)
        .and_then(|text| questionnaire("questionnaire.toml", &text, &mut problems));
    let overlays = files.iter().filter_map(|file| {
        let language = language_of(file)?;
        let text = text(folder, file, &mut problems)?;
        overlay(file, language, &text, &mut problems)
    });
    let overlays = overlays.collect();
    let register = table(folder, "register.csv", &["code", "name", "region", "status"], &mut problems);
    let recipients = table(folder, "recipients.csv", &["area", "name", "email", "format"], &mut problems);
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
        id: id_of(folder),
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

/// Reads one file of `submissions/`.
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

fn table<T: serde::de::DeserializeOwned>(
    folder: &Path,
    file: &str,
    columns: &[&str],
    problems: &mut Vec<Problem>,
) -> Vec<Row<T>> {
    text(folder, file, problems).map_or_else(Vec::new, |text| rows(file, &text, columns, problems))
}

/// The text of a file; a missing file or one that is not UTF-8 is a problem.
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

/// Bytes as UTF-8 text without a byte order mark.
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

/// The name of a file of `submissions/`.
fn submission_name(file: &str) -> Option<&str> {
    file.strip_prefix("submissions/").filter(|name| name.ends_with(".csv"))
}

/// Files that no part of the program reads are problems: a misspelt name would otherwise be ignored.
fn report_unknown_files(files: &[String], problems: &mut Vec<Problem>) {
    const FILES: [&str; 9] = [
        "evaluation.toml",
        "register.csv",
        "questionnaire.toml",
        "recipients.csv",
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
