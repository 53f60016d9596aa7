use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::edition::{EditionBuilder, Finished, Tongue, guard};
use super::error::BuildError;
use super::protect::{protect, seal};
use crate::aggregate::{SealedAggregates, aggregate};
use crate::check::CheckedEvaluation;
use crate::model::{EditionId, Format, Kind, Language, ReportId, Subject};
use crate::prove::Names;
use crate::publish::{Engine, Outcome};
use crate::render::{Document, Renderer};

/// Remakes one report while its templates are being written, from aggregates that are decided once.
pub struct Preview {
    evaluation: CheckedEvaluation,
    aggregates: SealedAggregates,
    names: Names,
}

/// A report to look at, which is not published.
pub struct Previewed {
    /// Name of its file, without a folder.
    pub file: String,
    /// The file and its pages.
    pub document: Document,
}

impl Preview {
    /// Counts the answers of an evaluation and decides which results may be published.
    ///
    /// # Errors
    /// If a figure that must be withheld could be worked out, or the program has a defect.
    pub fn new(evaluation: CheckedEvaluation) -> Result<Self, BuildError> {
        let protected = protect(&evaluation, aggregate(&evaluation), None, &|_, _| ())?;
        let (aggregates, _) = seal(&evaluation, protected)?;
        let names = Names::of(&evaluation.register).map_err(|error| BuildError::Defect(error.into()))?;
        Ok(Self { evaluation, aggregates, names })
    }

    /// The evaluation.
    pub fn evaluation(&self) -> &CheckedEvaluation {
        &self.evaluation
    }

    /// Makes and proves a report of a kind in a language and a format.
    ///
    /// # Errors
    /// If it could not be made or proved, with the reason.
    pub fn report(
        &self,
        renderer: &Renderer,
        clock: fn() -> Timestamp,
        (kind, subject): (Kind, Subject),
        (language, format): (&Language, Format),
    ) -> Result<Previewed, Outcome> {
        let engine = Engine::default();
        let Self { evaluation, aggregates, names } = self;
        let translated = evaluation.in_language(language).unwrap_or(Cow::Borrowed(evaluation));
        let tongues = BTreeMap::from([(language.clone(), Tongue { evaluation: translated, renderer })]);
        let builder = EditionBuilder { evaluation, aggregates, names, tongues, engine: &engine, clock };
        let report = ReportId { language: language.clone(), ..evaluation.report_id(kind, subject) };
        let edition = EditionId { report, format };
        guard(|| {
            let Finished { composed, document, .. } = builder.build(&edition, subject)?;
            let path = edition.path(&composed.model.stem);
            let file = path.rsplit('/').next().unwrap_or(&path).to_owned();
            Ok(Previewed { file, document })
        })
    }
}
