use serde::Serialize;

use super::{RegionResponse, SectorResponse};

/// Who answered in a region, a sector or the nation. Numbers are ready to print.
#[derive(Clone, Debug, Serialize)]
pub struct TurnoutView {
    /// How many areas are in the figures.
    pub areas: u32,
    /// How many areas there are.
    pub register_areas: u32,
    /// How many areas are in the nation's figures.
    pub nation_areas: u32,
    /// How many areas the nation has.
    pub nation_register_areas: u32,
    /// How many strategic leads answered.
    pub leads: u32,
    /// How many managers answered.
    pub managers: u32,
    /// How many areas of each region are in the figures.
    pub by_region: Vec<RegionResponse>,
    /// The number of areas in which each sector's manager answered.
    pub by_sector: Vec<SectorResponse>,
    /// The areas by name, region by region; none for a sector.
    pub named: Vec<NamedAreas>,
}

/// The areas of a region, by name, in the order of the register.
#[derive(Clone, Debug, Serialize)]
pub struct NamedAreas {
    /// The region.
    pub region: String,
    /// The areas whose answers are counted.
    pub answered: Vec<String>,
    /// The others.
    pub silent: Vec<String>,
}
