//! Checks what was read: an [`Evaluation`] goes in, a [`CheckedEvaluation`] and problems come out.

mod completeness;
mod mail;
mod names;
mod number;
mod overlay;
mod published;
mod questionnaire;
mod recipients;
mod register;
mod review;
mod settings;
mod subject;
mod submission;
mod supplied;
mod text;
mod turnout;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use completeness::{
    AreaCompleteness, Completeness, QuestionCompleteness, SectorCompleteness, answered, completeness,
};
pub use overlay::translatable;
pub use published::{Published, PublishedCell, Relation};
pub use recipients::{Recipient, hash_of_recipients};
pub use supplied::Supplied;
pub use turnout::{RegionTurnout, Turnout};

use names::Names;

use crate::model::{
    AreaIndex, Kind, Language, Questionnaire, Register, Settings, Status, Subject, Submission,
};
use crate::problem::{Checked, Place, Problem};
use crate::read::{Evaluation, RECIPIENTS, RawSettings, SubmissionFile};

/// An evaluation whose parts fit together. Only this module can make one.
#[derive(Clone, Debug)]
pub struct CheckedEvaluation {
    /// The settings of the evaluation.
    pub settings: Settings,
    /// The areas and regions.
    pub register: Register,
    /// The questions and measures.
    pub questionnaire: Questionnaire,
    /// The valid submissions from completed areas, in register order.
    pub submissions: Vec<Submission>,
    /// The completed areas without a valid submission, in register order. They get no report.
    pub broken: Vec<AreaIndex>,
    /// How many areas took part.
    pub turnout: Turnout,
    /// The people who receive reports.
    pub recipients: Vec<Recipient>,
    /// Aggregates that someone else counted.
    pub supplied: Vec<Supplied>,
    /// Figures that have already been published.
    pub published: Vec<Published>,
    /// This evaluation's own wording: snippets, by their path in `wording/`.
    pub wording: BTreeMap<String, String>,
    /// What reads differently in other languages.
    translations: BTreeMap<Language, Translation>,
}

/// What reads differently in another language.
#[derive(Clone, Debug)]
struct Translation {
    questionnaire: Questionnaire,
    settings: Settings,
}

/// Checks a questionnaire that is built into the program.
pub(crate) fn questionnaire_of(
    raw: &crate::read::RawQuestionnaire,
    problems: &mut Vec<Problem>,
) -> Option<Questionnaire> {
    questionnaire::questionnaire(raw, problems)
}

/// The parts of an evaluation that submissions are checked against.
#[derive(Debug)]
pub struct Frame {
    settings: Settings,
    register: Register,
    questionnaire: Questionnaire,
    recipients: Vec<Recipient>,
    supplied: Vec<Supplied>,
    published: Vec<Published>,
    wording: BTreeMap<String, String>,
    translations: BTreeMap<Language, Translation>,
}

/// Checks `evaluation.toml` alone; `None` if it is wrong.
pub fn settings(id: &str, folder: &Path, raw: &RawSettings) -> Option<Settings> {
    settings::settings(id, folder, raw, &mut Vec::new())
}

/// Checks everything except the submissions. Without valid settings and a valid questionnaire there is no frame, and
/// nothing more can be checked.
pub fn frame(mut evaluation: Evaluation) -> Checked<Option<Frame>> {
    let mut problems = std::mem::take(&mut evaluation.problems);
    let settings = evaluation.settings.as_ref();
    let settings =
        settings.and_then(|raw| settings::settings(&evaluation.id, &evaluation.folder, raw, &mut problems));
    let register = register::register(&evaluation.register, &mut problems);
    let settings = settings.filter(|settings| nation_is_no_region(settings, &register, &mut problems));
    settings.iter().for_each(|settings| settings::regions(settings, &register, &mut problems));
    let (questionnaire, translations) = questionnaires(settings.as_ref(), &evaluation, &mut problems);
    let naming = settings
        .as_ref()
        .zip(questionnaire.as_ref())
        .map(|(settings, questionnaire)| subject::Naming { settings, register: &register, questionnaire });
    let own = settings.iter().map(|settings| &settings.language);
    let languages: Vec<&Language> = own.chain(translations.keys()).collect();
    let recipients =
        recipients::recipients(&evaluation.recipients, &register, naming, &languages, &mut problems);
    let value = settings.zip(questionnaire).and_then(|(settings, questionnaire)| {
        let names = Names { settings: &settings, register: &register, questionnaire: &questionnaire };
        let published = published::published(&evaluation.published, names, &mut problems);
        let mut supplied = Vec::new();
        for (file, rows) in [
            ("aggregates/national.csv", &evaluation.national),
            ("aggregates/regional.csv", &evaluation.regional),
        ] {
            supplied.extend(supplied::supplied(file, rows, names, &mut problems));
        }
        let wording = std::mem::take(&mut evaluation.wording);
        (!register.areas.is_empty()).then_some(Frame {
            settings,
            register,
            questionnaire,
            recipients,
            supplied,
            published,
            wording,
            translations,
        })
    });
    Checked { value, problems }
}

