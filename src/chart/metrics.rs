use unicode_segmentation::UnicodeSegmentation;

use super::style::{MOST_LINES, TEXT};
use crate::font;

/// Width of a text in tenths of a point, at the size of chart text.
pub(super) fn width(text: &str) -> i32 {
    font::width(text) * TEXT / 1000
}

/// A text in lines no wider than `limit`, broken between words; inside a word only where that alone is wider.
pub(super) fn lines(text: &str, limit: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in font::printed(text).split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(broken(word, limit)),
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// A label in no more lines than a chart has room for; what is left out is marked.
pub(super) fn label(text: &str, limit: i32) -> Vec<String> {
    let mut label = lines(text, limit);
    if label.len() > MOST_LINES {
        label.truncate(MOST_LINES);
        if let Some(last) = label.last_mut() {
            while width(last) + width("…") > limit && last.pop().is_some() {}
            last.push('…');
        }
    }
    label
}

/// A word in pieces no wider than `limit`.
fn broken(word: &str, limit: i32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut taken = 0;
    for cluster in word.graphemes(true) {
        let wide = width(cluster);
        if taken > 0 && taken + wide > limit {
            pieces.push(String::new());
            taken = 0;
        }
        taken += wide;
        pieces.last_mut().into_iter().for_each(|piece| piece.push_str(cluster));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_every_word_and_the_limit() {
        let text = "Steering group linked to the Children's Trust, working well";
        let broken = lines(text, 1500);
        assert_eq!(broken.join(" "), text);
        assert!(broken.len() > 1);
        assert!(broken.iter().all(|line| width(line) <= 1500), "{broken:?}");
    }
}
