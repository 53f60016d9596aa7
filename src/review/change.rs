use std::collections::BTreeSet;

use serde::Serialize;

use super::look::Look;
use super::pixels::Difference;
use super::side::Key;
use super::words::WordChange;
use crate::publish::{self, DifferentParts, FigureChange};

/// How a report differs from the one before: its figures, its words and how it looks.
#[derive(Clone, Debug, Serialize)]
pub struct ReportChange {
    /// Which report.
    #[serde(flatten)]
    pub key: Key,
    /// Name of its subject.
    pub name: String,
    /// Name of the region of its subject.
    pub region: String,
    /// What happened to it.
    pub fate: Fate,
    /// The report before.
    pub was: Option<Version>,
    /// The report now.
    pub is: Option<Version>,
    /// Its recipients, if they changed.
    pub recipients: Option<RecipientsChange>,
    /// Its figures that are printed differently.
    pub figures: Vec<FigureChange>,
    /// Its words that changed.
    pub words: Vec<WordChange>,
    /// Its words before and now, without numbers and names.
    #[serde(skip)]
    pub(crate) texts: [String; 2],
    /// Its pages that look different.
    pub pages: Vec<PageChange>,
    /// The parts of its fingerprint that differ; `None` if either side has no fingerprint.
    #[serde(skip)]
    pub parts: Option<DifferentParts>,
}

impl ReportChange {
    /// The name of the report for people, with its kind and format where these are not the usual ones.
    pub fn label(&self) -> String {
        self.key.edition().map_or_else(|| self.name.clone(), |id| publish::label(id, &self.name))
    }
}

/// Who is to receive a report, before and now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RecipientsChange {
    /// Those before, in full.
    pub was: String,
    /// Those now, in full.
    pub is: String,
}

/// A report on one side.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// Its path in the folder of its side.
    pub file: String,
    /// Hash of its bytes.
    pub sha256: String,
    /// How many pages it has.
    pub pages: usize,
}

/// What happened to a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fate", content = "why")]
pub enum Fate {
    /// It is on both sides and differs.
    Changed,
    /// It is new.
    New,
    /// It is gone.
    Removed,
    /// It could not be made, for this reason.
    Failed(String),
    /// One of its versions cannot be read, for this reason.
    Unreadable(String),
}

/// A page that looks different.
#[derive(Clone, Debug, Serialize)]
pub struct PageChange {
    /// Its number before, from 1; `None` if the page is new.
    pub was: Option<usize>,
    /// Its number now; `None` if the page is gone.
    pub is: Option<usize>,
    /// In which ways it looks different.
    pub looks: BTreeSet<Look>,
    /// Where it looks different; `None` if it was not drawn.
    pub difference: Option<Difference>,
    /// True if words on this page or an earlier one differ too: things are then bound to move.
    pub after_words: bool,
}

impl PageChange {
    /// The differences in look that changed words do not explain: words move things but do not change their colour.
    pub(super) fn looks_beyond_words(&self) -> impl Iterator<Item = &Look> {
        self.looks
            .iter()
            .filter(|look| !self.after_words || matches!(look, Look::Colour { .. } | Look::Pixels))
    }
}
