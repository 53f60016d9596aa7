use lopdf::{Dictionary, Document, Object, ObjectId};

use super::layers::unescaped;
use super::{TextRun, spaced};
use crate::direction::has_right_to_left;

/// What a PDF contains besides its pages.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// The named places, in page order.
    pub(crate) parts: Vec<NamedPart>,
    /// The top-level bookmarks.
    pub(crate) bookmarks: Vec<Bookmark>,
    /// The alternative text of each picture.
    pub(crate) alternatives: Vec<String>,
    /// The metadata written by people: title, author, description and keywords.
    pub(crate) metadata: String,
    /// The attached files, as names and bytes.
    pub(crate) attachments: Vec<(String, Vec<u8>)>,
}

/// A place on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Page, from 0.
    pub(crate) page: usize,
    /// Height above the foot of the page, in points.
    pub(crate) height: f64,
}

impl Place {
    /// True when a run is not before this place: on a later page, or on the same page and not above it.
    pub(crate) fn precedes(&self, run: &TextRun) -> bool {
        self.page < run.page || self.page == run.page && run.height <= self.height + 0.5
    }
}

/// The start of a part of the text that has an id: a named destination.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NamedPart {
    /// Its id.
    pub(crate) id: String,
    /// Where it begins.
    pub(crate) place: Place,
}

/// A bookmark and where it leads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bookmark {
    /// Its title.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) place: Place,
}

impl Bookmark {
    /// True when a text is the bookmark's page number, as printed after the title in the table of contents.
    pub(crate) fn leads_to(&self, title: &str, text: &str) -> bool {
        let ends = self.title.ends_with(title) || has_right_to_left(title) && self.title.contains(title);
        !title.is_empty() && ends && (self.place.page + 1).to_string() == text
    }
}

impl Objects {
    /// Reads what is not on the pages. Anything missing from a PDF made by other software is left empty.
    ///
    /// # Errors
    /// Returns an error if the file is not a PDF, or if one of these parts does not follow the standard.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        Self::of(&document(bytes)?)
    }

    /// The same, of a document that has been opened.
    ///
    /// # Errors
    /// Returns an error if one of these parts does not follow the standard.
    pub(crate) fn of(document: &Document) -> Result<Self, String> {
        Ok(Self {
            parts: parts(document).map_err(|error| format!("named places: {error}"))?,
            bookmarks: bookmarks(document).map_err(|error| format!("bookmarks: {error}"))?,
            alternatives: alternatives(document).map_err(|error| format!("alternative text: {error}"))?,
            metadata: metadata(document).map_err(|error| format!("metadata: {error}"))?,
            attachments: attachments(document).map_err(|error| format!("attached files: {error}"))?,
        })
    }
}

/// Opens a PDF.
///
/// # Errors
/// Returns an error if the file is not a PDF.
pub(crate) fn document(bytes: &[u8]) -> Result<Document, String> {
    Document::load_mem(bytes).map_err(|error| error.to_string())
}

fn alternatives(document: &Document) -> lopdf::Result<Vec<String>> {
    let elements = document.objects.values().filter_map(|object| object.as_dict().ok()?.get(b"Alt").ok());
    elements.map(|alternative| Ok(spaced(&lopdf::decode_text_string(alternative)?))).collect()
}

fn metadata(document: &Document) -> lopdf::Result<String> {
    let Ok(metadata) = document.catalog()?.get(b"Metadata") else { return Ok(String::new()) };
    let metadata = resolved(document, metadata)?.as_stream()?;
    let xml = String::from_utf8_lossy(&content(metadata)).into_owned();
    let said = ["dc:title", "dc:creator", "dc:description", "pdf:Keywords"].map(|tag| element(&xml, tag));
    Ok(spaced(&unescaped(&said.join(" "))))
}

/// The text in an XML element, without the tags inside it; empty if the element is missing.
fn element(xml: &str, tag: &str) -> String {
    let inner =
        xml.split_once(&format!("<{tag}>")).and_then(|(_, rest)| rest.split_once(&format!("</{tag}>")));
    let mut text = String::new();
    for part in inner.map_or("", |(inner, _)| inner).split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    text
}

