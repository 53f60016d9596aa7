use unicode_segmentation::UnicodeSegmentation;

/// Ends a line wherever it stands; no value has this character.
pub(super) const NEW_LINE: char = '\u{2029}';

/// The longest line, in characters, unless a single word is longer.
const LONGEST: usize = 72;

/// Text with short lines and single blank lines, from what a template prints: each line of a template is a line, or
/// several if it is long.
pub(super) fn lines(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split(['\n', NEW_LINE]) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.is_empty() {
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
            continue;
        }
        if is_heading(words[0]) {
            lines.push(words.join(" "));
        } else {
            lines.extend(wrapped(&words));
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.push(String::new());
    lines.join("\n")
}

/// True for the number of a part, which stays on one line with its title.
fn is_heading(word: &str) -> bool {
    word.strip_suffix('.')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn wrapped(words: &[&str]) -> Vec<String> {
    let length = |text: &str| text.graphemes(true).count();
    let mut lines = vec![String::new()];
    for word in words {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if length(line) + 1 + length(word) <= LONGEST => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push((*word).to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_no_word_is_lost() {
        let sentence = "Strategic leads and managers answered in March 2008. ".repeat(9);
        let text = lines(&format!("\n\nTitle\n{sentence}\u{2029}\n\n\nEnd\n\n"));
        assert!(text.starts_with("Title\nStrategic") && text.ends_with("\n\nEnd\n"), "{text}");
        assert!(text.lines().all(|line| line.len() <= LONGEST), "{text}");
        assert!(!text.contains("\n\n\n"), "{text}");
        assert_eq!(text.split_whitespace().count(), sentence.split_whitespace().count() + 2);
    }
}
