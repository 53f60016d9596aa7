use std::ops::RangeInclusive;

use crate::problem::{Place, Problem};

/// The largest count that is allowed in any file.
pub(super) const MOST: u32 = 100_000_000;

/// The number in a setting or a cell, if there is one and it is in range. If it is out of range, that is reported.
pub(super) fn within(
    number: Option<i64>,
    range: RangeInclusive<u32>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<u32> {
    let number = number?;
    let fits = u32::try_from(number).ok().filter(|number| range.contains(number));
    if fits.is_none() {
        let message = format!("this must be a whole number from {} to {}", range.start(), range.end());
        problems.push(Problem::error("out-of-range", place.clone(), message).value(number.to_string()));
    }
    fits
}
