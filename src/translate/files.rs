use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{DocumentMut, Item, Table, Value};

use crate::check::{CheckedEvaluation, translatable};
use crate::model::Language;
use crate::problem::Problem;
use crate::templates::{Templates, WORDING_TEMPLATE, is_words};

/// The words of English reports outside their sentences.
const LEXICON: &str = "lexicon/en.toml";

/// The questionnaire, whose words are in the form of an overlay here.
const QUESTIONNAIRE: &str = "questionnaire.toml";

/// The folder of an evaluation's own wording.
pub(super) const WORDING: &str = "wording/";

/// The list of translations that nobody who speaks the language has read yet.
pub(super) const UNREAD: &str = "unread.txt";

/// The files with the words of reports: those of the templates, and those of an evaluation.
#[derive(Clone, Debug, Default)]
pub struct Words(BTreeMap<String, String>);

/// Why a translation cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TranslateError {
    /// It is not a PO file.
    #[error("this is not a PO file: {0}")]
    NotPo(String),
    /// A unit is not one of this program or evaluation.
    #[error("{0}")]
    Unit(Box<Problem>),
    /// A file with words cannot be changed.
    #[error("{file} cannot be changed: {why}")]
    File {
        /// The file.
        file: String,
        /// Why not.
        why: String,
    },
}

impl Words {
    /// The words of templates, and those of an evaluation if there is one, with its translated questionnaires by their paths.
    pub fn of(
        templates: &Templates,
        evaluation: Option<(&CheckedEvaluation, &BTreeMap<String, String>)>,
    ) -> Self {
        let of_templates = templates
            .files()
            .filter(|(path, _)| is_words(path) || path.starts_with("lexicon/") || path.ends_with(UNREAD));
        let mut files: BTreeMap<String, String> =
            of_templates.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        if let Some((evaluation, overlays)) = evaluation {
            let wording = evaluation.wording.iter();
            files.extend(wording.map(|(path, text)| (format!("{WORDING}{path}"), text.clone())));
            files.insert(QUESTIONNAIRE.to_owned(), overlay(&translatable(&evaluation.questionnaire)));
            files.extend(overlays.iter().map(|(path, text)| (path.clone(), text.clone())));
        }
        Self(files)
    }

    /// The files to translate, with their texts.
    pub(super) fn originals(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_original = |path: &str| {
            path == LEXICON || path == QUESTIONNAIRE || is_original_wording(path) || is_original_words(path)
        };
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .filter(move |(path, _)| is_original(path))
    }

    /// The translation of a file, if there is one.
    pub(super) fn translation(&self, path: &str, language: &Language) -> Option<&str> {
        self.get(&translated_path(path, language))
    }

    /// The units whose translations nobody has read.
    pub(super) fn unread(&self, language: &Language) -> BTreeSet<String> {
        let lists = [format!("{language}/{UNREAD}"), format!("{WORDING}{language}/{UNREAD}")];
        let lists = lists.iter().filter_map(|path| self.0.get(path));
        lists.flat_map(|list| list.lines()).map(str::to_owned).collect()
    }

    /// The text of a file.
    pub(super) fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }
}

/// True for a file of words, or a unit, that belongs to an evaluation.
pub fn is_of_evaluation(path: &str) -> bool {
    path.starts_with(WORDING) || path.starts_with("questionnaire.")
}

pub(super) fn is_lexicon(path: &str) -> bool {
    path.starts_with("lexicon/")
}

pub(super) fn is_overlay(path: &str) -> bool {
    path.starts_with("questionnaire.")
}

fn is_original_words(path: &str) -> bool {
    is_words(path) && !is_in_language_folder(path)
}

fn is_original_wording(path: &str) -> bool {
    path.strip_prefix(WORDING)
        .is_some_and(|rest| rest.ends_with(WORDING_TEMPLATE) && !is_in_language_folder(rest))
}

/// True for a path that begins with the code of a language.
fn is_in_language_folder(path: &str) -> bool {
    path.split('/').next().is_some_and(|folder| folder.parse::<Language>().is_ok())
}

