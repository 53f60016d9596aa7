//! Reads finished web pages.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::pdf::spaced;

/// What a web page says.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Title, author, description and keywords.
    pub(crate) metadata: String,
    /// Its text in reading order.
    pub(crate) blocks: Vec<Block>,
    /// The headings of the second level, which are those of its parts.
    pub(crate) headings: Vec<String>,
    /// The texts that are read out in place of what is drawn, and the labels of what has none of its own.
    pub(crate) alternatives: Vec<String>,
    /// The drawings, each with the id of its figure and the text that is drawn.
    pub(crate) drawings: Vec<(String, String)>,
    /// The elements with their attributes, without any text: how the page is built.
    pub(crate) structure: Vec<String>,
}

/// A paragraph, a heading, a cell, or a text of a drawing.
#[derive(Debug)]
pub(crate) struct Block {
    /// The id of the part that it is in; `None` before the first.
    pub(crate) part: Option<String>,
    /// True for the heading of a part.
    pub(crate) heads: bool,
    /// Its text, with single spaces between words.
    pub(crate) text: String,
}

impl Page {
    /// Reads a page with the rules of browsers.
    ///
    /// # Errors
    /// Returns an error if the page is not well formed, so that a browser would have to guess.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(text));
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        // No script asks to be run before the rest is read: they are read as text.
        drop(tokenizer.feed(&input));
        tokenizer.end();
        let mut reading = tokenizer.sink.0.into_inner();
        reading.flush();
        match reading.fault {
            Some(fault) => Err(fault),
            None => Ok(Self { metadata: spaced(&reading.page.metadata), ..reading.page }),
        }
    }
}

#[derive(Default)]
struct Sink(RefCell<Reading>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut reading = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return reading.begin(&tag),
            Token::TagToken(tag) => reading.end(&tag.name),
            Token::CharacterTokens(text) => reading.text.push_str(&text),
            Token::ParseError(fault) => {
                reading.fault.get_or_insert_with(|| format!("line {line} of the page: {fault}"));
            }
            Token::DoctypeToken(_) | Token::CommentToken(_) | Token::NullCharacterToken | Token::EOFToken => {
            }
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Reading {
    page: Page,
    fault: Option<String>,
    /// The part that the last heading began.
    part: Option<String>,
    /// The figure that is open.
    figure: Option<String>,
    /// The heading that is open.
    heading: Option<String>,
    /// The text of the block that is open.
    text: String,
    /// The text of the drawing that is open.
    drawn: Option<String>,
    /// True within the name or description of a drawing.
    describes: bool,
}

impl Reading {
    fn begin(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let attribute = |wanted: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted);
            found.map(|attribute| attribute.value.to_string())
        };
        self.page.structure.push(built(tag));
        if !INLINE.contains(&name) {
            self.flush();
        }
        self.page
            .alternatives
            .extend(["alt", "aria-label", "title"].iter().filter_map(|name| attribute(name)));
        match name {
            "br" => self.text.push(' '),
            "svg" => self.drawn = Some(String::new()),
            "title" | "desc" if self.drawn.is_some() => self.describes = true,
            "meta" => {
                let wanted = attribute("name").is_some_and(|name| SAID.contains(&name.as_str()));
                let content = attribute("content").filter(|_| wanted);
                self.page.metadata.extend(content.map(|content| format!(" {content}")));
            }
            "figure" => self.figure = attribute("id"),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading = Some(name.to_owned());
                self.part = attribute("id").or(self.part.take());
            }
            _ => {}
        }
        match name {
            "title" if self.drawn.is_none() => TokenSinkResult::RawData(RawKind::Rcdata),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            _ => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "title" if self.drawn.is_none() => {
                let title = std::mem::take(&mut self.text);
                self.page.metadata.push_str(&title);
            }
            // Neither is shown.
            "style" | "script" => self.text.clear(),
            _ => {}
        }
        if INLINE.contains(&name) {
            return;
        }
        self.flush();
        match name {
            "svg" => {
                let drawn = self.drawn.take().unwrap_or_default();
                self.page.drawings.push((self.figure.clone().unwrap_or_default(), drawn));
            }
            "title" | "desc" => self.describes = false,
            "figure" => self.figure = None,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = None,
            _ => {}
        }
    }

    /// Ends a block.
    fn flush(&mut self) {
        let text = spaced(&std::mem::take(&mut self.text));
        if text.is_empty() {
            return;
        }
        if self.describes {
            self.page.alternatives.push(text);
            return;
        }
        if let Some(drawn) = &mut self.drawn {
            drawn.push_str(&text);
            drawn.push(' ');
        }
        let heads = self.heading.as_deref() == Some("h2");
        if heads {
            self.page.headings.push(text.clone());
        }
        let part = self.figure.clone().or_else(|| self.part.clone());
        self.page.blocks.push(Block { part, heads, text });
    }
}

/// Elements that end no block.
const INLINE: [&str; 16] = [
    "a", "abbr", "b", "bdi", "br", "cite", "em", "i", "q", "small", "span", "strong", "sub", "sup", "time",
    "tspan",
];

/// What the head of a page says in words.
const SAID: [&str; 3] = ["author", "description", "keywords"];

/// An element as it is built, without what it says.
fn built(tag: &Tag) -> String {
    let attributes =
        tag.attrs.iter().map(|attribute| format!(" {}=\"{}\"", &*attribute.name.local, attribute.value));
    format!("{}{}", &*tag.name, attributes.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_in_its_parts() {
        let page = Page::read(
            "<!doctype html><html lang=en><head><title>R: Ash</title><meta name=keywords content='area:1'></head><body>\
             <p>Ash &amp; <b>Be</b>ck</p><h2 id='section/caf'>1. CAF</h2><p>One<br>two</p>\
             <figure id='figure/1'><svg><title>Bars</title><text>4 of 9</text><text>5</text></svg></figure><p>After</p>\
             <style>p{width:7px}</style></body></html>",
        )
        .unwrap();
        assert_eq!(page.metadata, "R: Ash area:1");
        assert_eq!(page.headings, ["1. CAF"]);
        assert_eq!(page.drawings, [("figure/1".to_owned(), "4 of 9 5 ".to_owned())]);
        assert_eq!(page.alternatives, ["Bars"]);
        let blocks: Vec<(&str, &str)> =
            page.blocks.iter().map(|block| (block.part.as_deref().unwrap_or("-"), &*block.text)).collect();
        assert_eq!(
            blocks,
            [
                ("-", "Ash & Beck"),
                ("section/caf", "1. CAF"),
                ("section/caf", "One two"),
                ("figure/1", "4 of 9"),
                ("figure/1", "5"),
                ("section/caf", "After"),
            ]
        );
    }

    #[test]
    fn a_browser_never_has_to_guess() {
        assert!(Page::read("<p title=\"a\"b\">x</p>").unwrap_err().starts_with("line 1"));
        assert!(Page::read("<p>a < b</p>").is_err());
        assert!(Page::read("<p>a &lt; b</p>").is_ok());
    }
}
