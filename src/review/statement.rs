use serde::{Deserialize, Serialize};

/// A text and what vouches for it. The text is kept as it was signed, not as what it says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    /// Version of the file format.
    pub(super) version: u32,
    /// The text: a JSON object.
    pub(super) statement: String,
    /// The signature of the text.
    pub(super) signature: String,
}
