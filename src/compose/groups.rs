use super::Sources;
use super::composer::{Composer, GroupComposer};
use super::fact::ClashingFacts;
use crate::model::{
    ApartView, AreaView, Definition, Group, GroupContent, Kind, MeasureIndex, ReferenceRow, RegionIndex,
    ReportModel, SectorIndex, SharesFigure, Subject,
};

/// The regional report: one region beside the nation and the other regions.
pub(super) fn regional(
    sources: Sources<'_>,
    region: RegionIndex,
) -> Result<ReportModel<GroupContent>, ClashingFacts> {
    let mut composer = Composer::new(sources, Some(region), Group::Region(region));
    let mut content = composer.content();
    (content.strips, content.without_strips) = composer.strips(region);
    Ok(sources.report((Kind::Regional, Subject::Region(region)), composer.facts.into_facts()?, content))
}

/// The sector report: one sector in all areas beside the other sectors.
pub(super) fn sector(
    sources: Sources<'_>,
    sector: SectorIndex,
) -> Result<ReportModel<GroupContent>, ClashingFacts> {
    let mut composer = Composer::new(sources, None, Group::Sector(sector));
    let content = composer.content();
    Ok(sources.report((Kind::Sector, Subject::Sector(sector)), composer.facts.into_facts()?, content))
}

/// The national report: all areas together, beside what was published before.
pub(super) fn national(sources: Sources<'_>) -> Result<ReportModel<GroupContent>, ClashingFacts> {
    let mut composer = Composer::new(sources, None, Group::Nation);
    let mut content = composer.content();
    content.published = composer.published();
    Ok(sources.report((Kind::National, Subject::Nation), composer.facts.into_facts()?, content))
}

impl GroupComposer<'_> {
    /// What all these reports have. Figures are numbered in this order.
    fn content(&mut self) -> GroupContent {
        let turnout = self.turnout();
        let key_figures = self.key_figures();
        let apart = if self.about == Group::Nation { ApartView::default() } else { self.apart() };
        GroupContent {
            area: self.in_place_of_an_area(),
            in_sentence: self.in_sentence(),
            turnout,
            key_figures,
            apart,
            verdicts: self.verdicts(),
            sides: self.two_views(),
            tallies: self.tallies(),
            sections: self.sections(),
            factors: self.factors(),
            own_questions: self.own_questions(),
            regions: self.regions(),
            sectors: self.sectors(),
            strips: Vec::new(),
            without_strips: Vec::new(),
            measures: self.reference(),
            published: Vec::new(),
        }
    }

    fn in_place_of_an_area(&self) -> AreaView {
        let region = self.group_name(self.about);
        let in_region = self.evaluation.settings.in_sentence(&region).to_owned();
        AreaView { code: String::new(), name: self.in_sentence(), region, in_region }
    }

    fn in_sentence(&self) -> String {
        match self.about {
            Group::Sector(sector) => self.questionnaire()[sector].name.clone(),
            group => self.evaluation.settings.in_sentence(&self.group_name(group)).to_owned(),
        }
    }

    /// Two views of the same thing: of one sector, step by step; for other subjects, of every sector. `None` without a pair
    /// of such questions, and for a region, whose sectors may be too few.
    fn two_views(&mut self) -> Option<SharesFigure> {
        let questionnaire = self.questionnaire();
        let mut questions = questionnaire.each_question();
        let (mirror, grid) = questions.find_map(|(index, question)| Some((index, question.mirrors?)))?;
        match self.about {
            Group::Sector(sector) => {
                self.has(self.distribution(mirror)).then(|| self.figure_of_two_views(sector, grid, mirror))
            }
            Group::Nation => {
                let (of_leads, _) = questionnaire.counted(grid)?;
                let (of_managers, _) = questionnaire.counted(mirror)?;
                Some(self.figure_of_sectors(&questionnaire[grid].title, (of_leads, Some(of_managers))))
            }
            Group::Region(_) | Group::RegionSector(..) => None,
        }
    }

    /// Every declared measure, with a row for each of its cells.
    fn reference(&mut self) -> Vec<ReferenceRow> {
        let measures = self.questionnaire().each_measure().filter(|(measure, declared)| {
            !matches!(declared.definition, Definition::Distribution(_)) && self.has(*measure)
        });
        let cells: Vec<(MeasureIndex, usize)> = measures
            .flat_map(|(measure, declared)| (0..declared.cells.len()).map(move |cell| (measure, cell)))
            .collect();
        let row = |(measure, cell)| {
            let row = self.measure_row(measure, cell);
            ReferenceRow { label: row.label, own: row.bar, other: row.mark }
        };
        cells.into_iter().map(row).collect()
    }
}
