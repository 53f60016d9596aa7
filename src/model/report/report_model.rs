use std::fmt;

use serde::Serialize;

use super::{EntryView, Fact, Figure, ReportId, SectionPart, SubmissionView};

/// Everything that one report says: the values that its templates print and its charts show, and its facts.
///
/// Values are ready to print; templates choose and arrange them and write the sentences around them. What all kinds of
/// report share is here; what is specific to one kind is in its content.
#[derive(Clone, Debug, Serialize)]
pub struct ReportModel<C: ?Sized = dyn Content> {
    /// The id of the report.
    pub id: ReportId,
    /// The id of its evaluation.
    pub evaluation_id: String,
    /// The name of its subject in its file names, for example `301-barking-and-dagenham`.
    pub stem: String,
    /// The hash of what the report prints from the aggregates shared by all reports of a run.
    pub seal: String,
    /// The evaluation.
    pub evaluation: EvaluationView,
    /// What it is about.
    pub subject: SubjectView,
    /// The facts, sorted by id.
    #[serde(skip)]
    pub facts: Vec<Fact>,
    /// The content specific to its kind. Templates see its values alongside those above.
    #[serde(flatten)]
    pub content: C,
}

/// The content of one kind of report, in addition to what all reports share.
///
/// Templates print whatever it serialises to. Charts and proofs use the parts that several kinds may share; a kind
/// without a part does not override its method.
pub trait Content: erased_serde::Serialize + fmt::Debug + Send + Sync {
    /// The themes.
    fn sections(&self) -> Vec<SectionPart<'_>> {
        Vec::new()
    }

    /// The figures, each of which has a chart, in the order of their numbers.
    fn figures(&self) -> Vec<Figure<'_>> {
        Vec::new()
    }

    /// Texts that the report quotes from elsewhere: numbers in them are no facts of its own.
    fn quoted(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The area's answers, if the report prints them all; each is then proved to be there as it was sent.
    fn submission(&self) -> Option<&SubmissionView> {
        None
    }

    /// What became of every question, if the report goes through them one by one.
    fn entries(&self) -> &[EntryView] {
        &[]
    }
}

erased_serde::serialize_trait_object!(Content);

impl<C: ?Sized> ReportModel<C> {
    /// The permanent name of the report, for example `integrated-working-2008/local/301`.
    pub fn reference(&self) -> String {
        self.id.reference(&self.evaluation_id)
    }
}

/// The details of the evaluation that a report prints.
#[derive(Clone, Debug, Serialize)]
pub struct EvaluationView {
    /// Its title.
    pub title: String,
    /// When the answers were collected.
    pub period: String,
    /// The date of publication in words, for example "3 November 2008".
    pub published: String,
    /// The year, month and day of publication.
    pub date: [i16; 3],
    /// The name for all areas together.
    pub nation: String,
    /// The publisher.
    pub organisation: String,
    /// The contact address for questions.
    pub contact: String,
    /// True when the answers are made up.
    pub synthetic: bool,
    /// True when the wording of any question is illustrative.
    pub illustrative: bool,
    /// The rules for withholding statistics.
    pub disclosure: DisclosureView,
}

/// The policy for withholding statistics.
#[derive(Clone, Debug, Serialize)]
pub struct DisclosureView {
    /// How many areas must be behind a statistic besides the reader's own and those that pool their answers with it.
    pub minimum_others: u32,
    /// How many areas may pool their answers with the reader's own.
    pub colluding_areas: u32,
    /// How many areas' answers a reader may know: their own area's and those pooled with it.
    pub coalition: u32,
    /// True when statistics that show how everyone else answered are withheld.
    pub withholds_unanimity: bool,
    /// True when statistics of one sector in one region are not published.
    pub withholds_crossed: bool,
    /// True when so few areas answered that every statistic is withheld.
    pub withholds_everything: bool,
}

/// What a report is about.
#[derive(Clone, Debug, Serialize)]
pub struct SubjectView {
    /// Its code, unique among the subjects of the kind.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What identifies it in the keywords of a file, for example `area:301`.
    pub keyword: String,
}

/// The area that a report is about.
#[derive(Clone, Debug, Serialize)]
pub struct AreaView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The name of its region.
    pub region: String,
    /// The name of its region in a sentence.
    pub in_region: String,
}
