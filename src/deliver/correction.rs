use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::check::CheckedEvaluation;
use crate::model::{Questionnaire, ReportId};
use crate::review::{self, Cause, FigureChange, FigureKind, Key, ReportChange, Scope, Side, SideError};
use crate::words::{Lexicon, filled};

/// What differs from the report that the reader has, in words for the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The area.
    pub area: String,
    /// Why it differs.
    #[serde(skip)]
    pub reasons: BTreeSet<Reason>,
    /// The figures that moved: the reader's own first.
    pub figures: Vec<CorrectedFigure>,
    /// How many more, with those of which only the count or the base moved.
    pub more_figures: usize,
    /// True when the area has another place among the others.
    pub place: bool,
    /// The words that changed, where no figures did.
    pub words: Vec<CorrectedWords>,
    /// How many more.
    pub more_words: usize,
}

/// Why a report differs from the one that its reader has; none tells of another area by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its area sent other answers.
    OwnAnswers,
    /// Other areas did.
    OtherAnswers,
    /// Details of the evaluation changed.
    Settings,
    /// It says some things in other words.
    Wording,
    /// It looks different.
    Looks,
    /// The program that makes it changed.
    Program,
}

impl Reason {
    /// The reason in words, for the reader of an area's report.
    pub fn words(self, words: &Lexicon, area: &str) -> String {
        let words = &words.reasons;
        match self {
            Self::OwnAnswers => filled(&words.own_answers, &[("area", area)]),
            Self::OtherAnswers => words.other_answers.clone(),
            Self::Settings => words.settings.clone(),
            Self::Wording => words.wording.clone(),
            Self::Looks => words.looks.clone(),
            Self::Program => words.program.clone(),
        }
    }
}

/// A figure that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectedFigure {
    /// Whom it is about.
    pub about: String,
    /// What it measures.
    pub label: String,
    /// How it was printed.
    pub was: String,
    /// How it is printed now.
    pub is: String,
}

/// Words that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectedWords {
    /// The section of the report.
    pub section: String,
    /// The words before.
    pub was: String,
    /// The words now.
    pub is: String,
}

/// Most figures and words that a message tells; the report has them all.
const MOST: (usize, usize) = (40, 12);

/// What changed in reports since earlier runs, by the earlier run and the report; `None` for a report in which only the look
/// differs.
///
/// # Errors
/// When the run cannot be read.
pub(super) fn corrections(
    evaluation: &CheckedEvaluation,
    run: &Path,
    runs: &Path,
    sent: &BTreeSet<(String, ReportId)>,
) -> Result<BTreeMap<(String, ReportId), Option<Correction>>, SideError> {
    let mut by_run: BTreeMap<&str, BTreeSet<&ReportId>> = BTreeMap::new();
    for (from, report) in sent {
        by_run.entry(from).or_default().insert(report);
    }
    let new = if by_run.is_empty() { return Ok(BTreeMap::new()) } else { Side::open(run)? };
    let mut corrections = BTreeMap::new();
    for (from, reports) in by_run {
        let Ok(old) = Side::open(&runs.join(from)) else {
            // The reader is told that the report takes the place of another, and not how they differ.
            corrections.extend(reports.into_iter().map(|report| {
                let name = new.subjects().find(|(code, _)| *code == report.subject).map(|(_, name)| name);
                let told = Correction { area: name.unwrap_or_default(), ..Correction::default() };
                ((from.to_owned(), report.clone()), Some(told))
            }));
            continue;
        };
        let is_sent = |key: &Key| key.edition().is_some_and(|id| reports.contains(&id.report));
        let review = review::sayings(&old, &new, |key: &Key, _| is_sent(key));
        for (position, change) in review.changes.iter().enumerate() {
            let of_report = review.groups.iter().filter(|group| group.reports.contains(&position));
            let causes: Vec<&Cause> = of_report.flat_map(|group| &group.causes).collect();
            let says_other = !change.figures.is_empty() || !change.words.is_empty();
            let told = says_other.then(|| correction(evaluation, change, &causes));
            let report = change.key.edition().map(|id| id.report.clone());
            corrections.extend(report.map(|report| ((from.to_owned(), report), told)));
        }
    }
    Ok(corrections)
}

