use super::{EditionReader, Part, Particulars, Passage, Readback};
use crate::model::PartId;
use crate::pdf::spaced;
use crate::plain::{Block, blocks};
use crate::prove::Claim;
use crate::words::filled;

/// Reads plain text.
pub(super) struct TextReader;

impl EditionReader for TextReader {
    fn read(&self, bytes: &[u8], claim: Claim<'_>) -> Result<Readback, String> {
        let text = text(bytes)?;
        let (mut passages, mut headings) = (Vec::<Passage>::new(), Vec::new());
        let (mut section, mut figure) = (Part::Opening, None);
        let blocks = blocks(text);
        let sections = sections(&blocks, claim);
        for block in blocks {
            let (text, part) = match block {
                Block::Heading(heading) => {
                    let id = sections.get(headings.len()).cloned().flatten();
                    section = Part::Named(id.unwrap_or_else(|| part_of(&heading, headings.len(), claim)));
                    headings.push(heading.clone());
                    (heading, section.clone())
                }
                Block::Text(text) => {
                    figure = figure.or_else(|| begun(&text, claim));
                    let part = figure.map_or_else(
                        || section.clone(),
                        |number| Part::Named(PartId::Figure(number).to_string()),
                    );
                    figure = figure.filter(|number| !ends(&text, *number, claim));
                    (text, part)
                }
            };
            if passages.last().is_none_or(|last| last.part != part) {
                passages.push(Passage::of(part));
            }
            if let Some(last) = passages.last_mut() {
                last.push(&text, None);
            }
        }
        let opening = passages.iter().take_while(|passage| passage.part == Part::Opening);
        Ok(Readback {
            opening: opening.map(|passage| passage.text.as_str()).collect(),
            passages,
            headings,
            charts: None,
            alternatives: Vec::new(),
            cut_off: Vec::new(),
            particulars: particulars(text),
        })
    }

    fn particulars(&self, bytes: &[u8]) -> Result<Particulars, String> {
        text(bytes).map(particulars)
    }
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}

/// What identifies a text: its first block is its title, and its last line its permanent name.
fn particulars(text: &str) -> Particulars {
    let title = text.split("\n\n").next().unwrap_or_default();
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    Particulars { metadata: spaced(&format!("{title} {last}")), keywords: false, attachments: None }
}

/// For each heading the id of its section, if it has one. The sections follow each other, so that a section is not taken for
/// another part with the same title; those on the page of another have no heading of their own.
fn sections(blocks: &[Block], claim: Claim<'_>) -> Vec<Option<String>> {
    let headings: Vec<&str> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading(heading) => Some(heading.split_once(". ").map_or("", |(_, title)| title)),
            Block::Text(_) => None,
        })
        .collect();
    let sections = claim.model.content.sections();
    let from = |first: usize| {
        let mut ids = vec![None; first];
        for section in &sections {
            if headings.get(ids.len()).is_some_and(|title| *title == spaced(section.title)) {
                ids.push(Some(PartId::Section(section.id).to_string()));
            }
        }
        ids
    };
    let found = |ids: &Vec<Option<String>>| ids.iter().flatten().count();
    (0..headings.len()).rev().map(from).max_by_key(found).unwrap_or_default()
}

/// The id of a part that is no section: that of the areas that answered. Other parts need none.
fn part_of(heading: &str, position: usize, claim: Claim<'_>) -> String {
    let title = heading.split_once(". ").map_or(heading, |(_, title)| title);
    if title == spaced(&claim.words.who_answered) {
        PartId::Areas.to_string()
    } else {
        format!("part/{}", position + 1)
    }
}

/// The number of the figure that a text begins.
fn begun(text: &str, claim: Claim<'_>) -> Option<u32> {
    let (number, _) = text.strip_prefix(&format!("{} ", claim.words.figure))?.split_once('.')?;
    number.parse().ok()
}

/// True for a text with the words that end a figure.
fn ends(text: &str, figure: u32, claim: Claim<'_>) -> bool {
    text.ends_with(&spaced(&filled(&claim.words.figure_ends, &[("number", &figure.to_string())])))
}
