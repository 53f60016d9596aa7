use crate::direction::{END_OF_ISOLATE, ISOLATE, has_right_to_left};
use crate::font::printed;
use crate::render::environment::{Notation, Piece};

/// The notation of web pages.
pub(super) static HTML: HtmlNotation = HtmlNotation;

pub(super) struct HtmlNotation;

impl Notation for HtmlNotation {
    fn extension(&self) -> &'static str {
        ".html.j2"
    }

    /// Right-to-left text does not change the direction of the text around it.
    fn value(&self, text: &str) -> String {
        let text = printed(text);
        let escaped = escaped(&text);
        if has_right_to_left(&text) { format!("{ISOLATE}{escaped}{END_OF_ISOLATE}") } else { escaped }
    }

    fn sentence(&self, text: &str) -> String {
        escaped(text)
    }

    fn plain(&self, markup: &str) -> String {
        let mut text = String::with_capacity(markup.len());
        let mut rest = markup;
        while let Some((before, tag)) = rest.split_once('<') {
            text.push_str(before);
            // A break between lines separates words.
            text.push(' ');
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        text.retain(|c| !matches!(c, ISOLATE | END_OF_ISOLATE));
        let text = ENTITIES
            .iter()
            .fold(text, |text, (character, entity)| text.replace(entity, character.encode_utf8(&mut [0; 4])));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn reference(&self, part: &str, numbers: &[String]) -> String {
        let link = |number: &String| format!("<a href=\"#{}\">{}</a>", escaped(part), escaped(number));
        let links: Vec<String> = numbers.iter().map(link).collect();
        format!("<span class=\"reference\">({})</span>", links.join(", "))
    }

    fn begin(&self, piece: &Piece) -> String {
        match piece {
            Piece::Link(address) => format!("<a href=\"{}\">", escaped(address)),
            other => format!("<{}>", element(other)),
        }
    }

    fn end(&self, piece: &Piece) -> String {
        format!("</{}>", element(piece))
    }
}

fn element(piece: &Piece) -> String {
    match piece {
        Piece::Paragraph => "p",
        // The parts of a report are headings of the second level.
        Piece::Heading(level) => return format!("h{}", (*level as usize + 1).clamp(3, 6)),
        Piece::List => "ul",
        Piece::Item => "li",
        Piece::Glossary => "dl",
        Piece::Term => "dt",
        Piece::Meaning => "dd",
        Piece::Strong => "strong",
        Piece::Emphasis => "em",
        Piece::Link(_) => "a",
    }
    .to_owned()
}

/// Characters that mean something in HTML, and how to write them; the ampersand is last, so that an entity that was written
/// out stays one.
const ENTITIES: [(char, &str); 5] =
    [('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;"), ('&', "&amp;")];

/// Text so that a browser shows exactly its characters, in text as well as in quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match ENTITIES.iter().find(|(character, _)| *character == c) {
            Some((_, entity)) => markup.push_str(entity),
            None if c.is_control() && !matches!(c, '\n' | '\t') => {}
            None => markup.push(c),
        }
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_markup_that_means_itself() {
        let hostile = "<script>alert('x')</script> & \"y\" &lt; x\u{0} é\nתל";
        let markup = HTML.value(hostile);
        assert!(!markup.contains('<') && !markup.contains('"'), "{markup}");
        assert_eq!(HTML.plain(&markup), "<script>alert('x')</script> & \"y\" &lt; x é תל");
    }
}
