use crate::model::{Answer, OptionSet};

/// A respondent's answer to a question, reduced to what affects the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reply {
    /// Nothing that counts: not asked, left blank, or "not applicable". The respondent is not in the base.
    Missing,
    /// "Don't know", which is in the base.
    DontKnow,
    /// One or more options.
    Chosen(OptionSet),
}

impl Reply {
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Chosen(options) => Self::Chosen(*options),
            Answer::DontKnow => Self::DontKnow,
            _ => Self::Missing,
        }
    }

    pub(super) fn is_missing(self) -> bool {
        self == Self::Missing
    }

    /// True when at least one of these options was chosen.
    pub(super) fn chose_any(self, options: OptionSet) -> bool {
        matches!(self, Self::Chosen(chosen) if chosen.meets(options))
    }

    /// An answer that amounts to this reply.
    pub(super) fn answer(self) -> Answer {
        match self {
            Self::Missing => Answer::NotAnswered,
            Self::DontKnow => Answer::DontKnow,
            Self::Chosen(options) => Answer::Chosen(options),
        }
    }
}
