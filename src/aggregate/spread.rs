use super::area_share;
use crate::model::{MeasureIndex, Questionnaire, Share, Submission};

/// With fewer areas than this there is no middle half (OHID's rule for quantiles).
const LEAST_AREAS: usize = 4;

/// The areas' shares in the first cell of a measure. Only areas with at least two respondents in its base are included:
/// a single respondent's answer is not a share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The shares, sorted by size.
    pub shares: Vec<Share>,
    /// The answers in areas with a single respondent in the base, which the figures of their group count all the same.
    pub single: Share,
    /// The most respondents that an area can have in the base.
    pub most: u32,
}

impl Spread {
    pub(super) fn of<'s>(
        questionnaire: &Questionnaire,
        submissions: impl Iterator<Item = &'s Submission>,
        measure: MeasureIndex,
    ) -> Self {
        let shares = submissions.map(|submission| area_share(questionnaire, submission, measure, 0));
        let (mut shares, single): (Vec<Share>, Vec<Share>) =
            shares.filter(|share| share.base > 0).partition(|share| share.base > 1);
        shares.sort_unstable_by(|a, b| a.size_cmp(*b));
        let most = Submission::places(questionnaire, questionnaire.question_of(measure)).len() as u32;
        let single = Share { count: single.iter().map(|share| share.count).sum(), base: single.len() as u32 };
        Self { shares, single, most }
    }

    /// The shares between which the middle half of the areas lie, of those in which enough people answered to be
    /// compared: the nearest ranks to a quarter and to three quarters. `None` with fewer than four such areas.
    pub fn middle_half(&self) -> Option<[Share; 2]> {
        let enough: Vec<Share> =
            self.shares.iter().copied().filter(|share| share.base >= Share::LEAST_COMPARED).collect();
        let rank = |quarters: usize| (quarters * enough.len()).div_ceil(4).checked_sub(1);
        let ends = [*enough.get(rank(1)?)?, *enough.get(rank(3)?)?];
        (enough.len() >= LEAST_AREAS).then_some(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_half_leaves_out_a_quarter_on_each_side() {
        let spread = |shares: &[(u32, u32)]| Spread {
            shares: shares.iter().map(|(count, base)| Share { count: *count, base: *base }).collect(),
            single: Share::default(),
            most: 9,
        };
        let nine = |counts: [u32; 8]| spread(&counts.map(|count| (count, 9)));
        let ends = nine([0, 1, 2, 3, 4, 5, 6, 7]).middle_half().map(|ends| ends.map(|share| share.count));
        assert_eq!(ends, Some([1, 5]));
        assert_eq!(spread(&[(1, 9), (2, 9), (3, 9)]).middle_half(), None, "three areas");
        assert_eq!(
            spread(&[(0, 4), (1, 9), (2, 9), (3, 9), (4, 4)]).middle_half(),
            None,
            "two have few answers"
        );
    }
}