/// True unless a region has the same name as the nation, which is a problem.
fn nation_is_no_region(settings: &Settings, register: &Register, problems: &mut Vec<Problem>) -> bool {
    let same = register.regions.iter().any(|region| region.name == settings.nation);
    if same {
        let place = Place::file("evaluation.toml").column("nation");
        let message = "a region in register.csv has the same name, so their figures could be confused";
        problems.push(Problem::error("duplicate-name", place, message).value(&settings.nation));
    }
    !same
}

/// The questionnaire in the language of the evaluation, and what reads differently in others. If there is no overlay in the
/// language of the evaluation, the questionnaire itself is taken to be in it.
fn questionnaires(
    settings: Option<&Settings>,
    evaluation: &Evaluation,
    problems: &mut Vec<Problem>,
) -> (Option<Questionnaire>, BTreeMap<Language, Translation>) {
    let original =
        evaluation.questionnaire.as_ref().and_then(|raw| questionnaire::questionnaire(raw, problems));
    let (Some(settings), Some(original)) = (settings, original) else { return (None, BTreeMap::new()) };
    let mut translations = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    for raw in &evaluation.overlays {
        match overlay::overlay(raw, &original, settings, problems) {
            Some((language, translation)) => drop(translations.insert(language, translation)),
            None => wrong.extend(raw.language.parse::<Language>()),
        }
    }
    for language in &settings.reports.languages {
        let is_known = *language == settings.language || translations.contains_key(language);
        if !is_known && !wrong.contains(language) {
            let place = Place::file("evaluation.toml").column("reports.languages");
            let message = "there is no questionnaire in this language";
            let hint = format!("translate its words in questionnaire.{language}.toml");
            problems
                .push(Problem::error("no-questionnaire", place, message).value(language.code()).hint(hint));
        }
    }
    let own = translations.remove(&settings.language).map(|translation| translation.questionnaire);
    (Some(own.unwrap_or(original)), translations)
}

impl Frame {
    /// Checks one file in `submissions/`. The submission is valid if there is no error.
    pub fn submission(&self, name: &str, file: SubmissionFile) -> Checked<Option<Submission>> {
        submission::submission(&self.register, &self.questionnaire, name, file)
    }

    /// Combines the frame and its valid submissions, and finds the areas that do not have one.
    pub fn close(self, mut submissions: Vec<Submission>, files: &[String]) -> Checked<CheckedEvaluation> {
        let mut problems = Vec::new();
        submissions.sort_by_key(|submission| submission.area);
        let broken = self.broken(&submissions);
        self.report_missing(&broken, files, &mut problems);
        recipients::nobody_forgotten(&self.recipients, &self.register, &mut problems);
        let Self {
            settings,
            register,
            questionnaire,
            recipients,
            supplied,
            published,
            wording,
            translations,
        } = self;
        let turnout = Turnout::of(&register, &questionnaire, &submissions);
        let value = CheckedEvaluation {
            settings,
            register,
            questionnaire,
            submissions,
            broken,
            turnout,
            recipients,
            supplied,
            published,
            wording,
            translations,
        };
        problems.extend(value.idle_recipients());
        if value.is_too_small() {
            let least = value.settings.disclosure.minimum_areas();
            let message = format!(
                "fewer than {least} areas answered, so every figure but an area's own answers is withheld"
            );
            problems.push(
                Problem::warning("few-areas", Place::file("evaluation.toml").column("disclosure"), message)
                    .value(value.submissions.len().to_string()),
            );
        }
        Checked { value, problems }
    }

