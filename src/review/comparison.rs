use std::collections::BTreeSet;

use super::change::ReportChange;
use super::group::ChangeGroup;
use super::grouping::groups;
use super::inputs::Inputs;
use super::report::{self, Depth};
use super::side::{Key, Side};
use crate::hash::sha256;
use crate::parallel;

/// What differs between two sides.
#[derive(Debug)]
pub struct Review {
    /// How many reports have the same bytes on both sides.
    pub unchanged: usize,
    /// The reports that differ, by kind, subject and format.
    pub changes: Vec<ReportChange>,
    /// The changes grouped by what they mean, the most important first.
    pub groups: Vec<ChangeGroup>,
}

/// Compares two sides. `wanted` selects the reports. `done` is called for each report compared, from several threads,
/// with the total number of reports.
pub fn review(
    old: &Side,
    new: &Side,
    wanted: impl Fn(&Key, &str) -> bool,
    done: impl Fn(usize) + Sync,
) -> Review {
    compared(old, new, Depth::Looks, wanted, done)
}

/// Compares what two sides say but not how they look, which takes a tenth of the time.
pub fn sayings(old: &Side, new: &Side, wanted: impl Fn(&Key, &str) -> bool) -> Review {
    compared(old, new, Depth::Text, wanted, |_| {})
}

fn compared(
    old: &Side,
    new: &Side,
    depth: Depth,
    wanted: impl Fn(&Key, &str) -> bool,
    done: impl Fn(usize) + Sync,
) -> Review {
    let keys: BTreeSet<&Key> = old.reports.keys().chain(new.reports.keys()).collect();
    let keys: Vec<&Key> = keys.into_iter().filter(|key| wanted(key, region(old, new, key))).collect();
    let compared: Vec<(&Key, Option<ReportChange>)> = parallel::map(&keys, |key| {
        let change = report::change(key, old, new, depth);
        done(keys.len());
        (*key, change)
    });
    let made = |key: &Key| new.reports.get(key).is_some_and(|report| report.file.is_some());
    let unchanged = compared.iter().filter(|(key, change)| change.is_none() && made(key)).count();
    let changes: Vec<ReportChange> = compared.into_iter().filter_map(|(_, change)| change).collect();
    let mut groups = groups(&changes, &Inputs::of(old, new, &changes));
    // A decision on a group must not pass for one on what has the same meaning in different runs.
    for group in &mut groups {
        group.id = sha256(format!("{} {} {}", old.name, new.name, group.id).as_bytes())[..8].to_owned();
    }
    Review { unchanged, changes, groups }
}

/// The region of a report's subject; empty if it has none.
fn region<'s>(old: &'s Side, new: &'s Side, key: &Key) -> &'s str {
    let report = new.reports.get(key).or_else(|| old.reports.get(key));
    report.map(|report| report.region.as_str()).unwrap_or_default()
}
