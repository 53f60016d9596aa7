use std::collections::BTreeMap;

use crate::model::{Definition, MeasureIndex, QuestionIndex, Questionnaire};

/// Questions whose figures can reveal one another, with all their measures: one question is asked only of those who
/// gave a certain answer to another, or a tally combines them. Each set is decided on as a whole, separately from all
/// others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedMeasures {
    /// The questions, in questionnaire order; all are closed.
    pub(super) questions: Vec<QuestionIndex>,
    /// Their measures, in questionnaire order.
    pub(super) measures: Vec<MeasureIndex>,
}

impl LinkedMeasures {
    /// The number of questions and measures: the more there are, the longer a decision takes.
    pub fn size(&self) -> usize {
        self.questions.len() + self.measures.len()
    }
}

/// Splits the measures of a questionnaire into independent sets.
pub fn linked(questionnaire: &Questionnaire) -> Vec<LinkedMeasures> {
    let mut sets = Sets((0..questionnaire.questions.len()).collect());
    for (index, question) in questionnaire.questions.iter().enumerate().filter(|(_, q)| q.kind.is_closed()) {
        if let Some(route) = &question.route {
            sets.join(index, route.question.0);
        }
    }
    for (index, measure) in questionnaire.measures.iter().enumerate() {
        if let Definition::Tally { of, .. } = &measure.definition {
            let first = questionnaire.question_of(MeasureIndex(index));
            of.iter().for_each(|part| sets.join(first.0, questionnaire.question_of(*part).0));
        }
    }
    let mut linked: BTreeMap<usize, LinkedMeasures> = BTreeMap::new();
    let empty = || LinkedMeasures { questions: Vec::new(), measures: Vec::new() };
    for (index, _) in questionnaire.questions.iter().enumerate().filter(|(_, q)| q.kind.is_closed()) {
        linked.entry(sets.of(index)).or_insert_with(empty).questions.push(QuestionIndex(index));
    }
    for measure in (0..questionnaire.measures.len()).map(MeasureIndex) {
        let set = sets.of(questionnaire.question_of(measure).0);
        linked.entry(set).or_insert_with(empty).measures.push(measure);
    }
    linked.into_values().collect()
}

/// Sets of numbers that can be merged but not split; each is identified by its lowest number.
struct Sets(Vec<usize>);

impl Sets {
    fn of(&mut self, number: usize) -> usize {
        let mut root = number;
        while self.0[root] != root {
            root = self.0[root];
        }
        self.0[number] = root;
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}