/// The path of the translation of a file.
pub(super) fn translated_path(path: &str, language: &Language) -> String {
    match path {
        LEXICON => format!("lexicon/{language}.toml"),
        QUESTIONNAIRE => format!("questionnaire.{language}.toml"),
        _ => match path.strip_prefix(WORDING) {
            Some(rest) => format!("{WORDING}{language}/{rest}"),
            None => format!("{language}/{path}"),
        },
    }
}

/// The texts of a TOML file by their path: `prose.low`, or `months.3` in a list.
pub(super) fn tables(text: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    if let Ok(document) = text.parse::<DocumentMut>() {
        collect(document.as_table(), "", &mut texts);
    }
    texts
}

fn collect(table: &Table, above: &str, texts: &mut Vec<(String, String)>) {
    for (key, item) in table {
        let path = if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
        match item {
            Item::Table(table) => collect(table, &path, texts),
            Item::Value(Value::String(text)) => texts.push((path, text.value().clone())),
            Item::Value(Value::InlineTable(table)) => collect(&table.clone().into_table(), &path, texts),
            Item::Value(Value::Array(list)) => {
                let strings = list.iter().enumerate().filter_map(|(n, value)| Some((n, value.as_str()?)));
                texts.extend(strings.map(|(n, text)| (format!("{path}.{n}"), text.to_owned())));
            }
            _ => {}
        }
    }
}

/// A TOML file with other texts, by their path.
pub(super) fn with_values(text: &str, texts: &BTreeMap<String, String>) -> Result<String, String> {
    let mut document = text.parse::<DocumentMut>().map_err(|error| error.to_string())?;
    replace(document.as_table_mut(), "", texts);
    Ok(document.to_string())
}

fn replace(table: &mut Table, above: &str, texts: &BTreeMap<String, String>) {
    for (key, item) in table.iter_mut() {
        let path = if above.is_empty() { key.to_string() } else { format!("{above}.{key}") };
        let replaced = |value: &mut Value, path: &str| {
            if let (Some(text), Value::String(_)) = (texts.get(path), &*value) {
                let decor = value.decor().clone();
                *value = Value::from(text.as_str());
                *value.decor_mut() = decor;
            }
        };
        match item {
            Item::Table(table) => replace(table, &path, texts),
            Item::Value(Value::Array(list)) => {
                list.iter_mut().enumerate().for_each(|(n, value)| replaced(value, &format!("{path}.{n}")));
            }
            Item::Value(value) => replaced(value, &path),
            _ => {}
        }
    }
}

/// Texts by their paths as the tables of an overlay.
fn overlay(texts: &[(String, String)]) -> String {
    let mut document = DocumentMut::new();
    texts.iter().for_each(|(path, text)| insert(document.as_table_mut(), path, text));
    document.to_string()
}

fn insert(table: &mut Table, path: &str, text: &str) {
    let Some((key, below)) = path.split_once('.') else {
        table.insert(path, toml_edit::value(text));
        return;
    };
    let new = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    if let Some(table) = table.entry(key).or_insert_with(new).as_table_mut() {
        insert(table, below, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_tables_are_found_and_replaced() {
        let text =
            "# A comment.\nmonths = [\"January\", \"May\"]\n\n[prose]\n# Kept.\nlow = \"less\" # here too\n";
        let found = tables(text);
        assert_eq!(found[1], ("months.1".to_owned(), "May".to_owned()));
        assert_eq!(with_values(text, &found.into_iter().collect()).unwrap(), text);
        let welsh = BTreeMap::from([
            ("prose.low".to_owned(), "llai".to_owned()),
            ("months.1".to_owned(), "Mai".to_owned()),
        ]);
        let expected = text.replace("less", "llai").replace("May", "Mai");
        assert_eq!(with_values(text, &welsh).unwrap(), expected);
    }

    #[test]
    fn an_overlay_has_a_table_for_each_step_of_a_path() {
        let texts =
            [("questions.a.text".to_owned(), "A?".to_owned()), ("sectors.b".to_owned(), "b".to_owned())];
        assert_eq!(tables(&overlay(&texts)), texts);
    }
}
