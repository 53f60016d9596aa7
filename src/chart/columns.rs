use super::scale::Scale;
use super::style::Sizes;

/// The positions in a chart with labels, a scale, and two columns of values at the right.
pub(super) struct Columns {
    /// The maximum width of a label.
    pub(super) label: i32,
    pub(super) scale: Scale,
    /// The right edges of the two columns of values.
    pub(super) values: [i32; 2],
}

/// The space before a column of values: wide enough for readers of the text to see two values and not one.
const GAP: i32 = 210;

impl Columns {
    /// Positions for labels of this width, if they are beside a scale that begins here, and for values as wide as these;
    /// the second column may have none.
    pub(super) fn of(sizes: Sizes, (label, left): (i32, i32), widest: [i32; 2]) -> Self {
        let gap = sizes.scaled(GAP);
        let right = sizes.width;
        let left_value = if widest[1] > 0 { right - widest[1] - gap } else { right };
        let (label, left) =
            if sizes.labels_beside() { (label, left) } else { (sizes.width, sizes.scaled(150)) };
        let width = left_value - widest[0] - gap - left;
        Self { label, scale: Scale { left, width, apart: 0 }, values: [left_value, right] }
    }
}
