/// How many dots with one value are beside each other.
const BESIDE: i32 = 4;

/// How many lines some dots with one value take.
pub(super) fn lines(dots: i32) -> i32 {
    (dots + BESIDE - 1) / BESIDE
}

/// Where some dots with one value are: the line of each, and how far it is from the middle of that line, in halves of the
/// distance between two dots.
pub(super) fn places(dots: i32) -> impl Iterator<Item = (i32, i32)> {
    (0..dots).map(move |dot| {
        let (line, place) = (dot / BESIDE, dot % BESIDE);
        let beside = (dots - line * BESIDE).min(BESIDE);
        (line, 2 * place - beside + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_centred_and_the_fifth_begins_a_line() {
        assert_eq!(places(1).collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(places(6).collect::<Vec<_>>(), [(0, -3), (0, -1), (0, 1), (0, 3), (1, -1), (1, 1)]);
        assert_eq!([0, 1, 4, 5, 8].map(lines), [0, 1, 1, 2, 2]);
    }
}
