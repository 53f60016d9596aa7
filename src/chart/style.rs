use unicode_segmentation::UnicodeSegmentation;

use crate::font;

/// The family of all chart text, one of those in `fonts/`.
pub const FONT_FAMILY: &str = "Atkinson Hyperlegible Next";

/// The sizes of a chart: all of them follow from that of its text. Lengths are tenths of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Size of its text.
    pub(super) text: i32,
    /// Width of a chart: the text width of a page.
    pub(super) width: i32,
    /// Height of the tallest drawing: it leaves room on a page for the title of the figure.
    pub(super) tallest: i32,
}

/// The height of a row and, from its upper edge, the middles of its label and of its values.
pub(super) struct Row {
    pub(super) height: i32,
    pub(super) label: i32,
    pub(super) values: i32,
}

impl Sizes {
    /// Those of a standard edition: chart text is nearly as large as body text.
    pub const STANDARD: Self = Self { text: 105, width: 4700, tallest: 5200 };

    /// The most lines of a label; the table beside the chart has all of it.
    const MOST_LINES: usize = 3;
    /// The largest text with which labels stand beside their bars: larger ones would leave no room for them.
    const LARGEST_BESIDE: i32 = 130;

    /// The same page with text of another size, in tenths of a point.
    #[must_use]
    pub fn with_text(self, text: i32) -> Self {
        Self { text, ..self }
    }

    /// A length that grows with the text, as it is in a standard edition.
    pub(super) fn scaled(self, length: i32) -> i32 {
        length * self.text / Self::STANDARD.text
    }

    /// True when labels stand beside their values, false when they stand above them.
    pub(super) fn labels_beside(self) -> bool {
        self.text <= Self::LARGEST_BESIDE
    }

    /// Height of a line of text.
    pub(super) fn line(self) -> i32 {
        self.scaled(130)
    }

    /// Height of the headings above the rows.
    pub(super) fn head(self) -> i32 {
        self.scaled(180)
    }

    /// Height of a bar.
    pub(super) fn bar(self) -> i32 {
        self.scaled(120)
    }

    /// The place of a row, by the number of lines of its label and of its values.
    pub(super) fn row(self, label: usize, values: usize) -> Row {
        let [label, values] = [label, values].map(|lines| self.line() * lines as i32);
        let gap = self.scaled(28);
        if self.labels_beside() {
            let height = label.max(values) + gap;
            Row { height, label: height / 2, values: height / 2 }
        } else {
            let upper = gap / 2;
            Row { height: label + values + gap, label: upper + label / 2, values: upper + label + values / 2 }
        }
    }

    /// Width of a text.
    pub(super) fn width_of(self, text: &str) -> i32 {
        font::width(text) * self.text / 1000
    }

    /// A text in lines no wider than `limit`, broken between words; inside a word only where that alone is wider.
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

    /// A label in no more lines than a chart has room for; what is left out is marked.
    pub(super) fn label(self, text: &str, limit: i32) -> Vec<String> {
        let mut label = self.lines(text, limit);
        if label.len() > Self::MOST_LINES {
            label.truncate(Self::MOST_LINES);
            if let Some(last) = label.last_mut() {
                while self.width_of(last) + self.width_of("…") > limit && last.pop().is_some() {}
                last.push('…');
            }
        }
        label
    }

    /// A word in pieces no wider than `limit`.
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
    fn lines_keep_every_word_and_the_limit() {
        let text = "Steering group linked to the Children's Trust, working well";
        for sizes in [Sizes::STANDARD, Sizes::STANDARD.with_text(180)] {
            let broken = sizes.lines(text, 1500);
            assert_eq!(broken.join(" "), text);
            assert!(broken.len() > 1);
            assert!(broken.iter().all(|line| sizes.width_of(line) <= 1500), "{broken:?}");
        }
    }
}
