use std::sync::LazyLock;

use ttf_parser::Face;

use super::style::TEXT;

static REGULAR: &[u8] = include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Regular.ttf");
static FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(REGULAR, 0).ok());

/// Width of a text in tenths of a point, at the size of chart text.
pub(super) fn width(text: &str) -> i32 {
    let Some(face) = FACE.as_ref() else { return 0 };
    let advance = |c| face.glyph_index(c).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(600);
    let units: i32 = text.chars().map(|c| i32::from(advance(c))).sum();
    units * TEXT / i32::from(face.units_per_em())
}

/// A text in lines no wider than `limit`, broken between words. A single word may be wider.
pub(super) fn lines(text: &str, limit: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
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
