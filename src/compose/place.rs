use super::composer::LocalComposer;
use crate::aggregate::area_share;
use crate::model::{Group, MeasureIndex, PlaceView, PlacesFigure, Position, Share};

impl LocalComposer<'_> {
    /// Where the area is among all areas, on each measure on which it can be ahead or behind and has a share; `None`
    /// without such a measure.
    pub(super) fn places(&mut self) -> Option<PlacesFigure> {
        let measures: Vec<MeasureIndex> = self.judged().into_iter().map(|(measure, _)| measure).collect();
        let rows: Vec<PlaceView> = measures.iter().filter_map(|measure| self.place(*measure)).collect();
        if rows.is_empty() {
            return None;
        }
        let (number, file) = self.next_figure();
        let questionnaire = self.questionnaire();
        let questions = measures.iter().flat_map(|measure| questionnaire.questions_of(*measure)).collect();
        let withheld = rows.iter().any(|row| row.region.is_withheld() || row.nation.is_withheld());
        Some(PlacesFigure { number, file, questions, rows, withheld })
    }

    fn place(&mut self, measure: MeasureIndex) -> Option<PlaceView> {
        let questionnaire = self.questionnaire();
        let policy = &self.evaluation.settings.disclosure;
        let own = area_share(questionnaire, self.about, measure, 0);
        let spread = self.aggregates.spread(measure, policy).filter(|_| own.base > 1)?;
        let position = Position::of(own, &spread.shares);
        let (lowest, highest) = (spread.shares.first()?, spread.shares.last()?);
        let declared = &questionnaire[measure];
        let others = position.others();
        let mut areas = |name: &str, count: u32| {
            let id = format!("place/{}:{name}", declared.id);
            let origin = self.origin(id, Group::Nation, measure, &declared.id);
            self.facts.number(origin, Share { count, base: others })
        };
        Some(PlaceView {
            label: declared.label.clone(),
            lower: areas("lower", position.lower),
            same: areas("same", position.same),
            higher: areas("higher", position.higher),
            own: self.words.share(own.count, own.base),
            range: [lowest, highest].map(|share| share.rounded().unwrap_or_default()),
            middle: spread.middle_half().map(|ends| ends.map(|share| share.rounded().unwrap_or_default())),
            length: own.rounded(),
            region: self.group(&declared.id, measure, 0, Group::Region(self.region())),
            nation: self.group(&declared.id, measure, 0, Group::Nation),
        })
    }
}
