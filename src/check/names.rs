use crate::model::{Group, Questionnaire, RegionIndex, Register, Settings};

/// Where the names in published figures and supplied aggregates are looked up.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) settings: &'a Settings,
    pub(super) register: &'a Register,
    pub(super) questionnaire: &'a Questionnaire,
}

impl<'a> Names<'a> {
    /// The region with this name.
    pub(super) fn region(self, name: &str) -> Option<Group> {
        let region = self.register.regions.iter().position(|region| region.name == name);
        region.map(|region| Group::Region(RegionIndex(region)))
    }

    /// The names of all regions.
    pub(super) fn regions(self) -> impl Iterator<Item = &'a str> + Clone {
        self.register.regions.iter().map(|region| region.name.as_str())
    }

    /// The ids of all measures.
    pub(super) fn measures(self) -> impl Iterator<Item = &'a str> + Clone {
        self.questionnaire.measures.iter().map(|measure| measure.id.as_str())
    }
}
