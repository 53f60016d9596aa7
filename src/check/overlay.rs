use std::collections::{BTreeMap, BTreeSet};

use super::questionnaire::distribution;
use super::{Translation, suggestion, text};
use crate::model::{Base, Definition, Language, Questionnaire, Settings};
use crate::problem::{Place, Problem};
use crate::read::{At, RawOverlay};

/// Checks the wording of a questionnaire in another language, and replaces the questionnaire's own wording with it.
/// `None` if any text is missing or wrong, because a half-translated report helps nobody.
pub(super) fn overlay(
    raw: &RawOverlay,
    questionnaire: &Questionnaire,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Option<(Language, Translation)> {
    let before = problems.len();
    let hint = "name the file questionnaire.cy.toml, for example";
    let language = super::language(&raw.language, Place::file(&raw.file), hint, problems)?;
    let mut translated = questionnaire.clone();
    let mut of_settings = Settings { language: language.clone(), ..settings.clone() };
    let mut texts: BTreeMap<String, Text<'_>> = texts(&mut translated);
    let known: Vec<String> = texts.keys().cloned().collect();
    let mut given = BTreeSet::new();
    for At { line, value: (path, words) } in &raw.words {
        let place = Place::line(&raw.file, *line).column(path);
        if let Some((text, longest)) = text_of_settings(&mut of_settings, path) {
            problems.extend(text::faults(words, longest, &place));
            text.clone_from(words);
            continue;
        }
        let Some(Text { text, longest }) = texts.get_mut(path) else {
            let mut problem = Problem::error("unknown-words", place, "the questionnaire has no such text");
            if let Some(hint) = suggestion(path, known.iter().map(String::as_str)) {
                problem = problem.hint(hint);
            }
            problems.push(problem);
            continue;
        };
        problems.extend(text::faults(words, *longest, &place));
        text.clone_from(words);
        given.insert(path.as_str());
    }
    for (path, Text { text, .. }) in texts.iter().filter(|(path, _)| !given.contains(path.as_str())) {
        let place = Place::file(&raw.file).column(path);
        let message = "this text is not translated";
        problems.push(Problem::error("missing-words", place, message).value(text.as_str()));
    }
    drop(texts);
    copy_repeated_wording(&mut translated);
    let translation = Translation { questionnaire: translated, settings: of_settings };
    (problems.len() == before).then_some((language, translation))
}

/// Every text of a questionnaire that an overlay translates, by its path there.
pub fn translatable(questionnaire: &Questionnaire) -> Vec<(String, String)> {
    let mut questionnaire = questionnaire.clone();
    texts(&mut questionnaire).into_iter().map(|(path, Text { text, .. })| (path, text.clone())).collect()
}

/// A text of the settings that an overlay may translate, and how long it may be. Names are often the same in all languages,
/// so none of these has to be translated. A region has a name in sentences: "the North West".
fn text_of_settings<'s>(settings: &'s mut Settings, path: &str) -> Option<(&'s mut String, usize)> {
    if let Some(region) = path.strip_prefix("regions.") {
        let text = settings.regions.entry(region.to_owned()).or_default();
        return Some((text, text::LONGEST_NAME));
    }
    let text = match path.strip_prefix("evaluation.")? {
        "title" => &mut settings.title,
        "period" => &mut settings.period,
        "nation" => &mut settings.nation,
        "organisation" => &mut settings.organisation,
        _ => return None,
    };
    Some((text, text::LONGEST_NAME))
}

/// A text in a questionnaire, and how long it may be.
struct Text<'a> {
    text: &'a mut String,
    longest: usize,
}

/// Every text in a questionnaire that readers see, by its path in an overlay.
fn texts(questionnaire: &mut Questionnaire) -> BTreeMap<String, Text<'_>> {
    let mut texts = BTreeMap::new();
    let mut add = |path: String, text, longest| texts.insert(path, Text { text, longest });
    for sector in &mut questionnaire.sectors {
        add(format!("sectors.{}", sector.id), &mut sector.name, text::LONGEST_NAME);
    }
    for section in &mut questionnaire.sections {
        add(format!("sections.{}", section.id), &mut section.title, text::LONGEST_NAME);
    }
    for question in &mut questionnaire.questions {
        let path = |key: &str| format!("questions.{}.{key}", question.id);
        add(path("text"), &mut question.text, text::LONGEST_WORDING);
        add(path("title"), &mut question.title, text::LONGEST_NAME);
        if let Base::Declared(base) = &mut question.base {
            add(path("base"), base, text::LONGEST_NAME);
        }
        if let Some(profile) = &mut question.profile {
            add(path("profile"), &mut profile.title, text::LONGEST_NAME);
        }
        for option in &mut question.options {
            add(path(&format!("options.{}", option.id)), &mut option.label, text::LONGEST_LABEL);
        }
    }
    for measure in &mut questionnaire.measures {
        let path = |key: &str| format!("measures.{}.{key}", measure.id);
        match measure.definition {
            // It uses the wording of its question.
            Definition::Distribution(_) => {}
            Definition::Counted { .. } => {
                add(path("label"), &mut measure.label, text::LONGEST_LABEL);
            }
            Definition::Tally { .. } => {
                add(path("label"), &mut measure.label, text::LONGEST_LABEL);
                if let Base::Declared(base) = &mut measure.base {
                    add(path("base"), base, text::LONGEST_NAME);
                }
                for cell in &mut measure.cells {
                    add(path(&format!("cells.{}", cell.id)), &mut cell.label, text::LONGEST_LABEL);
                }
            }
        }
    }
    texts
}

/// Copies the new wording to the places where a measure repeats the wording of its question, or its own label.
fn copy_repeated_wording(questionnaire: &mut Questionnaire) {
    let Questionnaire { questions, measures, .. } = questionnaire;
    for measure in measures {
        match measure.definition {
            Definition::Distribution(question) => *measure = distribution(question, &questions[question.0]),
            Definition::Counted { question, .. } => {
                measure.base.clone_from(&questions[question.0].base);
                measure.cells.iter_mut().for_each(|cell| cell.label.clone_from(&measure.label));
            }
            Definition::Tally { .. } => {}
        }
    }
}
