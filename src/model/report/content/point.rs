use serde::Serialize;

use super::{MeasureView, SideView, VerdictView};

/// Something that an area may want to build on or to discuss, found by one rule for all pages of all reports.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum PointView {
    /// A verdict of the strategic lead at one end of its steps.
    Verdict {
        /// The verdict.
        verdict: VerdictView,
    },
    /// A measure on which the area differs from the nation.
    Measure {
        /// The measure, in people.
        measure: CountedView,
    },
    /// A sector that the strategic lead and its own manager see very differently.
    Sides {
        /// The sector.
        sector: String,
        /// The lead's view.
        lead: SideView,
        /// The manager's view.
        manager: SideView,
    },
    /// A measure that counts every manager who answered, or hardly any.
    Answers {
        /// The measure, in people.
        measure: CountedView,
    },
    /// A sector at one end of the sector profile.
    Sector {
        /// The sector.
        sector: String,
        /// How many of the processes are in place, for a strength, or not begun, for a point to discuss.
        count: u32,
        /// Out of how many that its manager answered about.
        of: u32,
    },
}

/// A measure in people: who is counted, and how many would be at the rates of others.
#[derive(Clone, Debug, Serialize)]
pub struct CountedView {
    /// The measure.
    pub measure: MeasureView,
    /// How many of its respondents the nation's share would amount to, for example `6 of 9`; `[c]` if it is withheld.
    pub at_nation: String,
    /// The sectors whose managers answered and are not counted.
    pub not_counted: Vec<String>,
    /// The sectors whose managers are not in the base.
    pub not_in_base: u32,
}
