use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cause::{Cause, Inputs, common};
use super::compare::{Fate, ReportChange};
use super::figures::{FigureKind, Scope};
use super::look::Look;
use super::words::WordChange;
use crate::hash::sha256;

/// Changes that mean the same, in one report or in many: one decision.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Its id, the same whenever the same two runs are compared.
    pub id: String,
    /// How much it deserves a look.
    pub risk: Risk,
    /// Why.
    pub causes: BTreeSet<Cause>,
    /// True when it stands apart from a larger group of its kind.
    pub exception: bool,
    /// The reports that have it, by their position among the changes.
    pub reports: Vec<usize>,
    /// The figures that differ, gravest first.
    pub figures: Vec<GroupFigure>,
    /// The words that differ, as in the first report that has them.
    pub words: Vec<GroupWords>,
    /// The ways in which pages look different.
    pub looks: BTreeSet<Look>,
    /// By how many pages reports grew; negative if they shrank.
    pub grown: i64,
    /// What became of the reports, when they are on one side only.
    pub fate: Option<Fate>,
}

/// How much a group deserves a look: what comes first is looked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// A report could not be made, is gone, or cannot be read.
    Gone,
    /// A report is new.
    New,
    /// A figure is newly withheld, or not any more.
    Withholding,
    /// The word for an area changed: higher, similar, lower, or the quarter.
    Reading,
    /// Nothing says why.
    Unexplained,
    /// An area's own figures.
    Own,
    /// Figures of regions, of the nation, or of places among the others.
    Figures,
    /// Words.
    Words,
    /// Counts and bases alone.
    Basis,
    /// The look alone.
    Looks,
}

impl Risk {
    /// The risk as a heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Gone => "Reports that are missing",
            Self::New => "New reports",
            Self::Withholding => "Withheld figures",
            Self::Reading => "Areas described otherwise",
            Self::Unexplained => "Without a known cause",
            Self::Own => "Own figures of an area",
            Self::Figures => "Figures of others",
            Self::Words => "Words",
            Self::Basis => "Counts and bases only",
            Self::Looks => "Looks only",
        }
    }
}

/// A figure of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFigure {
    /// The id of the fact.
    pub id: String,
    /// Whom it is about.
    pub scope: Scope,
    /// The id of the sector; empty for all.
    pub sector: String,
    /// The measure, with its cell where there are several.
    pub measure: String,
    /// How it was printed.
    pub was: String,
    /// How it is printed now.
    pub is: String,
    /// True when that is so in the first report only, and other reports have other values.
    pub varies: bool,
    /// What it means.
    pub kind: FigureKind,
    /// Why.
    pub causes: BTreeSet<Cause>,
    /// How many reports have it.
    pub reports: usize,
}

/// Words of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupWords {
    /// The section.
    pub section: String,
    /// The words before.
    pub was: String,
    /// The words now.
    pub is: String,
}

/// What makes changes of several reports one group. Its serialised form names the group: a decision refers to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "meaning", content = "of")]
enum Meaning {
    Fate(Fate),
    /// Everything in an area's report that follows from its own answers.
    Own(String),
    /// Figures about the same, of the same gravity; a number for those that are not as in most reports.
    Figures(Risk, Scope, u32),
    /// The same words.
    Words(Vec<String>),
    /// Words of which each report has its own: they follow from figures, or perhaps from wording.
    WordsThatFollow(BTreeSet<Cause>),
    Looks(BTreeSet<Look>, i64),
    /// Nothing that can be seen or read.
    Bytes,
}

impl Meaning {
    /// Id of the group in eight digits: the same meaning has the same id in every version of the program.
    fn id(&self) -> String {
        let named = serde_json::to_vec(self).unwrap_or_default();
        sha256(&named)[..8].to_owned()
    }

    /// Meanings of one family are alternatives to one another: what few have stands apart from what most have.
    fn family(&self) -> u8 {
        match self {
            Self::Words(_) => 1,
            Self::Looks(..) => 2,
            _ => 0,
        }
    }
}

/// What one report brings into a group.
#[derive(Default)]
struct Share {
    figures: Vec<(usize, BTreeSet<Cause>)>,
    words: Vec<usize>,
    looks: BTreeSet<Look>,
    causes: BTreeSet<Cause>,
}

