use std::cmp::Ordering;

use super::composer::{Composer, LocalComposer};
use super::received;
use crate::aggregate::area_share;
use crate::model::{
    AlikeView, Answer, AnswerKey, Comparison, Definition, Group, MeasureIndex, MeasureView, OwnView,
    Polarity, QuestionIndex, QuestionKind, Respondent, Share, StatisticView, Submission,
};

/// By how many points "don't know" must move a statistic to be worth a note.
const MOVED: u64 = 3;

impl LocalComposer<'_> {
    /// One cell of a measure: the area compared with its region and the nation.
    pub(super) fn measure(&mut self, measure: MeasureIndex, cell: usize) -> MeasureView {
        let questionnaire = self.questionnaire();
        let declared = &questionnaire[measure];
        let id = self.cell_name(measure, cell);
        let region = self.evaluation.register[self.about.area].region;
        let own_share = area_share(questionnaire, self.about, measure, cell);
        let nation = self.aggregates.statistic(measure, cell, Group::Nation);
        let own = self.own(&id, measure, own_share);
        let regional = self.aggregates.statistic(measure, cell, Group::Region(region));
        let alike = self.alike(measure);
        let comparison = nation.share().and_then(|nation| self.compare(measure, own_share, nation));
        self.facts.reads(&format!("own/{id}"), comparison);
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
                && self.is_compared(measure)
                && self.has_several_respondents(measure),
            alike,
            dont_know: self.dont_know(measure, cell),
            own,
            id,
        }
    }

    /// How the area compares with the nation; `None` if too few answered or it is not a share of people.
    pub(super) fn compare(&self, measure: MeasureIndex, own: Share, nation: Share) -> Option<Comparison> {
        own.compare(nation).filter(|_| self.is_compared(measure) && self.has_several_respondents(measure))
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
    fn alike(&mut self, measure: MeasureIndex) -> Option<AlikeView> {
        let questionnaire = self.questionnaire();
        let Definition::Counted { question, .. } = questionnaire[measure].definition else { return None };
        let places = Submission::places(questionnaire, question);
        let ([only], QuestionKind::Single) = (places.as_slice(), questionnaire[question].kind) else {
            return None;
        };
        let Some(Answer::Chosen(chosen)) = self.about.get(*only) else { return None };
        self.alike_on(question, chosen.iter().next()?)
    }

    /// The nation's share of "don't know", if leaving those answers out would move a statistic by three points or more.
    fn dont_know(&mut self, measure: MeasureIndex, cell: usize) -> Option<StatisticView> {
        let questionnaire = self.questionnaire();
        let Definition::Counted { question, .. } = questionnaire[measure].definition else { return None };
        let declared = &questionnaire[question];
        let option = declared.dont_know.then_some(declared.options.len())?;
        let distribution = self.distribution(question);
        let unsure = self.aggregates.statistic(distribution, option, Group::Nation).share()?;
        let counted = self.aggregates.statistic(measure, cell, Group::Nation).share()?;
        let [count, base, unsure] = [counted.count, counted.base, unsure.count].map(u64::from);
        // c/(b - d) - c/b >= 3/100, in whole numbers.
        let moved = 100 * count * unsure >= MOVED * base * base.saturating_sub(unsure) && unsure > 0;
        moved.then(|| self.cell((distribution, option), Group::Nation))
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
        match self.about.answer(questionnaire, only.respondent, only.question, only.item) {
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

impl<A> Composer<'_, A> {
    /// The measures on which an area can be ahead or behind: those with a polarity that count answers to a question which
    /// several people were all asked.
    pub(super) fn judged(&self) -> Vec<(MeasureIndex, Polarity)> {
        let questionnaire = self.questionnaire();
        let judged = questionnaire.each_measure().filter_map(|(measure, declared)| {
            if !matches!(declared.definition, Definition::Counted { .. }) {
                return None;
            }
            let polarity = declared.polarity.filter(|_| self.is_asked_of_all(measure));
            polarity.map(|polarity| (measure, polarity))
        });
        judged.collect()
    }

    /// True for a measure whose shares may be compared. The cells of a tally are one whole: what is compared is each
    /// measure in it.
    pub(super) fn is_compared(&self, measure: MeasureIndex) -> bool {
        !matches!(self.questionnaire()[measure].definition, Definition::Tally { .. })
    }

    /// True for a measure of a question that several people were all asked.
    pub(super) fn is_asked_of_all(&self, measure: MeasureIndex) -> bool {
        let questionnaire = self.questionnaire();
        let asked = &questionnaire[questionnaire.question_of(measure)];
        asked.route.is_none() && self.has_several_respondents(measure)
    }

    /// False for a measure of the strategic lead alone: the ratings of a single respondent are that person's view and not a
    /// share of people, however many there are.
    pub(super) fn has_several_respondents(&self, measure: MeasureIndex) -> bool {
        let questionnaire = self.questionnaire();
        let asked = &questionnaire[questionnaire.question_of(measure)];
        Submission::respondents(asked) != [Respondent::StrategicLead]
    }
}

/// The id of a cell: only its measure's id if the measure has one cell.
pub(super) fn cell_id(measure: &str, cell: &str) -> String {
    if cell.is_empty() { measure.to_owned() } else { format!("{measure}:{cell}") }
}

/// Compares two gaps, each between an area's own share and the nation's, by their exact size.
pub(super) fn wider(a: (Share, Share), b: (Share, Share)) -> Ordering {
    let gap = |(own, nation): (Share, Share)| {
        let apart =
            i128::from(own.count) * i128::from(nation.base) - i128::from(nation.count) * i128::from(own.base);
        // A share of nobody is no gap.
        (apart.abs(), (i128::from(own.base) * i128::from(nation.base)).max(1))
    };
    let ((a, base_a), (b, base_b)) = (gap(a), gap(b));
    (a * base_b).cmp(&(b * base_a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_have_an_order_even_if_nobody_answered() {
        let gap = |count, base| (Share { count, base }, Share { count: 1, base: 4 });
        let none = (Share::default(), Share::default());
        let mut gaps = [none, gap(1, 2), gap(1, 4), gap(2, 2), none, gap(9, 10)];
        gaps.sort_by(|a, b| wider(*b, *a));
        let found: Vec<(u32, u32)> = gaps.iter().map(|(own, _)| (own.count, own.base)).collect();
        assert_eq!(found, [(2, 2), (9, 10), (1, 2), (0, 0), (1, 4), (0, 0)]);
        assert_eq!(wider(none, gap(2, 2)), Ordering::Less);
    }
}
