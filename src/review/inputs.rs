use std::collections::{BTreeMap, BTreeSet};

use super::change::{Fate, ReportChange};
use super::explanation::Explanation;
use super::side::Side;
use crate::publish::{Cause, ChangeKind, DifferentParts, FigureChange, Manifest, Scope};

/// What differs in the inputs of two runs. Empty if a side is not a run: nothing is known of its inputs.
#[derive(Default)]
pub(super) struct Inputs {
    /// Areas whose submissions changed, by code.
    movers: BTreeMap<String, Mover>,
    /// Changed files that can affect figures and words.
    settings: Vec<String>,
    /// The regions of both sides.
    regions: BTreeSet<String>,
    /// True if the evaluations have different names, which appear in the ids of reports and nowhere else.
    renamed: bool,
    /// True if there is nothing to compare with, because no run is approved yet.
    first: bool,
}

/// An area whose submission changed.
struct Mover {
    regions: BTreeSet<String>,
    /// The questions whose answers changed; `None` if they are not known, or if the area is new or gone.
    questions: Option<BTreeSet<String>>,
}

const EVALUATION: &str = "evaluation.toml";

/// The files that every report of an evaluation is made from, apart from the submissions.
const SHARED: [&str; 3] = [EVALUATION, "questionnaire.toml", "register.csv"];

impl Inputs {
    /// What differs in the inputs of two sides, and which answers moved according to `changes`.
    pub(super) fn of(old: &Side, new: &Side, changes: &[ReportChange]) -> Self {
        let mut inputs = Self { first: old.is_nothing(), ..Self::default() };
        let (Some(was), Some(is)) = (&old.manifest, &new.manifest) else { return inputs };
        inputs.regions = was.reports.iter().chain(&is.reports).map(|entry| entry.region.clone()).collect();
        inputs.renamed = was.evaluation != is.evaluation;
        let files: BTreeSet<&String> = was.inputs.keys().chain(is.inputs.keys()).collect();
        for file in files.into_iter().filter(|file| was.inputs.get(*file) != is.inputs.get(*file)) {
            if SHARED.contains(&file.as_str()) {
                inputs.settings.push(file.clone());
            }
            let code = file.strip_prefix("submissions/").and_then(|name| name.strip_suffix(".csv"));
            if let Some(code) = code {
                inputs.movers.insert(code.to_owned(), Mover::of(code, was, is, changes));
            }
        }
        inputs
    }

    /// Why a figure of a report changed.
    pub(super) fn of_figure(&self, change: &ReportChange, figure: &FigureChange) -> BTreeSet<Explanation> {
        let mut causes = BTreeSet::new();
        let areas = self.movers_behind(change, figure);
        let explained = !areas.is_empty();
        if explained {
            causes.insert(Explanation::answers(areas));
        }
        let may_follow = |file: &&String| *file != EVALUATION || withholds(figure.kind) || !explained;
        let files: Vec<String> = self.settings.iter().filter(may_follow).cloned().collect();
        if !files.is_empty() {
            causes.insert(Explanation::settings(files));
        }
        or_program(causes, change.parts)
    }

    /// The areas whose changed answers can be behind a changed figure, by code.
    fn movers_behind(&self, change: &ReportChange, figure: &FigureChange) -> BTreeSet<String> {
        let in_scope = |mover: &Mover| match &figure.scope {
            Scope::Group(group) if self.regions.contains(group) => mover.regions.contains(group),
            _ => true,
        };
        // What an area says follows from its own answers; how it is described can follow from other areas.
        let mut areas = if figure.scope == Scope::Own && figure.kind != ChangeKind::Reading {
            self.movers_where(|code, _| code == change.key.subject())
        } else {
            let answering = self.movers_where(|_, mover| in_scope(mover) && mover.answers(figure));
            // Withholding spreads over linked figures, whatever was answered.
            if answering.is_empty() { self.movers_where(|_, mover| in_scope(mover)) } else { answering }
        };
        if areas.is_empty() && withholds(figure.kind) {
            areas = self.movers_where(|_, _| true);
        }
        areas
    }

    fn movers_where(&self, fits: impl Fn(&str, &Mover) -> bool) -> BTreeSet<String> {
        self.movers.iter().filter(|(code, mover)| fits(code, mover)).map(|(code, _)| code.clone()).collect()
    }

