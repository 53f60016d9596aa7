use super::{DrawnText, EditionReader, Part, Particulars, Passage, Readback};
use crate::page::{Block, Page};
use crate::prove::Claim;

/// Reads web pages.
pub(super) struct HtmlReader;

impl EditionReader for HtmlReader {
    fn read(&self, bytes: &[u8], _: Claim<'_>) -> Result<Readback, String> {
        let page = page(bytes)?;
        let mut charts = Vec::new();
        for (figure, drawn) in page.drawings {
            // Labels that a PDF sets over a drawing are in it here, after the others.
            charts.push((figure, DrawnText { page: None, overlay: drawn.clone(), drawn }));
        }
        let opening = page.blocks.iter().take_while(|block| block.part.is_none());
        Ok(Readback {
            opening: opening.map(|block| block.text.as_str()).collect::<Vec<_>>().join(" "),
            passages: passages(&page.blocks),
            headings: page.headings,
            charts: Some(charts),
            alternatives: page.alternatives,
            cut_off: Vec::new(),
            particulars: Particulars { metadata: page.metadata, keywords: true, attachments: None },
        })
    }

    fn particulars(&self, bytes: &[u8]) -> Result<Particulars, String> {
        Ok(Particulars { metadata: page(bytes)?.metadata, keywords: true, attachments: None })
    }
}

fn page(bytes: &[u8]) -> Result<Page, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    Page::read(text)
}

/// The text, split where a new part begins.
fn passages(blocks: &[Block]) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for block in blocks {
        let part = block.part.as_ref().map_or(Part::Opening, |part| Part::Named(part.clone()));
        if passages.last().is_none_or(|last| last.part != part) {
            passages.push(Passage::of(part));
        }
        if let Some(last) = passages.last_mut() {
            last.push(&block.text, None);
        }
    }
    passages
}
