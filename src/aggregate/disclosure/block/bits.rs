/// A set of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Bits(Box<[u64]>);

impl Bits {
    pub(super) fn none(columns: usize) -> Self {
        Self(vec![0; columns.div_ceil(64)].into())
    }

    pub(super) fn set(&mut self, column: usize) {
        self.0[column / 64] |= 1 << (column % 64);
    }

    pub(in super::super) fn has(&self, column: usize) -> bool {
        self.0[column / 64] & (1 << (column % 64)) != 0
    }

    pub(in super::super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(position, word)| ones(position, *word))
    }

    /// The columns in only one of the two sets, with the sign of the change from `self` to `after`.
    pub(in super::super) fn changes(&self, after: &Self) -> impl Iterator<Item = (usize, i32)> {
        let words = self.0.iter().zip(&after.0).enumerate();
        words.flat_map(|(position, (before, after))| {
            ones(position, before ^ after)
                .map(move |column| (column, if after & (1 << (column % 64)) != 0 { 1 } else { -1 }))
        })
    }
}

fn ones(position: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            position * 64 + bit
        })
    })
}
