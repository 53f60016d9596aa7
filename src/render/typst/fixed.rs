use std::collections::BTreeMap;

use typst::syntax::{SyntaxKind, SyntaxNode, parse};

use crate::render::environment::{Part, paragraphs, parts};
use crate::templates::{TYPST_TEMPLATE, Templates, WORDING_TEMPLATE, is_words};

/// Marks where a template prints a value; no text in a template contains this character.
const VALUE: char = '\u{1}';

/// The sentences that templates print word for word, cut where a value is printed. Numbers that are code (sizes,
/// colours) are not included.
pub(in crate::render) fn fixed_text(
    templates: &Templates,
    wording: &BTreeMap<String, String>,
) -> Vec<String> {
    let wording = wording.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let mut pieces = Vec::new();
    for (path, source) in templates.files().chain(wording) {
        if path.ends_with(WORDING_TEMPLATE) {
            // Quoted text inside tags may be printed too.
            without_tags(source, &mut pieces);
            let plain = paragraphs(source, VALUE);
            pieces.extend(plain.iter().flat_map(|text| text.split(VALUE)).map(str::to_owned));
            continue;
        }
        if is_words(path) {
            let plain = without_tags(source, &mut pieces);
            pieces.extend(plain.split(VALUE).map(str::to_owned));
            continue;
        }
        let source = if path.ends_with(TYPST_TEMPLATE) {
            without_tags(source, &mut pieces)
        } else if path.ends_with(".typ") {
            source.to_owned()
        } else {
            continue;
        };
        text_of(&parse(&source), &mut pieces);
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces.sort();
    pieces.dedup();
    pieces
}

/// Collects the text of a markup tree, and its string literals.
fn text_of(node: &SyntaxNode, pieces: &mut Vec<String>) {
    let text = node.leaf_text();
    match node.kind() {
        SyntaxKind::Text => pieces.extend(text.split(VALUE).map(str::to_owned)),
        SyntaxKind::Str => pieces.extend(text.trim_matches('"').split(VALUE).map(str::to_owned)),
        _ => node.children().for_each(|child| text_of(child, pieces)),
    }
}

/// A template without its tags and comments; quoted text inside tags is added to `pieces`.
fn without_tags(source: &str, pieces: &mut Vec<String>) -> String {
    let mut plain = String::with_capacity(source.len());
    for part in parts(source) {
        match part {
            Part::Text(text) => plain.push_str(text),
            Part::Tag(tag) => {
                plain.push(VALUE);
                if !tag.starts_with("<#") {
                    pieces.extend(tag.split('"').skip(1).step_by(2).map(str::to_owned));
                }
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_fixed_and_sizes_are_not() {
        let template = "#set text(size: 17pt)\n#note[Of 150 areas, << n >> are in 1 of <# 9 #>them.]\n\
                        << \"up to 100 per cent\" if m else \"\" >> #text(size: 42pt)[all 3]";
        let templates = Templates::of(&[("a.typ.j2", template)]);
        let pieces = fixed_text(&templates, &BTreeMap::new());
        let has = |text: &str| pieces.iter().any(|piece| piece.contains(text));
        assert!(
            has("Of 150 areas") && has("are in 1 of") && has("up to 100 per cent") && has("all 3"),
            "{pieces:?}"
        );
        assert!(!has("17") && !has("42") && !has("9"), "{pieces:?}");
    }
}
