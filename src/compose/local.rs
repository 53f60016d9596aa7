use super::composer::Composer;
use super::fact::{ClashingFacts, FactBook, Origin};
use super::{Sources, figure, profile, received};
use crate::check::{self, CheckedEvaluation};
use crate::model::{
    Answer, Comparison, Definition, Group, Kind, LocalContent, MeasureIndex, OwnState, Question,
    QuestionIndex, Questionnaire, RegionIndex, RegionResponse, ReportModel, Respondent, Respondents,
    ResponseView, SectionIndex, SectionView, SectorIndex, SectorResponse, Share, SourceView,
};

/// The local report of an area: its submission compared with the region and the nation.
///
/// # Errors
/// When two facts clash, which is a bug in the program.
pub fn local(sources: Sources<'_>) -> Result<ReportModel<LocalContent>, ClashingFacts> {
    let Sources { evaluation, aggregates, submission, words } = sources;
    let facts = FactBook::new(words);
    let mut composer = Composer { evaluation, aggregates, submission, words, facts, figures: 0 };
    let key_figures = composer.key_figures();
    let (further, less_far) = composer.gaps();
    let sections = composer.sections();
    let places = composer.places();
    let planning = composer.planning(&less_far);
    let response = composer.response();
    let mut measures = sections.iter().flat_map(|section| &section.measures);
    let compared = measures.any(|measure| measure.comparison.is_some());
    let content = LocalContent {
        response,
        key_figures,
        profile: profile::profile(&evaluation.questionnaire, submission, words),
        compared,
        further,
        less_far,
        sections,
        places,
        planning,
        submission: received::received(&evaluation.questionnaire, submission, words),
    };
    Ok(sources.report(Kind::Local, composer.facts.into_facts()?, content))
}

impl Composer<'_> {
    fn sections(&mut self) -> Vec<SectionView> {
        let questionnaire = self.questionnaire();
        (0..questionnaire.sections.len())
            .map(SectionIndex)
            .map(|index| {
                let measures = self.measures_of(index);
                self.enter_comparisons(&questionnaire[index].id, &measures);
                SectionView {
                    id: questionnaire[index].id.clone(),
                    title: questionnaire[index].title.clone(),
                    sources: sources(questionnaire, index),
                    answered: self.answered(index),
                    measures,
                    figures: self.figures_of(index),
                }
            })
            .collect()
    }

    /// Enters how many of a section's measures allow a comparison, and on how many of them the area is higher or lower.
    fn enter_comparisons(&mut self, section: &str, measures: &[crate::model::MeasureView]) {
        let shares = measures.iter().filter(|measure| measure.own.state == OwnState::Share);
        let compared: Vec<Comparison> = shares.filter_map(|measure| measure.comparison).collect();
        for comparison in [Comparison::Higher, Comparison::Lower] {
            let count = compared.iter().filter(|other| **other == comparison).count() as u32;
            let id = format!("compared/{section}:{}", comparison.word());
            let mut origin = Origin::count(id, self.area_name().to_owned());
            section.clone_into(&mut origin.section);
            self.facts.number(origin, Share { count, base: compared.len() as u32 });
        }
    }

    /// True when anyone in the area answered a question in a section.
    fn answered(&self, section: SectionIndex) -> bool {
        let questionnaire = self.questionnaire();
        self.submission.iter().any(|(key, answer)| {
            questionnaire[key.question].section == section
                && matches!(
                    answer,
                    Answer::Chosen(_) | Answer::Text(_) | Answer::DontKnow | Answer::NotApplicable
                )
        })
    }

    /// The declared measures of a section, with a row for each of their cells.
    fn measures_of(&mut self, section: SectionIndex) -> Vec<crate::model::MeasureView> {
        let questionnaire = self.questionnaire();
        let measures = questionnaire.measures.iter().enumerate();
        let declared = measures.filter(|(_, measure)| {
            measure.section == section && !matches!(measure.definition, Definition::Distribution(_))
        });
        declared
            .flat_map(|(m, measure)| (0..measure.cells.len()).map(move |cell| (MeasureIndex(m), cell)))
            .map(|(measure, cell)| self.measure(measure, cell))
            .collect()
    }

    /// The charts of a section, one for each question that asks for one.
    fn figures_of(&mut self, section: SectionIndex) -> Vec<crate::model::FigureView> {
        let questions = self.questionnaire().questions.iter().enumerate();
        let charted = questions.filter(|(_, question)| question.section == section && question.chart);
        charted.map(|(q, _)| self.figure(QuestionIndex(q))).collect()
    }

    fn key_figures(&mut self) -> Vec<crate::model::MeasureView> {
        let measures = self.questionnaire().measures.iter().enumerate();
        let keys = measures.filter(|(_, measure)| measure.key_figure).map(|(m, measure)| {
            // For a tally, the cell for all.
            let cell = match &measure.definition {
                Definition::Tally { of, .. } => of.len(),
                _ => 0,
            };
            (MeasureIndex(m), cell)
        });
        keys.map(|(measure, cell)| self.measure(measure, cell)).collect()
    }

    fn response(&mut self) -> ResponseView {
        let CheckedEvaluation { register, submissions, turnout, .. } = self.evaluation;
        let region = register[self.submission.area].region;
        let sectors = || (0..self.questionnaire().sectors.len()).map(SectorIndex);
        let silent = |sector: &SectorIndex| !self.submission.responded(Respondent::Manager(*sector));
        let missing: Vec<String> =
            sectors().filter(silent).map(|sector| self.questionnaire()[sector].name.clone()).collect();
        let (answered, asked) = check::answered(self.questionnaire(), self.submission);
        let view = ResponseView {
            asked,
            blank: asked - answered,
            lead: self.submission.responded(Respondent::StrategicLead),
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
        for sector in &view.by_sector {
            let of = |group: &str| format!("{group}, {}", sector.name);
            let id = |group: &str| format!("managers/{group}/{}", sector.name);
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

/// Whose answers the findings of a section rest on: strategic leads, then managers, each with the measures based on
/// them.
fn sources(questionnaire: &Questionnaire, section: SectionIndex) -> Vec<SourceView> {
    let measures = questionnaire.measures.iter().enumerate().filter(|(_, measure)| {
        measure.section == section && !matches!(measure.definition, Definition::Distribution(_))
    });
    let measures: Vec<(&Question, &str)> = measures
        .map(|(m, measure)| {
            (&questionnaire[questionnaire.question_of(MeasureIndex(m))], measure.label.as_str())
        })
        .collect();
    let charts =
        questionnaire.questions.iter().filter(|question| question.chart && question.section == section);
    let charts: Vec<&Question> = charts.collect();
    let of = |who: Respondents| {
        let from = measures.iter().filter(|(question, _)| figure::asked(question) == who);
        let labels: Vec<String> = from.map(|(_, label)| (*label).to_owned()).collect();
        let drawn = measures.is_empty() && charts.iter().any(|question| figure::asked(question) == who);
        (drawn || !labels.is_empty()).then_some(SourceView { who, measures: labels })
    };
    [Respondents::Lead, Respondents::Managers].into_iter().filter_map(of).collect()
}
