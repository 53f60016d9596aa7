use std::collections::{BTreeMap, BTreeSet};

use super::files::{
    TranslateError, UNREAD, WORDING, Words, is_lexicon, is_of_evaluation, is_overlay, tables,
    translated_path, with_values,
};
use super::sentences::{Segment, segments, with_texts};
use crate::model::Language;

/// Something to translate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The file and the name within it, for example `local/words/glance.j2: title`.
    pub context: String,
    /// The words in the language of the original.
    pub original: String,
    /// Their translation, if there is one.
    pub translation: Option<String>,
    /// True if somebody who speaks the language has read the translation.
    pub checked: bool,
}

impl Unit {
    /// True if the translation is missing, or nobody has read it.
    pub fn needs_work(&self) -> bool {
        self.translation.is_none() || !self.checked
    }
}

/// Everything that reports say, in the original and in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The language of the translations.
    pub language: Language,
    /// The units, in the order of their files and within each file in its own order.
    pub units: Vec<Unit>,
}

impl Catalogue {
    /// Gathers all units of a set of files.
    pub fn of(words: &Words, language: &Language) -> Self {
        let unread = words.unread(language);
        let mut units = Vec::new();
        for (path, original) in words.originals() {
            let translated =
                words.translation(path, language).map(|text| texts(path, text)).unwrap_or_default();
            let translated: BTreeMap<String, String> = translated.into_iter().collect();
            for (name, original) in texts(path, original) {
                let context = if name.is_empty() { path.to_owned() } else { format!("{path}: {name}") };
                let translation = translated.get(&name).cloned();
                let checked = translation.is_some() && !unread.contains(&context);
                units.push(Unit { context, original, translation, checked });
            }
        }
        Self { language: language.clone(), units }
    }

    /// What a translator has to do.
    pub fn to_do(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| unit.needs_work())
    }

    /// The translated files, by their path in the folder of templates, or in that of the evaluation, and the lists of what
    /// nobody has read.
    ///
    /// # Errors
    /// When a file with words is not TOML.
    pub fn files(&self, words: &Words) -> Result<BTreeMap<String, String>, TranslateError> {
        let language = &self.language;
        let mut files = BTreeMap::new();
        for (path, original) in words.originals() {
            let texts = self.of_file(path);
            if texts.is_empty() {
                continue;
            }
            let target = translated_path(path, language);
            // What only the translation has stays: comments, or sentences of its own.
            let base = words.get(&target).unwrap_or(original);
            let text = if is_lexicon(path) || is_overlay(path) {
                with_values(base, &texts).map_err(|why| TranslateError::File { file: target.clone(), why })?
            } else {
                with_texts(base, |name| texts.get(name).cloned())
            };
            files.insert(target, text);
        }
        let (of_evaluation, of_templates): (Vec<&str>, Vec<&str>) =
            self.unread().into_iter().partition(|context| is_of_evaluation(context));
        let lists = [
            (format!("{language}/{UNREAD}"), of_templates),
            (format!("{WORDING}{language}/{UNREAD}"), of_evaluation),
        ];
        for (path, list) in lists {
            if !list.is_empty() || words.get(&path).is_some() {
                files.insert(path, list.iter().map(|context| format!("{context}\n")).collect());
            }
        }
        Ok(files)
    }

    /// The contexts of the translations that nobody has read.
    fn unread(&self) -> BTreeSet<&str> {
        let translated = self.units.iter().filter(|unit| unit.translation.is_some() && !unit.checked);
        translated.map(|unit| unit.context.as_str()).collect()
    }

    /// The translations of a file, by their names in it.
    fn of_file(&self, path: &str) -> BTreeMap<String, String> {
        let of_file = self.units.iter().filter_map(|unit| {
            let name = if unit.context == path {
                ""
            } else {
                unit.context.strip_prefix(path)?.strip_prefix(": ")?
            };
            Some((name.to_owned(), unit.translation.clone()?))
        });
        of_file.collect()
    }
}

/// The texts of a file, each with its name in it.
fn texts(path: &str, text: &str) -> Vec<(String, String)> {
    if is_lexicon(path) || is_overlay(path) {
        return tables(text);
    }
    let sentence = |segment: Segment<'_>| match segment {
        Segment::Sentence { name, text, .. } => Some((name.to_owned(), text.to_owned())),
        Segment::Between(_) => None,
    };
    // A sentence that a kind of report does not need is empty.
    segments(text).into_iter().filter_map(sentence).filter(|(_, text)| !text.trim().is_empty()).collect()
}
