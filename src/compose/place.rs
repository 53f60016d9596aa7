use super::Composer;
use crate::aggregate::area_share;
use crate::model::{Definition, MeasureIndex, PlaceView, Position, Quarter, Share};

impl Composer<'_> {
    /// Where the area lies among all areas: on each measure that counts options, whose polarity is declared, and on which
    /// the area has a share.
    pub(super) fn places(&mut self) -> Vec<PlaceView> {
        let measures = self.questionnaire().measures.iter().enumerate();
        let counted = measures.filter(|(_, measure)| {
            measure.polarity.is_some() && matches!(measure.definition, Definition::Counted { .. })
        });
        counted.filter_map(|(measure, _)| self.place(MeasureIndex(measure))).collect()
    }

    fn place(&mut self, measure: MeasureIndex) -> Option<PlaceView> {
        let questionnaire = self.questionnaire();
        let policy = &self.evaluation.settings.disclosure;
        let own = area_share(questionnaire, self.submission, measure, 0);
        let spread = self.aggregates.spread(measure, policy).filter(|_| own.base > 1)?;
        let position = Position::of(own, spread, self.evaluation.submissions.len());
        let declared = &questionnaire[measure];
        let others = position.others();
        let mut areas = |name: &str, count: u32| {
            self.facts.areas(format!("place/{}:{name}", declared.id), Share { count, base: others })
        };
        Some(PlaceView {
            label: declared.label.clone(),
            lower: areas("lower", position.lower),
            same: areas("same", position.same),
            higher: areas("higher", position.higher),
            own: format!("{} of {}", own.count, own.base),
            quarter: match position.quarter {
                Some(Quarter::Lowest) => "lowest",
                Some(Quarter::Second) => "second",
                Some(Quarter::Third) => "third",
                Some(Quarter::Highest) => "highest",
                None => "",
            },
        })
    }
}
