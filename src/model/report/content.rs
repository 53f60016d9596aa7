use serde::Serialize;

use super::{Content, FactState};
use crate::model::{Comparison, Quarter};

/// What the local report of an area says: its submission beside region and nation.
#[derive(Clone, Debug, Serialize)]
pub struct LocalContent {
    /// Who answered.
    pub response: ResponseView,
    /// The figures of the page "At a glance".
    pub key_figures: Vec<MeasureView>,
    /// The sector profile.
    pub profile: ProfileView,
    /// Measures on which the area is further on than the nation, widest gap first.
    pub further: Vec<MeasureView>,
    /// Measures on which it is less far on, widest gap first.
    pub less_far: Vec<MeasureView>,
    /// The themes.
    pub sections: Vec<SectionView>,
    /// Where the area lies among all areas; `None` if it has no share to place.
    pub places: Option<PlacesView>,
    /// What the area may take from the report into its planning.
    pub planning: PlanningView,
    /// The submission as received.
    pub submission: SubmissionView,
}

impl Content for LocalContent {
    fn sections(&self) -> &[SectionView] {
        &self.sections
    }

    fn places(&self) -> &[PlacesFigure] {
        self.places.as_ref().map(|places| places.figures.as_slice()).unwrap_or_default()
    }

    fn submission(&self) -> Option<&SubmissionView> {
        Some(&self.submission)
    }
}

/// What the copy of a submission says.
#[derive(Clone, Debug, Serialize)]
pub struct SubmissionContent {
    /// How many closed questions were put to those who answered, a rating of each sector counted as one.
    pub asked: u32,
    /// How many of them they left blank.
    pub blank: u32,
    /// The submission as received.
    pub submission: SubmissionView,
}

impl Content for SubmissionContent {
    fn submission(&self) -> Option<&SubmissionView> {
        Some(&self.submission)
    }
}

/// Who answered, here and elsewhere. Numbers are ready for print.
#[derive(Clone, Debug, Serialize)]
pub struct ResponseView {
    /// True when the strategic lead answered.
    pub lead: bool,
    /// How many managers answered.
    pub managers: u32,
    /// How many sectors there are.
    pub sectors: u32,
    /// How many closed questions were put to those who answered, a rating of each sector counted as one.
    pub asked: u32,
    /// How many of them they left blank.
    pub blank: u32,
    /// The sectors whose manager did not answer.
    pub missing: Vec<String>,
    /// How many areas of the region are in its figures, this one included.
    pub region_areas: u32,
    /// How many areas are in the nation's figures, this one included.
    pub nation_areas: u32,
    /// How many areas the register has.
    pub register_areas: u32,
    /// How many areas of each region are in the figures.
    pub by_region: Vec<RegionResponse>,
    /// In how many areas each sector's manager answered.
    pub by_sector: Vec<SectorResponse>,
}

/// How much of a region is in the figures.
#[derive(Clone, Debug, Serialize)]
pub struct RegionResponse {
    /// Its name.
    pub name: String,
    /// Areas in the figures.
    pub areas: u32,
    /// Areas in the register.
    pub register_areas: u32,
}

/// In how many areas a sector's manager answered.
#[derive(Clone, Debug, Serialize)]
pub struct SectorResponse {
    /// Its name.
    pub name: String,
    /// Areas of the region.
    pub region: u32,
    /// Areas of the nation.
    pub nation: u32,
}

/// A statistic of a group, ready for print.
#[derive(Clone, Debug, Serialize)]
pub struct StatisticView {
    /// Whether there is a value; there is no number in what is withheld.
    pub state: FactState,
    /// How many are counted.
    pub count: String,
    /// Out of how many.
    pub base: String,
    /// The percentage for tables and charts, for example `54%`.
    pub percent: String,
    /// The percentage for sentences, for example `54 per cent`.
    pub prose: String,
    /// The percentage as the length of a bar, from 0 to 100.
    pub length: u32,
}

/// What the area itself says on a measure, an option or a sector.
#[derive(Clone, Debug, Serialize)]
pub struct OwnView {
    /// Who could answer, and whether anybody did.
    pub state: OwnState,
    /// For print: `7 of 8`, the answer, or why there is none.
    pub text: String,
    /// True for a single answer that counts.
    pub counted: bool,
    /// How many are counted.
    pub count: u32,
    /// Out of how many.
    pub base: u32,
    /// The share as the length of a bar, from 0 to 100.
    pub length: u32,
}

