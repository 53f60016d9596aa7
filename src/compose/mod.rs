//! Composes the content of reports: evaluation and aggregates in, a [`ReportModel`] out. No sentences are written here;
//! those are in the templates. Each kind of report has its own file.

mod bars;
mod composer;
mod entry;
mod fact;
mod gaps;
mod group;
mod key_figure;
mod local;
mod measure;
mod origin;
mod place;
mod point;
mod processes;
mod profile;
mod received;
mod response;
mod section;
mod sides;
mod submission;
mod verdict;

use crate::aggregate::{SealedAggregates, seal_of_facts};
use crate::check::CheckedEvaluation;
use crate::model::{
    AreaView, DisclosureView, EvaluationView, Fact, Kind, Provenance, Question, ReportId, ReportModel,
    Submission, Unanimity,
};
use crate::words::Lexicon;

pub use fact::ClashingFacts;
pub use local::local;

/// What an area's report is composed from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The evaluation.
    pub evaluation: &'a CheckedEvaluation,
    /// The statistics that may be published.
    pub aggregates: &'a SealedAggregates,
    /// The area's submission.
    pub submission: &'a Submission,
    /// The words of the report's language.
    pub words: &'a Lexicon,
}

/// Composes a report of the given kind.
///
/// # Errors
/// When two facts clash, which is a bug in the program.
pub fn compose(kind: Kind, sources: Sources<'_>) -> Result<Box<ReportModel>, ClashingFacts> {
    Ok(match kind {
        Kind::Local => Box::new(local::local(sources)?),
        Kind::Submission => Box::new(submission::submission(sources)?),
    })
}

impl Sources<'_> {
    /// Makes a report from its facts and the content of its kind.
    fn report<C>(&self, kind: Kind, facts: Vec<Fact>, content: C) -> ReportModel<C> {
        let register = &self.evaluation.register;
        let area = &register[self.submission.area];
        ReportModel {
            id: ReportId::of_area(kind, area, &self.evaluation.settings.language),
            evaluation_id: self.evaluation.settings.id.clone(),
            stem: area.file_stem(),
            seal: seal_of_facts(&facts),
            evaluation: evaluation_view(self.evaluation, self.words),
            area: AreaView {
                code: area.code.to_string(),
                name: area.name.clone(),
                region: register[area.region].name.clone(),
                in_region: self.evaluation.settings.in_sentence(&register[area.region].name).to_owned(),
            },
            facts,
            content,
        }
    }
}

fn evaluation_view(evaluation: &CheckedEvaluation, words: &Lexicon) -> EvaluationView {
    let CheckedEvaluation { settings, questionnaire, .. } = evaluation;
    let date = settings.published;
    EvaluationView {
        title: settings.title.clone(),
        period: settings.period.clone(),
        published: words.date(date),
        date: [date.year(), i16::from(date.month()), i16::from(date.day())],
        nation: settings.nation.clone(),
        organisation: settings.organisation.clone(),
        contact: settings.contact.clone(),
        synthetic: settings.synthetic,
        illustrative: questionnaire
            .questions
            .iter()
            .any(|q: &Question| q.provenance == Provenance::Illustrative),
        disclosure: DisclosureView {
            minimum_others: settings.disclosure.minimum_others,
            colluding_areas: settings.disclosure.colluding_areas,
            coalition: settings.disclosure.coalition(),
            withholds_unanimity: settings.disclosure.unanimity == Unanimity::Withheld,
            withholds_crossed: settings.disclosure.withholds_crossed,
            withholds_everything: evaluation.is_too_small(),
        },
    }
}
