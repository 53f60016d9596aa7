use std::fmt;

use serde::Serialize;

use super::{Fact, PlacesFigure, ReportId, SectionView, SubmissionView};

/// Everything that one report says: the values that its templates print and its charts show, and its facts.
///
/// Values are ready for print; a template chooses and arranges them and writes the sentences round them. What reports of
/// every kind have stands here; what those of its own kind say is its content.
#[derive(Clone, Debug, Serialize)]
pub struct ReportModel<C: ?Sized = dyn Content> {
    /// Which report it is.
    pub id: ReportId,
    /// Id of its evaluation.
    pub evaluation_id: String,
    /// Names its subject in the names of its files, for example `301-barking-and-dagenham`.
    pub stem: String,
    /// Hash of what the report prints of the aggregates which all reports of a run share.
    pub seal: String,
    /// The evaluation.
    pub evaluation: EvaluationView,
    /// The area that it is about.
    pub area: AreaView,
    /// The facts, sorted by id.
    #[serde(skip)]
    pub facts: Vec<Fact>,
    /// What reports of its kind say. Templates see its values beside those above.
    #[serde(flatten)]
    pub content: C,
}

/// What the reports of one kind say beside what all reports have.
///
/// Templates print whatever it serialises to. Charts and proofs take the parts that several kinds may have; a kind that has
/// none of a part leaves its method out.
pub trait Content: erased_serde::Serialize + fmt::Debug + Send + Sync {
    /// The themes, with their charts.
    fn sections(&self) -> &[SectionView] {
        &[]
    }

    /// The charts that place the area among all areas.
    fn places(&self) -> &[PlacesFigure] {
        &[]
    }

    /// The answers of the area, if the report prints them all: then they are proved to be there, each as it was sent.
    fn submission(&self) -> Option<&SubmissionView> {
        None
    }
}

erased_serde::serialize_trait_object!(Content);

impl<C: ?Sized> ReportModel<C> {
    /// Names the report for ever, for example `integrated-working-2008/local/301`.
    pub fn reference(&self) -> String {
        self.id.reference(&self.evaluation_id)
    }
}

/// The evaluation in a report.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationView {
    /// Title.
    pub title: String,
    /// When the answers were collected.
    pub period: String,
    /// Date of publication in words, for example "3 November 2008".
    pub published: String,
    /// Year, month and day of publication.
    pub date: [i16; 3],
    /// What all areas together are called.
    pub nation: String,
    /// Who publishes.
    pub organisation: String,
    /// Address for questions.
    pub contact: String,
    /// True when the answers are made up.
    pub synthetic: bool,
    /// True when the wording of any question is illustrative.
    pub illustrative: bool,
    /// When statistics are withheld.
    pub disclosure: DisclosureView,
}

/// The policy by which statistics are withheld.
#[derive(Clone, Debug, Serialize)]
pub struct DisclosureView {
    /// How many areas must be behind a statistic besides those of the reader.
    pub minimum_others: u32,
    /// How many areas may pool their answers with the reader's own.
    pub colluding_areas: u32,
    /// The reader's own area and those.
    pub coalition: u32,
    /// True when a statistic is withheld that tells how all others answered.
    pub withholds_unanimity: bool,
    /// True when there are no statistics of one sector in one region.
    pub withholds_crossed: bool,
    /// True when so few areas answered that every statistic is withheld.
    pub withholds_everything: bool,
}

/// The area of a report.
#[derive(Clone, Debug, Serialize)]
pub struct AreaView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name of its region.
    pub region: String,
}
