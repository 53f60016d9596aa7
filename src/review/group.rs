use std::collections::BTreeSet;

use serde::Serialize;

use super::change::Fate;
use super::explanation::Explanation;
use super::look::Look;
use crate::publish::{Cause, ChangeKind, FigureChange};

/// Changes that mean the same, in one report or in many: one decision.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeGroup {
    /// Its id, the same whenever the same two runs are compared.
    pub id: String,
    /// How much it deserves a look.
    pub risk: Risk,
    /// Why the reports differ.
    pub causes: BTreeSet<Explanation>,
    /// True if it stands apart from a larger group of its kind.
    pub exception: bool,
    /// The reports with these changes, by their position among all changes.
    pub reports: Vec<usize>,
    /// The figures that differ, most serious first.
    pub figures: Vec<GroupFigure>,
    /// The words that differ, as in the first report that has them.
    pub words: Vec<GroupWords>,
    /// The ways in which pages look different.
    pub looks: BTreeSet<Look>,
    /// By how many pages those reports grew that have more or fewer; negative if they shrank.
    pub grown: Vec<i64>,
    /// What happened to the reports, if they are on one side only or cannot be read.
    pub fate: Option<Fate>,
}

/// How much a group deserves a look, in the order in which groups are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Other people are to receive a report.
    Recipients,
    /// A report could not be made, is gone or cannot be read.
    Gone,
    /// A report is new.
    New,
    /// A figure is newly withheld, or no longer withheld.
    Withholding,
    /// The word for an area changed: higher, similar or lower.
    Reading,
    /// The cause is unknown.
    Unexplained,
    /// An area's own figures.
    Own,
    /// Figures of regions or the nation, or an area's place among the other areas.
    Figures,
    /// Words.
    Words,
    /// Counts and bases alone.
    Basis,
    /// Looks alone.
    Looks,
}

impl Risk {
    /// The risk of a changed figure.
    pub(super) fn of_figure(kind: ChangeKind, causes: &BTreeSet<Explanation>) -> Self {
        match kind {
            ChangeKind::Withheld | ChangeKind::Disclosed => Self::Withholding,
            ChangeKind::Reading => Self::Reading,
            _ if causes.contains(&Cause::Unknown.into()) => Self::Unexplained,
            ChangeKind::Value | ChangeKind::Printed => Self::Figures,
            ChangeKind::Basis => Self::Basis,
        }
    }

    /// The risk as a heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Recipients => "Recipients who changed",
            Self::Gone => "Reports that are missing",
            Self::New => "New reports",
            Self::Withholding => "Withheld figures",
            Self::Reading => "Areas described differently",
            Self::Unexplained => "Without a known cause",
            Self::Own => "An area's own figures",
            Self::Figures => "Regional and national figures",
            Self::Words => "Words",
            Self::Basis => "Counts and bases only",
            Self::Looks => "Looks only",
        }
    }
}

/// A figure of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFigure {
    /// How it changed: the values of the first report that has it, and the most serious meaning in any.
    #[serde(flatten)]
    pub change: FigureChange,
    /// True if the values in other reports of the group differ from those in the first.
    pub varies: bool,
    /// Why it changed.
    pub causes: BTreeSet<Explanation>,
    /// How many reports have it.
    pub reports: usize,
}

/// Words of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupWords {
    /// The section.
    pub section: String,
    /// The words before.
    pub was: String,
    /// The words now.
    pub is: String,
}