/// Who could say something for the area, and whether anybody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OwnState {
    /// Several respondents could answer, and some did.
    Share,
    /// One respondent could answer, and did.
    Answer,
    /// Nobody answered.
    None,
}

/// One measure: the area beside its region and the nation.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureView {
    /// Id of the measure, with its cell where it has several.
    pub id: String,
    /// What is measured.
    pub label: String,
    /// The area.
    pub own: OwnView,
    /// The region.
    pub region: StatisticView,
    /// The nation.
    pub nation: StatisticView,
    /// Who is in the base of region and nation, in words.
    pub base: String,
    /// True when the region's or the nation's statistic is withheld.
    pub withheld: bool,
    /// How the area compares with the nation; `None` if there is nothing to compare.
    pub comparison: Option<Comparison>,
    /// For a single answer: how many other areas in the nation are counted alike, and out of how many.
    pub alike: Option<AlikeView>,
}

/// Where the area lies among all areas on the measures that can tell.
#[derive(Clone, Debug, Serialize)]
pub struct PlacesView {
    /// How many measures there are.
    pub measures: u32,
    /// On how many the area is in the highest quarter.
    pub highest: u32,
    /// On how many it is in the lowest.
    pub lowest: u32,
    /// The measures, shared out to charts.
    pub figures: Vec<PlacesFigure>,
}

/// A chart of the spread of all areas on some measures.
#[derive(Clone, Debug, Serialize)]
pub struct PlacesFigure {
    /// Number of the figure.
    pub number: u32,
    /// File name of its chart.
    pub file: String,
    /// Its measures.
    pub rows: Vec<PlaceView>,
}

/// What an area may take into its planning: nothing but its own answers beside those of others.
#[derive(Clone, Debug, Serialize)]
pub struct PlanningView {
    /// The widest gaps on which it is less far on than the nation.
    pub gaps: Vec<GapView>,
    /// What it named, question by question.
    pub named: Vec<NamedView>,
}

/// One gap, told in the area's own respondents.
#[derive(Clone, Debug, Serialize)]
pub struct GapView {
    /// The measure.
    pub measure: MeasureView,
    /// How many of its respondents it would be at the region's share, for example `6 of 9`; `[c]` when that is withheld.
    pub at_region: String,
    /// How many it would be at the nation's share.
    pub at_nation: String,
}

/// What helps or hinders, as the area named it and as its region did.
#[derive(Clone, Debug, Serialize)]
pub struct NamedView {
    /// Short title of the question.
    pub title: String,
    /// Who was asked.
    pub asked: Respondents,
    /// True for factors of success, false for barriers.
    pub helps: bool,
    /// True when the area answered the question.
    pub answered: bool,
    /// What the area named, in the order of its region.
    pub rows: Vec<FigureRow>,
    /// What the region named most often and the area did not.
    pub others: Vec<FigureRow>,
    /// True when any of these values is withheld.
    pub withheld: bool,
}

/// Where the area lies among all areas on one measure. Numbers are ready for print.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceView {
    /// What is measured.
    pub label: String,
    /// The area's own share.
    pub own: String,
    /// How many other areas have a lower share.
    pub lower: String,
    /// How many have the same.
    pub same: String,
    /// How many have a higher one.
    pub higher: String,
    /// The quarter of all areas that it is in; `None` if there are no quarters.
    pub quarter: Option<Quarter>,
    /// How many areas have a share of 0, about 10, about 20 ... and 100 per cent, its own included.
    pub areas: [u32; 11],
    /// The area's own share in a chart, from 0 to 100; `None` if it has none.
    pub length: Option<u32>,
    /// The region.
    pub region: StatisticView,
    /// The nation.
    pub nation: StatisticView,
}

/// How many other areas gave the same answer.
#[derive(Clone, Debug, Serialize)]
pub struct AlikeView {
    /// How many.
    pub count: String,
    /// Out of how many other areas.
    pub of: String,
}

/// The sector profile: a row for each sector, a column for each theme.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileView {
    /// Headings of the columns after the first.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<ProfileRow>,
}

/// A row of the sector profile.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileRow {
    /// The sector.
    pub sector: String,
    /// How far it is, column by column.
    pub cells: Vec<MarkView>,
}

/// How far a sector is, with the word for it.
#[derive(Clone, Debug, Serialize)]
pub struct MarkView {
    /// The shape.
    pub mark: Mark,
    /// The word.
    pub word: String,
}

