use crate::check::CheckedEvaluation;
use crate::model::Group;
use crate::words::Lexicon;

/// A way of dividing the areas and their respondents, which has a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breakdown {
    /// All areas together.
    Nation,
    /// By region.
    Regions,
    /// By sector.
    Sectors,
    /// By sector within each region.
    SectorsOfRegions,
}

impl Breakdown {
    /// Every breakdown, in the order of the tables.
    pub(super) const ALL: [Self; 4] = [Self::Nation, Self::Regions, Self::Sectors, Self::SectorsOfRegions];

    /// What it is called in the name of a file.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Regions => "regions",
            Self::Sectors => "sectors",
            Self::SectorsOfRegions => "sectors-in-regions",
        }
    }

    /// The usual name of its worksheet.
    pub(super) fn name(self, words: &Lexicon) -> &str {
        match self {
            Self::Nation => &words.data.all_areas,
            Self::Regions => &words.data.regions,
            Self::Sectors => &words.data.sectors,
            Self::SectorsOfRegions => &words.data.sectors_of_regions,
        }
    }

    /// The title of its worksheet, with `{nation}` and `{period}`.
    pub(super) fn title(self, words: &Lexicon) -> &str {
        match self {
            Self::Nation => &words.data.nation_title,
            Self::Regions => &words.data.regions_title,
            Self::Sectors => &words.data.sectors_title,
            Self::SectorsOfRegions => &words.data.sectors_of_regions_title,
        }
    }

    /// The headings of the columns that name a group.
    pub(super) fn headings(self, words: &Lexicon) -> Vec<&str> {
        let data = &words.data;
        match self {
            Self::Nation => vec![&data.nation],
            Self::Regions => vec![&data.region],
            Self::Sectors => vec![&data.sector],
            Self::SectorsOfRegions => vec![&data.region, &data.sector],
        }
    }

    /// The names of a group below these headings; `None` if the group is in another table.
    pub(super) fn names(self, group: Group, evaluation: &CheckedEvaluation) -> Option<Vec<&str>> {
        let CheckedEvaluation { settings, register, questionnaire, .. } = evaluation;
        match (self, group) {
            (Self::Nation, Group::Nation) => Some(vec![&settings.nation]),
            (Self::Regions, Group::Region(region)) => Some(vec![&register[region].name]),
            (Self::Sectors, Group::Sector(sector)) => Some(vec![&questionnaire[sector].name]),
            (Self::SectorsOfRegions, Group::RegionSector(region, sector)) => {
                Some(vec![&register[region].name, &questionnaire[sector].name])
            }
            _ => None,
        }
    }
}
