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
        /// Higher, by more than chance is likely to make it.
        Higher = "higher",
        /// No further apart than chance is likely to make them.
        Similar = "similar",
        /// Lower, by more than chance is likely to make it.
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

    /// The fewest answers that are compared: with fewer, hardly any difference could be distinguished from chance.
    pub const LEAST_COMPARED: u32 = 5;

    /// The smallest base of a percentage; a share of a smaller one is printed as a count.
    pub const LEAST_PERCENTAGE: u32 = 20;

    /// True when the base is too small for a percentage.
    pub fn is_small(self) -> bool {
        (1..Self::LEAST_PERCENTAGE).contains(&self.base)
    }

    /// Compares an area's own share with another group's. They differ if the other share lies outside the Wilson 95 per cent
    /// interval of the area's own, and at least two answers make the gap; else they are similar. `None` if fewer than
    /// [`Self::LEAST_COMPARED`] are in its own base, or nobody is in the other.
    ///
    /// The interval holds every share `p` with `(k - np)² <= z² np(1 - p)`, for `k` of `n` answers and `z` = 1.959964
    /// (Wilson 1927). With `p = K/N` that is a comparison of whole numbers.
    pub fn compare(self, other: Self) -> Option<Comparison> {
        /// `z²` in hundred-millionths.
        const Z_SQUARED: i128 = 384_145_888;
        if self.base < Self::LEAST_COMPARED || other.base == 0 {
            return None;
        }
        let [k, n, of_other, all] = [self.count, self.base, other.count, other.base].map(i128::from);
        let gap = k * all - n * of_other;
        let outside = gap * gap * 100_000_000 > Z_SQUARED * n * of_other * (all - of_other);
        let people = self.count.abs_diff(other.of(self.base).count);
        Some(match gap.cmp(&0) {
            _ if !outside || people < 2 => Comparison::Similar,
            Ordering::Greater => Comparison::Higher,
            Ordering::Equal | Ordering::Less => Comparison::Lower,
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
    fn shares_differ_only_where_chance_is_unlikely() {
        let compared = |count, base, other| share(count, base).compare(other);
        // The Wilson interval of 6 of 9 is 35.42 to 87.94 per cent.
        assert_eq!(compared(6, 9, share(3543, 10_000)), Some(Comparison::Similar));
        assert_eq!(compared(6, 9, share(3541, 10_000)), Some(Comparison::Higher));
        assert_eq!(compared(6, 9, share(8793, 10_000)), Some(Comparison::Similar));
        assert_eq!(compared(6, 9, share(8795, 10_000)), Some(Comparison::Lower));
        // That of 9 of 9 is 70.09 to 100 per cent.
        assert_eq!(compared(9, 9, share(7010, 10_000)), Some(Comparison::Similar));
        assert_eq!(compared(9, 9, share(7008, 10_000)), Some(Comparison::Higher));
        // One answer never makes a difference, however rare it is.
        assert_eq!(compared(1, 9, share(1, 10_000)), Some(Comparison::Similar));
        assert_eq!(compared(2, 9, share(1, 10_000)), Some(Comparison::Higher));
        assert_eq!(compared(4, 4, share(0, 9)), None);
        assert_eq!(compared(5, 5, share(0, 0)), None);
    }

    /// The bounds of the interval as the textbook gives them, in floating point.
    fn wilson(count: u32, base: u32) -> (f64, f64) {
        let (n, p, z) = (f64::from(base), f64::from(count) / f64::from(base), 1.959_964);
        let centre = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        ((centre - half) / (1.0 + z * z / n), (centre + half) / (1.0 + z * z / n))
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
        fn comparing_those_who_are_not_counted_turns_the_answer_round(
            (n, k) in (5u32..40).prop_flat_map(|n| (Just(n), 0..=n)),
            (all, of_other) in (1u32..3000).prop_flat_map(|all| (Just(all), 0..=all)),
        ) {
            let compared = share(k, n).compare(share(of_other, all));
            let turned = match share(n - k, n).compare(share(all - of_other, all)) {
                Some(Comparison::Higher) => Some(Comparison::Lower),
                Some(Comparison::Lower) => Some(Comparison::Higher),
                other => other,
            };
            // Halves round up, so at half a person the two can count one person more or less.
            prop_assume!(2 * u64::from(n) * u64::from(of_other) % u64::from(2 * all) != u64::from(all));
            prop_assert_eq!(compared, turned);
        }

        #[test]
        fn the_interval_is_that_of_the_textbook(
            (n, k) in (5u32..200).prop_flat_map(|n| (Just(n), 0..=n)),
            (all, of_other) in (1u32..3000).prop_flat_map(|all| (Just(all), 0..=all)),
        ) {
            let (low, high) = wilson(k, n);
            let other = f64::from(of_other) / f64::from(all);
            prop_assume!((other - low).abs() > 1e-9 && (other - high).abs() > 1e-9);
            let enough = k.abs_diff(share(of_other, all).of(n).count) >= 2;
            let expected = match (other < low, other > high) {
                (true, _) if enough => Comparison::Higher,
                (_, true) if enough => Comparison::Lower,
                _ => Comparison::Similar,
            };
            prop_assert_eq!(share(k, n).compare(share(of_other, all)), Some(expected));
        }
    }
}
