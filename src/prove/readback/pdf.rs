use std::collections::{BTreeMap, BTreeSet};

use super::{DrawnText, EditionReader, Part, Particulars, Passage, Readback};
use crate::pdf::{self, Objects, TextRun, spaced};
use crate::prove::Claim;

/// Reads PDFs. Their parts begin at the places that templates name (`anchor` and the theme's labelled headings).
pub(super) struct PdfReader;

impl EditionReader for PdfReader {
    fn read(&self, bytes: &[u8], _: Claim<'_>) -> Result<Readback, String> {
        let runs = pdf::text(bytes)?;
        let objects = Objects::read(bytes)?;
        let cover = runs.iter().filter(|run| run.page == 0).map(TextRun::text);
        Ok(Readback {
            opening: cover.collect::<Vec<_>>().join(" "),
            passages: passages(&runs, &objects),
            headings: objects.bookmarks.iter().map(|bookmark| spaced(&bookmark.title)).collect(),
            charts: Some(charts(&runs, &objects).into_iter().collect()),
            cut_off: runs.iter().filter(|run| run.cut_off).map(|run| (run.page + 1, run.text())).collect(),
            alternatives: objects.alternatives,
            particulars: of_objects(objects.metadata, objects.attachments),
        })
    }

    fn particulars(&self, bytes: &[u8]) -> Result<Particulars, String> {
        let Objects { metadata, attachments, .. } = Objects::read(bytes)?;
        Ok(of_objects(metadata, attachments))
    }
}

fn of_objects(metadata: String, attachments: Vec<(String, Vec<u8>)>) -> Particulars {
    Particulars { metadata, keywords: true, attachments: Some(attachments) }
}

/// The part that contains a run.
fn part(run: &TextRun, objects: &Objects) -> Part {
    if run.artifact {
        return Part::Furniture(run.page + 1);
    }
    let begun = objects.parts.iter().rfind(|part| part.place.precedes(run));
    begun.map_or(Part::Opening, |part| Part::Named(part.id.clone()))
}

/// The text, split where a new part begins. Page numbers in the table of contents are left out.
fn passages(runs: &[TextRun], objects: &Objects) -> Vec<Passage> {
    let mut furniture = Vec::new();
    let mut body: Vec<Passage> = Vec::new();
    let mut before = String::new();
    for run in runs {
        let (text, page) = (run.text(), Some(run.page + 1));
        if text.is_empty() {
            continue;
        }
        let part = part(run, objects);
        if run.artifact {
            let mut passage = Passage::of(part);
            passage.push(&text, page);
            furniture.push(passage);
            continue;
        }
        if !objects.bookmarks.iter().any(|bookmark| bookmark.leads_to(&before, &text)) {
            if body.last().is_none_or(|last| last.part != part) {
                body.push(Passage::of(part));
            }
            if let Some(last) = body.last_mut() {
                last.push(&text, page);
            }
        }
        before = text;
    }
    body.extend(furniture);
    body
}

/// The text of the chart in each part that has one.
fn charts(runs: &[TextRun], objects: &Objects) -> BTreeMap<String, DrawnText> {
    let mut parts: BTreeMap<String, Vec<&TextRun>> = BTreeMap::new();
    for run in runs {
        if let Part::Named(id) = part(run, objects) {
            parts.entry(id).or_default().push(run);
        }
    }
    parts.into_iter().map(|(id, of_part)| (id, chart(of_part, runs))).collect()
}

/// The text of a chart: only a chart is written in one go yet has jumps in it. A tall chart is split into several
/// drawings. Where nothing jumps, the chart may have a single label, which is somewhere in the text of its part.
fn chart(of_part: Vec<&TextRun>, runs: &[TextRun]) -> DrawnText {
    let jumping: Vec<&TextRun> = of_part.iter().copied().filter(|run| run.pieces.len() > 1).collect();
    let drawn = if jumping.is_empty() { of_part } else { jumping };
    let pages: BTreeSet<usize> = drawn.iter().map(|run| run.page).collect();
    let overlay = runs.iter().filter(|run| run.artifact && pages.contains(&run.page));
    DrawnText {
        page: drawn.first().map(|run| run.page + 1),
        drawn: drawn.iter().map(|run| run.pieces.concat()).collect(),
        overlay: overlay.map(TextRun::text).collect(),
    }
}
