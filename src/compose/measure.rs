use std::cmp::Ordering;

use super::composer::Composer;
use super::received;
use crate::aggregate::area_share;
use crate::model::{
    AlikeView, Answer, AnswerKey, Comparison, Definition, Group, MeasureIndex, MeasureView, OwnView,
    Polarity, QuestionIndex, QuestionKind, Reading, Respondent, Share, Submission, thousands,
};

/// How many gaps in each direction a report lists.
const GAPS: usize = 4;

impl Composer<'_> {
    /// One cell of a measure: the area compared with its region and the nation.
    pub(super) fn measure(&mut self, measure: MeasureIndex, cell: usize) -> MeasureView {
        let questionnaire = self.questionnaire();
        let declared = &questionnaire[measure];
        let id = cell_id(&declared.id, &declared.cells[cell].id);
        let region = self.evaluation.register[self.submission.area].region;
        let own_share = area_share(questionnaire, self.submission, measure, cell);
        let nation = self.aggregates.statistic(measure, cell, Group::Nation);
        let own = self.own(&id, measure, own_share);
        let regional = self.aggregates.statistic(measure, cell, Group::Region(region));
        let alike = self.alike(&id, measure);
        let comparison = nation.share().and_then(|nation| self.compare(measure, own_share, nation));
        self.facts.reads(&format!("own/{id}"), comparison.map(Reading::Comparison));
        MeasureView {
            label: declared.cells[cell].label.clone(),
            region: self.group(&id, measure, cell, Group::Region(region)),
            nation: self.group(&id, measure, cell, Group::Nation),
            withheld: regional.share().is_none() || nation.share().is_none(),
            base: self.words.base(&declared.base).to_owned(),
            comparison,
            too_few: comparison.is_none()
                && nation.share().is_some()
                && own_share.base > 0
                && self.has_several_respondents(measure),
            alike,
            own,
            id,
        }
    }

    /// The measures with a polarity on which the area differs from the nation: those where it is ahead, and those where
    /// it is behind. The widest gaps come first; equal ones keep questionnaire order.
    pub(super) fn gaps(&mut self) -> (Vec<MeasureView>, Vec<MeasureView>) {
        let questionnaire = self.questionnaire();
        let mut further = Vec::new();
        let mut less_far = Vec::new();
        for (m, declared) in questionnaire.measures.iter().enumerate() {
            let measure = MeasureIndex(m);
            let question = questionnaire.question_of(measure);
            let several = Submission::places(questionnaire, question).len() > 1;
            let (Some(polarity), Definition::Counted { .. }, true) =
                (declared.polarity, &declared.definition, several)
            else {
                continue;
            };
            let own = area_share(questionnaire, self.submission, measure, 0);
            let nation = self.aggregates.statistic(measure, 0, Group::Nation).share();
            let Some(nation) = nation else { continue };
            let side = match (self.compare(measure, own, nation), polarity) {
                (Some(Comparison::Higher), Polarity::MoreIsFurtherOn)
                | (Some(Comparison::Lower), Polarity::MoreIsLessFarOn) => &mut further,
                (Some(Comparison::Lower), Polarity::MoreIsFurtherOn)
                | (Some(Comparison::Higher), Polarity::MoreIsLessFarOn) => &mut less_far,
                _ => continue,
            };
            side.push((measure, own, nation));
        }
        (self.widest(further), self.widest(less_far))
    }

    /// How the area compares with the nation; `None` if too few answered.
    fn compare(&self, measure: MeasureIndex, own: Share, nation: Share) -> Option<Comparison> {
        own.compare(nation).filter(|_| self.has_several_respondents(measure))
    }

    /// False for a measure of the strategic lead alone: the ratings of a single respondent are that person's view and not a
    /// share of people, however many there are.
    pub(super) fn has_several_respondents(&self, measure: MeasureIndex) -> bool {
        let questionnaire = self.questionnaire();
        let asked = &questionnaire[questionnaire.question_of(measure)];
        Submission::respondents(asked) != [Respondent::StrategicLead]
    }

    fn widest(&mut self, mut gaps: Vec<(MeasureIndex, Share, Share)>) -> Vec<MeasureView> {
        gaps.sort_by(|a, b| wider(b.1, b.2, a.1, a.2).then(a.0.cmp(&b.0)));
        gaps.into_iter().take(GAPS).map(|(measure, ..)| self.measure(measure, 0)).collect()
    }

    /// The area's own answer: a share if several people could answer, a single answer if only one could.
    fn own(&mut self, id: &str, measure: MeasureIndex, share: Share) -> OwnView {
        let questionnaire = self.questionnaire();
        let question = questionnaire.question_of(measure);
        let origin = self.own_origin(format!("own/{id}"), None, measure, id);
        match Submission::places(questionnaire, question).as_slice() {
            [only] => {
                let text = self.only_answer(*only, measure, share);
                self.facts.own_answer(origin, &text, share)
            }
            _ => self.facts.own_share(origin, share),
        }
    }

    /// How many other areas' only respondents chose the same option as this area's. `None` if several options may be
    /// chosen, or if the number is withheld.
    fn alike(&mut self, id: &str, measure: MeasureIndex) -> Option<AlikeView> {
        let questionnaire = self.questionnaire();
        let Definition::Counted { question, .. } = questionnaire[measure].definition else { return None };
        let places = Submission::places(questionnaire, question);
        let ([only], QuestionKind::Single) = (places.as_slice(), questionnaire[question].kind) else {
            return None;
        };
        let Some(Answer::Chosen(chosen)) = self.submission.get(*only) else { return None };
        let option = chosen.iter().next()?;
        let distribution = self.distribution(question);
        let all = self.aggregates.statistic(distribution, option, Group::Nation).share()?;
        let others = Share { count: all.count.checked_sub(1)?, base: all.base.checked_sub(1)? };
        let cell = cell_id(&questionnaire[question].id, &questionnaire[question].options[option].id);
        let origin = self.origin(format!("alike/{id}"), Group::Nation, distribution, &cell);
        Some(AlikeView { count: self.facts.number(origin, others), of: thousands(others.base) })
    }

    /// The only respondent's answer in terms of a measure: the option chosen; for a question that allows several,
    /// whether one that counts was chosen; for a tally, whether this is their number.
    fn only_answer(&self, only: AnswerKey, measure: MeasureIndex, share: Share) -> String {
        let questionnaire = self.questionnaire();
        let question = &questionnaire[only.question];
        if matches!(questionnaire[measure].definition, Definition::Tally { .. }) {
            let words = &self.words.own;
            let word = match share {
                Share { base: 0, .. } => &words.unknown,
                Share { count: 0, .. } => &words.no,
                Share { .. } => &words.yes,
            };
            return word.clone();
        }
        match self.submission.answer(questionnaire, only.respondent, only.question, only.item) {
            Answer::Chosen(_) if question.kind.takes_several() => self.choice(only, share).to_owned(),
            answer => received::words(self.words, question, answer).1,
        }
    }

    /// The one answer that a question calls for, if a single respondent answers it once.
    pub(super) fn only_place(&self, question: QuestionIndex) -> Option<AnswerKey> {
        let asked = &self.questionnaire()[question];
        let lead =
            !asked.kind.rates_sectors() && Submission::respondents(asked) == [Respondent::StrategicLead];
        lead.then_some(AnswerKey { respondent: Respondent::StrategicLead, question, item: None })
    }
}

/// The id of a cell: only its measure's id if the measure has one cell.
pub(super) fn cell_id(measure: &str, cell: &str) -> String {
    if cell.is_empty() { measure.to_owned() } else { format!("{measure}:{cell}") }
}

/// Compares two gaps between an area's own share and the nation's by their exact size.
fn wider(own_a: Share, nation_a: Share, own_b: Share, nation_b: Share) -> Ordering {
    let gap = |own: Share, nation: Share| {
        let apart =
            i128::from(own.count) * i128::from(nation.base) - i128::from(nation.count) * i128::from(own.base);
        (apart.abs(), i128::from(own.base) * i128::from(nation.base))
    };
    let ((a, base_a), (b, base_b)) = (gap(own_a, nation_a), gap(own_b, nation_b));
    (a * base_b).cmp(&(b * base_a))
}
