use super::{Builder, distribution};
use crate::check::{number, text, unknown};
use crate::model::{
    AnswerOption, Asked, Base, Definition, Measure, MeasureIndex, Polarity, QuestionIndex, SectionIndex,
};
use crate::read::RawMeasure;

const POLARITIES: [(&str, Polarity); 2] =
    [("more-is-further-on", Polarity::MoreIsFurtherOn), ("more-is-less-far-on", Polarity::MoreIsLessFarOn)];

/// The parts of a measure that differ between a count and a tally.
struct Counting {
    definition: Definition,
    section: SectionIndex,
    cells: Vec<AnswerOption>,
    base: Base,
}

impl Builder {
    /// Every closed question has a measure of how its answers are distributed.
    pub(super) fn add_distributions(&mut self) {
        let questions = self.questionnaire.questions.iter().enumerate();
        let closed: Vec<Measure> = questions
            .filter(|(_, question)| question.kind.is_closed())
            .map(|(i, question)| distribution(QuestionIndex(i), question))
            .collect();
        closed.into_iter().for_each(|measure| self.questionnaire.add_measure(measure));
    }

    pub(super) fn add_measure(&mut self, raw: &RawMeasure) {
        self.id(&raw.id, "measure");
        self.text("label", &raw.label, text::LONGEST_LABEL);
        raw.base.iter().for_each(|base| self.text("base", base, text::LONGEST_NAME));
        let polarity = raw.polarity.as_ref().and_then(|word| self.word("polarity", word, &POLARITIES));
        let counting = match (&raw.question, raw.tally.is_empty()) {
            (Some(question), true) => self.count(raw, question),
            (None, false) => self.tally(raw),
            _ => {
                let message = "a measure needs either 'question' and 'counts', or 'tally' and 'cells'";
                self.error("question", "wrong-measure", message, &raw.id);
                None
            }
        };
        let Some(Counting { definition, section, cells, base }) = counting else { return };
        self.questionnaire.add_measure(Measure {
            id: raw.id.clone(),
            section,
            label: raw.label.clone(),
            definition,
            cells,
            polarity,
            base,
            key_figure: raw.key_figure,
        });
    }

    fn count(&mut self, raw: &RawMeasure, question: &str) -> Option<Counting> {
        if !raw.cells.is_empty() || raw.section.is_some() || raw.base.is_some() || raw.at_least.is_some() {
            let message = "'cells', 'section', 'base' and 'at-least' can only be used with a tally";
            self.error("question", "wrong-measure", message, &raw.id);
        }
        let question = self.earlier_question("question", question)?;
        let options = self.all_options("counts", question, &raw.counts)?;
        let asked = &self.questionnaire[question];
        Some(Counting {
            definition: Definition::Counted { question, options },
            section: asked.section,
            cells: vec![AnswerOption { id: String::new(), label: raw.label.clone() }],
            base: asked.base.clone(),
        })
    }

    fn tally(&mut self, raw: &RawMeasure) -> Option<Counting> {
        let of = self.tallied(&raw.tally);
        let cells = self.options("cells", &raw.cells);
        if cells.len() != raw.tally.len() + 2 {
            let message = "a tally of N measures needs N + 2 cells: one for each number from 0 to N, and one for when the number is not known";
            self.error("cells", "wrong-measure", message, &raw.id);
        }
        let section = raw.section.as_ref().and_then(|id| self.section(id));
        let (Some(base), Some(section)) = (raw.base.clone().map(Base::Declared), section) else {
            self.error("base", "wrong-measure", "a tally must name its section and its base", &raw.id);
            return None;
        };
        self.tallied_together(raw, &of);
        let most = u32::try_from(of.len()).unwrap_or(u32::MAX).max(1);
        let place = self.place("at-least");
        let at_least = number::within(raw.at_least, 1..=most, &place, &mut self.problems).unwrap_or(most);
        let at_least = at_least as usize;
        (!of.is_empty()).then_some(Counting {
            definition: Definition::Tally { of, at_least },
            section,
            cells,
            base,
        })
    }

    /// The measures in a tally. An id that cannot be tallied is reported and left out.
    fn tallied(&mut self, ids: &[String]) -> Vec<MeasureIndex> {
        let mut of = Vec::new();
        for id in ids {
            match self.questionnaire.measure(id) {
                Some(index) if matches!(self.questionnaire[index].definition, Definition::Counted { .. }) => {
                    of.push(index);
                }
                _ => {
                    let message = "a tally is made up of measures that count options, declared above it";
                    let known = self.questionnaire.measures.iter().map(|measure| measure.id.as_str());
                    let place = self.place("tally");
                    self.problems.push(unknown("unknown-measure", place, message, id, known));
                }
            }
        }
        of
    }

    /// Checks that the measures in a tally have the same respondents, and that none is in it twice.
    fn tallied_together(&mut self, raw: &RawMeasure, of: &[MeasureIndex]) {
        let questionnaire = &self.questionnaire;
        let asked: Vec<&Asked> =
            of.iter().map(|measure| &questionnaire[questionnaire.question_of(*measure)].asked).collect();
        if asked.windows(2).any(|pair| pair[0] != pair[1]) {
            let message = "the measures in a tally must have the same respondents";
            self.error("tally", "wrong-measure", message, &raw.id);
        }
        if of.iter().enumerate().any(|(position, measure)| of[..position].contains(measure)) {
            self.error("tally", "wrong-measure", "a measure appears in the tally twice", &raw.id);
        }
    }
}
