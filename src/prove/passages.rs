use std::collections::BTreeMap;

use super::Readback;
use crate::model::{FigureView, ReportModel};
use crate::pdf::spaced;
use crate::words::Lexicon;

/// Where a number may come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// Anywhere in the report.
    Report,
    /// A section, by its id.
    Section(String),
    /// The figure of a question, by its id.
    Question(String),
    /// Page furniture: nothing but the number of the page, from 1.
    Furniture(usize),
}

/// A stretch of text with one scope; it may run over several pages.
pub(super) struct Passage {
    pub(super) scope: Scope,
    /// Single spaces between words.
    pub(super) text: String,
    /// Where each run begins, and its page, from 0.
    runs: Vec<(usize, usize)>,
}

impl Passage {
    /// The page of an offset in the text, from 0.
    pub(super) fn page(&self, offset: usize) -> usize {
        self.runs.iter().rev().find(|(start, _)| *start <= offset).map_or(0, |(_, page)| *page)
    }

    fn push(&mut self, text: &str, page: usize) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.runs.push((self.text.len(), page));
        self.text.push_str(text);
    }
}

/// The text of a report, cut where another scope begins.
pub(super) fn passages(readback: &Readback, model: &ReportModel, words: &Lexicon) -> Vec<Passage> {
    let figures: Vec<&FigureView> = model.sections.iter().flat_map(|section| &section.figures).collect();
    let passage = |scope: &Scope| Passage { scope: scope.clone(), text: String::new(), runs: Vec::new() };
    let mut furniture = Vec::new();
    let mut body = vec![passage(&Scope::Report)];
    let sections = sections(readback, model);
    let mut part = None;
    let mut scope = Scope::Report;
    let mut before = String::new();
    for run in &readback.runs {
        let text = run.text();
        if text.is_empty() {
            continue;
        }
        if run.artifact {
            let mut artifact = passage(&Scope::Furniture(run.page + 1));
            artifact.push(&text, run.page);
            furniture.push(artifact);
            continue;
        }
        let bookmark = readback.objects.bookmarks.iter().rposition(|bookmark| bookmark.precedes(run));
        if bookmark != part {
            part = bookmark;
            let section = bookmark.and_then(|bookmark| sections.get(&bookmark));
            scope = section.map_or(Scope::Report, |id| Scope::Section((*id).to_owned()));
        }
        if let Some(number) = caption(&text, &words.figure) {
            let figure = figures.iter().find(|figure| figure.number == number);
            scope = figure.map_or(Scope::Report, |figure| Scope::Question(figure.id.clone()));
        }
        if !readback.objects.bookmarks.iter().any(|bookmark| bookmark.leads_to(&before, &text)) {
            if body.last().is_none_or(|last| last.scope != scope) {
                body.push(passage(&scope));
            }
            if let Some(last) = body.last_mut() {
                last.push(&text, run.page);
            }
        }
        before = text;
    }
    body.extend(furniture);
    body
}

/// The number of the figure whose caption begins with a text: "Figure 3. Title". The title may stand in a run of its own, in
/// another font.
pub(super) fn caption(text: &str, figure: &str) -> Option<u32> {
    let (number, rest) = text.strip_prefix(figure)?.strip_prefix(' ')?.split_once('.')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| number.parse().ok())?
}

/// The bookmarks of the sections, with their ids. Sections follow each other in the order of the questionnaire; where one has
/// the title of another part of the report, the bookmarks that are nearest to the other sections' are taken.
fn sections<'a>(readback: &Readback, model: &'a ReportModel) -> BTreeMap<usize, &'a str> {
    let bookmarks = &readback.objects.bookmarks;
    let from = |first: usize| {
        let mut places = BTreeMap::new();
        let mut next = first;
        for section in &model.sections {
            let title = spaced(&section.title);
            let Some(place) = (next..bookmarks.len()).find(|place| bookmarks[*place].title == title) else {
                continue;
            };
            places.insert(place, section.id.as_str());
            next = place + 1;
        }
        places
    };
    let extent = |places: &BTreeMap<usize, &str>| {
        let (first, last) = (places.first_key_value(), places.last_key_value());
        first.zip(last).map_or(0, |((first, _), (last, _))| last - first)
    };
    // Of several ways the last is the first in the report: what comes after the sections may have their titles, too.
    let ways = (0..bookmarks.len()).rev().map(from);
    ways.max_by_key(|places| (places.len(), std::cmp::Reverse(extent(places)))).unwrap_or_default()
}
