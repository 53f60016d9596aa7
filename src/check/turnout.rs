use std::collections::BTreeMap;

use crate::model::{Questionnaire, RegionIndex, Register, Respondent, SectorIndex, Submission};

/// How many areas and managers took part, counted once for all reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// The turnout of each region, in register order.
    pub regions: Vec<RegionTurnout>,
    /// How many areas have an answer from a sector's manager, by sector and region.
    managers: BTreeMap<(SectorIndex, RegionIndex), u32>,
}

/// How many areas of a region took part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegionTurnout {
    /// Areas with a valid submission.
    pub areas: u32,
    /// Areas in the register.
    pub register_areas: u32,
}

impl Turnout {
    pub(super) fn of(register: &Register, questionnaire: &Questionnaire, submissions: &[Submission]) -> Self {
        let mut turnout = Self {
            regions: vec![RegionTurnout::default(); register.regions.len()],
            managers: BTreeMap::new(),
        };
        for area in &register.areas {
            turnout.regions[area.region.0].register_areas += 1;
        }
        for submission in submissions {
            let region = register[submission.area].region;
            turnout.regions[region.0].areas += 1;
            let sectors = (0..questionnaire.sectors.len()).map(SectorIndex);
            for sector in sectors.filter(|sector| submission.responded(Respondent::Manager(*sector))) {
                *turnout.managers.entry((sector, region)).or_default() += 1;
            }
        }
        turnout
    }

    /// How many areas of a region have an answer from a sector's manager.
    pub fn managers(&self, sector: SectorIndex, region: RegionIndex) -> u32 {
        self.managers.get(&(sector, region)).copied().unwrap_or_default()
    }

    /// How many areas of the nation have an answer from a sector's manager.
    pub fn managers_of_nation(&self, sector: SectorIndex) -> u32 {
        let of_sector = (sector, RegionIndex(0))..=(sector, RegionIndex(usize::MAX));
        self.managers.range(of_sector).map(|(_, areas)| areas).sum()
    }
}
