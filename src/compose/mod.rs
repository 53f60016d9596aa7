//! Composes the content of reports: evaluation and aggregates in, a [`ReportModel`] out. No sentences are written here;
//! those are in the templates. Each kind of report has its own file.

mod bars;
mod composer;
mod entry;
mod fact;
mod gaps;
mod group;
mod groups;
mod key_figure;
mod local;
mod measure;
mod origin;
mod peers;
mod place;
mod point;
mod processes;
mod profile;
mod published;
mod received;
mod response;
mod section;
mod shares;
mod sides;
mod strips;
mod submission;
mod themes;
mod turnout;
mod verdict;

use crate::aggregate::{SealedAggregates, seal_of_facts};
use crate::check::CheckedEvaluation;
use crate::model::{
    AreaIndex, AreaView, DisclosureView, EvaluationView, Fact, Kind, ReportModel, Subject, SubjectView,
    Unanimity,
};
use crate::words::Lexicon;

pub use fact::ClashingFacts;
pub use local::local;

/// What reports are composed from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The evaluation.
    pub evaluation: &'a CheckedEvaluation,
    /// The statistics that may be published.
    pub aggregates: &'a SealedAggregates,
    /// The words of the reports' language.
    pub words: &'a Lexicon,
}

/// Why a report could not be composed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Its area has no valid submission.
    #[error("the area has no valid submission")]
    NoSubmission,
    /// Reports of its kind are not about such a subject, which is a bug in the program.
    #[error("a report of this kind is not about such a subject")]
    Subject,
    /// Two facts clash, which is a bug in the program.
    #[error(transparent)]
    Facts(#[from] ClashingFacts),
}

/// Composes a report of the given kind.
///
/// # Errors
/// When the area has no valid submission, or when there is a bug in the program.
pub fn compose(kind: Kind, subject: Subject, sources: Sources<'_>) -> Result<Box<ReportModel>, ComposeError> {
    let submission = |area| sources.evaluation.submission(area).ok_or(ComposeError::NoSubmission);
    Ok(match (kind, subject) {
        (Kind::Local, Subject::Area(area)) => Box::new(local::local(sources, submission(area)?)?),
        (Kind::Submission, Subject::Area(area)) => {
            Box::new(submission::submission(sources, submission(area)?)?)
        }
        (Kind::Regional, Subject::Region(region)) => Box::new(groups::regional(sources, region)?),
        (Kind::Sector, Subject::Sector(sector)) => Box::new(groups::sector(sources, sector)?),
        (Kind::National, Subject::Nation) => Box::new(groups::national(sources)?),
        _ => return Err(ComposeError::Subject),
    })
}

impl Sources<'_> {
    /// Makes a report from its facts and the content of its kind.
    fn report<C>(&self, (kind, subject): (Kind, Subject), facts: Vec<Fact>, content: C) -> ReportModel<C> {
        let evaluation = self.evaluation;
        let code = evaluation.subject_code(subject);
        ReportModel {
            id: evaluation.report_id(kind, subject),
            evaluation_id: evaluation.settings.id.clone(),
            stem: evaluation.subject_stem(subject),
            seal: seal_of_facts(&facts),
            evaluation: evaluation_view(evaluation, self.words),
            subject: SubjectView {
                keyword: format!("{}:{code}", kind.subject_word()),
                name: evaluation.subject_name(subject),
                code,
            },
            facts,
            content,
        }
    }

    /// An area, as its reports name it.
    fn area(&self, area: AreaIndex) -> AreaView {
        let register = &self.evaluation.register;
        let region = &register[register[area].region].name;
        AreaView {
            code: register[area].code.to_string(),
            name: register[area].name.clone(),
            region: region.clone(),
            in_region: self.evaluation.settings.in_sentence(region).to_owned(),
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
        illustrative: questionnaire.is_illustrative(),
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
