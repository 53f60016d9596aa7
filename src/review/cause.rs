use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::compare::{Fate, Parts, ReportChange};
use super::figures::{FigureChange, FigureKind, Scope};
use super::side::Side;

/// Why something in a report differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "cause")]
pub enum Cause {
    /// Areas sent other answers, or their answers are new or gone: the own area, or others through the aggregates.
    Answers {
        /// Their codes.
        areas: BTreeSet<String>,
    },
    /// Other files of the evaluation: the register, the questionnaire, the settings.
    Settings {
        /// Their names.
        files: Vec<String>,
    },
    /// The templates of the report, or the wording of the evaluation: other words.
    Wording,
    /// The templates of the report: another look.
    Layout,
    /// The theme: colours, sizes, page furniture.
    Style,
    /// The fonts.
    Font,
    /// The program.
    Engine,
    /// Nothing that is known of both sides says why.
    Unknown,
}

impl Cause {
    /// The name of the cause, for filters.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answers { .. } => "answers",
            Self::Settings { .. } => "settings",
            Self::Wording => "wording",
            Self::Layout => "layout",
            Self::Style => "style",
            Self::Font => "font",
            Self::Engine => "engine",
            Self::Unknown => "unknown",
        }
    }

    /// Every name, in the order of the list.
    pub const NAMES: [&'static str; 8] =
        ["answers", "settings", "wording", "layout", "style", "font", "engine", "unknown"];
}

/// What differs in the inputs of two runs.
pub(super) struct Inputs {
    /// True when both sides are runs: otherwise nothing is known.
    known: bool,
    /// Areas whose submissions changed, by code.
    movers: BTreeMap<String, Mover>,
    /// Changed files that can move figures and words.
    settings: Vec<String>,
    /// The regions of both sides.
    regions: BTreeSet<String>,
    /// True when the evaluations have other names, which stand in the ids of reports and nowhere else.
    renamed: bool,
}

/// An area whose submission changed.
struct Mover {
    regions: BTreeSet<String>,
    /// The questions whose answers changed; `None` if it is not known, or when the area is new or gone.
    questions: Option<BTreeSet<String>>,
}

/// The files that every report of an evaluation is made from, besides the submissions.
const SHARED: [&str; 3] = ["evaluation.toml", "questionnaire.toml", "register.csv"];

impl Inputs {
    /// What two sides were made from, and what `changes` tell of the answers that moved.
    pub(super) fn of(old: &Side, new: &Side, changes: &[ReportChange]) -> Self {
        let mut inputs = Self {
            known: false,
            movers: BTreeMap::new(),
            settings: Vec::new(),
            regions: BTreeSet::new(),
            renamed: false,
        };
        let (Some(was), Some(is)) = (&old.manifest, &new.manifest) else { return inputs };
        inputs.known = true;
        let entries = || was.reports.iter().chain(&is.reports);
        inputs.regions = entries().map(|entry| entry.region.clone()).collect();
        inputs.renamed = was.evaluation != is.evaluation;
        let files: BTreeSet<&String> = was.inputs.keys().chain(is.inputs.keys()).collect();
        for file in files.into_iter().filter(|file| was.inputs.get(*file) != is.inputs.get(*file)) {
            if SHARED.contains(&file.as_str()) {
                inputs.settings.push(file.clone());
            }
            let code = file.strip_prefix("submissions/").and_then(|name| name.strip_suffix(".csv"));
            let Some(code) = code else { continue };
            let regions =
                entries().filter(|entry| entry.id.report.subject == code).map(|entry| entry.region.clone());
            let mut of_area = changes.iter().filter(|change| change.key.subject() == code).peekable();
            let known =
                of_area.peek().is_some() && of_area.clone().all(|change| change.fate == Fate::Changed);
            let own = of_area.flat_map(|change| &change.figures).filter(|figure| figure.scope == Scope::Own);
            let questions = known.then(|| own.flat_map(|figure| figure.questions.iter().cloned()).collect());
            inputs.movers.insert(code.to_owned(), Mover { regions: regions.collect(), questions });
        }
        inputs
    }

