use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::check::CheckedEvaluation;
use crate::model::{Questionnaire, ReportId};
use crate::publish::{Cause, ChangeKind, FigureChange, PrintedFigure, Scope};
use crate::review::{self, Explanation, Key, ReportChange, Side, SideError};
use crate::words::{Lexicon, filled};

/// What differs from the report that the reader has, worded for the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The name of the report's subject.
    pub name: String,
    /// Why it differs.
    #[serde(skip)]
    pub reasons: BTreeSet<Reason>,
    /// The figures that changed, with the reader's own first.
    pub figures: Vec<CorrectedFigure>,
    /// How many more figures changed, including those for which only the count or the base did.
    pub more_figures: usize,
    /// True if the area's place among the others changed.
    pub place: bool,
    /// The words that changed, in places where no figures did.
    pub words: Vec<CorrectedWords>,
    /// How many more words changed.
    pub more_words: usize,
}

/// Why a report differs from the one that its reader has, without naming other areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its area sent different answers.
    OwnAnswers,
    /// Other areas sent different answers.
    OtherAnswers,
    /// Details of the evaluation changed.
    Settings,
    /// Its wording changed.
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

/// A figure that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectedFigure {
    /// Who it is about.
    pub about: String,
    /// What it measures.
    pub label: String,
    /// How it was printed.
    pub was: String,
    /// How it is printed now.
    pub is: String,
}

/// A passage that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorrectedWords {
    /// The section of the report.
    pub section: String,
    /// The words before.
    pub was: String,
    /// The words now.
    pub is: String,
}

/// Most figures and passages that a message lists; the report has them all.
const MOST: (usize, usize) = (40, 12);

/// What changed in reports since earlier runs, by the earlier run and the report; `None` for a report that only looks
/// different.
///
/// # Errors
/// If the run cannot be read.
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
            // The reader is informed that the report replaces an earlier one, but not how they differ.
            corrections.extend(reports.into_iter().map(|report| {
                let name = new.subjects().find(|(code, _)| *code == report.subject).map(|(_, name)| name);
                let correction = Correction { name: name.unwrap_or_default(), ..Correction::default() };
                ((from.to_owned(), report.clone()), Some(correction))
            }));
            continue;
        };
        let is_sent = |key: &Key| key.edition().is_some_and(|id| reports.contains(&id.report));
        let review = review::sayings(&old, &new, |key: &Key, _| is_sent(key));
        for (position, change) in review.changes.iter().enumerate() {
            let of_report = review.groups.iter().filter(|group| group.reports.contains(&position));
            let causes: Vec<&Explanation> = of_report.flat_map(|group| &group.causes).collect();
            let says_something_else = !change.figures.is_empty() || !change.words.is_empty();
            let correction = says_something_else.then(|| correction(evaluation, change, &causes));
            let report = change.key.edition().map(|id| id.report.clone());
            corrections.extend(report.map(|report| ((from.to_owned(), report), correction)));
        }
    }
    Ok(corrections)
}