fn correction(evaluation: &CheckedEvaluation, change: &ReportChange, causes: &[&Cause]) -> Correction {
    let mut figures: Vec<_> = change.figures.iter().filter(|figure| figure.scope != Scope::Place).collect();
    let place = figures.len() < change.figures.len();
    let all = figures.len();
    figures.retain(|figure| figure.kind != FigureKind::Basis);
    figures.sort_by_key(|figure| (figure.scope != Scope::Own, figure.kind));
    figures.truncate(MOST.0);
    let told = figures.iter().map(|figure| {
        let (was, is) = forms(figure);
        let about = if let Scope::Group(group) = &figure.scope { group } else { &change.name };
        let label = label(&evaluation.questionnaire, &figure.measure, &figure.sector, &figure.id);
        CorrectedFigure { about: about.clone(), label, was, is }
    });
    let words: &[_] = if change.figures.is_empty() { &change.words } else { &[] };
    Correction {
        area: change.name.clone(),
        reasons: reasons(change.key.subject(), causes),
        figures: told.collect(),
        more_figures: all - figures.len(),
        place,
        words: words
            .iter()
            .take(MOST.1)
            .map(|words| CorrectedWords {
                section: words.section.clone(),
                was: words.was.clone(),
                is: words.is.clone(),
            })
            .collect(),
        more_words: words.len().saturating_sub(MOST.1),
    }
}

/// How a figure was and is printed; the word that is put on it only if that changed.
fn forms(figure: &FigureChange) -> (String, String) {
    let split = |form: &str| {
        let found = form.rsplit_once(", ").filter(|(_, word)| ["higher", "similar", "lower"].contains(word));
        found.map_or((form.to_owned(), None), |(form, word)| (form.to_owned(), Some(word.to_owned())))
    };
    let ((was, old), (is, new)) = (split(&figure.was), split(&figure.is));
    let worded = |form: String, word: Option<String>| match word {
        Some(word) => format!("{form}, described as {word}"),
        None => form,
    };
    if old == new { (was, is) } else { (worded(was, old), worded(is, new)) }
}

fn reasons(own: &str, causes: &[&Cause]) -> BTreeSet<Reason> {
    let mut reasons = BTreeSet::new();
    for cause in causes {
        match cause {
            Cause::Answers { areas } => {
                reasons.extend(areas.contains(own).then_some(Reason::OwnAnswers));
                reasons.extend(areas.iter().any(|area| area != own).then_some(Reason::OtherAnswers));
            }
            Cause::Settings { .. } => drop(reasons.insert(Reason::Settings)),
            Cause::Wording => drop(reasons.insert(Reason::Wording)),
            Cause::Layout | Cause::Style | Cause::Font => drop(reasons.insert(Reason::Looks)),
            Cause::Engine => drop(reasons.insert(Reason::Program)),
            Cause::Unknown => {}
        }
    }
    reasons
}

/// What a figure measures, by the questionnaire: "How far it is: begun, in early years".
fn label(questionnaire: &Questionnaire, measure: &str, sector: &str, id: &str) -> String {
    let (of, cell) = measure.split_once(':').unwrap_or((measure, ""));
    let Some(index) = questionnaire.measure(of) else { return id.to_owned() };
    let found = &questionnaire[index];
    let cell = found.cells.iter().find(|option| option.id == cell && !cell.is_empty());
    let cell = cell.map(|cell| format!(": {}", cell.label)).unwrap_or_default();
    let sector = questionnaire.sectors.iter().find(|known| known.id == sector && !sector.is_empty());
    let sector = sector.map(|sector| format!(", {}", sector.name)).unwrap_or_default();
    format!("{}{cell}{sector}", found.label)
}
