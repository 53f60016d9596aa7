use std::borrow::Cow;

use pulldown_cmark::HeadingLevel;

/// How a format writes text: values can never become its markup, and sentences mean themselves.
pub(in crate::render) trait Notation: Send + Sync {
    /// The extension of its templates, for example `.html.j2`.
    fn extension(&self) -> &'static str;

    /// A value, so that exactly its own characters are printed.
    fn value(&self, text: &str) -> String;

    /// Markup that is already written, such as a sentence that was put together.
    fn markup<'m>(&self, markup: &'m str) -> Cow<'m, str> {
        Cow::Borrowed(markup)
    }

    /// The text of a template of sentences, so that it is printed as it is written.
    fn sentence(&self, text: &str) -> String;

    /// A printed sentence without markup, with single spaces between words.
    fn plain(&self, markup: &str) -> String;

    /// The numbers of what a sentence rests on, in brackets, leading to the part of the report that lists it.
    fn reference(&self, part: &str, numbers: &[String]) -> String;

    /// The beginning of a piece of an evaluation's wording.
    fn begin(&self, piece: &Piece) -> String;

    /// The end of a piece.
    fn end(&self, piece: &Piece) -> String;

    /// What separates two lines of a piece of wording; it contains one new line of the template.
    fn new_line(&self) -> &'static str {
        "\n"
    }
}

/// A piece of an evaluation's wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) enum Piece {
    /// Sentences.
    Paragraph,
    /// A heading.
    Heading(HeadingLevel),
    /// Items of a list.
    List,
    /// An item of a list.
    Item,
    /// Words with their meanings.
    Glossary,
    /// A word.
    Term,
    /// What a word means.
    Meaning,
    /// Important words.
    Strong,
    /// Stressed words.
    Emphasis,
    /// Words that lead to an address.
    Link(String),
}
