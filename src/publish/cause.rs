use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::manifest::{Fingerprint, ReportEntry};
use crate::model::{Fact, FactSource};

/// Why a report is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The last run does not have it.
    New,
    /// Every report was asked for.
    Forced,
    /// The last run could not make it.
    Failed,
    /// What the last run made is not on the disk as it was.
    Lost,
    /// Its own area sent other answers.
    Submission,
    /// Figures that it prints of others moved.
    Figures,
    /// Names, titles, settings or questions that it prints changed.
    Words,
    /// The templates of its kind or the wording of the evaluation changed.
    Templates,
    /// The theme changed.
    Style,
    /// The fonts changed.
    Fonts,
    /// The program changed.
    Engine,
}

impl Cause {
    /// The cause in words that go with "reports".
    pub fn words(self) -> &'static str {
        match self {
            Self::New => "no run has them yet",
            Self::Forced => "all are to be made",
            Self::Failed => "the last run could not make them",
            Self::Lost => "the last run's file is not as it was",
            Self::Submission => "sent other answers",
            Self::Figures => "print figures of others that move",
            Self::Words => "print other words",
            Self::Templates => "their templates or wording changed",
            Self::Style => "the theme changed",
            Self::Fonts => "the fonts changed",
            Self::Engine => "the program changed",
        }
    }
}

/// The figures of one region or of the nation that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMoved {
    /// The region or nation.
    pub group: String,
    /// How many reports print one of them.
    pub reports: usize,
    /// The first of them: what reads differently comes before what only has another count or base.
    pub figures: Vec<Moved>,
    /// How many more there are.
    pub more: usize,
}

impl GroupMoved {
    /// Most figures that are told of a group.
    const MOST: usize = 20;

    /// The figures of a group, and how many reports print one of them.
    pub fn new(group: String, reports: usize, mut figures: Vec<Moved>) -> Self {
        figures.sort_by(|a, b| (!a.reads_differently(), a).cmp(&(!b.reads_differently(), b)));
        let more = figures.len().saturating_sub(Self::MOST);
        figures.truncate(Self::MOST);
        Self { group, reports, figures, more }
    }
}

/// A figure that is printed in another form than in the last run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moved {
    /// The region or nation, or whom else it is about.
    pub group: String,
    /// The id of the sector; empty for all.
    pub sector: String,
    /// The measure, with its cell where there are several; empty for a number of areas or people.
    pub measure: String,
    /// How it was printed, with count and base.
    pub was: String,
    /// How it is printed now.
    pub is: String,
}

impl Moved {
    /// True if more than its count or base changed.
    fn reads_differently(&self) -> bool {
        let form = |text: &str| text.split(" (").next().map(str::to_owned);
        form(&self.was) != form(&self.is)
    }
}

/// Why a report differs from the one of the last run, and the figures of others that moved in it.
pub fn causes(
    last: &ReportEntry,
    fingerprint: &Fingerprint,
    was: &BTreeMap<String, Fact>,
    facts: &[Fact],
) -> (Vec<Cause>, Vec<Moved>) {
    let Some(old) = &last.fingerprint else { return (vec![Cause::Failed], Vec::new()) };
    let mut causes = Vec::new();
    if old.submission != fingerprint.submission {
        causes.push(Cause::Submission);
    }
    let moved = if old.facts == fingerprint.facts { Vec::new() } else { moved(was, facts) };
    if !moved.is_empty() {
        causes.push(Cause::Figures);
    }
    // Other answers and figures make another model; without them, other words did.
    if causes.is_empty() && old.model != fingerprint.model {
        causes.push(Cause::Words);
    }
    let parts = [
        (&old.templates, &fingerprint.templates, Cause::Templates),
        (&old.style, &fingerprint.style, Cause::Style),
        (&old.fonts, &fingerprint.fonts, Cause::Fonts),
        (&old.engine, &fingerprint.engine, Cause::Engine),
    ];
    causes.extend(parts.into_iter().filter(|(old, new, _)| old != new).map(|(_, _, cause)| cause));
    // Made from the same, and yet not there.
    if causes.is_empty() {
        causes.push(if last.outcome.is_made() { Cause::Lost } else { Cause::Failed });
    }
    (causes, moved)
}

/// The facts of others that are printed in another form; those of the area itself follow from its submission.
fn moved(was: &BTreeMap<String, Fact>, facts: &[Fact]) -> Vec<Moved> {
    let others = facts.iter().filter(|fact| fact.source != FactSource::Submission);
    let moved = others.filter_map(|fact| {
        let old = was.get(&fact.id);
        let (was, is) = (old.map_or_else(|| "not printed".to_owned(), form), form(fact));
        let Fact { group, sector, measure, .. } = fact;
        (was != is).then(|| Moved {
            group: group.clone(),
            sector: sector.clone(),
            measure: measure.clone(),
            was,
            is,
        })
    });
    moved.collect()
}

/// A fact as it is printed, with count and base: "57% (77 of 135)".
fn form(fact: &Fact) -> String {
    match (fact.count, fact.base) {
        (Some(count), Some(base)) => format!("{} ({count} of {base})", fact.printed),
        _ => fact.printed.clone(),
    }
}
