use super::composer::GroupComposer;
use crate::aggregate::Tenths;
use crate::model::{Group, MeasureIndex, RegionIndex, Share, StripView, StripsFigure};

impl GroupComposer<'_> {
    /// The areas of a region, without names, on each measure on which an area can be ahead or behind; `None` if no measure
    /// may be shown.
    pub(super) fn strips(&mut self, region: RegionIndex) -> Option<StripsFigure> {
        let measures = self.judged().into_iter().map(|(measure, _)| measure);
        // One person's answer is no share.
        let measures: Vec<MeasureIndex> =
            measures.filter(|measure| self.has_several_answers(*measure)).collect();
        let policy = &self.evaluation.settings.disclosure;
        let (mut rows, mut shown, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for measure in measures {
            match self.aggregates.tenths(measure, region, policy) {
                Some(tenths) => {
                    rows.push(self.strip(measure, region, &tenths));
                    shown.push(measure);
                }
                None => left_out.push(self.questionnaire()[measure].label.clone()),
            }
        }
        if rows.is_empty() {
            return None;
        }
        let (number, file) = self.next_figure();
        let questionnaire = self.questionnaire();
        let questions = shown.iter().flat_map(|measure| questionnaire.questions_of(*measure)).collect();
        Some(StripsFigure { number, file, questions, region: self.subject_name(), rows, left_out })
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
            region: self.group(&declared.id, measure, 0, group),
            nation: self.group(&declared.id, measure, 0, Group::Nation),
        }
    }
}
