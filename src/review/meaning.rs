use std::collections::BTreeSet;

use serde::Serialize;

use super::change::Fate;
use super::explanation::Explanation;
use super::group::Risk;
use super::look::Look;
use crate::hash::sha256;
use crate::publish::Scope;

/// What makes changes in several reports one group. Its serialised form gives the group its id, which decisions refer
/// to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "meaning", content = "of")]
pub(super) enum Meaning {
    Fate(Fate),
    /// Other people are to receive the reports of an area.
    Recipients(String),
    /// Everything in an area's report that follows from its own answers.
    Own(String),
    /// Figures about the same subject with the same risk. The number is 1 if they differ from those in most reports,
    /// and 0 if they do not.
    Figures(Risk, Scope, u32),
    /// The same words.
    Words(Vec<String>),
    /// Words that differ from report to report: they follow from figures, or perhaps from wording.
    WordsThatFollow(BTreeSet<Explanation>),
    /// The same looks, and the number of pages by which reports grew.
    Looks(BTreeSet<Look>, i64),
    /// Nothing that can be seen or read.
    Bytes,
}

/// Meanings of one family are alternatives: a group with few reports stands apart from one with most of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Words,
    Looks,
}

impl Meaning {
    /// The eight-digit id of the group. A meaning has the same id in every version of the program.
    pub(super) fn id(&self) -> String {
        let named = serde_json::to_vec(self).unwrap_or_default();
        sha256(&named)[..8].to_owned()
    }

    /// The family of this meaning; `None` if it is not an alternative to any other.
    pub(super) fn family(&self) -> Option<Family> {
        match self {
            Self::Words(_) => Some(Family::Words),
            Self::Looks(..) => Some(Family::Looks),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_group_comes_from_its_serialised_meaning() {
        let words = Meaning::Words(vec!["Pace".to_owned()]);
        let figures = Meaning::Figures(Risk::Withholding, Scope::Own, 1);
        let named = [
            (&Meaning::Bytes, r#"{"meaning":"bytes"}"#),
            (&Meaning::Fate(Fate::New), r#"{"meaning":"fate","of":{"fate":"new"}}"#),
            (&words, r#"{"meaning":"words","of":["Pace"]}"#),
            (&figures, r#"{"meaning":"figures","of":["withholding",{"about":"own"},1]}"#),
        ];
        for (meaning, text) in named {
            assert_eq!(serde_json::to_string(meaning).unwrap(), text);
            assert_eq!(meaning.id(), sha256(text.as_bytes())[..8]);
        }
    }
}
