use serde::Serialize;

/// Who was asked a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Respondents {
    /// The strategic lead of each area.
    Lead,
    /// The managers of sectors.
    Managers,
}
