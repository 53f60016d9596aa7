use super::area_share;
use crate::model::{DisclosurePolicy, MeasureIndex, Questionnaire, Share, Submission};

/// With fewer areas than this there is no middle half (OHID's rule for quantiles).
const LEAST_AREAS: usize = 4;

/// The areas' shares in the first cell of a measure. Only areas with at least two respondents in its base are included:
/// a single respondent's answer is not a share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The shares, sorted by size.
    pub shares: Vec<Share>,
    /// How many areas have a single respondent in the base, which the figures of their group count all the same.
    pub single: usize,
}

impl Spread {
    pub(super) fn of<'s>(
        questionnaire: &Questionnaire,
        submissions: impl Iterator<Item = &'s Submission>,
        measure: MeasureIndex,
    ) -> Self {
        let shares = submissions.map(|submission| area_share(questionnaire, submission, measure, 0));
        let mut shares: Vec<Share> = shares.filter(|share| share.base > 0).collect();
        let all = shares.len();
        shares.retain(|share| share.base > 1);
        shares.sort_unstable_by(|a, b| a.size_cmp(*b));
        Self { single: all - shares.len(), shares }
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

/// How many areas of a region are nearest to each tenth, from 0 to 100 per cent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenths {
    /// The number of areas at 0, 10, and so on up to 100 per cent.
    pub areas: [u32; 11],
}

impl Tenths {
    /// The areas of a region at the nearest tenth: a rounder number says less about how many people answered in an area,
    /// which could help to recognise it. `None` if too few areas have a share, if readers who know the shares of a
    /// coalition could conclude that all the others are at one tenth, or if an area has a single respondent: what the
    /// region's figure counts beyond the dots would be that person's answer.
    pub(super) fn of(spread: &Spread, policy: &DisclosurePolicy) -> Option<Self> {
        let mut areas = [0; 11];
        for share in &spread.shares {
            // Halves are rounded up, as percentages are.
            areas[((20 * share.count + share.base) / (2 * share.base)) as usize] += 1;
        }
        let all: u32 = areas.iter().sum();
        let most = areas.iter().max().copied().unwrap_or_default();
        let shown = spread.single == 0 && all >= policy.minimum_areas() && all - most > policy.coalition();
        shown.then_some(Self { areas })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_areas_of_a_region_are_shown_only_if_no_reader_could_place_all_the_others() {
        let tenths = |counts: &[u32]| {
            let shares = counts.iter().map(|count| Share { count: *count, base: 9 }).collect();
            Tenths::of(&Spread { shares, single: 0 }, &DisclosurePolicy::STANDARD).map(|tenths| tenths.areas)
        };
        let shares = [2, 2, 2, 3, 3, 5].map(|count| Share { count, base: 9 }).to_vec();
        let with_one_person = Spread { shares, single: 1 };
        assert_eq!(Tenths::of(&with_one_person, &DisclosurePolicy::STANDARD), None, "that person's answer");
        // 2 of 9 is 22 per cent, 3 of 9 is 33, and 5 of 9 is 56.
        assert_eq!(tenths(&[2, 2, 2, 3, 3, 5]), Some([0, 0, 3, 2, 0, 0, 1, 0, 0, 0, 0]));
        assert_eq!(tenths(&[2, 2, 2, 3, 3]), None, "five areas: four others");
        assert_eq!(tenths(&[2, 2, 2, 2, 2, 2, 3]), None, "the one at 3 of 9 would know all the others");
        assert_eq!(tenths(&[2, 2, 2, 2, 2, 3, 3]), Some([0, 0, 5, 2, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(tenths(&[9; 8]), None, "everyone would know");
    }

    #[test]
    fn the_middle_half_leaves_out_a_quarter_on_each_side() {
        let spread = |shares: &[(u32, u32)]| Spread {
            shares: shares.iter().map(|(count, base)| Share { count: *count, base: *base }).collect(),
            single: 0,
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
