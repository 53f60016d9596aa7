use super::area_share;
use crate::model::{MeasureIndex, Questionnaire, Share, Submission};

/// The areas' shares in the first cell of a measure. Only areas with at least two respondents in its base are included:
/// a single respondent's answer is not a share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The shares, sorted by size.
    pub shares: Vec<Share>,
    /// How many of them are at 0, 10, 20 ... and 100 per cent, rounded to the nearest ten (halves up).
    pub tenths: [u32; 11],
}

impl Spread {
    pub(super) fn of(
        questionnaire: &Questionnaire,
        submissions: &[Submission],
        measure: MeasureIndex,
    ) -> Self {
        let shares = submissions.iter().map(|submission| area_share(questionnaire, submission, measure, 0));
        let mut shares: Vec<Share> = shares.filter(|share| share.base > 1).collect();
        shares.sort_unstable_by(|a, b| a.size_cmp(*b));
        Self { tenths: tenths(&shares), shares }
    }
}

fn tenths(shares: &[Share]) -> [u32; 11] {
    let mut tenths = [0; 11];
    for share in shares {
        let (count, base) = (u64::from(share.count), u64::from(share.base).max(1));
        if let Some(areas) = tenths.get_mut(((20 * count + base) / (2 * base)) as usize) {
            *areas += 1;
        }
    }
    tenths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_is_at_the_nearest_tenth() {
        let shares =
            [(0, 9), (1, 9), (1, 8), (3, 8), (9, 20), (4, 4)].map(|(count, base)| Share { count, base });
        // 0, 11.1, 12.5, 37.5, 45 and 100 per cent.
        assert_eq!(tenths(&shares), [1, 2, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
    }
}
