use serde::Serialize;

use super::StatisticView;

/// Something that was published before, beside what the answers give.
#[derive(Clone, Debug, Serialize)]
pub struct PublishedView {
    /// Its id in `published.csv`.
    pub id: String,
    /// How sentences refer to it, for example `P12`: its place in `published.csv`.
    pub reference: String,
    /// What was published, in the words of `published.csv`.
    pub statement: String,
    /// Who it is about: the nation, regions or sectors.
    pub groups: Vec<String>,
    /// What was published about it.
    pub relation: RelationView,
    /// Where it was published.
    pub source: String,
    /// What the answers give for each of the groups; none for a number of areas.
    pub found: Vec<FoundView>,
    /// The number of areas that the answers give; `None` for a statistic.
    pub areas: Option<String>,
    /// Whether the answers agree with what was published; `None` if a statistic that this depends on is withheld.
    pub holds: Option<bool>,
}

/// What the answers give for a group that something was published about.
#[derive(Clone, Debug, Serialize)]
pub struct FoundView {
    /// The name of the group.
    pub group: String,
    /// The statistic.
    pub statistic: StatisticView,
    /// Those that it is compared with, if greater shares are what was published.
    pub others: Vec<StatisticView>,
}

/// What was published about a statistic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelationView {
    /// How the statistic relates to the value.
    pub is: RelationKind,
    /// The number or percentage in a table; empty without one.
    pub value: String,
    /// The same in a sentence.
    pub prose: String,
    /// The place from 1, or among how many; 0 without one.
    pub place: u32,
}

/// How a statistic relates to what was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RelationKind {
    /// It is the value.
    Equal,
    /// It is about the value.
    About,
    /// It is the value or more.
    AtLeast,
    /// It is more than the value.
    MoreThan,
    /// It is the value or less.
    AtMost,
    /// It has this place among the options of its question.
    Place,
    /// It is one of this many sectors with the highest shares; if there is a value, it is more than that too.
    Highest,
    /// It is one of this many sectors with the lowest shares; if there is a value, it is more than that too.
    Lowest,
    /// It is greater than others.
    Greater,
}
