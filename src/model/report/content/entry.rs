use serde::Serialize;

use crate::model::word::words;

/// One question put to one respondent, or one item of a grid: what was sent, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntryView {
    /// How the respondent is named: as the strategic lead, or by the manager's sector.
    pub respondent: String,
    /// The id of the question.
    pub question_id: String,
    /// The short title of the question.
    pub question: String,
    /// The wording of the question.
    pub wording: String,
    /// True when it is answered in the respondent's own words.
    pub free_text: bool,
    /// The name of the sector being rated, for an item of a grid.
    pub item: Option<String>,
    /// The answer that was sent, whether or not it was set aside.
    pub answer: Option<String>,
    /// What became of the question.
    pub state: EntryState,
    /// Why, if that needs a reason.
    pub reason: Option<String>,
}

words! {
    /// What became of a question that was meant for a respondent.
    EntryState {
        /// Options were chosen, or text was written.
        Answered = "answered",
        /// The answer was "don't know".
        DontKnow = "dont-know",
        /// The answer was "not applicable".
        NotApplicable = "not-applicable",
        /// It was asked, and nothing was sent.
        LeftBlank = "left-blank",
        /// An earlier answer led past it.
        NotAsked = "not-asked",
        /// An earlier answer led past it, so the answer that was sent does not count.
        SetAside = "set-aside",
        /// The respondent sent no answer that counts to any question.
        NoResponse = "no-response",
    }
}

/// How many questions had the same end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateCount {
    /// What became of them.
    pub state: EntryState,
    /// The words for it.
    pub name: String,
    /// What that means, in a sentence.
    pub meaning: String,
    /// How many of them are closed questions.
    pub closed: String,
    /// How many of them ask for free text.
    pub free_text: String,
}

/// The questions to which a respondent's answers do not count or are missing, gathered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GapsView {
    /// How the respondent is named.
    pub respondent: String,
    /// The questions, by what became of them and why.
    pub gaps: Vec<GapView>,
}

/// Questions to one respondent that had the same end for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GapView {
    /// What became of them.
    pub state: EntryState,
    /// The words for it.
    pub name: String,
    /// Why, if that needs a reason.
    pub reason: Option<String>,
    /// The questions in questionnaire order; a grid is one question.
    pub questions: Vec<GapQuestion>,
}

/// A question without an answer that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GapQuestion {
    /// The short title of the question.
    pub question: String,
    /// The sectors concerned, if it is a grid and they are not all.
    pub items: Vec<String>,
    /// The answer, if it was set aside.
    pub answer: Option<String>,
}