/// How far a sector is: printed as a shape with a word beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// In place.
    InPlace,
    /// Begun.
    Begun,
    /// Not begun.
    NotYet,
    /// Don't know.
    DontKnow,
    /// No answer.
    NoAnswer,
}

/// A theme of the report.
#[derive(Clone, Debug, Serialize)]
pub struct SectionView {
    /// Id.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Who was asked, and which measures come from them.
    pub sources: Vec<SourceView>,
    /// True when anybody in the area answered any of its questions.
    pub answered: bool,
    /// Its measures.
    pub measures: Vec<MeasureView>,
    /// Its figures.
    pub figures: Vec<FigureView>,
}

/// Who was asked a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Respondents {
    /// The strategic lead of each area.
    Lead,
    /// Managers of sectors.
    Managers,
}

/// Who was asked what measures of a section rest on.
#[derive(Clone, Debug, Serialize)]
pub struct SourceView {
    /// Who.
    pub who: Respondents,
    /// The labels of the measures; none where a section has charts alone.
    pub measures: Vec<String>,
}

/// A chart with its title, its table and what a description needs.
#[derive(Clone, Debug, Serialize)]
pub struct FigureView {
    /// Number, counted through the report.
    pub number: u32,
    /// Id of the question.
    pub id: String,
    /// File name of the chart.
    pub file: String,
    /// What has a row.
    pub kind: FigureKind,
    /// Short title.
    pub title: String,
    /// The question as it was put.
    pub question: String,
    /// Who was asked.
    pub asked: Respondents,
    /// True when several respondents of the area could answer, false when one alone could.
    pub shares: bool,
    /// True when several options may be chosen.
    pub multiple: bool,
    /// Who is in the base, in words.
    pub base: String,
    /// How many are in the region's base; empty when that is withheld.
    pub region_base: String,
    /// How many are in the nation's base; empty when that is withheld.
    pub nation_base: String,
    /// How many of the area's own respondents are in the base.
    pub own_base: u32,
    /// Headings of the nation's values in each row.
    pub segments: Vec<String>,
    /// The rows, in the order of the chart.
    pub rows: Vec<FigureRow>,
    /// True when any of its values is withheld.
    pub withheld: bool,
    /// The row with the nation's greatest value, where there is one.
    pub greatest: Option<FigureRow>,
}

/// What has a row in a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FigureKind {
    /// Each option of a question.
    Options,
    /// Each sector.
    Sectors,
}

/// A row of a figure.
#[derive(Clone, Debug, Serialize)]
pub struct FigureRow {
    /// The option or sector.
    pub label: String,
    /// The area.
    pub own: OwnView,
    /// How far the area's sector is, in figures that have a row for each sector.
    pub mark: Option<MarkView>,
    /// The region, where the figure shows it.
    pub region: Option<StatisticView>,
    /// The nation: a value for each segment.
    pub nation: Vec<StatisticView>,
}

/// The submission as received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubmissionView {
    /// What was put to the strategic lead.
    pub lead: ReceivedTable,
    /// What was put to managers.
    pub managers: ReceivedTable,
}

impl SubmissionView {
    /// Every answer.
    pub fn answers(&self) -> impl Iterator<Item = &AnswerView> {
        [&self.lead, &self.managers].into_iter().flat_map(|table| &table.rows).flat_map(|row| &row.answers)
    }
}

/// Questions, and what some respondents answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceivedTable {
    /// Those to whom they were put, whether they answered or not.
    pub respondents: Vec<RespondentView>,
    /// The questions in the order of the questionnaire; each item of a grid has a row.
    pub rows: Vec<ReceivedRow>,
}

/// Somebody who could answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RespondentView {
    /// Who: the strategic lead, or the sector of a manager.
    pub name: String,
    /// Position among the answers of a row, counted from 0.
    pub place: usize,
    /// True when anything was sent.
    pub responded: bool,
}

/// One question, or one item of a grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceivedRow {
    /// Short title of the question.
    pub question: String,
    /// True when the answers are in the respondents' own words.
    pub free_text: bool,
    /// The answers, in the order of the respondents.
    pub answers: Vec<AnswerView>,
}

/// One answer as received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerView {
    /// The answer, or why there is none.
    pub answer: String,
    /// Whether there is one, or why it is missing.
    pub state: AnswerState,
}

/// Whether there is an answer, or why it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerState {
    /// Options or a text.
    Value,
    /// "Don't know".
    DontKnow,
    /// "Not applicable".
    NotApplicable,
    /// It was left blank.
    NotAnswered,
    /// An earlier answer led past the question.
    NotAsked,
}
