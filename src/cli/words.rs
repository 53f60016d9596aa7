use std::collections::BTreeMap;
use std::path::Path;

use super::args::WordsArguments;
use super::build::templates;
use super::check::load;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use area_reports::check::CheckedEvaluation;
use area_reports::fs;
use area_reports::model::Language;
use area_reports::problem::Checked;
use area_reports::translate::{Catalogue, TranslateError, Unit, Words, is_of_evaluation};

/// `words`: lists what is not translated, and exchanges words with translators.
pub(super) fn words(arguments: &WordsArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let words = gathered(arguments)?;
    if let Some(language) = &arguments.missing {
        return Ok(missing(&Catalogue::of(&words, language), terminal));
    }
    if let Some(language) = &arguments.export {
        let po = Catalogue::of(&words, language).to_po();
        terminal.line(format_args!("{}", String::from_utf8_lossy(&po).trim_end()));
        return Ok(Exit::Done);
    }
    let file = arguments.import.as_deref().unwrap_or(Path::new(""));
    import(arguments, file, &words, terminal)
}

/// The words of the templates and of the evaluation.
fn gathered(arguments: &WordsArguments) -> Result<Words, Failure> {
    let templates = templates(arguments.templates.as_deref())?;
    let Some(folder) = &arguments.evaluation else { return Ok(Words::of(&templates, None)) };
    let Checked { value, problems } = load(folder)?;
    let Some(evaluation) = value else {
        let failure = Failure::usage("the evaluation cannot be read");
        return Err(failure.hint(format!(
            "area-reports check {} lists {} problems",
            folder.display(),
            problems.len()
        )));
    };
    Ok(Words::of(&templates, Some((&evaluation, &overlays(folder, &evaluation)?))))
}

/// The translated questionnaires of an evaluation.
fn overlays(folder: &Path, evaluation: &CheckedEvaluation) -> Result<BTreeMap<String, String>, Failure> {
    let mut overlays = BTreeMap::new();
    for language in evaluation.languages() {
        let name = format!("questionnaire.{language}.toml");
        let file = folder.join(&name);
        if file.is_file() {
            overlays.insert(name, String::from_utf8_lossy(&fs::read(&file)?).into_owned());
        }
    }
    Ok(overlays)
}

/// Prints what is left to do, file by file.
fn missing(catalogue: &Catalogue, terminal: &mut Terminal) -> Exit {
    let of_file = |unit: &Unit| unit.context.split(": ").next().unwrap_or_default().to_owned();
    let mut files: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for unit in catalogue.to_do() {
        let file = of_file(unit);
        let name = unit.context.strip_prefix(&format!("{file}: ")).unwrap_or("the whole file").to_owned();
        files.entry(file).or_default()[usize::from(unit.translation.is_some())].push(name);
    }
    for (file, [missing, unread]) in &files {
        for (names, what) in
            [(missing, "not translated"), (unread, "to be read by somebody who speaks the language")]
        {
            if !names.is_empty() {
                terminal.line(format_args!("{file}: {} {what}: {}", names.len(), names.join(", ")));
            }
        }
    }
    let all = catalogue.units.len();
    let missing = catalogue.units.iter().filter(|unit| unit.translation.is_none()).count();
    let to_do = catalogue.to_do().count();
    let language = &catalogue.language;
    terminal.heading(format_args!(
        "Of {all} words and sentences, {missing} have no translation into '{language}', and {} are still to be read",
        to_do - missing
    ));
    if to_do == 0 { Exit::Done } else { Exit::Problems }
}

/// Puts the translations of a PO file where the program looks for them.
fn import(
    arguments: &WordsArguments,
    file: &Path,
    words: &Words,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let language: Language = name.split('.').next().unwrap_or_default().parse().map_err(|_| {
        Failure::usage(format!("the name of {} does not begin with the code of a language", file.display()))
            .hint("name it cy.po, for example")
    })?;
    let mut catalogue = Catalogue::of(words, &language);
    let changed = catalogue.take(&name, &fs::read(file)?).map_err(|error| unusable(&error))?;
    let files = catalogue.files(words).map_err(|error| unusable(&error))?;
    let mut written = 0;
    for (path, text) in files {
        let folder = if is_of_evaluation(&path) { &arguments.evaluation } else { &arguments.templates };
        let Some(folder) = folder else { continue };
        let target = folder.join(&path);
        if fs::read(&target).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        if let Some(above) = target.parent() {
            fs::create_folder(above)?;
        }
        fs::replace(&target, text.as_bytes())?;
        written += 1;
    }
    terminal.line(format_args!("{changed} translations changed; {written} files written"));
    Ok(Exit::Done)
}

fn unusable(error: &TranslateError) -> Failure {
    Failure::usage(error.to_string())
}