    /// Why a figure of a report changed.
    pub(super) fn of_figure(&self, change: &ReportChange, figure: &FigureChange) -> BTreeSet<Cause> {
        let mut causes = BTreeSet::new();
        let own = change.key.subject();
        let in_scope = |mover: &Mover| match &figure.scope {
            Scope::Group(group) if self.regions.contains(group) => mover.regions.contains(group),
            _ => true,
        };
        let about = |mover: &Mover| {
            let moved = mover.questions.as_ref();
            moved.is_none_or(|moved| figure.questions.iter().any(|question| moved.contains(question)))
        };
        let movers = |fits: &dyn Fn(&Mover) -> bool| -> BTreeSet<String> {
            self.movers.iter().filter(|(_, mover)| fits(mover)).map(|(code, _)| code.clone()).collect()
        };
        // What the area itself says follows from what it sent; the word that is put on it can follow from the others.
        let said = figure.scope == Scope::Own && figure.kind != FigureKind::Reading;
        let mut areas = if said {
            movers(&|_| true).into_iter().filter(|code| *code == own).collect()
        } else {
            movers(&|mover| in_scope(mover) && about(mover))
        };
        // Withholding spreads over linked figures, whatever was answered.
        if areas.is_empty() && !said {
            areas = movers(&|mover| in_scope(mover));
        }
        if areas.is_empty() && matches!(figure.kind, FigureKind::Withheld | FigureKind::Disclosed) {
            areas = movers(&|_| true);
        }
        let told = !areas.is_empty();
        if told {
            causes.insert(Cause::Answers { areas });
        }
        let withholds = matches!(figure.kind, FigureKind::Withheld | FigureKind::Disclosed);
        let files = self.settings.iter().filter(|file| *file != SHARED[0] || withholds || !told);
        let files: Vec<String> = files.cloned().collect();
        if !files.is_empty() {
            causes.insert(Cause::Settings { files });
        }
        if causes.is_empty() {
            causes.insert(if change.parts.engine { Cause::Engine } else { Cause::Unknown });
        }
        causes
    }

    /// Why words of a report changed, if not because its figures did.
    pub(super) fn of_words(&self, change: &ReportChange) -> BTreeSet<Cause> {
        let parts = change.parts;
        let mut causes = BTreeSet::new();
        if parts.templates {
            causes.insert(Cause::Wording);
        }
        if parts.style {
            causes.insert(Cause::Style);
        }
        if parts.model && !self.settings.is_empty() {
            causes.insert(Cause::Settings { files: self.settings.clone() });
        }
        if parts.submission {
            causes.insert(Cause::Answers { areas: BTreeSet::from([change.key.subject().to_owned()]) });
        }
        self.or_engine(causes, parts)
    }

    /// Why a page looks otherwise though it says the same.
    pub(super) fn of_looks(&self, parts: Parts) -> BTreeSet<Cause> {
        let candidates =
            [(parts.templates, Cause::Layout), (parts.style, Cause::Style), (parts.fonts, Cause::Font)];
        let causes = candidates.into_iter().filter(|(differs, _)| *differs).map(|(_, cause)| cause);
        self.or_engine(causes.collect(), parts)
    }

    /// Why the bytes of a report differ though nothing that can be seen or read does.
    pub(super) fn of_bytes(&self, change: &ReportChange) -> BTreeSet<Cause> {
        if self.renamed {
            return BTreeSet::from([Cause::Settings {
                files: vec!["the name of the evaluation".to_owned()],
            }]);
        }
        let mut causes = self.of_words(change);
        causes.extend(self.of_looks(change.parts));
        if causes.len() > 1 {
            causes.remove(&Cause::Unknown);
        }
        causes
    }

    /// The causes of a report that is on one side only.
    pub(super) fn of_fate(&self, change: &ReportChange) -> BTreeSet<Cause> {
        let mut causes = BTreeSet::new();
        if self.movers.contains_key(change.key.subject()) {
            causes.insert(Cause::Answers { areas: BTreeSet::from([change.key.subject().to_owned()]) });
        }
        if !self.settings.is_empty() {
            causes.insert(Cause::Settings { files: self.settings.clone() });
        }
        if causes.is_empty() {
            causes.insert(Cause::Unknown);
        }
        causes
    }

    fn or_engine(&self, mut causes: BTreeSet<Cause>, parts: Parts) -> BTreeSet<Cause> {
        if causes.is_empty() {
            causes.insert(if self.known && parts.engine { Cause::Engine } else { Cause::Unknown });
        }
        causes
    }
}

/// What all of some sets of causes have in common; where that is nothing, all that any of them has.
pub(super) fn common<'a>(sets: impl Iterator<Item = &'a BTreeSet<Cause>> + Clone) -> BTreeSet<Cause> {
    let all = || sets.clone().flatten().cloned().collect::<BTreeSet<Cause>>();
    let common: BTreeSet<Cause> =
        all().into_iter().filter(|cause| sets.clone().all(|set| set.contains(cause))).collect();
    if common.is_empty() { all() } else { common }
}
