use unicode_segmentation::UnicodeSegmentation;

use crate::font;

/// The font family of all chart text, one of those in `fonts/`.
pub const FONT_FAMILY: &str = "Atkinson Hyperlegible Next";

/// The sizes of a chart, which all follow from its text size. Lengths are in tenths of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The size of its text.
    pub(super) text: i32,
    /// The width of a chart: the text width of a page.
    pub(super) width: i32,
    /// The height of the tallest drawing, which leaves room on a page for the title of the figure.
    pub(super) tallest: i32,
}

/// The height of a row, and the vertical centres of its label and its values, measured from its top edge.
pub(super) struct Row {
    pub(super) height: i32,
    pub(super) label: i32,
    pub(super) values: i32,
    /// True for a heading, which stays with the row below it.
    pub(super) leads: bool,
}

impl Sizes {
    /// The sizes in a standard edition: chart text is nearly as large as body text.
    pub const STANDARD: Self = Self { text: 110, width: 4700, tallest: 5650 };
    /// The sizes on a wide screen, where nothing ends a page.
    pub const WIDE_SCREEN: Self = Self { tallest: i32::MAX, ..Self::STANDARD };
    /// The sizes on a narrow screen, such as that of a phone: its text is as large as on a wide one.
    pub const NARROW_SCREEN: Self = Self { width: 2300, ..Self::WIDE_SCREEN };

    /// The most lines in a label; an ellipsis ends a longer one.
    pub(super) const MOST_LINES: usize = 3;
    /// The least width, in text sizes, at which labels go beside their bars: any less would leave no room for the bars.
    const NARROWEST_BESIDE: i32 = 36;

    /// The sizes in a large-print edition, with text of this size in points.
    pub fn large_print(points: u32) -> Self {
        let points = points as i32;
        // The larger the heading, message and title above a drawing, the less room there is for it on their page.
        Self { text: points * 10, tallest: 5200 - 200 * (points - 18), ..Self::STANDARD }
    }

    /// The size of the text, in points.
    pub(crate) fn points(self) -> u32 {
        (self.text / 10).unsigned_abs()
    }

    /// The size of the text.
    pub(crate) fn text(self) -> i32 {
        self.text
    }

    /// The width of a chart.
    pub(crate) fn width(self) -> i32 {
        self.width
    }

    /// The same page with drawings of at most this height at the standard size, so that a page can end after one without
    /// leaving much room. In large print a drawing fills a page as it is, and a screen has no end.
    #[must_use]
    pub(super) fn in_short_parts(self, tallest: i32) -> Self {
        if self == Self::STANDARD { Self { tallest, ..self } } else { self }
    }

    /// Scales a length with the text size; `length` is its value in a standard edition.
    pub(super) fn scaled(self, length: i32) -> i32 {
        length * self.text / Self::STANDARD.text
    }

    /// True when labels go beside their values, false when they go above them.
    pub(super) fn labels_beside(self) -> bool {
        self.width >= self.text * Self::NARROWEST_BESIDE
    }

    /// The height of a line of text.
    pub(super) fn line(self) -> i32 {
        self.scaled(130)
    }

    /// The height of the headings above the rows.
    pub(super) fn head(self) -> i32 {
        self.scaled(180)
    }

    /// The layout of a row, given the number of lines in its label and in its values.
    pub(super) fn row(self, label: usize, values: usize) -> Row {
        let [label, values] = [label, values].map(|lines| self.line() * lines as i32);
        let gap = self.scaled(28);
        if self.labels_beside() {
            let height = label.max(values) + gap;
            Row { height, label: height / 2, values: height / 2, leads: false }
        } else {
            let upper = gap / 2;
            let values_at = upper + label + values / 2;
            Row { height: label + values + gap, label: upper + label / 2, values: values_at, leads: false }
        }
    }

