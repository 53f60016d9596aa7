use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;

use super::error::BuildError;
use crate::aggregate::SealedAggregates;
use crate::check::CheckedEvaluation;
use crate::compose::{self, ComposeError, Sources};
use crate::explain::explain;
use crate::model::{EditionId, Format, Language, ReportId, ReportModel, Subject, Submission};
use crate::prove;
use crate::prove::{Claim, Doubt, Names};
use crate::publish::{self, Engine, FactsFile, Fingerprint, Outcome, ReportEntry, Staging};
use crate::render::{CSV, DataFile, Document, RenderError, Renderer};

/// Makes editions: from composing to proof.
pub(super) struct EditionBuilder<'a> {
    pub(super) evaluation: &'a CheckedEvaluation,
    pub(super) aggregates: &'a SealedAggregates,
    pub(super) names: &'a Names,
    /// The languages that reports are made in.
    pub(super) tongues: BTreeMap<Language, Tongue<'a>>,
    pub(super) engine: &'a Engine,
    pub(super) clock: fn() -> Timestamp,
}

/// What reports in a language are made from.
pub(super) struct Tongue<'a> {
    pub(super) evaluation: Cow<'a, CheckedEvaluation>,
    pub(super) renderer: &'a Renderer,
}

/// A report that has been composed but is not yet in any format: everything that affects it is known.
pub(super) struct Composed {
    pub(super) model: Box<ReportModel>,
    pub(super) facts: Vec<u8>,
}

/// An edition that has been proved and is ready to be published.
pub(super) struct Finished {
    pub(super) composed: Composed,
    pub(super) fingerprint: Fingerprint,
    pub(super) document: Document,
    /// What it says as data files, by their extensions.
    pub(super) data: Vec<DataFile>,
    /// How long the proof took, in milliseconds.
    pub(super) proof: i64,
}

impl EditionBuilder<'_> {
    /// Composes a report, for all its formats.
    pub(super) fn compose(&self, report: &ReportId, subject: Subject) -> Result<Composed, Outcome> {
        let Tongue { evaluation, renderer } = self.tongue(report)?;
        let sources = Sources { evaluation, aggregates: self.aggregates, words: renderer.words() };
        let model = compose::compose(report.kind, subject, sources).map_err(|error| match error {
            ComposeError::NoSubmission => Outcome::NoSubmission,
            ComposeError::Subject | ComposeError::Facts(_) => defect(&error),
        })?;
        let facts = FactsFile::of(&model).to_bytes().map_err(|error| defect(&error))?;
        Ok(Composed { model, facts })
    }

    /// What a report is made from in its language.
    fn tongue(&self, report: &ReportId) -> Result<&Tongue<'_>, Outcome> {
        let unknown =
            || Outcome::Defect { problem: format!("nothing is prepared for the language of {report}") };
        self.tongues.get(&report.language).ok_or_else(unknown)
    }

    /// The fingerprint of what an edition is made from.
    pub(super) fn fingerprint(
        &self,
        composed: &Composed,
        format: Format,
        subject: Subject,
    ) -> Result<Fingerprint, Outcome> {
        let Composed { model, facts } = composed;
        let received = self.submission(subject).map(Submission::received).unwrap_or_default();
        publish::fingerprint(model, format, facts, received, self.engine).map_err(|error| defect(&error))
    }

    /// The submission of the area that a report is about; `None` if it is about more than one area.
    fn submission(&self, subject: Subject) -> Option<&Submission> {
        self.evaluation.submission(subject.area()?)
    }

    /// Composes, draws, renders and proves an edition.
    pub(super) fn build(&self, id: &EditionId, subject: Subject) -> Result<Finished, Outcome> {
        let EditionId { report, format } = id;
        let composed = self.compose(report, subject)?;
        let Tongue { evaluation, renderer } = self.tongue(report)?;
        let fingerprint = self.fingerprint(&composed, *format, subject)?;
        let submission = self.submission(subject);
        let Composed { model, facts } = &composed;
        let mut files = renderer.drawings(*format, model).map_err(|error| failed(&error))?;
        files.push(("facts.json".to_owned(), facts.clone()));
        files.extend(
            submission.map(|sent| ("submission.csv".to_owned(), sent.received().as_bytes().to_vec())),
        );
        let document = renderer.render(*format, model, files).map_err(|error| failed(&error))?;
        let claim = Claim {
            evaluation,
            names: self.names,
            subject,
            submission,
            model,
            facts,
            fixed_text: renderer.fixed_text(model.id.kind),
            words: renderer.words(),
        };
        let data = renderer.data_files(model).map_err(|error| failed(&error))?;
        let begun = (self.clock)();
        let unproven = |doubts: Vec<Doubt>| Outcome::Unproven {
            doubts: doubts.iter().map(ToString::to_string).collect(),
        };
        prove::prove(*format, &document.bytes, claim).map_err(unproven)?;
        for file in data.iter().filter(|file| file.name == CSV) {
            prove::prove_csv(&file.bytes, claim).map_err(unproven)?;
        }
        let proof = (self.clock)().duration_since(begun).as_millis() as i64;
        Ok(Finished { composed, fingerprint, document, data, proof })
    }

    /// Writes the files of an edition to the run folder at once, so that no report stays in memory.
    pub(super) fn stage(
        &self,
        id: &EditionId,
        subject: Subject,
        finished: &Finished,
        staging: &Staging,
    ) -> Result<ReportEntry, BuildError> {
        let Finished { composed, fingerprint, document, data, .. } = finished;
        let stem = &composed.model.stem;
        let report = staging.add(id.path(stem), &document.bytes, document.pages)?;
        let path = id.report.path(stem);
        let facts = staging.add(format!("{path}.facts.json"), &composed.facts, None)?;
        let data = data.iter().map(|file| staging.add(format!("{path}.{}", file.name), &file.bytes, None));
        Ok(ReportEntry {
            report: Some(report),
            facts: Some(facts),
            data: data.into_iter().collect::<Result<_, _>>()?,
            fingerprint: Some(fingerprint.clone()),
            ..unmade(self.evaluation, subject, id, Outcome::Built)
        })
    }
}

/// The entry of an edition that could not be made.
pub(super) fn unmade(
    evaluation: &CheckedEvaluation,
    subject: Subject,
    id: &EditionId,
    outcome: Outcome,
) -> ReportEntry {
    ReportEntry {
        id: id.clone(),
        name: evaluation.subject_name(subject),
        region: evaluation.subject_region(subject).to_owned(),
        recipients: evaluation.recipients_hash(id.report.kind, subject),
        report: None,
        facts: None,
        data: Vec::new(),
        fingerprint: None,
        outcome,
    }
}

/// Runs the work on one report, turning a panic into a defect of that report alone.
pub(super) fn guard<T>(work: impl FnOnce() -> Result<T, Outcome>) -> Result<T, Outcome> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Outcome::Defect { problem: text.unwrap_or_else(|| "a panic without a message".to_owned()) })
    })
}

fn defect(error: &dyn std::error::Error) -> Outcome {
    Outcome::Defect { problem: explain(error) }
}

/// The outcome for a report that could not be rendered.
fn failed(error: &RenderError) -> Outcome {
    match error {
        RenderError::Template(fault) => Outcome::Template { problem: fault.to_string() },
        RenderError::Palette(_) | RenderError::Lexicon(_) | RenderError::Defect(_) => defect(error),
    }
}
