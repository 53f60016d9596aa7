use super::Share;

/// Where an area's share is among those of the other areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The number of other areas with a lower share.
    pub lower: u32,
    /// The number of other areas with the same share.
    pub same: u32,
    /// The number of other areas with a higher share.
    pub higher: u32,
}

impl Position {
    /// The position of an area's own share among `sorted`: the shares of all areas that have one, including its own, in
    /// ascending order.
    pub fn of(own: Share, sorted: &[Share]) -> Self {
        let lower = sorted.partition_point(|share| share.size_cmp(own).is_lt());
        let up_to = sorted.partition_point(|share| share.size_cmp(own).is_le());
        Self {
            lower: lower as u32,
            same: (up_to - lower).saturating_sub(1) as u32,
            higher: (sorted.len() - up_to) as u32,
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

    #[test]
    fn shares_of_equal_size_are_the_same_whatever_their_base() {
        let halves = [Share { count: 1, base: 2 }, Share { count: 2, base: 4 }];
        assert_eq!(Position::of(halves[0], &halves), Position { lower: 0, same: 1, higher: 0 });
    }

    proptest! {
        #[test]
        fn every_other_area_is_counted_once(mut counts in proptest::collection::vec(0..10_u32, 1..40)) {
            counts.sort_unstable();
            let sorted: Vec<Share> = counts.iter().map(|count| Share { count: *count, base: 9 }).collect();
            for own in &sorted {
                let position = Position::of(*own, &sorted);
                prop_assert_eq!(position.others() as usize, sorted.len() - 1, "never compared with itself");
                prop_assert_eq!(position.lower as usize, counts.iter().filter(|c| **c < own.count).count());
            }
        }
    }
}
