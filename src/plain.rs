//! Reads finished plain text.

use crate::pdf::spaced;

/// A stretch of plain text between blank lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// The heading of a part, with its number: the only block of a line that begins with the next number.
    Heading(String),
    /// Anything else.
    Text(String),
}

/// The blocks of a plain text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut parts = 0;
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let block = block.trim_matches('\n');
        let next = format!("{}. ", parts + 1);
        let text = spaced(block);
        if block.starts_with(&next) && !block.contains('\n') {
            parts += 1;
            blocks.push(Block::Heading(text));
        } else {
            blocks.push(Block::Text(text));
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_next_number_heads_a_part() {
        let text = "Report\n\nIn this report\n1. One\n2. Two\n\n1. One\n\n4. Not a heading\n\n2. Two\n\nEnd\nof it\n";
        let headings: Vec<String> = blocks(text)
            .into_iter()
            .filter_map(|block| match block {
                Block::Heading(heading) => Some(heading),
                Block::Text(_) => None,
            })
            .collect();
        assert_eq!(headings, ["1. One", "2. Two"]);
        assert_eq!(blocks(text).last(), Some(&Block::Text("End of it".to_owned())));
    }
}
