use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::edition::{Composed, EditionBuilder};
use super::error::BuildError;
use super::protect::{protect, seal};
use super::settings::BuildSettings;
use super::workers::in_parallel;
use crate::aggregate::Aggregates;
use crate::check::CheckedEvaluation;
use crate::model::{EditionId, Kind, ReportId, Subject};
use crate::prove::Names;
use crate::publish::{Cause, Fingerprint, MovedFigure, MovedGroup, Previous, ReportEntry, causes};

/// What a run will do, report by report, decided before it does anything.
#[derive(Debug, Default)]
pub struct Plan {
    /// The reports, in the order of the manifest.
    pub reports: Vec<Planned>,
    /// The figures that are printed differently from in the last run, region by region, with the nation last.
    pub moved: Vec<MovedGroup>,
}

/// What a run will do about one report.
#[derive(Debug)]
pub struct Planned {
    /// Which report it is, in which format.
    pub id: EditionId,
    /// What it is about.
    pub subject: Subject,
    /// What to do about it.
    pub step: Step,
}

/// What to do about a report.
#[derive(Debug)]
pub enum Step {
    /// It is reused, because everything that affects it is the same.
    Reuse {
        /// The folder of the run that has it.
        folder: PathBuf,
        /// Its entry there.
        entry: Box<ReportEntry>,
    },
    /// It is made, for these reasons.
    Make(Vec<Cause>),
}

/// Works out what [`build`](super::build) would do now.
///
/// # Errors
/// Those of [`build`](super::build), except for errors of the disk.
pub fn plan(
    evaluation: &CheckedEvaluation,
    aggregates: Aggregates,
    settings: &BuildSettings,
) -> Result<Plan, BuildError> {
    let previous = Previous::latest(&settings.output, settings.resume, settings.vault.key());
    let engine = settings.engine();
    if let Some((folder, last)) = settings.unchanged(evaluation, &previous, &engine) {
        let editions = settings.only.reports(evaluation).into_iter().flat_map(|(kind, subject)| {
            settings.only.editions(evaluation, kind, subject).into_iter().map(move |id| (subject, id))
        });
        let entries = editions.filter_map(|(subject, id)| {
            let entry = Box::new(last.entry(&id)?.clone());
            Some(Planned { id, subject, step: Step::Reuse { folder: folder.to_owned(), entry } })
        });
        let mut reports: Vec<Planned> = entries.collect();
        reports.sort_by(|a, b| a.id.cmp(&b.id));
        return Ok(Plan { reports, moved: Vec::new() });
    }
    let (aggregates, _) = seal(evaluation, protect(evaluation, aggregates, settings.jobs, &|_, _| ())?)?;
    let names = Names::of(&evaluation.register).map_err(|error| BuildError::Defect(error.into()))?;
    let builder = settings.builder(evaluation, &aggregates, &names, &engine);
    planned(&builder, &settings.only.reports(evaluation), &previous, settings)
}

/// Composes every report, and compares what affects it with what did in the run before.
pub(super) fn planned(
    builder: &EditionBuilder<'_>,
    wanted: &[(Kind, Subject)],
    previous: &Previous,
    settings: &BuildSettings,
) -> Result<Plan, BuildError> {
    let of_reports = in_parallel(settings.jobs, wanted, |(kind, subject)| {
        Ok(of_report(builder, (*kind, *subject), previous, settings))
    })?;
    let mut groups: BTreeMap<String, (BTreeSet<EditionId>, BTreeSet<MovedFigure>)> = BTreeMap::new();
    let mut reports = Vec::new();
    for (planned, moved) in of_reports.into_iter().flatten() {
        for moved in moved.into_iter().filter(|moved| !moved.measure.is_empty()) {
            let (reports, figures) = groups.entry(moved.group.clone()).or_default();
            reports.insert(planned.id.clone());
            figures.insert(moved);
        }
        reports.push(planned);
    }
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    let nation = groups.remove_entry(&builder.evaluation.settings.nation);
    let moved = groups.into_iter().chain(nation).map(|(group, (reports, figures))| {
        MovedGroup::new(group, reports.len(), figures.into_iter().collect())
    });
    Ok(Plan { reports, moved: moved.collect() })
}

/// What to do about each edition of a report, and which figures about others changed in it.
fn of_report(
    builder: &EditionBuilder<'_>,
    (kind, subject): (Kind, Subject),
    previous: &Previous,
    settings: &BuildSettings,
) -> Vec<(Planned, Vec<MovedFigure>)> {
    let mut composed: BTreeMap<ReportId, Option<Composed>> = BTreeMap::new();
    let editions = settings.only.editions(builder.evaluation, kind, subject).into_iter().map(|id| {
        // Once for all formats.
        let compose = || builder.compose(&id.report, subject).ok();
        let composed = composed.entry(id.report.clone()).or_insert_with(compose);
        let known = composed
            .as_ref()
            .and_then(|composed| Some((composed, builder.fingerprint(composed, id.format, subject).ok()?)));
        let (step, moved) = match known {
            Some((composed, fingerprint)) => step(&id, composed, &fingerprint, previous, settings.force),
            // Making it will report why it cannot be composed.
            None => (Step::Make(vec![Cause::Failed]), Vec::new()),
        };
        (Planned { id, subject, step }, moved)
    });
    editions.collect()
}

fn step(
    id: &EditionId,
    composed: &Composed,
    fingerprint: &Fingerprint,
    previous: &Previous,
    force: bool,
) -> (Step, Vec<MovedFigure>) {
    // Reports that a killed run had finished count as made for this run.
    if let Some((folder, entry)) = previous.same(id, fingerprint, force) {
        return (Step::Reuse { folder: folder.to_owned(), entry: Box::new(entry.clone()) }, Vec::new());
    }
    let Some(last) = previous.entry(id) else {
        return (Step::Make(vec![Cause::New]), Vec::new());
    };
    let (causes, moved) = causes(last, fingerprint, &previous.facts(last), &composed.model);
    (Step::Make(if force { vec![Cause::Forced] } else { causes }), moved)
}
