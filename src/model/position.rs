use super::Share;
use super::word::words;

/// Where an area's share ranks among those of the other areas: exact counts of other areas, and the quarter of all
/// areas it falls in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The number of other areas with a lower share.
    pub lower: u32,
    /// The number of other areas with the same share.
    pub same: u32,
    /// The number of other areas with a higher share.
    pub higher: u32,
    /// The quarter; `None` if the areas cannot be divided into quarters.
    pub quarter: Option<Quarter>,
}

words! {
    /// A quarter of all areas, ranked by their share.
    Quarter {
        /// The quarter with the lowest shares.
        Lowest = "lowest",
        /// The second lowest quarter.
        Second = "second",
        /// The third quarter.
        Third = "third",
        /// The quarter with the highest shares.
        Highest = "highest",
    }
}

/// With fewer areas than this there are no quarters (OHID's rule for quantiles).
const LEAST: usize = 4;

impl Position {
    /// The position of an area's own share among `sorted`: the shares of all areas that have one, including its own, in
    /// ascending order.
    ///
    /// Equal shares fall in the same quarter: that of the lowest rank among them. There are no quarters with fewer than
    /// four areas, when a quarter or more of the areas have no share, or when all shares are equal.
    pub fn of(own: Share, sorted: &[Share], areas: usize) -> Self {
        let lower = sorted.partition_point(|share| share.size_cmp(own).is_lt());
        let up_to = sorted.partition_point(|share| share.size_cmp(own).is_le());
        let quarter = match 4 * lower / sorted.len().max(1) {
            0 => Quarter::Lowest,
            1 => Quarter::Second,
            2 => Quarter::Third,
            _ => Quarter::Highest,
        };
        let enough = sorted.len() >= LEAST && 4 * (areas - sorted.len().min(areas)) < areas;
        let differ = up_to - lower < sorted.len();
        Self {
            lower: lower as u32,
            same: (up_to - lower).saturating_sub(1) as u32,
            higher: (sorted.len() - up_to) as u32,
            quarter: (enough && differ).then_some(quarter),
        }
    }

    /// The number of other areas that have a share.
    pub fn others(&self) -> u32 {
        self.lower + self.same + self.higher
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shares(counts: &[u32]) -> Vec<Share> {
        counts.iter().map(|count| Share { count: *count, base: 9 }).collect()
    }

    fn quarters(counts: &[u32], areas: usize) -> Vec<Option<Quarter>> {
        let sorted = shares(counts);
        sorted.iter().map(|own| Position::of(*own, &sorted, areas).quarter).collect()
    }

    #[test]
    fn quarters_need_four_areas_and_three_in_four_of_all() {
        assert_eq!(quarters(&[1, 2, 3], 3), [None; 3]);
        let four = [Quarter::Lowest, Quarter::Second, Quarter::Third, Quarter::Highest].map(Some);
        assert_eq!(quarters(&[1, 2, 3, 4], 4), four);
        assert_eq!(quarters(&[1, 2, 3, 4], 5), four, "one in five is missing");
        assert_eq!(quarters(&[1, 2, 3, 4, 5, 6], 8), [None; 6], "a quarter is missing");
    }

    #[test]
    fn equal_shares_are_in_the_same_quarter() {
        let low = Some(Quarter::Lowest);
        assert_eq!(quarters(&[1, 1, 1, 4], 4), [low, low, low, Some(Quarter::Highest)]);
        assert_eq!(quarters(&[5, 5, 5, 5], 4), [None; 4], "nothing to tell apart");
        let halves = vec![Share { count: 1, base: 2 }, Share { count: 2, base: 4 }];
        assert_eq!(Position::of(halves[0], &halves, 2).same, 1, "a half is a half of any base");
    }

    proptest! {
        #[test]
        fn every_other_area_is_counted_once(mut counts in proptest::collection::vec(0..10_u32, 1..40)) {
            counts.sort_unstable();
            let sorted = shares(&counts);
            let mut last = None;
            for own in &sorted {
                let position = Position::of(*own, &sorted, sorted.len());
                prop_assert_eq!(position.others() as usize, sorted.len() - 1, "never compared with itself");
                prop_assert_eq!(position.lower as usize, counts.iter().filter(|c| **c < own.count).count());
                prop_assert!(position.quarter >= last, "quarters rise with shares");
                last = position.quarter;
            }
        }
    }
}