fn correction(evaluation: &CheckedEvaluation, change: &ReportChange, causes: &[&Explanation]) -> Correction {
    let mut figures: Vec<_> = change.figures.iter().filter(|figure| figure.scope != Scope::Place).collect();
    let place = figures.len() < change.figures.len();
    let all = figures.len();
    figures.retain(|figure| figure.kind != ChangeKind::Basis);
    figures.sort_by_key(|figure| (figure.scope != Scope::Own, figure.kind));
    figures.truncate(MOST.0);
    let corrected = figures.iter().map(|figure| {
        let (was, is) = forms(figure);
        let about = if let Scope::Group(group) = &figure.scope { group } else { &change.name };
        let label = label(&evaluation.questionnaire, &figure.measure, &figure.sector, &figure.id);
        CorrectedFigure { about: about.clone(), label, was, is }
    });
    let words: &[_] = if change.figures.is_empty() { &change.words } else { &[] };
    Correction {
        name: change.name.clone(),
        reasons: reasons(&change.key.subject(), causes),
        figures: corrected.collect(),
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

/// How a figure was and is printed, with the word describing it only if that changed.
fn forms(figure: &FigureChange) -> (String, String) {
    let reading = |printed: &Option<PrintedFigure>| printed.as_ref().and_then(|printed| printed.reading);
    let changed = reading(&figure.was) != reading(&figure.is);
    let form = |printed: &Option<PrintedFigure>| {
        let Some(printed) = printed else { return String::new() };
        match printed.reading.filter(|_| changed) {
            Some(word) => format!("{}, described as {word}", printed.without_reading()),
            None => printed.without_reading(),
        }
    };
    (form(&figure.was), form(&figure.is))
}

fn reasons(own: &str, causes: &[&Explanation]) -> BTreeSet<Reason> {
    let mut reasons = BTreeSet::new();
    for Explanation { cause, areas, .. } in causes {
        let reason = match cause {
            Cause::Answers => {
                reasons.extend(areas.contains(own).then_some(Reason::OwnAnswers));
                areas.iter().any(|area| area != own).then_some(Reason::OtherAnswers)
            }
            Cause::Figures => Some(Reason::OtherAnswers),
            Cause::Settings => Some(Reason::Settings),
            Cause::Templates => Some(Reason::Wording),
            Cause::Style | Cause::Fonts => Some(Reason::Looks),
            Cause::Engine => Some(Reason::Program),
            Cause::New | Cause::Forced | Cause::Failed | Cause::Lost | Cause::Unknown => None,
        };
        reasons.extend(reason);
    }
    reasons
}

/// What a figure measures, in the questionnaire's words: "How far it is: begun, in early years".
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::office::{Office, edition};
    use crate::review::Fate;

    fn printed(form: &str, reading: Option<&'static str>) -> Option<PrintedFigure> {
        Some(PrintedFigure { form: form.to_owned(), counted: Some((77, 135)), reading })
    }

    fn figure(id: &str, scope: Scope, kind: ChangeKind) -> FigureChange {
        FigureChange {
            id: id.to_owned(),
            scope,
            sector: String::new(),
            measure: String::new(),
            questions: Vec::new(),
            was: printed("57%", None),
            is: printed("58%", None),
            kind,
        }
    }

    fn change(figures: Vec<FigureChange>) -> ReportChange {
        ReportChange {
            key: Key::Edition(edition("N1")),
            name: "Ash".to_owned(),
            region: "North".to_owned(),
            fate: Fate::Changed,
            was: None,
            is: None,
            recipients: None,
            figures,
            words: Vec::new(),
            texts: <[String; 2]>::default(),
            pages: Vec::new(),
            parts: None,
        }
    }

    #[test]
    fn the_word_put_on_a_figure_is_mentioned_only_if_it_changed() {
        let forms = |was, is| {
            let (was, is) = (printed("57%", was), printed("57%", is));
            super::forms(&FigureChange { was, is, ..figure("f", Scope::Own, ChangeKind::Value) })
        };
        let plain = "57% (77 of 135)".to_owned();
        assert_eq!(forms(Some("higher"), Some("higher")), (plain.clone(), plain.clone()));
        let (lower, higher) =
            (format!("{plain}, described as lower"), format!("{plain}, described as higher"));
        assert_eq!(forms(Some("lower"), Some("higher")), (lower, higher.clone()));
        assert_eq!(forms(None, Some("higher")), (plain, higher));
        let gone = FigureChange { is: None, ..figure("f", Scope::Own, ChangeKind::Printed) };
        assert_eq!(super::forms(&gone), ("57% (77 of 135)".to_owned(), String::new()));
    }

    #[test]
    fn own_figures_come_first_and_what_is_left_out_is_counted() {
        let office = Office::new();
        let group = Scope::Group("North".to_owned());
        let figures = vec![
            figure("region", group.clone(), ChangeKind::Value),
            figure("base", group, ChangeKind::Basis),
            figure("own", Scope::Own, ChangeKind::Value),
            figure("place", Scope::Place, ChangeKind::Value),
        ];
        let corrected = correction(&office.evaluation, &change(figures), &[]);
        let labels: Vec<&str> = corrected.figures.iter().map(|figure| figure.label.as_str()).collect();
        let about: Vec<&str> = corrected.figures.iter().map(|figure| figure.about.as_str()).collect();
        assert_eq!((labels, about), (vec!["own", "region"], vec!["Ash", "North"]));
        assert_eq!((corrected.more_figures, corrected.place), (1, true));
        let many = (0..50).map(|n| figure(&n.to_string(), Scope::Own, ChangeKind::Value)).collect();
        let corrected = correction(&office.evaluation, &change(many), &[]);
        assert_eq!((corrected.figures.len(), corrected.more_figures), (40, 10));
    }

    #[test]
    fn the_reader_learns_whose_answers_changed_but_not_which_other_area_sent_them() {
        let explanation = |cause: Cause, areas: &[&str]| Explanation {
            cause,
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            files: Vec::new(),
        };
        let reasons = |causes: &[Explanation]| -> Vec<Reason> {
            super::reasons("N1", &causes.iter().collect::<Vec<_>>()).into_iter().collect()
        };
        assert_eq!(reasons(&[explanation(Cause::Answers, &["N1"])]), [Reason::OwnAnswers]);
        assert_eq!(reasons(&[explanation(Cause::Answers, &["S1"])]), [Reason::OtherAnswers]);
        let both = reasons(&[explanation(Cause::Answers, &["N1", "S1"])]);
        assert_eq!(both, [Reason::OwnAnswers, Reason::OtherAnswers]);
        for (cause, reason) in [
            (Cause::Settings, Reason::Settings),
            (Cause::Templates, Reason::Wording),
            (Cause::Style, Reason::Looks),
            (Cause::Fonts, Reason::Looks),
            (Cause::Engine, Reason::Program),
        ] {
            assert_eq!(reasons(&[explanation(cause, &[])]), [reason]);
        }
        assert_eq!(reasons(&[explanation(Cause::Unknown, &[])]), []);
        let words = crate::templates::Templates::embedded();
        let words = words.lexicon(&crate::model::Language::english()).unwrap();
        for reason in reasons(&[explanation(Cause::Answers, &["S1"])]) {
            assert!(!reason.words(&words, "Ash").contains("S1"));
        }
    }
}
