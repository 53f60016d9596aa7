use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::notation::{Notation, Piece};
use super::tags::{Part, marked, parts};

/// Stands for a tag of a template while its text is read as Markdown; between the two is the number of the tag.
const TAG: (char, char) = ('\u{f0000}', '\u{f0001}');

/// Turns an evaluation's wording, which is Markdown with the tags of a template, into a template of a format. Every tag
/// stays on its line, so that a mistake is found where it was made.
///
/// # Errors
/// The line, from 1, of the first piece of Markdown that reports have no place for: a table, a picture, code, HTML.
pub(in crate::render) fn wording(source: &str, notation: &dyn Notation) -> Result<String, usize> {
    let tags = Tags::of(source);
    let mut writer = Writer { notation, tags: &tags, markup: String::new(), open: Vec::new(), lines: 0 };
    for (event, range) in Parser::new_ext(&tags.text, Options::ENABLE_DEFINITION_LIST).into_offset_iter() {
        writer.catch_up(range.start);
        writer.write(event).ok_or_else(|| tags.line(range.start) + 1)?;
    }
    Ok(writer.markup)
}

/// The texts of wording, paragraph by paragraph, with `value` in place of each tag.
pub(in crate::render) fn paragraphs(source: &str, value: char) -> Vec<String> {
    let tags = Tags::of(source);
    let mut paragraphs = vec![String::new()];
    for event in Parser::new_ext(&tags.text, Options::ENABLE_DEFINITION_LIST) {
        match event {
            Event::Text(text) => {
                if let Some(last) = paragraphs.last_mut() {
                    last.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(last) = paragraphs.last_mut() {
                    last.push(' ');
                }
            }
            Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. })
            | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => {}
            _ => paragraphs.push(String::new()),
        }
    }
    let cut = |paragraph: String| {
        let mut text = String::with_capacity(paragraph.len());
        for (tag, after) in marked(&paragraph, TAG) {
            text.extend(tag.map(|_| value));
            text.push_str(after);
        }
        text
    };
    paragraphs.into_iter().map(cut).collect()
}

/// Wording with its tags set aside.
struct Tags<'s> {
    /// The text, with a mark for each tag.
    text: String,
    /// The tags, each with the offset of its mark.
    tags: Vec<(usize, &'s str)>,
}

impl<'s> Tags<'s> {
    fn of(source: &'s str) -> Self {
        let mut tags = Self { text: String::new(), tags: Vec::new() };
        for part in parts(source) {
            match part {
                Part::Text(text) => tags.text.push_str(text),
                Part::Tag(tag) => {
                    let mark = format!("{}{}{}", TAG.0, tags.tags.len(), TAG.1);
                    tags.tags.push((tags.text.len(), tag));
                    tags.text.push_str(&mark);
                }
            }
        }
        tags
    }

    /// The number of lines of the source before an offset of the text.
    fn line(&self, offset: usize) -> usize {
        let lines = |text: &str| text.matches('\n').count();
        let in_tags = self.tags.iter().filter(|(at, _)| *at < offset).map(|(_, tag)| lines(tag));
        lines(&self.text[..offset]) + in_tags.sum::<usize>()
    }
}

struct Writer<'t, 's> {
    notation: &'t dyn Notation,
    tags: &'t Tags<'s>,
    markup: String,
    /// The pieces that have begun, each with the place where its contents begin.
    open: Vec<(Piece, usize)>,
    /// How many lines have been written.
    lines: usize,
}

impl Writer<'_, '_> {
    /// Begins new lines until the line of the source is reached.
    fn catch_up(&mut self, offset: usize) {
        let within = self.open.iter().filter(|(piece, _)| *piece == Piece::Item).count();
        let new_line = if self.open.is_empty() { "\n" } else { self.notation.new_line() };
        for _ in self.lines..self.tags.line(offset) {
            self.push(new_line);
            self.push(&"  ".repeat(within));
        }
    }

    fn push(&mut self, markup: &str) {
        self.lines += markup.matches('\n').count();
        self.markup.push_str(markup);
    }

    /// Writes an event; `None` if reports have no place for it.
    fn write(&mut self, event: Event<'_>) -> Option<()> {
        match event {
            Event::Start(tag) => {
                let piece = begun(tag)?;
                let begin = self.notation.begin(&piece);
                self.push(&begin);
                self.open.push((piece, self.markup.len()));
            }
            Event::End(_) => self.end()?,
            Event::Text(text) => self.text(&text),
            // The new line follows from the place of what is next.
            Event::SoftBreak | Event::HardBreak => {}
            _ => return None,
        }
        Some(())
    }

    fn end(&mut self) -> Option<()> {
        let (piece, from) = self.open.pop()?;
        let prints = self.prints(from);
        if piece == Piece::Paragraph && !prints {
            // Tags alone are no paragraph.
            let begin = self.notation.begin(&piece).len();
            self.markup.replace_range(from - begin..from, "");
        } else {
            let end = self.notation.end(&piece);
            self.push(&end);
        }
        Some(())
    }

    /// True if anything from here on prints something of its own.
    fn prints(&self, from: usize) -> bool {
        parts(&self.markup[from..]).iter().any(|part| match part {
            Part::Text(text) => !text.trim().is_empty(),
            Part::Tag(tag) => tag.starts_with("<<"),
        })
    }

    /// Writes text as it is, and puts back its tags.
    fn text(&mut self, text: &str) {
        for (number, after) in marked(text, TAG) {
            let tag = number.and_then(|number| self.tags.tags.get(number.parse::<usize>().ok()?));
            self.push(tag.map_or("", |(_, tag)| tag));
            let after = self.notation.sentence(after);
            self.push(&after);
        }
    }
}

/// The piece of wording that a tag of Markdown begins; `None` if reports have no place for it.
fn begun(tag: Tag<'_>) -> Option<Piece> {
    Some(match tag {
        Tag::Paragraph => Piece::Paragraph,
        Tag::Heading { level, .. } => Piece::Heading(level),
        Tag::List(_) => Piece::List,
        Tag::Item => Piece::Item,
        Tag::DefinitionList => Piece::Glossary,
        Tag::DefinitionListTitle => Piece::Term,
        Tag::DefinitionListDefinition => Piece::Meaning,
        Tag::Strong => Piece::Strong,
        Tag::Emphasis => Piece::Emphasis,
        Tag::Link { dest_url, .. } => Piece::Link(dest_url.into_string()),
        _ => return None,
    })
}
