//! Rules on what was read: an [`Evaluation`] in, a [`CheckedEvaluation`] and problems out.

mod completeness;
mod mail;
mod number;
mod overlay;
mod published;
mod questionnaire;
mod recipients;
mod register;
mod settings;
mod submission;
mod supplied;
mod text;
mod turnout;

use std::collections::{BTreeMap, BTreeSet};

pub use completeness::{
    AreaCompleteness, Completeness, QuestionCompleteness, SectorCompleteness, answered, completeness,
};
pub use published::{Published, PublishedCell, Relation};
pub use recipients::Recipient;
pub use supplied::Supplied;
pub use turnout::{RegionTurnout, Turnout};

use crate::model::{AreaIndex, Language, Questionnaire, Register, Settings, Status, Submission};
use crate::problem::{Checked, Place, Problem};
use crate::read::{Evaluation, SubmissionFile};

/// An evaluation whose parts fit each other. Only this module makes one.
#[expect(clippy::manual_non_exhaustive, reason = "the gate holds inside the crate too")]
#[derive(Clone, Debug)]
pub struct CheckedEvaluation {
    /// Settings of the evaluation.
    pub settings: Settings,
    /// Areas and regions.
    pub register: Register,
    /// Questions and measures.
    pub questionnaire: Questionnaire,
    /// The sound submissions of completed areas, in register order.
    pub submissions: Vec<Submission>,
    /// Completed areas that have no sound submission, in register order: they get no report.
    pub broken: Vec<AreaIndex>,
    /// How many of them took part.
    pub turnout: Turnout,
    /// Who receives reports.
    pub recipients: Vec<Recipient>,
    /// What somebody else counted.
    pub supplied: Vec<Supplied>,
    /// Figures already published.
    pub published: Vec<Published>,
    /// Snippets of this evaluation's wording, by their path in `wording/`.
    pub wording: BTreeMap<String, String>,
    _sealed: (),
}

/// The questionnaire of a text that is part of the program.
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
}

/// Checks everything but the submissions. Without sound settings and a sound questionnaire there is no frame, and
/// nothing else can be said.
pub fn frame(mut evaluation: Evaluation) -> Checked<Option<Frame>> {
    let mut problems = std::mem::take(&mut evaluation.problems);
    let settings = evaluation.settings.as_ref();
    let settings =
        settings.and_then(|raw| settings::settings(&evaluation.id, &evaluation.folder, raw, &mut problems));
    let register = register::register(&evaluation.register, &mut problems);
    let settings = settings.filter(|settings| {
        let same = register.regions.iter().any(|region| region.name == settings.nation);
        if same {
            let place = Place::file("evaluation.toml").column("nation");
            let message = "a region in register.csv has the same name, so their figures could be confused";
            problems.push(Problem::error("duplicate-name", place, message).value(&settings.nation));
        }
        !same
    });
    let questionnaire =
        evaluation.questionnaire.as_ref().and_then(|raw| questionnaire::questionnaire(raw, &mut problems));
    let mut translated = BTreeMap::new();
    for raw in &evaluation.overlays {
        translated.extend(questionnaire.as_ref().and_then(|own| overlay::overlay(raw, own, &mut problems)));
    }
    // Without words in the language of the reports, the questionnaire itself is in that language.
    let language = settings.as_ref().map(|settings| &settings.language);
    let questionnaire = language.and_then(|language| translated.remove(language)).or(questionnaire);
    let recipients = recipients::recipients(&evaluation.recipients, &register, &mut problems);
    let value = settings.zip(questionnaire).and_then(|(settings, questionnaire)| {
        let published =
            published::published(&evaluation.published, &settings, &register, &questionnaire, &mut problems);
        let mut supplied = Vec::new();
        for (file, rows) in [
            ("aggregates/national.csv", &evaluation.national),
            ("aggregates/regional.csv", &evaluation.regional),
        ] {
            let rows = supplied::supplied(file, rows, &settings, &register, &questionnaire, &mut problems);
            supplied.extend(rows);
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
        })
    });
    Checked { value, problems }
}

impl Frame {
    /// Checks one file of `submissions/`. Without an error the submission is sound.
    pub fn submission(&self, name: &str, file: SubmissionFile) -> Checked<Option<Submission>> {
        submission::submission(&self.register, &self.questionnaire, name, file)
    }

    /// Brings the frame and its sound submissions together, and finds the areas that lack one.
    pub fn close(self, mut submissions: Vec<Submission>, files: &[String]) -> Checked<CheckedEvaluation> {
        let mut problems = Vec::new();
        submissions.sort_by_key(|submission| submission.area);
        let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
        let sound: BTreeSet<AreaIndex> = submissions.iter().map(|submission| submission.area).collect();
        let mut broken = Vec::new();
        for (position, area) in self.register.areas.iter().enumerate() {
            let index = AreaIndex(position);
            if area.status != Status::Completed || sound.contains(&index) {
                continue;
            }
            broken.push(index);
            let file = format!("{}.csv", area.code);
            if !files.contains(file.as_str()) {
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
        recipients::nobody_forgotten(&self.recipients, &self.register, &mut problems);
        let Self { settings, register, questionnaire, recipients, supplied, published, wording } = self;
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
            _sealed: (),
        };
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
}

impl CheckedEvaluation {
    /// The submission of an area, if it has a sound one.
    pub fn submission(&self, area: AreaIndex) -> Option<&Submission> {
        let position = self.submissions.binary_search_by_key(&area, |submission| submission.area).ok()?;
        self.submissions.get(position)
    }

    /// True when fewer areas answered than must be behind any figure: then only the area's own answers can be printed.
    pub fn is_too_small(&self) -> bool {
        (self.submissions.len() as u64) < u64::from(self.settings.disclosure.minimum_areas())
    }

    /// Hash of who is to receive the report of an area, and in which format: a verdict holds for them only.
    pub fn recipients_hash(&self, area: AreaIndex) -> String {
        recipients::recipients_hash(&self.recipients, area)
    }
}

/// The language that a code stands for.
fn language(code: &str, place: Place, hint: &str, problems: &mut Vec<Problem>) -> Option<Language> {
    let language = code.parse().ok();
    if language.is_none() {
        let message = "this is not the code of a language";
        problems.push(Problem::error("language", place, message).value(code).hint(hint));
    }
    language
}

/// " (did you mean ...?)" as a hint, or the known names where they are few.
fn suggestion<'a>(value: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(name) = crate::problem::nearest(value, known.clone()) {
        return Some(format!("did you mean '{name}'?"));
    }
    let names: Vec<&str> = known.collect();
    (names.len() <= 12).then(|| format!("known are {}", names.join(", ")))
}
