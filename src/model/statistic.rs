use std::cmp::Ordering;

use super::RegionIndex;
use super::index::SectorIndex;
use super::word::words;

/// Whose answers a statistic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// All areas.
    Nation,
    /// The areas of one region.
    Region(RegionIndex),
    /// One sector in all areas.
    Sector(SectorIndex),
    /// One sector in the areas of one region.
    RegionSector(RegionIndex, SectorIndex),
}

/// A count over a base: the exact form of every percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many are counted; at most `base`.
    pub count: u32,
    /// Out of how many.
    pub base: u32,
}

/// A percentage as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percent {
    /// A whole number from 0 to 100; 0 and 100 mean exactly none and exactly all.
    Whole(u32),
    /// More than none, but rounding to 0.
    Low,
    /// Fewer than all, but rounding to 100.
    AlmostAll,
    /// Nobody is in the base.
    NoBase,
}

words! {
    /// How an area's own share compares with another group's.
    Comparison {
        /// Higher, by more than the difference that one of the area's own respondents could make.
        Higher = "higher",
        /// Within the difference that one of the area's own respondents could make.
        Similar = "similar",
        /// Lower, by more than the difference that one of the area's own respondents could make.
        Lower = "lower",
    }
}

impl Share {
    /// The percentage as a whole number, with halves rounded up, in integer arithmetic; `None` if the base is empty.
    pub fn rounded(self) -> Option<u32> {
        let (count, base) = (u64::from(self.count), u64::from(self.base));
        let rounded = (200 * count + base).checked_div(2 * base)?;
        u32::try_from(rounded).ok()
    }

    /// The percentage as printed.
    pub fn percent(self) -> Percent {
        match self.rounded() {
            None => Percent::NoBase,
            Some(0) if self.count > 0 => Percent::Low,
            Some(100) if self.count < self.base => Percent::AlmostAll,
            Some(percent) => Percent::Whole(percent),
        }
    }

    /// Compares an area's own share with another group's: similar when they differ by no more than one respondent in
    /// its own base. `None` if either base is empty.
    pub fn compare(self, other: Self) -> Option<Comparison> {
        if self.base == 0 || other.base == 0 {
            return None;
        }
        let own = i64::from(self.count) * i64::from(other.base);
        let others = i64::from(other.count) * i64::from(self.base);
        Some(match (own - others).abs().cmp(&i64::from(other.base)) {
            Ordering::Less | Ordering::Equal => Comparison::Similar,
            Ordering::Greater if own > others => Comparison::Higher,
            Ordering::Greater => Comparison::Lower,
        })
    }

    /// The same share of a different base, in whole respondents with halves rounded up; zero if either base is empty.
    #[must_use]
    pub fn of(self, base: u32) -> Self {
        let (count, from) = (u64::from(self.count), u64::from(self.base));
        let count = (2 * count * u64::from(base) + from).checked_div(2 * from).unwrap_or_default();
        Self {
            count: u32::try_from(count).unwrap_or(base).min(base),
            base: if self.base == 0 { 0 } else { base },
        }
    }

    /// Compares two shares by exact size; a share with an empty base is the smallest.
    pub fn size_cmp(self, other: Self) -> Ordering {
        match (self.base, other.base) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            _ => (u64::from(self.count) * u64::from(other.base))
                .cmp(&(u64::from(other.count) * u64::from(self.base))),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn share(count: u32, base: u32) -> Share {
        Share { count, base }
    }

    #[test]
    fn percentages_round_half_up() {
        for (count, base, percent) in
            [(1, 8, 13), (3, 8, 38), (1, 200, 1), (0, 9, 0), (9, 9, 100), (2, 3, 67)]
        {
            assert_eq!(share(count, base).percent(), Percent::Whole(percent), "{count} of {base}");
        }
        assert_eq!(share(1, 297).percent(), Percent::Low);
        assert_eq!(share(296, 297).percent(), Percent::AlmostAll);
        assert_eq!(share(0, 0).percent(), Percent::NoBase);
    }

    #[test]
    fn a_gap_of_one_respondent_is_similar() {
        assert_eq!(share(6, 8).compare(share(5, 8)), Some(Comparison::Similar));
        assert_eq!(share(6, 8).compare(share(4, 8)), Some(Comparison::Higher));
        assert_eq!(share(4, 8).compare(share(624, 1000)), Some(Comparison::Similar));
        assert_eq!(share(4, 8).compare(share(626, 1000)), Some(Comparison::Lower));
        assert_eq!(share(0, 0).compare(share(1, 2)), None);
    }

    proptest! {
        #[test]
        fn rounding_is_the_nearest_whole_number(base in 1u32..5000, part in 0u32..5000) {
            let count = part % (base + 1);
            let rounded = i64::from(share(count, base).rounded().expect("base"));
            // |100k/n - p| <= 1/2, and p is the upper of two equally near numbers.
            let twice = 2 * (100 * i64::from(count) - rounded * i64::from(base));
            prop_assert!(twice < i64::from(base) && twice >= -i64::from(base));
        }

        #[test]
        fn comparisons_mirror(k1 in 0u32..10, k2 in 0u32..10) {
            let (a, b) = (share(k1.min(9), 9), share(k2.min(9), 9));
            let mirrored = match b.compare(a) {
                Some(Comparison::Higher) => Some(Comparison::Lower),
                Some(Comparison::Lower) => Some(Comparison::Higher),
                other => other,
            };
            prop_assert_eq!(a.compare(b), mirrored);
        }
    }
}
