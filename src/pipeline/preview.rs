use jiff::Timestamp;

use super::maker::{Maker, guard};
use super::{BuildError, protect, seal};
use crate::aggregate::{SealedAggregates, aggregate};
use crate::check::CheckedEvaluation;
use crate::model::{AreaIndex, EditionId, Format, Kind};
use crate::prove::Names;
use crate::publish::{Engine, Outcome};
use crate::render::{Document, Renderer};

/// Makes one report again and again while its templates are written, from aggregates that are decided once.
pub struct Preview {
    evaluation: CheckedEvaluation,
    aggregates: SealedAggregates,
    names: Names,
}

/// A report that is looked at and not published.
pub struct Previewed {
    /// Name of its file, without a folder.
    pub file: String,
    /// The file and its pages.
    pub document: Document,
}

impl Preview {
    /// Counts the answers of an evaluation and decides what may be published of them.
    ///
    /// # Errors
    /// When a figure that must be withheld could be worked out, or for a defect of the program.
    pub fn new(evaluation: CheckedEvaluation) -> Result<Self, BuildError> {
        let protected = protect(&evaluation, aggregate(&evaluation), None, &|_, _| ())?;
        let (aggregates, _) = seal(&evaluation, protected)?;
        let names = Names::of(&evaluation.register).map_err(BuildError::Defect)?;
        Ok(Self { evaluation, aggregates, names })
    }

    /// The evaluation.
    pub fn evaluation(&self) -> &CheckedEvaluation {
        &self.evaluation
    }

    /// Makes and proves the report of an area.
    ///
    /// # Errors
    /// Why it could not be made or proved.
    pub fn report(
        &self,
        renderer: &Renderer,
        clock: fn() -> Timestamp,
        area: AreaIndex,
    ) -> Result<Previewed, Outcome> {
        let engine = Engine::default();
        let Self { evaluation, aggregates, names } = self;
        let maker = Maker { evaluation, aggregates, names, renderer, engine: &engine, clock };
        let submission = evaluation.submission(area).ok_or(Outcome::NoSubmission)?;
        guard(|| {
            let composed = maker.compose(Kind::Local, submission)?;
            let document = maker.make(&composed, Format::Standard, submission)?.document;
            let edition = EditionId { report: composed.model.id.clone(), format: Format::Standard };
            let path = edition.path(&composed.model.stem);
            let file = path.rsplit('/').next().unwrap_or(&path).to_owned();
            Ok(Previewed { file, document })
        })
    }
}
