//! The content of each kind of report, in parts that templates print and charts show.

mod figure;
mod measure;
mod place;
mod planning;
mod profile;
mod respondents;
mod response;
mod section;
mod submission;

use serde::Serialize;

use super::Content;

pub use figure::{FigureKind, FigureRow, FigureView};
pub use measure::{AlikeView, MeasureView, OwnState, OwnView, StatisticView};
pub use place::{PlaceView, PlacesFigure, PlacesView};
pub use planning::{GapView, NamedView, PlanningView};
pub use profile::{Mark, MarkView, ProfileRow, ProfileView};
pub use respondents::Respondents;
pub use response::{RegionResponse, ResponseView, SectorResponse};
pub use section::{SectionView, SourceView};
pub use submission::{AnswerState, AnswerView, ReceivedRow, ReceivedTable, RespondentView, SubmissionView};

/// The content of an area's local report: its submission compared with the region and the nation.
#[derive(Clone, Debug, Serialize)]
pub struct LocalContent {
    /// Who answered.
    pub response: ResponseView,
    /// The key figures on the page "At a glance".
    pub key_figures: Vec<MeasureView>,
    /// The sector profile.
    pub profile: ProfileView,
    /// True when enough people answered to compare the area with the nation on any measure.
    pub compared: bool,
    /// Measures on which the area is ahead of the nation, widest gap first.
    pub further: Vec<MeasureView>,
    /// Measures on which the area is behind the nation, widest gap first.
    pub less_far: Vec<MeasureView>,
    /// The themes of the report.
    pub sections: Vec<SectionView>,
    /// Where the area stands among all areas; `None` if it has no share to rank.
    pub places: Option<PlacesView>,
    /// Findings that the area may use in its planning.
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

/// The content of the copy of a submission.
#[derive(Clone, Debug, Serialize)]
pub struct SubmissionContent {
    /// How many closed questions were put to those who answered; each rating of a sector counts as one.
    pub asked: u32,
    /// How many of those were left blank.
    pub blank: u32,
    /// The submission as received.
    pub submission: SubmissionView,
}

impl Content for SubmissionContent {
    fn submission(&self) -> Option<&SubmissionView> {
        Some(&self.submission)
    }
}