fn attachments(document: &Document) -> lopdf::Result<Vec<(String, Vec<u8>)>> {
    let Ok(names) = document.catalog()?.get(b"Names") else { return Ok(Vec::new()) };
    let Ok(files) = dictionary(document, names)?.get(b"EmbeddedFiles") else { return Ok(Vec::new()) };
    let files = resolved(document, dictionary(document, files)?.get(b"Names")?)?.as_array()?;
    let mut attachments = Vec::new();
    for pair in files.chunks_exact(2) {
        let file = dictionary(document, &pair[1])?;
        let name = lopdf::decode_text_string(file.get(b"UF")?)?;
        let embedded = dictionary(document, file.get(b"EF")?)?;
        let stream = resolved(document, embedded.get(b"F")?)?.as_stream()?;
        attachments.push((name, content(stream)));
    }
    Ok(attachments)
}

/// The bookmarks that lead to a place on a page: `[page /XYZ x y zoom]`.
fn bookmarks(document: &Document) -> lopdf::Result<Vec<Bookmark>> {
    let Ok(outlines) = document.catalog()?.get(b"Outlines") else { return Ok(Vec::new()) };
    let pages = pages(document);
    let mut bookmarks = Vec::new();
    let mut next = dictionary(document, outlines)?.get(b"First").ok();
    while let Some(entry) = next.filter(|_| bookmarks.len() < MOST_BOOKMARKS) {
        let entry = dictionary(document, entry)?;
        let found = entry.get(b"Dest").and_then(|place| resolved(document, place)).and_then(Object::as_array);
        if let Some(place) = found.ok().and_then(|found| place(found, &pages)) {
            let title = spaced(&lopdf::decode_text_string(entry.get(b"Title")?)?);
            bookmarks.push(Bookmark { title, place });
        }
        next = entry.get(b"Next").ok();
    }
    Ok(bookmarks)
}

/// The named destinations, in page order.
fn parts(document: &Document) -> lopdf::Result<Vec<NamedPart>> {
    let Ok(names) = document.catalog()?.get(b"Names") else { return Ok(Vec::new()) };
    let Ok(destinations) = dictionary(document, names)?.get(b"Dests") else { return Ok(Vec::new()) };
    // A tree with branches comes from other software, so its names are not ours.
    let Ok(names) = dictionary(document, destinations)?.get(b"Names") else { return Ok(Vec::new()) };
    let pages = pages(document);
    let mut parts = Vec::new();
    for pair in resolved(document, names)?.as_array()?.chunks_exact(2) {
        let place = match resolved(document, &pair[1])? {
            Object::Dictionary(destination) => resolved(document, destination.get(b"D")?)?.as_array()?,
            destination => destination.as_array()?,
        };
        if let Some(place) = self::place(place, &pages) {
            parts.push(NamedPart { id: String::from_utf8_lossy(pair[0].as_str()?).into_owned(), place });
        }
    }
    parts.sort_by(|a, b| {
        a.place.page.cmp(&b.place.page).then(b.place.height.total_cmp(&a.place.height)).then(a.id.cmp(&b.id))
    });
    Ok(parts)
}

/// The page objects, in order.
fn pages(document: &Document) -> Vec<ObjectId> {
    document.get_pages().into_values().collect()
}

/// The place of a destination `[page /XYZ x y zoom]`.
fn place(destination: &[Object], pages: &[ObjectId]) -> Option<Place> {
    let [Object::Reference(page), _, _, height, ..] = destination else { return None };
    Some(Place {
        page: pages.iter().position(|id| id == page).unwrap_or_default(),
        height: height.as_float().map(f64::from).unwrap_or(f64::MAX),
    })
}

/// The limit on bookmarks: a list that leads back into itself must end.
const MOST_BOOKMARKS: usize = 10_000;

fn resolved<'a>(document: &'a Document, object: &'a Object) -> lopdf::Result<&'a Object> {
    document.dereference(object).map(|(_, object)| object)
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> lopdf::Result<&'a Dictionary> {
    resolved(document, object)?.as_dict()
}

fn content(stream: &lopdf::Stream) -> Vec<u8> {
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}
