use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};
use lopdf::{Dictionary, Document, Object, ObjectId};

/// What a finished report holds, read from its bytes by other libraries than those that wrote them.
#[derive(Debug, Default)]
pub(super) struct Readback {
    /// The text of the pages, piece by piece, in the order in which it is read aloud.
    pub(super) runs: Vec<Run>,
    /// The bookmarks of the first level.
    pub(super) bookmarks: Vec<Bookmark>,
    /// The text alternatives.
    pub(super) alternatives: Vec<String>,
    /// The metadata: XML, with its entities resolved.
    pub(super) metadata: String,
    /// The attached files: name and bytes.
    pub(super) attachments: Vec<(String, Vec<u8>)>,
}

/// Text that was written in one go: a line of a paragraph, a cell of a table, a whole chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    /// Page, from 0.
    pub(super) page: usize,
    /// Height of its first character over the foot of the page, in points.
    pub(super) height: f64,
    /// True for page furniture, which is not read aloud.
    pub(super) artifact: bool,
    /// The text; more than one where it jumps, as between the labels of a chart.
    pub(super) pieces: Vec<String>,
}

/// A bookmark and where it leads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bookmark {
    /// Its title.
    pub(super) title: String,
    /// Page, from 0.
    pub(super) page: usize,
    /// Height over the foot of the page, in points.
    pub(super) height: f64,
}

impl Run {
    /// The pieces with single spaces between their words.
    pub(super) fn text(&self) -> String {
        spaced(&self.pieces.join(" "))
    }
}

/// A text with single spaces between its words, straight quotation marks, and without the joiners that Typst puts in.
pub(super) fn spaced(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| *c != '\u{2060}' && *c != '\u{ad}')
        .map(|c| match c {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            _ => c,
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a report. The error says what is not as in a PDF that this program makes.
pub(super) fn readback(bytes: &[u8]) -> Result<Readback, String> {
    let mut readback = readback_of_objects(bytes)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| format!("the pages cannot be read: {error:?}"))?;
    let cache = InterpreterCache::new();
    for (number, page) in pdf.pages().iter().enumerate() {
        let mut reader = Reader { page: number, marked: Vec::new(), last: None, runs: Vec::new() };
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, Rect::ZERO, &cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut reader);
        readback.runs.extend(reader.runs.into_iter().filter(|run| !run.pieces.is_empty()));
    }
    Ok(readback)
}

/// Reads what is not on the pages: alternatives, metadata, attached files, bookmarks.
pub(super) fn readback_of_objects(bytes: &[u8]) -> Result<Readback, String> {
    let mut readback = Readback::default();
    let document = Document::load_mem(bytes).map_err(|error| error.to_string())?;
    objects(&document, &mut readback).map_err(|error| error.to_string())?;
    Ok(readback)
}

fn objects(document: &Document, readback: &mut Readback) -> lopdf::Result<()> {
    for object in document.objects.values() {
        if let Ok(alternative) = object.as_dict().and_then(|element| element.get(b"Alt")) {
            readback.alternatives.push(spaced(&lopdf::decode_text_string(alternative)?));
        }
    }
    let catalog = document.catalog()?;
    let metadata = resolved(document, catalog.get(b"Metadata")?)?.as_stream()?;
    readback.metadata = spaced(&unescaped(&String::from_utf8_lossy(&content(metadata))));
    let names = dictionary(document, catalog.get(b"Names")?)?;
    let files = dictionary(document, names.get(b"EmbeddedFiles")?)?;
    let files = resolved(document, files.get(b"Names")?)?.as_array()?;
    for pair in files.chunks_exact(2) {
        let file = dictionary(document, &pair[1])?;
        let name = lopdf::decode_text_string(file.get(b"UF")?)?;
        let embedded = dictionary(document, file.get(b"EF")?)?;
        let stream = resolved(document, embedded.get(b"F")?)?.as_stream()?;
        readback.attachments.push((name, content(stream)));
    }
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let outlines = dictionary(document, catalog.get(b"Outlines")?)?;
    let mut next = outlines.get(b"First").ok();
    while let Some(entry) = next {
        let entry = dictionary(document, entry)?;
        if let [Object::Reference(page), _, _, height, ..] =
            resolved(document, entry.get(b"Dest")?)?.as_array()?.as_slice()
        {
            readback.bookmarks.push(Bookmark {
                title: spaced(&lopdf::decode_text_string(entry.get(b"Title")?)?),
                page: pages.iter().position(|id| id == page).unwrap_or_default(),
                height: f64::from(height.as_float()?),
            });
        }
        next = entry.get(b"Next").ok();
    }
    Ok(())
}

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

/// Hears what is drawn on a page and keeps the text.
struct Reader {
    page: usize,
    /// Marked content that is open: true for an artifact.
    marked: Vec<bool>,
    /// Where the last character began, and how large it is.
    last: Option<(f64, f64, f64)>,
    runs: Vec<Run>,
}

impl Reader {
    fn character(&mut self, text: &str, place: Affine) {
        let [a, b, _, _, x, y] = place.as_coeffs();
        // Glyphs are a thousand units to the em.
        let size = a.hypot(b) * 1000.0;
        if self.runs.is_empty() {
            self.open(false);
        }
        let Some(run) = self.runs.last_mut() else { return };
        let follows = self.last.is_some_and(|(last_x, last_y, _)| {
            // On the same line, and no farther than the widest letter and a space.
            (y - last_y).abs() < 0.1 && x >= last_x - 0.1 && x - last_x < size * 1.7
        });
        match run.pieces.last_mut() {
            Some(piece) if follows => piece.push_str(text),
            first => {
                if first.is_none() {
                    run.height = y;
                }
                run.pieces.push(text.to_owned());
            }
        }
        self.last = Some((x, y, size));
    }

    fn open(&mut self, artifact: bool) {
        self.runs.push(Run { page: self.page, height: 0.0, artifact, pieces: Vec::new() });
        self.last = None;
    }
}

impl<'a> Device<'a> for Reader {
    fn begin_marked_content(&mut self, tag: &[u8], _mcid: Option<i32>) {
        let artifact = tag == b"Artifact" || self.marked.last().copied().unwrap_or_default();
        self.marked.push(artifact);
        self.open(artifact);
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
        self.open(self.marked.last().copied().unwrap_or_default());
    }

    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        _: &GlyphDrawMode,
    ) {
        let place = transform * glyph_transform;
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.character(c.encode_utf8(&mut [0; 4]), place),
            Some(BfString::String(text)) => self.character(&text, place),
            // A glyph without text is a fault that no number may hide behind.
            None => self.character("\u{fffd}", place),
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
