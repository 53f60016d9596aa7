use std::ops::Range;

use super::bits::Bits;
use crate::aggregate::disclosure::reply::Reply;
use crate::model::{MeasureIndex, OptionSet, QuestionIndex, Respondent, SectorIndex};

/// A question, reduced to what affects the figures.
pub(in super::super) struct AskedQuestion {
    pub(in super::super) index: QuestionIndex,
    /// True when several options may be chosen.
    pub(in super::super) multiple: bool,
    /// True when the strategic lead answers it for each sector.
    pub(super) grid: bool,
    pub(in super::super) options: usize,
    pub(in super::super) dont_know: bool,
    /// The option that excludes all others.
    pub(in super::super) none: Option<usize>,
    /// The question that leads to this one, as a position in the block, and the options that lead here.
    pub(super) route: Option<(usize, OptionSet)>,
    /// The questions that this one leads to.
    pub(super) children: Vec<usize>,
}

impl AskedQuestion {
    /// False when the questionnaire fixes the count because every possible reply counts, or no reply does. `counted` is
    /// the number of replies that count.
    pub(super) fn is_open(&self, counted: u32) -> bool {
        counted > 0 && (counted as usize) < self.options + usize::from(self.dont_know)
    }

    /// The replies with a single option, plus "don't know" if it is allowed.
    pub(in super::super) fn single_replies(&self) -> impl Iterator<Item = Reply> {
        let options = (0..self.options).map(|option| Reply::Chosen(OptionSet::of(option)));
        options.chain(self.dont_know.then_some(Reply::DontKnow))
    }
}

/// Columns that share a base: those of one question or one tally.
pub(in super::super) struct Family {
    pub(in super::super) counted_from: CountedFrom,
    /// The column that counts everyone in the base.
    pub(in super::super) base: usize,
    /// All other columns.
    pub(in super::super) columns: Range<usize>,
}

/// How replies determine the columns of a family.
pub(in super::super) enum CountedFrom {
    /// One question: a column for each option, one for "don't know" if it is allowed, and one for each counted set of
    /// options.
    Question { question: usize, counted: Vec<(OptionSet, usize)> },
    /// For each respondent, how many of `parts` count that respondent. Respondents who answered fewer than `at_least` of the
    /// questions are not in the base.
    Tally { parts: Vec<(usize, OptionSet)>, at_least: usize },
}

/// What is counted.
pub(in super::super) struct Column {
    pub(in super::super) family: usize,
    /// The measure and its cell; `None` for a base.
    pub(in super::super) cell: Option<(MeasureIndex, usize)>,
    /// True when there are also counts for sectors.
    pub(in super::super) by_sector: bool,
    /// Only the first `groups` groups of the block have this column.
    pub(super) groups: usize,
    /// True when reports say where an area's own share ranks among all areas.
    pub(in super::super) placed: bool,
    /// False when the questionnaire allows only one possible count for each base.
    pub(in super::super) open: bool,
}

/// A respondent, or a strategic lead's view of one sector.
pub(in super::super) struct Unit {
    /// Position in the submissions.
    pub(in super::super) area: usize,
    pub(in super::super) respondent: Respondent,
    pub(in super::super) item: Option<SectorIndex>,
    pub(in super::super) leaf: usize,
    pub(in super::super) replies: Replies,
    /// The columns that count this unit.
    pub(in super::super) bits: Bits,
    /// True when the respondent answered anything at all.
    pub(in super::super) responded: bool,
}

/// A reply to each question of the block.
pub(in super::super) type Replies = Box<[Reply]>;

/// The smallest kind of group: one region, or one sector in a region.
pub(in super::super) struct Leaf {
    /// The groups that it is part of, as positions.
    pub(in super::super) groups: Vec<usize>,
    /// Its region and sector, as positions of groups.
    pub(in super::super) region: usize,
    pub(in super::super) sector: Option<usize>,
    pub(in super::super) units: Vec<usize>,
}

/// One count.
#[derive(Clone, Copy, Default)]
pub(in super::super) struct Cell {
    pub(in super::super) count: u32,
    /// The number of areas with somebody who is counted.
    pub(in super::super) areas_with: u32,
    /// The number of areas with somebody who is in the base but not counted.
    pub(in super::super) areas_without: u32,
}
