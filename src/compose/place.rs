use super::composer::Composer;
use super::fact::Origin;
use crate::aggregate::area_share;
use crate::model::{
    Definition, Group, MeasureIndex, PlaceView, PlacesFigure, PlacesView, Position, Quarter, Reading, Share,
};

/// The most measures in one spread chart, so that it takes less than half a page and its table stays close to it.
const MOST_ROWS: usize = 9;

impl Composer<'_> {
    /// Where the area stands among all areas, on each measure that counts options, has a declared polarity and has a
    /// share for the area.
    pub(super) fn places(&mut self) -> Option<PlacesView> {
        let measures = self.questionnaire().measures.iter().enumerate();
        let counted = measures.filter(|(_, measure)| {
            measure.polarity.is_some() && matches!(measure.definition, Definition::Counted { .. })
        });
        let mut rows: Vec<PlaceView> =
            counted.filter_map(|(measure, _)| self.place(MeasureIndex(measure))).collect();
        if rows.is_empty() {
            return None;
        }
        let measures = rows.len();
        let mut quarter = |quarter: Quarter| {
            let count = rows.iter().filter(|row| row.quarter == Some(quarter)).count() as u32;
            let origin = Origin::count(format!("place:{}", quarter.word()), self.area_name().to_owned());
            self.facts.number(origin, Share { count, base: measures as u32 });
            count
        };
        let (highest, lowest) = (quarter(Quarter::Highest), quarter(Quarter::Lowest));
        let together = measures.div_ceil(measures.div_ceil(MOST_ROWS));
        let mut figures = Vec::new();
        while !rows.is_empty() {
            let rest = rows.split_off(together.min(rows.len()));
            let rows = std::mem::replace(&mut rows, rest);
            let (number, file) = self.next_figure();
            figures.push(PlacesFigure { number, file, rows });
        }
        Some(PlacesView { measures: measures as u32, highest, lowest, figures })
    }

    fn place(&mut self, measure: MeasureIndex) -> Option<PlaceView> {
        let questionnaire = self.questionnaire();
        let policy = &self.evaluation.settings.disclosure;
        let own = area_share(questionnaire, self.submission, measure, 0);
        let spread = self.aggregates.spread(measure, policy).filter(|_| own.base > 1)?;
        let position = Position::of(own, &spread.shares, self.evaluation.submissions.len());
        let quarter = position.quarter.filter(|_| self.has_several_respondents(measure));
        let declared = &questionnaire[measure];
        let others = position.others();
        let mut areas = |name: &str, count: u32| {
            let id = format!("place/{}:{name}", declared.id);
            let origin = self.origin(id, Group::Nation, measure, &declared.id);
            self.facts.number(origin, Share { count, base: others })
        };
        let view = PlaceView {
            label: declared.label.clone(),
            lower: areas("lower", position.lower),
            same: areas("same", position.same),
            higher: areas("higher", position.higher),
            own: self.words.share(own.count, own.base),
            quarter,
            areas: spread.tenths,
            length: own.rounded(),
            region: self.group(&declared.id, measure, 0, Group::Region(self.region())),
            nation: self.group(&declared.id, measure, 0, Group::Nation),
        };
        self.facts.reads(&format!("place/{}:same", declared.id), quarter.map(Reading::Quarter));
        Some(view)
    }
}