    /// Why words of a report changed, if not because its figures did.
    pub(super) fn of_words(&self, change: &ReportChange) -> BTreeSet<Explanation> {
        let parts = change.parts.unwrap_or_default();
        let mut causes = BTreeSet::new();
        if parts.templates {
            causes.insert(Cause::Templates.into());
        }
        if parts.style {
            causes.insert(Cause::Style.into());
        }
        if (parts.model || parts.facts) && !self.settings.is_empty() {
            causes.insert(Explanation::settings(self.settings.clone()));
        }
        if parts.submission {
            causes.insert(Explanation::answers_of(&change.key.subject()));
        }
        if causes.is_empty() && !parts.engine && self.renamed {
            causes.insert(renamed());
        }
        or_program(causes, change.parts)
    }

    /// True if nothing but figures can be behind the changed words of a report.
    pub(super) fn leave_only_figures(&self, change: &ReportChange) -> bool {
        change.parts.is_some_and(|parts| {
            let figures_only = !parts.templates && !parts.style && !parts.engine && !parts.submission;
            figures_only && self.settings.is_empty() && !self.renamed
        })
    }

    /// Why a page looks different although it says the same.
    pub(super) fn of_looks(&self, change: &ReportChange) -> BTreeSet<Explanation> {
        let parts = change.parts.unwrap_or_default();
        let candidates =
            [(parts.templates, Cause::Templates), (parts.style, Cause::Style), (parts.fonts, Cause::Fonts)];
        let causes = candidates.into_iter().filter(|(differs, _)| *differs).map(|(_, cause)| cause.into());
        or_program(causes.collect(), change.parts)
    }

    /// Why the bytes of a report differ although nothing that can be seen or read does.
    pub(super) fn of_bytes(&self, change: &ReportChange) -> BTreeSet<Explanation> {
        if self.renamed {
            return BTreeSet::from([renamed()]);
        }
        let mut causes = self.of_words(change);
        causes.extend(self.of_looks(change));
        if causes.len() > 1 {
            causes.remove(&Cause::Unknown.into());
        }
        causes
    }

    /// Why a report is on one side only, or cannot be read.
    pub(super) fn of_fate(&self, change: &ReportChange) -> BTreeSet<Explanation> {
        let mut causes = BTreeSet::new();
        if self.movers.contains_key(change.key.subject().as_ref()) {
            causes.insert(Explanation::answers_of(&change.key.subject()));
        }
        if !self.settings.is_empty() {
            causes.insert(Explanation::settings(self.settings.clone()));
        }
        if causes.is_empty() {
            causes.insert(if self.first { Cause::New } else { Cause::Unknown }.into());
        }
        causes
    }
}

impl Mover {
    fn of(code: &str, was: &Manifest, is: &Manifest, changes: &[ReportChange]) -> Self {
        let entries = was.reports.iter().chain(&is.reports);
        let own_entries = entries.filter(|entry| entry.id.report.subject == code);
        let regions = own_entries.map(|entry| entry.region.clone()).collect();
        let own_changes: Vec<&ReportChange> =
            changes.iter().filter(|change| change.key.subject() == code).collect();
        let known = !own_changes.is_empty() && own_changes.iter().all(|change| change.fate == Fate::Changed);
        let figures = own_changes.iter().flat_map(|change| &change.figures);
        let own_figures = figures.filter(|figure| figure.scope == Scope::Own);
        let questions =
            known.then(|| own_figures.flat_map(|figure| figure.questions.iter().cloned()).collect());
        Self { regions, questions }
    }

    /// True if the area may have changed its answer to a question behind a figure.
    fn answers(&self, figure: &FigureChange) -> bool {
        let questions = self.questions.as_ref();
        questions.is_none_or(|changed| figure.questions.iter().any(|question| changed.contains(question)))
    }
}

fn renamed() -> Explanation {
    Explanation::settings(vec!["the name of the evaluation".to_owned()])
}

fn withholds(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Withheld | ChangeKind::Disclosed)
}

/// The causes or, if there are none, the program if it changed.
fn or_program(mut causes: BTreeSet<Explanation>, parts: Option<DifferentParts>) -> BTreeSet<Explanation> {
    if causes.is_empty() {
        let changed = parts.is_some_and(|parts| parts.engine);
        causes.insert(if changed { Cause::Engine } else { Cause::Unknown }.into());
    }
    causes
}
