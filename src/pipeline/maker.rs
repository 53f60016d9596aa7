use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;

use super::BuildError;
use crate::aggregate::SealedAggregates;
use crate::check::CheckedEvaluation;
use crate::model::{AreaIndex, EditionId, Format, ReportId, ReportModel, Submission};
use crate::prove::{Claim, Names};
use crate::publish::{self, Engine, Fingerprint, Outcome, Previous, PublishError, ReportEntry, Staging};
use crate::render::{Document, RenderError, Typesetter};
use crate::{chart, compose, prove};

/// The edition that a run makes of the report of an area: the only kind and format so far.
pub(super) fn edition(evaluation: &CheckedEvaluation, area: AreaIndex) -> EditionId {
    EditionId {
        report: ReportId::local(&evaluation.register[area], &evaluation.settings.language),
        format: Format::Standard,
    }
}

/// What every report of a run is made with.
pub(super) struct Maker<'a> {
    pub(super) evaluation: &'a CheckedEvaluation,
    pub(super) aggregates: &'a SealedAggregates,
    pub(super) names: &'a Names,
    pub(super) typesetter: &'a Typesetter,
    pub(super) engine: &'a Engine,
    pub(super) clock: fn() -> Timestamp,
}

/// A report that is composed and not yet set: everything that reaches it is known.
pub(super) struct Composed {
    pub(super) id: EditionId,
    pub(super) model: ReportModel,
    pub(super) facts: Vec<u8>,
    pub(super) fingerprint: Fingerprint,
}

/// A report as it leaves the last stage before publishing.
pub(super) struct Made {
    pub(super) document: Document,
    /// How long the proof took, in milliseconds.
    pub(super) proof: i64,
}

impl Composed {
    /// The same report of an earlier run, or with `killed_only` of a run that was killed, with the folder that has it.
    pub(super) fn same<'a>(
        &self,
        previous: &'a Previous,
        killed_only: bool,
    ) -> Option<(&'a std::path::Path, &'a ReportEntry)> {
        previous.same(&self.id, &self.fingerprint, killed_only)
    }
}

impl Maker<'_> {
    /// Composes a report.
    pub(super) fn compose(&self, submission: &Submission) -> Result<Composed, Outcome> {
        let id = edition(self.evaluation, submission.area);
        let model = compose::local(self.evaluation, self.aggregates, submission, self.typesetter.words());
        let facts = publish::facts_file(&model).map_err(|error| defect(&error))?;
        let fingerprint = publish::fingerprint(&model, id.format, &facts, submission.received(), self.engine)
            .map_err(|error| defect(&error))?;
        Ok(Composed { id, model, facts, fingerprint })
    }

    /// Draws, sets and proves a report.
    pub(super) fn make(&self, composed: &Composed, submission: &Submission) -> Result<Made, Outcome> {
        let Composed { model, facts, .. } = composed;
        let dress = self.typesetter.dress();
        let mut files = Vec::new();
        for chart in chart::charts(model) {
            files.extend(chart.files(dress).map_err(|error| defect(&error))?);
        }
        files.push(("facts.json".to_owned(), facts.clone()));
        files.push(("submission.csv".to_owned(), submission.received().as_bytes().to_vec()));
        let document = self.typesetter.typeset(model, files).map_err(|error| match error {
            RenderError::Template(fault) => Outcome::Template { problem: fault.to_string() },
            error @ (RenderError::Palette(_) | RenderError::Lexicon(_) | RenderError::Defect(_)) => {
                defect(&error)
            }
        })?;
        let claim = Claim {
            evaluation: self.evaluation,
            names: self.names,
            submission,
            model,
            facts,
            fixed_text: self.typesetter.fixed_text(model.id.kind),
            words: self.typesetter.words(),
        };
        let begun = (self.clock)();
        prove::prove(composed.id.format, &document.bytes, claim).map_err(|doubts| Outcome::Unproven {
            doubts: doubts.iter().map(ToString::to_string).collect(),
        })?;
        let proof = (self.clock)().duration_since(begun).as_millis() as i64;
        Ok(Made { document, proof })
    }
}

/// Hands a report's files to the run folder at once, so that no report stays in memory.
pub(super) fn stage(
    evaluation: &CheckedEvaluation,
    area: AreaIndex,
    composed: Composed,
    made: &Made,
    staging: &Staging,
) -> Result<ReportEntry, BuildError> {
    let stem = &composed.model.stem;
    let Document { bytes, pages } = &made.document;
    let report = staging.add(composed.id.path(stem), bytes, *pages).map_err(PublishError::from)?;
    let file = format!("{}.facts.json", composed.id.report.path(stem));
    let facts = staging.add(file, &composed.facts, None).map_err(PublishError::from)?;
    Ok(ReportEntry {
        report: Some(report),
        facts: Some(facts),
        fingerprint: Some(composed.fingerprint),
        ..unmade(evaluation, area, Outcome::Built)
    })
}

/// The entry of a report that could not be made.
pub(super) fn unmade(evaluation: &CheckedEvaluation, area: AreaIndex, outcome: Outcome) -> ReportEntry {
    let recipients = evaluation.recipients_hash(area);
    let id = edition(evaluation, area);
    let area = &evaluation.register[area];
    ReportEntry {
        id,
        name: area.name.clone(),
        region: evaluation.register[area.region].name.clone(),
        recipients,
        report: None,
        facts: None,
        fingerprint: None,
        outcome,
    }
}

/// Runs the work of one report and turns a panic into a defect of that report.
pub(super) fn guard<T>(work: impl FnOnce() -> Result<T, Outcome>) -> Result<T, Outcome> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Outcome::Defect { problem: text.unwrap_or_else(|| "a panic without a message".to_owned()) })
    })
}

fn defect(error: &dyn std::error::Error) -> Outcome {
    Outcome::Defect { problem: error.to_string() }
}
