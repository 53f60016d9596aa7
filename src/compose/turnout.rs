use super::composer::GroupComposer;
use super::response::numbers_of;
use crate::check::CheckedEvaluation;
use crate::model::{Area, AreaIndex, Group, NamedAreas, RegionIndex, Respondent, SectorIndex, TurnoutView};

impl GroupComposer<'_> {
    /// Who answered in the region, the sector or the nation.
    pub(super) fn turnout(&mut self) -> TurnoutView {
        let CheckedEvaluation { register, submissions, turnout, .. } = self.evaluation;
        let regions = || (0..register.regions.len()).map(RegionIndex);
        let sectors = || (0..self.questionnaire().sectors.len()).map(SectorIndex);
        let about = self.about;
        let own_regions =
            || regions().filter(move |region| !matches!(about, Group::Region(own) if own != *region));
        let own_sectors =
            || sectors().filter(move |sector| !matches!(about, Group::Sector(own) if own != *sector));
        let managers =
            |sector: SectorIndex| own_regions().map(|region| turnout.managers(sector, region)).sum();
        let areas = |region: RegionIndex| match about {
            Group::Sector(sector) => turnout.managers(sector, region),
            _ => turnout.regions[region.0].areas,
        };
        let in_regions = |area: &Area| own_regions().any(|region| region == area.region);
        let leads = submissions.iter().filter(|submission| {
            in_regions(&register[submission.area]) && submission.responded(Respondent::StrategicLead)
        });
        let view = TurnoutView {
            areas: own_regions().map(areas).sum(),
            register_areas: own_regions().map(|region| turnout.regions[region.0].register_areas).sum(),
            nation_areas: submissions.len() as u32,
            nation_register_areas: register.areas.len() as u32,
            leads: leads.count() as u32,
            managers: own_sectors().map(managers).sum(),
            by_region: self.response_by_region(areas),
            by_sector: self.response_by_sector(managers),
            named: match about {
                Group::Sector(_) | Group::RegionSector(..) => Vec::new(),
                Group::Nation | Group::Region(_) => own_regions().map(|region| self.named(region)).collect(),
            },
        };
        self.enter_turnout(&view);
        view
    }

    /// The areas of a region, by name: taking part is no secret.
    fn named(&self, region: RegionIndex) -> NamedAreas {
        let register = &self.evaluation.register;
        let of = |answered: bool| {
            let areas = register.areas.iter().enumerate().filter(|(at, area)| {
                area.region == region && self.evaluation.submission(AreaIndex(*at)).is_some() == answered
            });
            areas.map(|(_, area)| area.name.clone()).collect()
        };
        NamedAreas { region: register[region].name.clone(), answered: of(true), silent: of(false) }
    }

    fn enter_turnout(&mut self, view: &TurnoutView) {
        let subject = self.name_of(self.about);
        let nation = self.evaluation.settings.nation.clone();
        let mut numbers = vec![
            ("areas".to_owned(), subject.clone(), view.areas, view.register_areas),
            ("nation".to_owned(), nation.clone(), view.nation_areas, view.nation_register_areas),
            ("leads".to_owned(), subject.clone(), view.leads, view.areas.max(view.leads)),
            ("managers".to_owned(), subject.clone(), view.managers, view.managers),
        ];
        numbers.extend(numbers_of(&view.by_region));
        for (declared, sector) in self.questionnaire().sectors.iter().zip(&view.by_sector) {
            let id = |of: &str| format!("managers/{of}/{}", declared.id);
            let of = |group: &str| format!("{group}, {}", sector.name);
            numbers.push((id("own"), of(&subject), sector.region, view.register_areas));
            numbers.push((id("nation"), of(&nation), sector.nation, view.nation_areas));
        }
        self.enter_numbers(numbers);
    }
}
