//! The content of each kind of report, in parts that templates print and charts show.

mod bars;
mod drawn;
mod entry;
mod group;
mod measure;
mod peers;
mod place;
mod point;
mod processes;
mod profile;
mod published;
mod respondents;
mod response;
mod section;
mod shares;
mod sides;
mod strips;
mod submission;
mod turnout;
mod units;
mod verdict;

use serde::Serialize;

use super::{AreaView, Content};

pub use bars::{BarGroup, BarKind, BarRow, BarsFigure};
pub use drawn::Figure;
pub use entry::{EntryState, EntryView, GapQuestion, GapView, GapsView, StateCount};
pub use group::{ApartView, GroupContent, GroupSection, ReferenceRow};
pub use measure::{AlikeView, MeasureView, OwnState, OwnView, StatisticView};
pub use peers::{PeerRow, PeersView};
pub use place::{PlaceView, PlacesFigure};
pub use point::{CountedView, PointView};
pub use processes::{ProcessCell, ProcessesFigure, ProcessesRow};
pub use profile::{Mark, MarkView, ProfileRow, ProfileView};
pub use published::{FoundView, PublishedView, RelationKind, RelationView};
pub use respondents::Respondents;
pub use response::{RegionResponse, ResponseView, SectorResponse};
pub use section::{SectionPart, SectionView};
pub use shares::{Dots, RowsAre, SharesFigure, SharesRow};
pub use sides::{SideView, SidesFigure, SidesRow};
pub use strips::{StripView, StripsFigure};
pub use submission::{
    AnswerState, AnswerView, GroupView, GroupedRow, ReceivedRow, ReceivedTable, RespondentView,
    SubmissionView,
};
pub use turnout::{NamedAreas, TurnoutView};
pub use units::UnitsFigure;
pub use verdict::{Standing, StepView, VerdictView, VerdictsFigure};

/// The content of an area's local report: its submission compared with the region and the nation.
#[derive(Clone, Debug, Serialize)]
pub struct LocalContent {
    /// The area.
    pub area: AreaView,
    /// Who answered.
    pub response: ResponseView,
    /// The strategic lead's verdicts, at a glance and in detail; `None` if no question is one.
    pub verdicts: Option<[VerdictsFigure; 2]>,
    /// The key figures at a glance; `None` if no measure is one.
    pub key_figures: Option<UnitsFigure>,
    /// The sector profile.
    pub profile: ProfileView,
    /// True when enough people answered to compare the area with the nation on any measure.
    pub compared: bool,
    /// What the area may want to build on, most telling first.
    pub strengths: Vec<PointView>,
    /// What the area may want to discuss, most telling first.
    pub to_discuss: Vec<PointView>,
    /// Two views of each sector; `None` if no question mirrors another.
    pub sides: Option<SidesFigure>,
    /// How far each sector has got with each process; `None` if no question has a column in the sector profile.
    pub processes: Option<ProcessesFigure>,
    /// The tallies, each a whole made of parts.
    pub tallies: Vec<BarsFigure>,
    /// The themes of the report that have a page.
    pub sections: Vec<SectionView>,
    /// What helps and what hinders; `None` if no question asks for it.
    pub factors: Option<BarsFigure>,
    /// Where the area is among all areas; `None` if it has no share to place.
    pub places: Option<PlacesFigure>,
    /// Every measure, for reference, in questionnaire order.
    pub measures: Vec<MeasureView>,
    /// The submission as received.
    pub submission: SubmissionView,
}

impl LocalContent {
    /// The themes with those that share their pages, in order.
    fn each_section(&self) -> impl Iterator<Item = &SectionView> {
        self.sections.iter().flat_map(|section| std::iter::once(section).chain(&section.companions))
    }
}

impl Content for LocalContent {
    fn sections(&self) -> Vec<SectionPart<'_>> {
        self.each_section().map(SectionView::part).collect()
    }

    fn figures(&self) -> Vec<Figure<'_>> {
        let [glance, detail] = match &self.verdicts {
            Some([glance, detail]) => [Some(glance), Some(detail)],
            None => [None, None],
        };
        let of_sections = self.each_section().flat_map(|section| &section.figures);
        glance
            .into_iter()
            .map(Figure::Verdicts)
            .chain(self.key_figures.iter().map(Figure::Units))
            .chain(detail.into_iter().map(Figure::Verdicts))
            .chain(self.sides.iter().map(Figure::Sides))
            .chain(self.processes.iter().map(Figure::Processes))
            .chain(self.tallies.iter().chain(of_sections).chain(&self.factors).map(Figure::Bars))
            .chain(self.places.iter().map(Figure::Places))
            .collect()
    }

    fn submission(&self) -> Option<&SubmissionView> {
        Some(&self.submission)
    }
}

/// The content of the copy of a submission.
#[derive(Clone, Debug, Serialize)]
pub struct SubmissionContent {
    /// The area.
    pub area: AreaView,
    /// How many closed questions were put to those who answered; each rating of a sector counts as one.
    pub asked: u32,
    /// How many of those were left blank.
    pub blank: u32,
    /// How many questions were answered, left blank and so on.
    pub counts: Vec<StateCount>,
    /// What was not asked, left blank or set aside and why, for each respondent for whom there is any.
    pub gaps: Vec<GapsView>,
    /// The submission as received.
    pub submission: SubmissionView,
    /// Every question meant for every respondent, by respondent and then in questionnaire order.
    pub entries: Vec<EntryView>,
}

impl Content for SubmissionContent {
    fn submission(&self) -> Option<&SubmissionView> {
        Some(&self.submission)
    }

    fn entries(&self) -> &[EntryView] {
        &self.entries
    }
}
