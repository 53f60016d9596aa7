use crate::page::Page as WebPage;
use crate::pdf::{Objects, Page, TextRun};
use crate::plain::Block;

/// A section of a report, word for word.
#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) words: Vec<String>,
    /// The page of each word, from 0; `None` for words that are only read out.
    pub(super) pages: Vec<Option<usize>>,
}

/// The sections of a PDF in their order, then headers and footers, then alternative text. Page numbers in the
/// contents and the footers are left out, because they follow from the pages before them.
pub(super) fn of_pdf(pages: &[Page], objects: &Objects) -> Vec<Section> {
    let mut sections = body(pages, objects);
    sections.push(furniture(pages));
    sections.push(alternatives(&objects.alternatives));
    sections.retain(|section| !section.words.is_empty());
    sections
}

/// The sections of a web page in their order, then alternative text.
pub(super) fn of_page(page: &WebPage) -> Vec<Section> {
    let mut sections = vec![Section::titled(FRONT)];
    for block in &page.blocks {
        if block.heads {
            sections.push(Section::titled(&block.text));
        }
        if let Some(section) = sections.last_mut() {
            section.push(&block.text, None);
        }
    }
    sections.push(alternatives(&page.alternatives));
    sections.retain(|section| !section.words.is_empty());
    sections
}

/// The sections of a plain text in their order.
pub(super) fn of_text(blocks: &[Block]) -> Vec<Section> {
    let mut sections = vec![Section::titled(FRONT)];
    for block in blocks {
        let (Block::Heading(text) | Block::Text(text)) = block;
        if matches!(block, Block::Heading(_)) {
            sections.push(Section::titled(text));
        }
        if let Some(section) = sections.last_mut() {
            section.push(text, None);
        }
    }
    sections.retain(|section| !section.words.is_empty());
    sections
}

fn alternatives(texts: &[String]) -> Section {
    let mut alternatives = Section::titled(ALTERNATIVES);
    texts.iter().for_each(|alternative| alternatives.push(alternative, None));
    alternatives
}

impl Section {
    pub(super) fn titled(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }

    /// Adds the words of a text.
    pub(super) fn push(&mut self, text: &str, page: Option<usize>) {
        for word in text.split(' ') {
            self.words.push(word.to_owned());
            self.pages.push(page);
        }
    }
}

/// The section for headers and footers.
const FURNITURE: &str = "Headers and footers";

/// The section for text that reaches only people who have the report read out to them.
const ALTERNATIVES: &str = "Alternative text";

/// The section for everything before the first bookmark, or for the whole report if it has no bookmarks.
const FRONT: &str = "Front";

/// The sections of a report, one after each bookmark, without headers and footers.
fn body(pages: &[Page], objects: &Objects) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section::titled(FRONT);
    let (mut part, mut before) = (None, String::new());
    for run in runs(pages).filter(|run| !run.artifact) {
        let text = run.text();
        if text.is_empty() {
            continue;
        }
        let bookmark = objects.bookmarks.iter().rposition(|bookmark| bookmark.place.precedes(run));
        if bookmark != part {
            part = bookmark;
            let title = bookmark.map_or(FRONT, |bookmark| objects.bookmarks[bookmark].title.as_str());
            sections.push(std::mem::replace(&mut section, Section::titled(title)));
        }
        if !objects.bookmarks.iter().any(|bookmark| bookmark.leads_to(&before, &text)) {
            section.push(&text, Some(run.page));
        }
        before = text;
    }
    sections.push(section);
    sections
}

/// Headers and footers. Most of their lines are on every page, so each line is listed once, with its first page.
fn furniture(pages: &[Page]) -> Section {
    let mut furniture = Section::titled(FURNITURE);
    let mut lines = Vec::new();
    for run in runs(pages).filter(|run| run.artifact) {
        let text = run.text();
        let number = (run.page + 1).to_string();
        let line: Vec<&str> = text.split(' ').filter(|word| **word != number).collect();
        let line = line.join(" ");
        if !line.is_empty() && !lines.contains(&line) {
            furniture.push(&line, Some(run.page));
            lines.push(line);
        }
    }
    furniture
}

fn runs(pages: &[Page]) -> impl Iterator<Item = &TextRun> {
    pages.iter().flat_map(|page| &page.runs)
}
