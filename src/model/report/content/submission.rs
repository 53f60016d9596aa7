use serde::Serialize;

/// The submission as received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubmissionView {
    /// The questions put to the strategic lead, with the answers.
    pub lead: ReceivedTable,
    /// The questions put to managers, with their answers.
    pub managers: ReceivedTable,
}

impl SubmissionView {
    /// All the answers, those that were set aside included.
    pub fn answers(&self) -> impl Iterator<Item = &AnswerView> {
        let rows = [&self.lead, &self.managers].into_iter().flat_map(|table| &table.rows);
        let answers = rows.flat_map(|row| &row.answers);
        answers.flat_map(|answer| std::iter::once(answer).chain(answer.set_aside.as_deref()))
    }
}

/// Questions, with the answers from a group of respondents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceivedTable {
    /// Everyone the questions were put to, whether they answered or not.
    pub respondents: Vec<RespondentView>,
    /// The questions in questionnaire order, with a row for each item of a grid.
    pub rows: Vec<ReceivedRow>,
    /// The closed questions in questionnaire order, each with the answers of everyone who responded, gathered.
    pub grouped: Vec<GroupedRow>,
}

/// Someone who could answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RespondentView {
    /// How they are named: as the strategic lead, or by the manager's sector.
    pub name: String,
    /// Their position among the answers of a row, counting from 0.
    pub place: usize,
    /// True when they sent any answer.
    pub responded: bool,
}

/// One question, or one item of a grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceivedRow {
    /// The short title of the question.
    pub question: String,
    /// True when the answers are in the respondents' own words.
    pub free_text: bool,
    /// The answers, in the order of the respondents.
    pub answers: Vec<AnswerView>,
}

/// One answer as received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerView {
    /// The answer, or the reason why there is no answer.
    pub answer: String,
    /// Whether there is an answer, or why it is missing.
    pub state: AnswerState,
    /// The answer that was sent although the question was not asked, and was set aside for that reason.
    pub set_aside: Option<Box<AnswerView>>,
}

/// One closed question with its answers gathered; a whole grid is one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupedRow {
    /// The short title of the question.
    pub question: String,
    /// The answers that anyone gave: the options in questionnaire order, then the others in the order of their states.
    pub answers: Vec<GroupView>,
}

/// One answer, and the sectors that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupView {
    /// The option, or why no option was chosen.
    pub answer: String,
    /// Whether there is an answer, or why it is missing.
    pub state: AnswerState,
    /// The names of the sectors that were rated so, or whose managers answered so; empty for what a strategic lead said
    /// about the whole area.
    pub sectors: Vec<String>,
}

/// Whether there is an answer, or why it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerState {
    /// Options or free text.
    Value,
    /// "Don't know".
    DontKnow,
    /// "Not applicable".
    NotApplicable,
    /// The question was left blank.
    NotAnswered,
    /// The question was skipped because of an earlier answer.
    NotAsked,
    /// The question is for other respondents.
    NotMeant,
}
