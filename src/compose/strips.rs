use super::composer::GroupComposer;
use crate::aggregate::Tenths;
use crate::model::{Group, MeasureIndex, RegionIndex, SectionIndex, Share, StripView, StripsFigure};

impl GroupComposer<'_> {
    /// The areas of a region, without names, on each measure on which an area can be ahead or behind: a figure for each theme;
    /// and the labels of the measures that may not be shown.
    pub(super) fn strips(&mut self, region: RegionIndex) -> (Vec<StripsFigure>, Vec<String>) {
        let questionnaire = self.questionnaire();
        let measures = self.judged().into_iter().map(|(measure, _)| measure);
        // One person's answer is no share.
        let measures: Vec<MeasureIndex> =
            measures.filter(|measure| self.has_several_answers(*measure)).collect();
        let policy = &self.evaluation.settings.disclosure;
        let (mut figures, mut left_out) = (Vec::new(), Vec::new());
        for section in (0..questionnaire.sections.len()).map(SectionIndex) {
            let (mut rows, mut questions) = (Vec::new(), Vec::new());
            for measure in measures.iter().filter(|measure| questionnaire[**measure].section == section) {
                let Some(tenths) = self.aggregates.tenths(*measure, region, policy) else {
                    left_out.push(questionnaire[*measure].label.clone());
                    continue;
                };
                rows.push(self.strip(*measure, region, &tenths));
                questions.extend(questionnaire.questions_of(*measure));
            }
            if !rows.is_empty() {
                let (number, file) = self.next_figure();
                let (title, region) = (questionnaire[section].title.clone(), self.name_of(self.about));
                figures.push(StripsFigure { number, file, title, questions, region, rows });
            }
        }
        (figures, left_out)
    }

    fn strip(&mut self, measure: MeasureIndex, region: RegionIndex, tenths: &Tenths) -> StripView {
        let declared = &self.questionnaire()[measure];
        let group = Group::Region(region);
        let all: u32 = tenths.areas.iter().sum();
        // Each number is a fact, so that a moved dot is a change of this report.
        for (tenth, areas) in (0..).zip(tenths.areas) {
            let origin =
                self.origin(format!("areas/{}:{}", declared.id, 10 * tenth), group, measure, &declared.id);
            self.facts.number(origin, Share { count: areas, base: all });
        }
        let origin = self.origin(format!("areas/{}", declared.id), group, measure, &declared.id);
        StripView {
            label: declared.label.clone(),
            areas: tenths.areas.to_vec(),
            all: self.facts.number(origin, Share { count: all, base: all }),
            region: self.cell((measure, 0), group),
            nation: self.cell((measure, 0), Group::Nation),
        }
    }
}
