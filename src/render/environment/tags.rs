/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Part<'a> {
    /// Text that is printed as it is.
    Text(&'a str),
    /// A tag, a value or a comment, with its delimiters.
    Tag(&'a str),
}

/// The pieces of a text with marks, in order: the contents of each mark between its two characters, `None` at the beginning,
/// with the text after it.
pub(super) fn marked(text: &str, (begin, end): (char, char)) -> impl Iterator<Item = (Option<&str>, &str)> {
    text.split(begin).enumerate().map(move |(position, piece)| {
        if position == 0 {
            return (None, piece);
        }
        let (mark, after) = piece.split_once(end).unwrap_or((piece, ""));
        (Some(mark), after)
    })
}

/// The pieces of a template, in order.
pub(in crate::render) fn parts(source: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = source;
    while let Some((start, close)) = [("<<", ">>"), ("<%", "%>"), ("<#", "#>")]
        .iter()
        .filter_map(|(open, close)| Some((rest.find(open)?, *close)))
        .min()
    {
        let end = rest[start..].find(close).map_or(rest.len(), |end| start + end + close.len());
        parts.extend([Part::Text(&rest[..start]), Part::Tag(&rest[start..end])]);
        rest = &rest[end..];
    }
    parts.push(Part::Text(rest));
    parts
}