    /// The completed areas without a valid submission, in register order.
    fn broken(&self, submissions: &[Submission]) -> Vec<AreaIndex> {
        let valid: BTreeSet<AreaIndex> = submissions.iter().map(|submission| submission.area).collect();
        let areas = self.register.areas.iter().enumerate();
        areas
            .filter(|(_, area)| area.status == Status::Completed)
            .map(|(position, _)| AreaIndex(position))
            .filter(|area| !valid.contains(area))
            .collect()
    }

    /// Reports the areas that sent no file at all.
    fn report_missing(&self, broken: &[AreaIndex], files: &[String], problems: &mut Vec<Problem>) {
        let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        for area in broken.iter().map(|area| &self.register[*area]) {
            let file = format!("{}.csv", area.code);
            if files.contains(file.as_str()) {
                continue;
            }
            problems.push(
                Problem::error(
                    "missing-submission",
                    Place::file(format!("submissions/{file}")),
                    format!("{} completed the assessment, but there is no such file", area.name),
                )
                .hint("add the file, or change the area's status in register.csv")
                .of_area(&area.code),
            );
        }
    }
}

impl CheckedEvaluation {
    /// The evaluation with its words in a language; `None` if they were not translated into it.
    pub fn in_language(&self, language: &Language) -> Option<Cow<'_, Self>> {
        if *language == self.settings.language {
            return Some(Cow::Borrowed(self));
        }
        let Translation { questionnaire, settings } = self.translations.get(language)?.clone();
        Some(Cow::Owned(Self { questionnaire, settings, ..self.clone() }))
    }

    /// The languages that reports can be made in, that of the evaluation first.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        std::iter::once(&self.settings.language).chain(self.translations.keys())
    }

    /// The area's valid submission, if it has one.
    pub fn submission(&self, area: AreaIndex) -> Option<&Submission> {
        let position = self.submissions.binary_search_by_key(&area, |submission| submission.area).ok()?;
        self.submissions.get(position)
    }

    /// True if fewer areas answered than a figure must be based on. Reports then print only the area's own answers.
    pub fn is_too_small(&self) -> bool {
        (self.submissions.len() as u64) < u64::from(self.settings.disclosure.minimum_areas())
    }

    /// Warnings of recipients of reports that are not made. `recipients.rs` warns of those of areas.
    fn idle_recipients(&self) -> Vec<Problem> {
        let kinds = self.settings.reports.kinds.iter();
        let made: BTreeSet<(Kind, Subject)> = kinds
            .flat_map(|kind| self.subjects(*kind).into_iter().map(move |subject| (*kind, subject)))
            .collect();
        let others = self.recipients.iter().filter(|to| to.kind != Kind::Local);
        let idle: BTreeSet<String> = others
            .filter(|to| !made.contains(&(to.kind, to.subject)))
            .map(|to| format!("{}/{}", to.kind, self.subject_code(to.subject)))
            .collect();
        let warning = |report: String| {
            let place = Place::file(RECIPIENTS).column("area");
            Problem::warning("recipient", place, "this report has a recipient, but it is not made")
                .value(report)
        };
        idle.into_iter().map(warning).collect()
    }

    /// A hash of the recipients of a report and of their formats. A verdict is valid only while these stay the same.
    pub fn recipients_hash(&self, kind: Kind, subject: Subject) -> String {
        recipients::recipients_hash(&self.recipients, kind, subject)
    }
}

/// The language that a code stands for.
fn language(code: &str, place: Place, hint: &str, problems: &mut Vec<Problem>) -> Option<Language> {
    let language = code.parse().ok();
    if language.is_none() {
        let message = "this is not a language code";
        problems.push(Problem::error("language", place, message).value(code).hint(hint));
    }
    language
}

/// An error about a name that is not known, with a hint that suggests the name that may have been meant.
fn unknown<'a>(
    rule: &'static str,
    place: Place,
    message: &str,
    value: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Problem {
    let mut problem = Problem::error(rule, place, message).value(value);
    problem.hint = suggestion(value, known);
    problem
}

/// A hint: the known name nearest to the value or, if no name is near, all the known names, provided they are few.
fn suggestion<'a>(value: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(name) = crate::problem::nearest(value, known.clone()) {
        return Some(format!("did you mean '{name}'?"));
    }
    let names: Vec<&str> = known.collect();
    (1..=12).contains(&names.len()).then(|| format!("choose from {}", names.join(", ")))
}
