use minijinja::Environment;
use minijinja::value::Value;

use crate::direction::{END_OF_ISOLATE, ISOLATE, has_right_to_left};
use crate::font::printed;
use crate::render::environment::{Notation, Piece};
use crate::templates::TYPST_TEMPLATE;

/// The notation of Typst.
pub(super) static TYPST: TypstNotation = TypstNotation;

pub(super) struct TypstNotation;

impl Notation for TypstNotation {
    fn extension(&self) -> &'static str {
        TYPST_TEMPLATE
    }

    fn value(&self, text: &str) -> String {
        escaped(text)
    }

    /// Quotation marks are left, so that Typst sets them in the style of the language.
    fn sentence(&self, text: &str) -> String {
        let mut markup = String::with_capacity(text.len());
        for c in text.chars() {
            if MARKUP.contains(c) {
                markup.push('\\');
            }
            markup.push(c);
        }
        markup
    }

    fn plain(&self, markup: &str) -> String {
        plain(markup)
    }

    fn reference(&self, part: &str, numbers: &[String]) -> String {
        let part = string_literal(part);
        let link = |number: &String| format!("#link(label({part}))[{}]", escaped(number));
        format!("#reference[({})]", numbers.iter().map(link).collect::<Vec<_>>().join(", "))
    }

    fn begin(&self, piece: &Piece) -> String {
        match piece {
            // The title of a report has the first level, and the parts are below it.
            Piece::Heading(level) => format!("{} ", "=".repeat((*level as usize).max(2))),
            Piece::Item => "- ".to_owned(),
            Piece::Term => "/ ".to_owned(),
            Piece::Meaning => "  ".to_owned(),
            Piece::Strong => "#strong[".to_owned(),
            Piece::Emphasis => "#emph[".to_owned(),
            Piece::Link(address) => format!("#link({})[", string_literal(address)),
            Piece::Paragraph | Piece::List | Piece::Glossary => String::new(),
        }
    }

    fn end(&self, piece: &Piece) -> String {
        match piece {
            Piece::Term => ":".to_owned(),
            Piece::Strong | Piece::Emphasis | Piece::Link(_) => "]".to_owned(),
            _ => String::new(),
        }
    }
}

/// Adds what only templates of Typst need.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("typst_string", |text: &str| Value::from_safe_string(string_literal(text)));
}

/// Characters that Typst reads as markup in the middle of a line.
const MARKUP: &str = r"#$*_@<>~\`[]";

/// The most letters in a word that is never broken, the letters between possible breaks in a longer one, and the markup
/// for such a break.
const LONGEST_WORD: usize = 24;
const BREAK: usize = 8;
const BREAKABLE: &str = "#box(width: 0pt);";

/// Turns text into Typst markup. Typst allows every ASCII punctuation character to be escaped, so they all are.
/// Right-to-left text does not change the direction of the text around it.
fn escaped(text: &str) -> String {
    let text = printed(text);
    if !has_right_to_left(&text) {
        return marked_up(&text);
    }
    // The end of a paragraph ends any isolate in it, and each line of a text may become a paragraph.
    let lines = text.split('\n').map(|line| format!("{ISOLATE}{}{END_OF_ISOLATE}", marked_up(line)));
    lines.collect::<Vec<_>>().join("#linebreak();")
}

fn marked_up(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 4);
    let mut length = 0;
    for c in text.chars() {
        length = if may_be_broken(c) { length + 1 } else { 0 };
        // A very long word would run out of its column, so it may be broken here. Numbers stay whole.
        if length > LONGEST_WORD && length % BREAK == 1 && !c.is_numeric() {
            markup.push_str(BREAKABLE);
        }
        match c {
            '\n' => markup.push_str("#linebreak();"),
            '\t' => markup.push(' '),
            c if c.is_control() => {}
            c if c.is_ascii_punctuation() => markup.extend(['\\', c]),
            c => markup.push(c),
        }
    }
    markup
}

/// True for a letter or digit of a script whose words have no natural breaks and whose letters do not join up.
fn may_be_broken(c: char) -> bool {
    c.is_alphanumeric() && matches!(c, '\0'..'\u{590}' | '\u{10a0}'..'\u{1100}' | '\u{1e00}'..'\u{2000}')
}

/// The plain text of a captured sentence: without escapes, and with single spaces between words.
fn plain(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let markup = markup.replace(BREAKABLE, "");
    let mut chars = markup.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            _ if matches!(c, ISOLATE | END_OF_ISOLATE) => {}
            Some(next) if c == '\\' && next.is_ascii_punctuation() => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Turns text into a string literal of Typst code.
fn string_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in printed(text).chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' | '\t' => literal.push(' '),
            c if c.is_control() => {}
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_markup_that_means_itself() {
        assert_eq!(escaped("#let $x$ *b* _i_ @r \\"), r"\#let \$x\$ \*b\* \_i\_ \@r \\");
        assert_eq!(escaped("- no funds\n1. none"), r"\- no funds#linebreak();1\. none");
        assert_eq!(escaped("Café\u{0}"), "Café");
    }

    #[test]
    fn a_very_long_word_may_be_broken_and_no_other() {
        let breaks = |text: &str| escaped(text).matches(BREAKABLE).count();
        assert_eq!((breaks(&"w".repeat(24)), breaks(&"w".repeat(25)), breaks(&"w".repeat(200))), (0, 1, 22));
        assert_eq!(breaks("https://www.example.org/a-rather-long-path/2008/07/figures.html?x=12&y=345"), 0);
        assert_eq!(breaks(&"1".repeat(60)), 0);
        assert_eq!(plain(&escaped(&"w".repeat(60))), "w".repeat(60));
    }

    #[test]
    fn a_captured_sentence_is_plain_again() {
        let text = r"1,168 of #x \ \*b_ - ok";
        assert_eq!(plain(&format!("In it,\n  {}", escaped(text))), format!("In it, {text}"));
    }

    #[test]
    fn a_string_literal_cannot_be_left() {
        assert_eq!(string_literal("a\"+sys.x+\"\\"), r#""a\"+sys.x+\"\\""#);
    }
}
