use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{Run, spaced};
use crate::direction::has_right_to_left;

/// What a PDF holds besides its pages.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// The bookmarks of the first level.
    pub(crate) bookmarks: Vec<Bookmark>,
    /// The text alternatives.
    pub(crate) alternatives: Vec<String>,
    /// The metadata that people write: title, author, description and keywords.
    pub(crate) metadata: String,
    /// The attached files: name and bytes.
    pub(crate) attachments: Vec<(String, Vec<u8>)>,
}

/// A bookmark and where it leads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bookmark {
    /// Its title.
    pub(crate) title: String,
    /// Page, from 0.
    pub(crate) page: usize,
    /// Height over the foot of the page, in points.
    pub(crate) height: f64,
}

impl Bookmark {
    /// True when a run is not before the place of the bookmark: on a later page, or not above it.
    pub(crate) fn precedes(&self, run: &Run) -> bool {
        self.page < run.page || self.page == run.page && run.height <= self.height + 0.5
    }

    /// True when a text is the page of the bookmark, as it stands after the title in the contents.
    pub(crate) fn leads_to(&self, title: &str, text: &str) -> bool {
        let ends = self.title.ends_with(title) || has_right_to_left(title) && self.title.contains(title);
        !title.is_empty() && ends && (self.page + 1).to_string() == text
    }
}

impl Objects {
    /// Reads what is not on the pages. What a PDF of another maker lacks is empty.
    ///
    /// # Errors
    /// When the file is not a PDF, or one of these parts is not as the standard wants it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let document = Document::load_mem(bytes).map_err(|error| error.to_string())?;
        Ok(Self {
            bookmarks: bookmarks(&document).map_err(|error| format!("bookmarks: {error}"))?,
            alternatives: alternatives(&document).map_err(|error| format!("text alternatives: {error}"))?,
            metadata: metadata(&document).map_err(|error| format!("metadata: {error}"))?,
            attachments: attachments(&document).map_err(|error| format!("attached files: {error}"))?,
        })
    }
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
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let mut bookmarks = Vec::new();
    let mut next = dictionary(document, outlines)?.get(b"First").ok();
    while let Some(entry) = next.filter(|_| bookmarks.len() < MOST_BOOKMARKS) {
        let entry = dictionary(document, entry)?;
        let place = entry.get(b"Dest").and_then(|place| resolved(document, place)).and_then(Object::as_array);
        if let Ok([Object::Reference(page), _, _, height, ..]) = place.map(Vec::as_slice) {
            bookmarks.push(Bookmark {
                title: spaced(&lopdf::decode_text_string(entry.get(b"Title")?)?),
                page: pages.iter().position(|id| id == page).unwrap_or_default(),
                height: height.as_float().map(f64::from).unwrap_or(f64::MAX),
            });
        }
        next = entry.get(b"Next").ok();
    }
    Ok(bookmarks)
}

/// A list of bookmarks that leads back into itself must end.
const MOST_BOOKMARKS: usize = 10_000;

/// The entities of XML that a name can hold.
fn unescaped(xml: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(xml.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

fn resolved<'a>(document: &'a Document, object: &'a Object) -> lopdf::Result<&'a Object> {
    document.dereference(object).map(|(_, object)| object)
}

fn dictionary<'a>(document: &'a Document, object: &'a Object) -> lopdf::Result<&'a Dictionary> {
    resolved(document, object)?.as_dict()
}

fn content(stream: &lopdf::Stream) -> Vec<u8> {
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}
