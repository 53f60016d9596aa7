use super::composer::{Composer, LocalComposer};
use super::fact::Origin;
use crate::check::{self, CheckedEvaluation};
use crate::model::{
    Group, RegionIndex, RegionResponse, Respondent, ResponseView, SectorIndex, SectorResponse, Share,
};

impl LocalComposer<'_> {
    /// Who answered, in the area and elsewhere.
    pub(super) fn response(&mut self) -> ResponseView {
        let CheckedEvaluation { register, submissions, turnout, .. } = self.evaluation;
        let region = register[self.about.area].region;
        let sectors = || (0..self.questionnaire().sectors.len()).map(SectorIndex);
        let silent = |sector: &SectorIndex| !self.about.responded(Respondent::Manager(*sector));
        let missing: Vec<String> =
            sectors().filter(silent).map(|sector| self.questionnaire()[sector].name.clone()).collect();
        let (answered, asked) = check::answered(self.questionnaire(), self.about);
        let view = ResponseView {
            asked,
            blank: asked - answered,
            lead: self.about.responded(Respondent::StrategicLead),
            managers: (sectors().count() - missing.len()) as u32,
            sectors: sectors().count() as u32,
            missing,
            region_areas: turnout.regions[region.0].areas,
            nation_areas: submissions.len() as u32,
            register_areas: register.areas.len() as u32,
            by_region: self.response_by_region(|region| turnout.regions[region.0].areas),
            by_sector: self.response_by_sector(|sector| turnout.managers(sector, region)),
        };
        self.enter_response(&view, region);
        view
    }

    /// Enters the numbers of areas and people behind the report as facts.
    fn enter_response(&mut self, view: &ResponseView, region: RegionIndex) {
        let region = self.group_name(Group::Region(region));
        let nation = self.group_name(Group::Nation);
        let own = self.area_name().to_owned();
        let mut numbers = vec![
            ("managers".to_owned(), own.clone(), view.managers, view.sectors),
            ("blank".to_owned(), own, view.blank, view.asked),
            ("areas/region".to_owned(), region.clone(), view.region_areas, view.register_areas),
            ("areas/nation".to_owned(), nation.clone(), view.nation_areas, view.register_areas),
        ];
        numbers.extend(numbers_of(&view.by_region));
        // Two sectors may have the same name.
        for (declared, sector) in self.questionnaire().sectors.iter().zip(&view.by_sector) {
            let of = |group: &str| format!("{group}, {}", sector.name);
            let id = |group: &str| format!("managers/{group}/{}", declared.id);
            numbers.push((id("region"), of(&region), sector.region, view.region_areas));
            numbers.push((id("nation"), of(&nation), sector.nation, view.nation_areas));
        }
        self.enter_numbers(numbers);
    }
}

/// A number of areas or people: its id below `response/`, who it is about, and the total that it is out of.
type Number = (String, String, u32, u32);

impl<A> Composer<'_, A> {
    /// Every region, with how many of its areas are counted.
    pub(super) fn response_by_region(&self, areas: impl Fn(RegionIndex) -> u32) -> Vec<RegionResponse> {
        let CheckedEvaluation { register, turnout, .. } = self.evaluation;
        let regions = register.regions.iter().zip(&turnout.regions).enumerate();
        let response = regions.map(|(index, (region, turnout))| RegionResponse {
            name: region.name.clone(),
            areas: areas(RegionIndex(index)),
            register_areas: turnout.register_areas,
        });
        response.collect()
    }

    /// Every sector, with how many of its managers are counted here and in the nation.
    pub(super) fn response_by_sector(&self, managers: impl Fn(SectorIndex) -> u32) -> Vec<SectorResponse> {
        let sectors = self.questionnaire().sectors.iter().enumerate();
        let response = sectors.map(|(index, sector)| SectorResponse {
            name: sector.name.clone(),
            region: managers(SectorIndex(index)),
            nation: self.evaluation.turnout.managers_of_nation(SectorIndex(index)),
        });
        response.collect()
    }

    /// Enters numbers of areas and people as facts.
    pub(super) fn enter_numbers(&mut self, numbers: Vec<Number>) {
        for (id, group, count, base) in numbers {
            let origin = Origin::count(format!("response/{id}"), group);
            self.facts.number(origin, Share { count, base });
        }
    }
}

/// The numbers of areas in each region.
pub(super) fn numbers_of(by_region: &[RegionResponse]) -> impl Iterator<Item = Number> {
    by_region.iter().map(|region| {
        (format!("areas/{}", region.name), region.name.clone(), region.areas, region.register_areas)
    })
}
