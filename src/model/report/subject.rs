use super::Kind;
use crate::model::{AreaIndex, Group, RegionIndex, SectorIndex};

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// One local area.
    Area(AreaIndex),
    /// One region.
    Region(RegionIndex),
    /// One sector in all areas.
    Sector(SectorIndex),
    /// All areas together.
    Nation,
}

impl Subject {
    /// The area, if it is one.
    pub fn area(self) -> Option<AreaIndex> {
        match self {
            Self::Area(area) => Some(area),
            Self::Region(_) | Self::Sector(_) | Self::Nation => None,
        }
    }

    /// Those whose answers its figures count; `None` for an area, which has answers of its own.
    pub fn group(self) -> Option<Group> {
        match self {
            Self::Area(_) => None,
            Self::Region(region) => Some(Group::Region(region)),
            Self::Sector(sector) => Some(Group::Sector(sector)),
            Self::Nation => Some(Group::Nation),
        }
    }
}

impl Kind {
    /// The word before the code of its subject in the keywords of a file, as in `area:301`.
    pub fn subject_word(self) -> &'static str {
        match self {
            Self::Local | Self::Submission => "area",
            Self::Regional => "region",
            Self::Sector => "sector",
            Self::National => "nation",
        }
    }

    /// True for a report made from the submission of one area.
    pub fn is_of_area(self) -> bool {
        matches!(self, Self::Local | Self::Submission)
    }
}
