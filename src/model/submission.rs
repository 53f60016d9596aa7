use std::collections::BTreeMap;

use super::{AreaIndex, Asked, Question, QuestionIndex, QuestionKind, Questionnaire, SectorIndex};

/// Who answers: one strategic lead and one implementation manager of each sector in each area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Respondent {
    /// The area's strategic lead.
    StrategicLead,
    /// The implementation manager of one sector.
    Manager(SectorIndex),
}

/// What a respondent said to a question. A sixth state, withheld, belongs to statistics and not to answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// One option or more, in questionnaire order.
    Chosen(Vec<u8>),
    /// Free text, as it was sent.
    Text(String),
    /// "Don't know": an answer, kept in the base of percentages.
    DontKnow,
    /// "Not applicable": an answer, not in the base of percentages.
    NotApplicable,
    /// The question was asked and left blank.
    NotAnswered,
    /// Routing never led to the question.
    NotAsked,
}

impl Answer {
    /// True when the respondent is in the base of percentages: an option or "don't know".
    pub fn in_base(&self) -> bool {
        matches!(self, Self::Chosen(_) | Self::DontKnow)
    }

    /// True when an option was chosen.
    pub fn chose(&self, option: usize) -> bool {
        matches!(self, Self::Chosen(options) if options.iter().any(|o| usize::from(*o) == option))
    }
}

/// Which answer of a submission is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerKey {
    /// Who answers.
    pub respondent: Respondent,
    /// The question.
    pub question: QuestionIndex,
    /// The sector that is rated, for a grid question.
    pub item: Option<SectorIndex>,
}

/// All answers of one area.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The area.
    pub area: AreaIndex,
    /// What was sent: options, text, "don't know" and "not applicable". The other states follow from what is absent.
    pub answers: BTreeMap<AnswerKey, Answer>,
}

impl Submission {
    /// What a respondent said to a question; for a grid question, about the sector `item`.
    pub fn answer(
        &self,
        questionnaire: &Questionnaire,
        respondent: Respondent,
        question: QuestionIndex,
        item: Option<SectorIndex>,
    ) -> &Answer {
        if let Some(answer) = self.answers.get(&AnswerKey { respondent, question, item }) {
            return answer;
        }
        if self.is_asked(questionnaire, respondent, question) {
            &Answer::NotAnswered
        } else {
            &Answer::NotAsked
        }
    }

    /// True when the question was put to the respondent: they are among those asked, and routing led there.
    pub fn is_asked(
        &self,
        questionnaire: &Questionnaire,
        respondent: Respondent,
        question: QuestionIndex,
    ) -> bool {
        let asked = &questionnaire[question];
        let among = match (&asked.asked, respondent) {
            (Asked::StrategicLead, Respondent::StrategicLead) => true,
            (Asked::Managers(sectors), Respondent::Manager(sector)) => sectors.contains(&sector),
            _ => false,
        };
        among
            && asked.route.as_ref().is_none_or(|route| {
                let earlier = self.answer(questionnaire, respondent, route.question, None);
                route.options.iter().any(|option| earlier.chose(*option))
            })
    }

    /// True when the respondent sent any answer at all.
    pub fn responded(&self, respondent: Respondent) -> bool {
        let first = AnswerKey { respondent, question: QuestionIndex(0), item: None };
        self.answers.range(first..).next().is_some_and(|(key, _)| key.respondent == respondent)
    }

    /// Those who could answer a question: its strategic lead, or the managers of its sectors.
    pub fn respondents(question: &Question) -> Vec<Respondent> {
        match &question.asked {
            Asked::StrategicLead => vec![Respondent::StrategicLead],
            Asked::Managers(sectors) => sectors.iter().copied().map(Respondent::Manager).collect(),
        }
    }

    /// Every answer that a question calls for in this submission: who, and about which sector.
    pub fn places(questionnaire: &Questionnaire, question: QuestionIndex) -> Vec<AnswerKey> {
        let asked = &questionnaire[question];
        let items: Vec<Option<SectorIndex>> = if asked.kind == QuestionKind::Grid {
            (0..questionnaire.sectors.len()).map(|s| Some(SectorIndex(s))).collect()
        } else {
            vec![None]
        };
        Self::respondents(asked)
            .into_iter()
            .flat_map(|respondent| {
                items.iter().map(move |item| AnswerKey { respondent, question, item: *item })
            })
            .collect()
    }
}
