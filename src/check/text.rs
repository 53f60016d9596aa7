use crate::direction::is_turning;
use crate::font;
use crate::problem::{Place, Problem};

/// How long names, titles and similar texts may be, in characters.
pub(super) const LONGEST_NAME: usize = 200;
/// How long the wording of a question may be, in characters.
pub(super) const LONGEST_WORDING: usize = 1_000;
/// How long the label of an option or a measure may be, in characters: tables print it.
pub(super) const LONGEST_LABEL: usize = 500;
/// How long a free-text answer may be, in characters.
pub(super) const LONGEST_ANSWER: usize = 20_000;

/// What is wrong with a text that reports print: it is empty or too long, or has a character that cannot be printed or
/// would change the direction of the text around it.
pub(super) fn faults(text: &str, longest: usize, place: &Place) -> Vec<Problem> {
    let mut problems = Vec::new();
    if text.trim().is_empty() {
        problems.push(Problem::error("empty-text", place.clone(), "there is no text"));
    }
    let length = text.chars().count();
    if length > longest {
        let message = format!("the text has {length} characters; at most {longest} are allowed");
        let begin: String = text.chars().take(40).collect();
        problems.push(Problem::error("long-text", place.clone(), message).value(format!("{begin}...")));
    }
    let text = font::printed(text);
    if let Some((position, c)) = text.chars().enumerate().find(|(_, c)| !is_printable(*c)) {
        let message = format!("character {} of the text, {}, cannot be printed", position + 1, named(c));
        let hint = "replace it, or take it out; some programs put such characters in without showing them";
        let around: String = text.chars().skip(position.saturating_sub(20)).take(40).collect();
        let around: String = around.chars().filter(|c| is_printable(*c)).collect();
        problems.push(Problem::error("unprintable", place.clone(), message).value(around).hint(hint));
    }
    problems
}

/// True if a report can print the character: it is white space, or one of the fonts has it.
fn is_printable(c: char) -> bool {
    match c {
        ' ' | '\n' | '\r' | '\t' => true,
        c if font::is_joiner(c) => true,
        c => !c.is_control() && !is_turning(c) && font::has(c),
    }
}

/// The number of a character and, if it is visible, the character itself.
fn named(c: char) -> String {
    let number = format!("U+{:04X}", u32::from(c));
    let seen =
        c.is_alphanumeric() || !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !is_turning(c);
    if seen { format!("'{c}' ({number})") } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        faults(text, 30, &Place::file("f")).iter().map(|problem| problem.rule).collect()
    }

    #[test]
    fn a_text_is_short_enough_and_all_its_characters_can_be_printed() {
        assert_eq!(rules("Ynys Môn, “new”\nl’été"), [""; 0]);
        assert_eq!(rules("co\u{ad}operate\u{200b}"), [""; 0], "they are left out");
        assert_eq!(rules(" \t"), ["empty-text"]);
        assert_eq!(rules(&"é".repeat(31)), ["long-text"]);
        for unprintable in ["a\u{0}b", "a\u{1b}[31m", "\u{202e}moc", "\u{e000}"] {
            assert_eq!(rules(unprintable), ["unprintable"], "{unprintable:?}");
        }
    }
}
