use super::composer::LocalComposer;
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
            by_region: self.by_region(),
            by_sector: self.by_sector(region),
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
        numbers.extend(
            view.by_region
                .iter()
                .map(|r| (format!("areas/{}", r.name), r.name.clone(), r.areas, r.register_areas)),
        );
        // Two sectors may have the same name.
        for (declared, sector) in self.questionnaire().sectors.iter().zip(&view.by_sector) {
            let of = |group: &str| format!("{group}, {}", sector.name);
            let id = |group: &str| format!("managers/{group}/{}", declared.id);
            numbers.push((id("region"), of(&region), sector.region, view.region_areas));
            numbers.push((id("nation"), of(&nation), sector.nation, view.nation_areas));
        }
        for (id, group, count, base) in numbers {
            let origin = Origin::count(format!("response/{id}"), group);
            self.facts.number(origin, Share { count, base });
        }
    }

    fn by_region(&self) -> Vec<RegionResponse> {
        let CheckedEvaluation { register, turnout, .. } = self.evaluation;
        let regions = register.regions.iter().zip(&turnout.regions).map(|(region, turnout)| RegionResponse {
            name: region.name.clone(),
            areas: turnout.areas,
            register_areas: turnout.register_areas,
        });
        regions.collect()
    }

    fn by_sector(&self, region: RegionIndex) -> Vec<SectorResponse> {
        let CheckedEvaluation { turnout, questionnaire, .. } = self.evaluation;
        let sectors = questionnaire.sectors.iter().enumerate().map(|(s, sector)| SectorResponse {
            name: sector.name.clone(),
            region: turnout.managers(SectorIndex(s), region),
            nation: turnout.managers_of_nation(SectorIndex(s)),
        });
        sectors.collect()
    }
}