/// Groups changes by what they mean, the ones that deserve a look first. Every change is in a group at least.
pub(super) fn groups(changes: &[ReportChange], inputs: &Inputs) -> Vec<Group> {
    let mut shares: BTreeMap<Meaning, BTreeMap<usize, Share>> = BTreeMap::new();
    let wording = wordings(changes, inputs);
    let usual = usual(changes);
    for (position, change) in changes.iter().enumerate() {
        let mut add = |meaning: Meaning, fill: &mut dyn FnMut(&mut Share)| {
            fill(shares.entry(meaning).or_default().entry(position).or_default());
        };
        if change.fate != Fate::Changed {
            let causes = inputs.of_fate(change);
            add(Meaning::Fate(change.fate.clone()), &mut |share| share.causes.clone_from(&causes));
            continue;
        }
        let own =
            BTreeSet::from([Cause::Answers { areas: BTreeSet::from([change.key.subject().to_owned()]) }]);
        let mut figure_causes = BTreeSet::new();
        let mut gravest: Option<(Risk, Meaning)> = None;
        for (at, figure) in change.figures.iter().enumerate() {
            let causes = inputs.of_figure(change, figure);
            figure_causes.extend(causes.iter().cloned());
            let unusual = usual
                .get(&(figure.scope.clone(), figure.id.clone()))
                .is_some_and(|usual| *usual != (&figure.was, &figure.is));
            let meaning = if figure.scope == Scope::Own && causes == own {
                Meaning::Own(change.key.subject().to_owned())
            } else {
                let scope = if figure.scope == Scope::Own { Scope::Place } else { figure.scope.clone() };
                Meaning::Figures(gravity(figure.kind, &causes), scope, u32::from(unusual))
            };
            let risk = gravity(figure.kind, &causes);
            if gravest.as_ref().is_none_or(|(gravest, _)| risk < *gravest) {
                gravest = Some((risk, meaning.clone()));
            }
            add(meaning, &mut |share| share.figures.push((at, causes.clone())));
        }
        let mut same: Vec<usize> = Vec::new();
        let candidates = inputs.of_words(change);
        for (at, words) in change.words.iter().enumerate() {
            if !change.figures.is_empty() && words.is_of_numbers() {
                continue;
            }
            if candidates == own {
                add(Meaning::Own(change.key.subject().to_owned()), &mut |share| share.words.push(at));
                continue;
            }
            let follows = !change.figures.is_empty() && !wording.says(words);
            if !follows {
                same.push(at);
                continue;
            }
            let mut others = candidates.clone();
            others.remove(&Cause::Unknown);
            // Nothing but the figures can have changed them: they are told with the gravest of these.
            if let (true, Some((_, meaning))) = (others.is_empty(), &gravest) {
                add(meaning.clone(), &mut |share| share.words.push(at));
                continue;
            }
            let causes: BTreeSet<Cause> = figure_causes.union(&others).cloned().collect();
            add(Meaning::WordsThatFollow(causes.clone()), &mut |share| {
                share.words.push(at);
                share.causes.extend(causes.iter().cloned());
            });
        }
        if !same.is_empty() {
            let mut patterns: Vec<String> = same.iter().map(|at| change.words[*at].signature()).collect();
            patterns.sort();
            patterns.dedup();
            add(Meaning::Words(patterns), &mut |share| {
                share.words.extend(&same);
                share.causes.extend(candidates.iter().cloned());
            });
        }
        let looks = unexplained(change);
        if !looks.is_empty() {
            let pages =
                |version: &Option<super::compare::Version>| version.as_ref().map_or(0, |v| v.pages as i64);
            let grown = pages(&change.is) - pages(&change.was);
            add(Meaning::Looks(looks.clone(), grown), &mut |share| {
                share.looks.extend(looks.iter().cloned());
                share.causes.extend(inputs.of_looks(change.parts));
            });
        }
        // A report is never changed without a word about it.
        if !shares.values().any(|of| of.contains_key(&position)) {
            let share = Share { causes: inputs.of_bytes(change), ..Share::default() };
            shares.entry(Meaning::Bytes).or_default().insert(position, share);
        }
    }
    let mut largest: BTreeMap<u8, usize> = BTreeMap::new();
    for (meaning, of) in &shares {
        let most = largest.entry(meaning.family()).or_default();
        *most = of.len().max(*most);
    }
    let mut groups: Vec<Group> = shares
        .into_iter()
        .map(|(meaning, of)| {
            let most = if meaning.family() == 0 { 0 } else { largest[&meaning.family()] };
            group(&meaning, &of, changes, most)
        })
        .collect();
    groups.sort_by(|a, b| {
        let order = |group: &Group| (group.risk, !group.exception, std::cmp::Reverse(group.reports.len()));
        order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
    });
    groups
}

