use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::change::{Fate, RecipientsChange, ReportChange};
use super::contribution::{Contribution, Sorter};
use super::explanation::{Explanation, common};
use super::group::{ChangeGroup, GroupFigure, GroupWords, Risk};
use super::inputs::Inputs;
use super::meaning::{Family, Meaning};
use crate::publish::Cause;

/// Groups changes by what they mean, those that most deserve a look first. Every change is in at least one group.
pub(super) fn groups(changes: &[ReportChange], inputs: &Inputs) -> Vec<ChangeGroup> {
    let sorter = Sorter::of(changes, inputs);
    let mut sorted: BTreeMap<Meaning, Members> = BTreeMap::new();
    for (position, change) in changes.iter().enumerate() {
        for (meaning, contribution) in sorter.contributions(change) {
            sorted.entry(meaning).or_default().insert(position, contribution);
        }
    }
    let largest = largest(&sorted);
    let mut groups: Vec<ChangeGroup> = sorted
        .iter()
        .map(|(meaning, members)| {
            let most = meaning.family().map_or(0, |family| largest[&family]);
            group(meaning, members, changes, most)
        })
        .collect();
    groups.sort_by(|a, b| {
        let order = |group: &ChangeGroup| (group.risk, !group.exception, Reverse(group.reports.len()));
        order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id))
    });
    groups
}

/// The most words that a group lists if they follow from its figures; the reports have them all. Words that are a
/// change of their own are all listed: what no group says is approved unseen.
const MOST_FOLLOWING: usize = 40;

/// A group with at most a tenth of the reports of the largest in its family stands apart from it.
const EXCEPTION: usize = 10;

/// The reports of a group, by their position among all changes, with what each contributes.
type Members = BTreeMap<usize, Contribution>;

/// How many reports the largest group of each family has.
fn largest(sorted: &BTreeMap<Meaning, Members>) -> BTreeMap<Family, usize> {
    let mut largest = BTreeMap::new();
    for (meaning, members) in sorted {
        if let Some(family) = meaning.family() {
            let most: &mut usize = largest.entry(family).or_default();
            *most = members.len().max(*most);
        }
    }
    largest
}

/// A group. `most` is how many reports the largest group of its family has; 0 if it has no family.
fn group(meaning: &Meaning, members: &Members, changes: &[ReportChange], most: usize) -> ChangeGroup {
    let figures = figures(members, changes);
    let causes = causes(meaning, members, &figures);
    let reports: Vec<usize> = members.keys().copied().collect();
    ChangeGroup {
        id: meaning.id(),
        risk: risk(meaning, &figures, &causes),
        causes,
        exception: matches!(meaning, Meaning::Figures(_, _, 1)) || reports.len() * EXCEPTION <= most,
        figures,
        words: match meaning {
            Meaning::Recipients(_) => recipients(members, changes),
            _ => words(meaning, members, changes),
        },
        looks: members.values().flat_map(|member| member.looks.iter().cloned()).collect(),
        grown: members.values().map(|member| member.grown).filter(|grown| *grown != 0).collect(),
        fate: if let Meaning::Fate(fate) = meaning { Some(fate.clone()) } else { None },
        reports,
    }
}

fn risk(meaning: &Meaning, figures: &[GroupFigure], causes: &BTreeSet<Explanation>) -> Risk {
    let most_serious = figures.iter().map(|figure| Risk::of_figure(figure.change.kind, &figure.causes)).min();
    match meaning {
        Meaning::Recipients(_) => Risk::Recipients,
        Meaning::Fate(Fate::New) => Risk::New,
        Meaning::Fate(_) => Risk::Gone,
        Meaning::Own(_) => most_serious.map_or(Risk::Own, |risk| risk.min(Risk::Own)),
        Meaning::Figures(risk, ..) => *risk,
        _ if causes.contains(&Cause::Unknown.into()) => Risk::Unexplained,
        Meaning::Words(_) | Meaning::WordsThatFollow(_) => Risk::Words,
        Meaning::Looks(..) | Meaning::Bytes => Risk::Looks,
    }
}

fn causes(meaning: &Meaning, members: &Members, figures: &[GroupFigure]) -> BTreeSet<Explanation> {
    let known = members.values().map(|member| &member.causes).filter(|causes| !causes.is_empty());
    let mut causes = common(known);
    causes.extend(figures.iter().flat_map(|figure| figure.causes.iter().cloned()));
    if causes.is_empty()
        && let Meaning::Own(area) = meaning
    {
        causes.insert(Explanation::answers_of(area));
    }
    causes
}

/// The first words with each pattern.
fn words(meaning: &Meaning, members: &Members, changes: &[ReportChange]) -> Vec<GroupWords> {
    let follow = matches!(meaning, Meaning::Figures(..) | Meaning::WordsThatFollow(_));
    let most = if follow { MOST_FOLLOWING } else { usize::MAX };
    let mut words = Vec::new();
    let mut patterns = BTreeSet::new();
    for (position, member) in members {
        for change in member.words.iter().map(|at| &changes[*position].words[*at]) {
            if patterns.insert(change.signature()) && words.len() < most {
                let (section, was, is) = (change.section.clone(), change.was.clone(), change.is.clone());
                words.push(GroupWords { section, was, is });
            }
        }
    }
    words
}

/// The recipients before and now, which are the same for all reports of an area.
fn recipients(members: &Members, changes: &[ReportChange]) -> Vec<GroupWords> {
    let of = |at: &usize| changes[*at].recipients.clone();
    let changed: BTreeSet<RecipientsChange> = members.keys().filter_map(of).collect();
    changed
        .into_iter()
        .map(|RecipientsChange { was, is }| GroupWords { section: "Recipients".to_owned(), was, is })
        .collect()
}

/// The figures of a group, most serious first, with the values of the first report that has them.
fn figures(members: &Members, changes: &[ReportChange]) -> Vec<GroupFigure> {
    let mut figures: BTreeMap<&str, GroupFigure> = BTreeMap::new();
    for (position, member) in members {
        for contributed in &member.figures {
            let figure = &changes[*position].figures[contributed.at];
            let known = figures.entry(&figure.id).or_insert_with(|| GroupFigure {
                change: figure.clone(),
                varies: false,
                causes: BTreeSet::new(),
                reports: 0,
            });
            known.varies |= (&known.change.was, &known.change.is) != (&figure.was, &figure.is);
            known.change.kind = known.change.kind.min(figure.kind);
            known.causes.extend(contributed.causes.iter().cloned());
            known.reports += 1;
        }
    }
    let mut figures: Vec<GroupFigure> = figures.into_values().collect();
    figures.sort_by(|a, b| (a.change.kind, &a.change.id).cmp(&(b.change.kind, &b.change.id)));
    figures
}
