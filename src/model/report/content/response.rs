use serde::Serialize;

/// Who answered, in the area and elsewhere. Numbers are ready to print.
#[derive(Clone, Debug, Serialize)]
pub struct ResponseView {
    /// True when the strategic lead answered.
    pub lead: bool,
    /// How many managers answered.
    pub managers: u32,
    /// How many sectors there are.
    pub sectors: u32,
    /// How many closed questions were put to those who answered; each rating of a sector counts as one.
    pub asked: u32,
    /// How many of those were left blank.
    pub blank: u32,
    /// The sectors whose manager did not answer.
    pub missing: Vec<String>,
    /// How many of the region's areas are in its figures, including this one.
    pub region_areas: u32,
    /// How many areas are in the nation's figures, including this one.
    pub nation_areas: u32,
    /// How many areas are in the register.
    pub register_areas: u32,
    /// How many areas of each region are in the figures.
    pub by_region: Vec<RegionResponse>,
    /// The number of areas in which each sector's manager answered.
    pub by_sector: Vec<SectorResponse>,
}

/// How many of a region's areas are in the figures.
#[derive(Clone, Debug, Serialize)]
pub struct RegionResponse {
    /// The region's name.
    pub name: String,
    /// The number of its areas in the figures.
    pub areas: u32,
    /// The number of its areas in the register.
    pub register_areas: u32,
}

/// The number of areas in which a sector's manager answered.
#[derive(Clone, Debug, Serialize)]
pub struct SectorResponse {
    /// The sector's name.
    pub name: String,
    /// The number of such areas in the region.
    pub region: u32,
    /// The number of such areas in the nation.
    pub nation: u32,
}
