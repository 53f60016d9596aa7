use super::composer::LocalComposer;
use super::measure::cell_id;
use super::received;
use crate::aggregate::area_share;
use crate::model::{
    AlikeView, Answer, Group, QuestionIndex, Respondent, Share, Standing, StatisticView, StepView, Verdict,
    VerdictView, VerdictsFigure,
};

impl LocalComposer<'_> {
    /// The strategic lead's verdicts: at a glance, and in detail.
    pub(super) fn verdicts(&mut self) -> Vec<VerdictView> {
        let questions = self.questionnaire().each_question();
        let verdicts = questions.filter_map(|(index, question)| Some((index, question.verdict?)));
        verdicts.map(|(index, verdict)| self.verdict(index, verdict)).collect()
    }

    /// A figure of the verdicts; `None` if there are none.
    pub(super) fn verdicts_figure(
        &mut self,
        verdicts: &[VerdictView],
        detailed: bool,
    ) -> Option<VerdictsFigure> {
        if verdicts.is_empty() {
            return None;
        }
        let questions = self.questionnaire().questions.iter().filter(|question| question.verdict.is_some());
        let questions = questions.map(|question| question.id.clone()).collect();
        let (number, file) = self.next_figure();
        let others = verdicts.iter().flat_map(|verdict| &verdict.steps);
        let withheld =
            detailed && others.flat_map(|step| [&step.region, &step.nation]).any(StatisticView::is_withheld);
        Some(VerdictsFigure { number, file, detailed, questions, verdicts: verdicts.to_vec(), withheld })
    }

    fn verdict(&mut self, index: QuestionIndex, verdict: Verdict) -> VerdictView {
        let questionnaire = self.questionnaire();
        let question = &questionnaire[index];
        let distribution = self.distribution(index);
        let answer = self.about.answer(questionnaire, Respondent::StrategicLead, index, None);
        let mut steps = Vec::new();
        for (option, declared) in question.options.iter().enumerate() {
            let id = cell_id(&question.id, &declared.id);
            steps.push(StepView {
                label: declared.label.clone(),
                chosen: answer.chose(option),
                region: self.group(&id, distribution, option, Group::Region(self.region())),
                nation: self.group(&id, distribution, option, Group::Nation),
            });
            // Whether the lead chose it is a fact, which the proof counts again.
            self.own_option(index, option);
        }
        // The furthest step that the lead chose.
        let chosen = |option: &usize| answer.chose(*option);
        let mut options = 0..question.options.len();
        let (furthest, step) = match verdict {
            Verdict::FirstIsFurthestOn => (0, options.find(chosen)),
            Verdict::LastIsFurthestOn => (question.options.len() - 1, options.rfind(chosen)),
        };
        let least = question.options.len() - 1 - furthest;
        let standing = step.map(|step| match step {
            step if step == furthest => Standing::Furthest,
            step if step == least => Standing::LeastFar,
            _ => Standing::Between,
        });
        let (_, text) = received::words(self.words, question, answer);
        let share = Share {
            count: u32::from(matches!(answer, Answer::Chosen(_))),
            base: area_share(questionnaire, self.about, distribution, 0).base,
        };
        let id = format!("own/verdict/{}", question.id);
        let origin = self.own_origin(id, None, distribution, &question.id);
        VerdictView {
            title: question.title.clone(),
            multiple: question.kind.takes_several(),
            own: self.facts.own_answer(origin, &text, share),
            steps,
            alike: step.and_then(|step| self.alike_on(index, step)),
            standing,
        }
    }

    /// How many other areas' only respondents chose the same option as this area's; `None` if that is withheld.
    pub(super) fn alike_on(&mut self, index: QuestionIndex, option: usize) -> Option<AlikeView> {
        let question = &self.questionnaire()[index];
        let distribution = self.distribution(index);
        let all = self.aggregates.statistic(distribution, option, Group::Nation).share()?;
        let others = Share { count: all.count.checked_sub(1)?, base: all.base.checked_sub(1)? };
        let cell = cell_id(&question.id, &question.options[option].id);
        let origin = self.origin(format!("alike/{}", question.id), Group::Nation, distribution, &cell);
        Some(AlikeView { count: self.facts.number(origin, others), of: self.words.digits(others.base) })
    }
}
