use std::borrow::Cow;

use super::lines::NEW_LINE;
use crate::font::printed;
use crate::render::environment::{Notation, Piece};

/// The notation of plain text.
pub(super) static TEXT: TextNotation = TextNotation;

pub(super) struct TextNotation;

impl Notation for TextNotation {
    fn extension(&self) -> &'static str {
        ".txt.j2"
    }

    fn value(&self, text: &str) -> String {
        spaced(&printed(text))
    }

    /// A sentence that was put together may have new lines between its parts.
    fn markup<'m>(&self, markup: &'m str) -> Cow<'m, str> {
        Cow::Owned(spaced(markup).trim().to_owned())
    }

    fn sentence(&self, text: &str) -> String {
        text.to_owned()
    }

    fn plain(&self, markup: &str) -> String {
        self.markup(markup).into_owned()
    }

    fn reference(&self, _: &str, numbers: &[String]) -> String {
        format!("({})", numbers.join(", "))
    }

    fn begin(&self, _: &Piece) -> String {
        String::new()
    }

    fn end(&self, piece: &Piece) -> String {
        match piece {
            Piece::Term => ": ".to_owned(),
            Piece::Paragraph | Piece::Heading(_) => format!("{NEW_LINE}{NEW_LINE}"),
            Piece::List | Piece::Item | Piece::Glossary | Piece::Meaning => NEW_LINE.to_string(),
            Piece::Strong | Piece::Emphasis | Piece::Link(_) => String::new(),
        }
    }

    /// Only the end of a piece ends a line.
    fn new_line(&self) -> &'static str {
        " <#\n#>"
    }
}

/// Text with a single space wherever it has any, and no new lines of its own.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars() {
        if c == NEW_LINE || !c.is_whitespace() {
            spaced.push(c);
        } else if !spaced.ends_with(' ') {
            spaced.push(' ');
        }
    }
    spaced
}