/// The words that templates say otherwise: patterns that more than half of the reports share whose templates, theme or
/// settings changed. What only a few reports have may as well follow from figures.
#[derive(Default)]
struct Wordings {
    patterns: BTreeSet<String>,
    /// What stood there before: a report in which something else took its place stands apart.
    replaced: BTreeSet<(String, String)>,
}

impl Wordings {
    fn says(&self, words: &WordChange) -> bool {
        self.patterns.contains(&words.signature())
            || words.replaced().is_some_and(|replaced| self.replaced.contains(&replaced))
    }
}

fn wordings(changes: &[ReportChange], inputs: &Inputs) -> Wordings {
    let worded: Vec<&ReportChange> = changes
        .iter()
        .filter(|change| {
            let answers = |cause: &Cause| matches!(cause, Cause::Answers { .. } | Cause::Unknown);
            change.fate == Fate::Changed && !inputs.of_words(change).iter().all(answers)
        })
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for change in &worded {
        let patterns: BTreeSet<String> = change.words.iter().map(WordChange::signature).collect();
        patterns.into_iter().for_each(|pattern| *counts.entry(pattern).or_default() += 1);
    }
    let patterns: BTreeSet<String> = counts
        .into_iter()
        .filter(|(_, count)| count * 2 > worded.len())
        .map(|(pattern, _)| pattern)
        .collect();
    let words = worded.iter().flat_map(|change| &change.words);
    let replaced =
        words.filter(|words| patterns.contains(&words.signature())).filter_map(WordChange::replaced);
    Wordings { replaced: replaced.collect(), patterns }
}

/// A shared figure: whom it is about and the id of the fact.
type Shared = (Scope, String);
/// How it was printed and how it is.
type Forms<'c> = (&'c String, &'c String);

/// How most reports print a change of a shared figure.
fn usual(changes: &[ReportChange]) -> BTreeMap<Shared, Forms<'_>> {
    let mut counts: BTreeMap<Shared, BTreeMap<Forms<'_>, usize>> = BTreeMap::new();
    for figure in changes.iter().flat_map(|change| &change.figures) {
        if matches!(figure.scope, Scope::Group(_)) {
            let key = (figure.scope.clone(), figure.id.clone());
            *counts.entry(key).or_default().entry((&figure.was, &figure.is)).or_default() += 1;
        }
    }
    let mut usual = BTreeMap::new();
    for (key, forms) in counts {
        usual.extend(forms.into_iter().max_by_key(|(_, count)| *count).map(|(form, _)| (key, form)));
    }
    usual
}

fn gravity(kind: FigureKind, causes: &BTreeSet<Cause>) -> Risk {
    match kind {
        FigureKind::Withheld | FigureKind::Disclosed => Risk::Withholding,
        FigureKind::Reading => Risk::Reading,
        _ if causes.contains(&Cause::Unknown) => Risk::Unexplained,
        FigureKind::Value | FigureKind::Printed => Risk::Figures,
        FigureKind::Basis => Risk::Basis,
    }
}

/// The ways in which pages look otherwise that neither words nor figures explain.
fn unexplained(change: &ReportChange) -> BTreeSet<Look> {
    let parts = change.parts;
    let redrawn = parts.templates || parts.style || parts.fonts || parts.engine || !parts.known;
    let says_other =
        !change.figures.is_empty() || !change.words.is_empty() || parts.model || parts.submission;
    if !redrawn && says_other {
        return BTreeSet::new();
    }
    change.pages.iter().flat_map(|page| page.telling().cloned()).collect()
}

