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
    /// Names, titles, settings or questions that it prints are others.
    Words,
    /// The templates of its kind or the wording of the evaluation are others.
    Templates,
    /// The theme is another.
    Style,
    /// The fonts are others.
    Fonts,
    /// The program is another.
    Engine,
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
    if causes.is_empty() && (old.model != fingerprint.model || old.charts != fingerprint.charts) {
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
