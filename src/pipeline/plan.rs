use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::maker::{Composed, Maker};
use super::{BuildError, BuildSettings, in_parallel};
use crate::model::{AreaIndex, EditionId, Submission};
use crate::publish::{Cause, Fingerprint, GroupMoved, Moved, Previous, ReportEntry, causes};

/// What a run will do, report by report, before it does anything.
#[derive(Debug, Default)]
pub struct Plan {
    /// The reports, in the order of the manifest.
    pub reports: Vec<Planned>,
    /// The figures that are printed in another form than in the last run, region by region, the nation last.
    pub moved: Vec<GroupMoved>,
}

/// What becomes of one report.
#[derive(Debug)]
pub struct Planned {
    /// Which report it is, in which form.
    pub id: EditionId,
    /// The area whose submission it is made from.
    pub area: AreaIndex,
    /// What is to be done.
    pub step: Step,
}

/// Reusing or making again.
#[derive(Debug)]
pub enum Step {
    /// Everything that reaches it is the same: it is reused.
    Reuse {
        /// The folder of the run that has it.
        folder: PathBuf,
        /// Its entry there.
        entry: Box<ReportEntry>,
    },
    /// It is made, and why.
    Make(Vec<Cause>),
}

/// Composes every report, and compares what reaches it with what reached it in the run before.
pub(super) fn plan(
    maker: &Maker<'_>,
    submissions: &[&Submission],
    previous: &Previous,
    settings: &BuildSettings,
) -> Result<Plan, BuildError> {
    let planned = in_parallel(settings.jobs, submissions, |submission| {
        Ok(of_submission(maker, submission, previous, settings.force))
    })?;
    let mut groups: BTreeMap<String, (BTreeSet<EditionId>, BTreeSet<Moved>)> = BTreeMap::new();
    let mut reports = Vec::new();
    for (planned, moved) in planned.into_iter().flatten() {
        for moved in moved.into_iter().filter(|moved| !moved.measure.is_empty()) {
            let (reports, figures) = groups.entry(moved.group.clone()).or_default();
            reports.insert(planned.id.clone());
            figures.insert(moved);
        }
        reports.push(planned);
    }
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    let nation = groups.remove_entry(&maker.evaluation.settings.nation);
    let moved = groups.into_iter().chain(nation).map(|(group, (reports, figures))| {
        GroupMoved::new(group, reports.len(), figures.into_iter().collect())
    });
    Ok(Plan { reports, moved: moved.collect() })
}

/// What becomes of each edition that is made of a submission, and the figures of others that moved in it.
fn of_submission(
    maker: &Maker<'_>,
    submission: &Submission,
    previous: &Previous,
    force: bool,
) -> Vec<(Planned, Vec<Moved>)> {
    let area = submission.area;
    let editions = maker.evaluation.settings.editions(&maker.evaluation.register[area]);
    let of_report = editions.chunk_by(|one, other| one.report == other.report).flat_map(|editions| {
        let composed = maker.compose(editions[0].report.kind, submission);
        editions.iter().map(move |id| {
            let known = composed.as_ref().ok().and_then(|composed| {
                Some((composed, maker.fingerprint(composed, id.format, submission).ok()?))
            });
            let (step, moved) = match known {
                Some((composed, fingerprint)) => step(id, composed, &fingerprint, previous, force),
                // Why it cannot even be composed is reported when it is made.
                None => (Step::Make(vec![Cause::Failed]), Vec::new()),
            };
            (Planned { id: id.clone(), area, step }, moved)
        })
    });
    of_report.collect()
}

fn step(
    id: &EditionId,
    composed: &Composed,
    fingerprint: &Fingerprint,
    previous: &Previous,
    force: bool,
) -> (Step, Vec<Moved>) {
    // What a killed run had finished was made for this one.
    if let Some((folder, entry)) = previous.same(id, fingerprint, force) {
        return (Step::Reuse { folder: folder.to_owned(), entry: Box::new(entry.clone()) }, Vec::new());
    }
    let Some(last) = previous.entry(id) else {
        return (Step::Make(vec![Cause::New]), Vec::new());
    };
    let (causes, moved) = causes(last, fingerprint, &previous.facts(last), &composed.model.facts);
    (Step::Make(if force { vec![Cause::Forced] } else { causes }), moved)
}