fn group(meaning: &Meaning, of: &BTreeMap<usize, Share>, changes: &[ReportChange], most: usize) -> Group {
    let figures = group_figures(of, changes);
    let mut words: Vec<GroupWords> = Vec::new();
    let mut patterns = BTreeSet::new();
    for (position, share) in of {
        for change in share.words.iter().map(|at| &changes[*position].words[*at]) {
            if patterns.insert(change.signature()) && words.len() < MOST_WORDS {
                let (section, was, is) = (change.section.clone(), change.was.clone(), change.is.clone());
                words.push(GroupWords { section, was, is });
            }
        }
    }
    let own: Vec<BTreeSet<Cause>> =
        of.values().map(|share| share.causes.clone()).filter(|causes| !causes.is_empty()).collect();
    let mut causes = common(own.iter());
    causes.extend(figures.iter().flat_map(|figure| figure.causes.iter().cloned()));
    if causes.is_empty()
        && let Meaning::Own(area) = meaning
    {
        causes.insert(Cause::Answers { areas: BTreeSet::from([area.clone()]) });
    }
    let gravest = figures.iter().map(|figure| gravity(figure.kind, &figure.causes)).min();
    let risk = match meaning {
        Meaning::Fate(Fate::New) => Risk::New,
        Meaning::Fate(_) => Risk::Gone,
        Meaning::Own(_) => gravest.map_or(Risk::Own, |risk| risk.min(Risk::Own)),
        Meaning::Figures(risk, ..) => *risk,
        _ if causes.contains(&Cause::Unknown) => Risk::Unexplained,
        Meaning::Words(_) | Meaning::WordsThatFollow(_) => Risk::Words,
        Meaning::Looks(..) | Meaning::Bytes => Risk::Looks,
    };
    let reports: Vec<usize> = of.keys().copied().collect();
    let first = &changes[reports[0]];
    Group {
        id: meaning.id(),
        risk,
        causes,
        exception: matches!(meaning, Meaning::Figures(_, _, 1)) || reports.len() * 10 <= most,
        figures,
        words,
        looks: of.values().flat_map(|share| share.looks.iter().cloned()).collect(),
        grown: if let Meaning::Looks(_, grown) = meaning { *grown } else { 0 },
        fate: matches!(meaning, Meaning::Fate(_)).then(|| first.fate.clone()),
        reports,
    }
}

/// Most words that are told of a group; the reports have them all.
const MOST_WORDS: usize = 40;

fn group_figures(of: &BTreeMap<usize, Share>, changes: &[ReportChange]) -> Vec<GroupFigure> {
    let mut figures: BTreeMap<&str, GroupFigure> = BTreeMap::new();
    for (position, share) in of {
        for (at, causes) in &share.figures {
            let figure = &changes[*position].figures[*at];
            let known = figures.entry(&figure.id).or_insert_with(|| GroupFigure {
                id: figure.id.clone(),
                scope: figure.scope.clone(),
                sector: figure.sector.clone(),
                measure: figure.measure.clone(),
                was: figure.was.clone(),
                is: figure.is.clone(),
                varies: false,
                kind: figure.kind,
                causes: BTreeSet::new(),
                reports: 0,
            });
            known.varies |= (&known.was, &known.is) != (&figure.was, &figure.is);
            known.kind = known.kind.min(figure.kind);
            known.causes.extend(causes.iter().cloned());
            known.reports += 1;
        }
    }
    let mut figures: Vec<GroupFigure> = figures.into_values().collect();
    figures.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.id.cmp(&b.id)));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_group_comes_from_its_serialised_meaning() {
        let words = Meaning::Words(vec!["Pace".to_owned()]);
        let figures = Meaning::Figures(Risk::Withholding, Scope::Own, 1);
        let named = [
            (&Meaning::Bytes, r#"{"meaning":"bytes"}"#),
            (&Meaning::Fate(Fate::New), r#"{"meaning":"fate","of":{"fate":"new"}}"#),
            (&words, r#"{"meaning":"words","of":["Pace"]}"#),
            (&figures, r#"{"meaning":"figures","of":["withholding",{"about":"own"},1]}"#),
        ];
        for (meaning, text) in named {
            assert_eq!(serde_json::to_string(meaning).unwrap(), text);
            assert_eq!(meaning.id(), sha256(text.as_bytes())[..8]);
        }
    }
}
