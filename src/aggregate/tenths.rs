use std::collections::BTreeSet;

use super::Spread;
use crate::model::{DisclosurePolicy, Share};

/// How many areas of a region are nearest to each tenth, from 0 to 100 per cent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenths {
    /// The number of areas at 0, 10, and so on up to 100 per cent.
    pub areas: [u32; 11],
}

/// The most areas whose answers are tried to see what else they could be: more are not needed, and take longer.
const TRIED: usize = 16;

impl Tenths {
    /// The areas of a region at the nearest tenth: a rounder number says less about how many people answered in an area,
    /// which could help to recognise it. `None` if too few areas have a share, if readers who know the shares of a
    /// coalition could conclude that all the others are at one tenth, or if what the region's figure counts beyond the dots
    /// would be the answers of the only respondents of areas.
    pub(super) fn of(spread: &Spread, policy: &DisclosurePolicy) -> Option<Self> {
        let mut areas = [0; 11];
        for share in &spread.shares {
            areas[tenth(*share) as usize] += 1;
        }
        let all: u32 = areas.iter().sum();
        let most = areas.iter().max().copied().unwrap_or_default();
        let varied = all >= policy.minimum_areas() && all - most > policy.coalition();
        (varied && hides_single_answers(spread, policy)).then_some(Self { areas })
    }
}

/// The nearest tenth of a share. Halves are rounded up, as percentages are.
fn tenth(share: Share) -> u32 {
    (20 * share.count + share.base) / (2 * share.base)
}

/// True if the dots leave open what the only respondents of areas answered, even to somebody who knows the shares of a
/// coalition: of more groups of areas than a coalition can be in, each could have the answers that any total of theirs
/// would need.
fn hides_single_answers(spread: &Spread, policy: &DisclosurePolicy) -> bool {
    if spread.single.base == 0 {
        return true;
    }
    let groups = policy.coalition() as usize + 1;
    (0..groups).all(|group| {
        // Every so-many-th area, so that each group has areas of all sizes.
        let areas: Vec<Share> =
            spread.shares.iter().copied().skip(group).step_by(groups).take(TRIED).collect();
        let base: u32 = areas.iter().map(|share| share.base).sum();
        let count: u32 = areas.iter().map(|share| share.count).sum();
        let possible = totals(&areas, spread.most);
        (0..=spread.single.base).all(|other| {
            let needed = (count + spread.single.count).checked_sub(other);
            needed.is_some_and(|needed| possible.contains(&(base, needed)))
        })
    })
}

/// The totals that areas with these tenths could have, as bases and counts.
fn totals(areas: &[Share], most: u32) -> BTreeSet<(u32, u32)> {
    let mut totals = BTreeSet::from([(0, 0)]);
    for area in areas {
        let bases = 2..=most.max(area.base);
        let same = bases.flat_map(|base| (0..=base).map(move |count| Share { count, base }));
        let same: Vec<Share> = same.filter(|share| tenth(*share) == tenth(*area)).collect();
        let sums = totals
            .iter()
            .flat_map(|(base, count)| same.iter().map(move |share| (base + share.base, count + share.count)));
        totals = sums.collect();
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(shares: &[(u32, u32)], single: (u32, u32), most: u32) -> Spread {
        let share = |(count, base): (u32, u32)| Share { count, base };
        Spread { shares: shares.iter().map(|pair| share(*pair)).collect(), single: share(single), most }
    }

    fn tenths(spread: &Spread) -> Option<[u32; 11]> {
        Tenths::of(spread, &DisclosurePolicy::STANDARD).map(|tenths| tenths.areas)
    }

    #[test]
    fn the_areas_of_a_region_are_shown_only_if_no_reader_could_place_all_the_others() {
        let nine = |counts: &[u32]| {
            let shares: Vec<(u32, u32)> = counts.iter().map(|count| (*count, 9)).collect();
            tenths(&spread(&shares, (0, 0), 9))
        };
        // 2 of 9 is 22 per cent, 3 of 9 is 33, and 5 of 9 is 56.
        assert_eq!(nine(&[2, 2, 2, 3, 3, 5]), Some([0, 0, 3, 2, 0, 0, 1, 0, 0, 0, 0]));
        assert_eq!(nine(&[2, 2, 2, 3, 3]), None, "five areas: four others");
        assert_eq!(nine(&[2, 2, 2, 2, 2, 2, 3]), None, "the one at 3 of 9 would know all the others");
        assert_eq!(nine(&[2, 2, 2, 2, 2, 3, 3]), Some([0, 0, 5, 2, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(nine(&[9; 8]), None, "everyone would know");
    }

    #[test]
    fn the_only_respondent_of_an_area_is_not_what_is_left_over() {
        // With two sectors the dots are exact: the region's figure less the dots is that person's answer.
        let two = [(0, 2), (0, 2), (1, 2), (1, 2), (2, 2), (2, 2)];
        assert!(tenths(&spread(&two, (0, 0), 2)).is_some());
        assert_eq!(tenths(&spread(&two, (1, 1), 2)), None);
        // With nine, the same tenth stands for several counts and bases.
        let many: Vec<(u32, u32)> = (0..30).map(|n| (2 + n % 6, 7 + n % 3)).collect();
        assert!(tenths(&spread(&many, (1, 1), 9)).is_some());
    }
}