    /// The layout of a row, given the number of lines in its label and the height of what is beside it.
    pub(super) fn row_of(self, label: usize, height: i32) -> Row {
        let label = self.line() * label as i32;
        if self.labels_beside() {
            let height = height.max(label + self.scaled(30));
            Row { height, label: height / 2, values: height / 2, leads: false }
        } else {
            // A label belongs to what is below it, not to what is above it.
            let gap = self.scaled(60);
            Row {
                height: gap + label + height,
                label: gap + label / 2,
                values: gap + label + height / 2,
                leads: false,
            }
        }
    }

    /// The width of a text.
    pub(super) fn width_of(self, text: &str) -> i32 {
        font::width(text) * self.text / 1000
    }

    /// The width of the widest of several texts; 0 if there are none.
    pub(super) fn widest<T: AsRef<str>>(self, texts: impl IntoIterator<Item = T>) -> i32 {
        texts.into_iter().map(|text| self.width_of(text.as_ref())).max().unwrap_or_default()
    }

    /// The width of the widest word of a text.
    pub(super) fn widest_word(self, text: &str) -> i32 {
        self.widest(font::printed(text).split_whitespace())
    }

    /// Breaks text into lines no wider than `limit`, between words; a word is broken only if it is wider than a line.
    pub(super) fn lines(self, text: &str, limit: i32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in font::printed(text).split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width_of(line) + self.width_of(" ") + self.width_of(word) <= limit => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.extend(self.broken(word, limit)),
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// Breaks a label into no more lines than a chart has room for; an ellipsis marks any text left out.
    pub(super) fn label(self, text: &str, limit: i32) -> Vec<String> {
        self.label_of(text, limit, Self::MOST_LINES)
    }

    /// Breaks a bold label, which is wider than text is measured, into at most this many lines.
    pub(super) fn bold_label(self, text: &str, limit: i32, most: usize) -> Vec<String> {
        self.label_of(text, limit * 15 / 16, most)
    }

    /// Breaks a label into at most this many lines; an ellipsis marks any text left out.
    pub(super) fn label_of(self, text: &str, limit: i32, most: usize) -> Vec<String> {
        let mut label = self.lines(text, limit);
        if label.len() > most {
            label.truncate(most);
            if let Some(last) = label.last_mut() {
                while self.width_of(last) + self.width_of("…") > limit
                    && let Some((end, _)) = last.grapheme_indices(true).next_back()
                {
                    last.truncate(end);
                }
                // Half a number would be another number.
                let whole = last.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().len();
                last.truncate(whole);
                last.push('…');
            }
        }
        label
    }

    /// Breaks a word into pieces no wider than `limit`.
    fn broken(self, word: &str, limit: i32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut taken = 0;
        for cluster in word.graphemes(true) {
            let wide = self.width_of(cluster);
            if taken > 0 && taken + wide > limit {
                pieces.push(String::new());
                taken = 0;
            }
            taken += wide;
            pieces.last_mut().into_iter().for_each(|piece| piece.push_str(cluster));
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_not_cut_within_a_number_or_an_emoji() {
        let sizes = Sizes::STANDARD;
        let mut cuts = 0;
        for width in (200..2000).step_by(50) {
            let cut = sizes.label_of("Sectors in 2007 👨🏽 of 1,234 areas", width, 1).concat();
            let Some(kept) = cut.strip_suffix('…') else { continue };
            cuts += 1;
            let whole = kept.ends_with("2007") || kept.ends_with("1,234");
            assert!(whole || !kept.ends_with(|c: char| c.is_ascii_digit()), "{cut}");
            assert!(kept.contains("👨🏽") || !kept.contains('👨'), "{cut}");
        }
        assert!(cuts > 20, "{cuts}");
    }

    #[test]
    fn lines_keep_every_word_and_the_limit() {
        let text = "Steering group linked to the Children's Trust, working well";
        for sizes in [Sizes::STANDARD, Sizes::large_print(18)] {
            let broken = sizes.lines(text, 1500);
            assert_eq!(broken.join(" "), text);
            assert!(broken.len() > 1);
            assert!(broken.iter().all(|line| sizes.width_of(line) <= 1500), "{broken:?}");
        }
    }
}
