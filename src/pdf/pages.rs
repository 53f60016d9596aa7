use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};
use lopdf::{Object, StringFormat};

use super::fonts::settings;
use super::marks::{Mark, Marks};
use super::run::TextRun;
use super::writing::Writing;

/// A page as drawn.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its text, piece by piece, in reading order.
    pub(crate) runs: Vec<TextRun>,
    /// Everything that is drawn, in drawing order.
    pub(crate) marks: Vec<Mark>,
    /// True when the marks are incomplete: images, patterns and masks are identified only by their position.
    pub(crate) opaque: bool,
}

/// The text of a PDF, page by page.
///
/// # Errors
/// Returns an error if its pages cannot be read.
pub(crate) fn text(bytes: &[u8]) -> Result<Vec<TextRun>, String> {
    let pages = interpreted(bytes, false)?;
    Ok(pages.into_iter().flat_map(|page| page.runs).collect())
}

/// The pages of a PDF.
///
/// # Errors
/// Returns an error if they cannot be read.
pub(crate) fn pages(bytes: &[u8]) -> Result<Vec<Page>, String> {
    interpreted(bytes, true)
}

fn interpreted(bytes: &[u8], with_marks: bool) -> Result<Vec<Page>, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| format!("the pages cannot be read: {error:?}"))?;
    let cache = InterpreterCache::new();
    let mut marks = Marks::default();
    let mut pages = Vec::new();
    for (number, page) in pdf.pages().iter().enumerate() {
        marks.turn_page();
        let marks = with_marks.then_some(&mut marks);
        let mut reader = Reader { marked: Vec::new(), text: Writing::new(number, size(page)), marks };
        let mut context = Context::new(Affine::IDENTITY, Rect::ZERO, &cache, page.xref(), settings());
        interpret_page(page, &mut context, &mut reader);
        let (marks, opaque) = reader.marks.map(Marks::take).unwrap_or_default();
        pages.push(Page { runs: reader.text.finish(), marks, opaque });
    }
    Ok(pages)
}

/// Width and height of a page, in points.
fn size(page: &hayro_interpret::hayro_syntax::page::Page<'_>) -> [f64; 2] {
    let edge = page.intersected_crop_box();
    [edge.x1, edge.y1]
}

/// Follows what is drawn on a page and keeps the text and, if wanted, the marks.
struct Reader<'m> {
    /// Marked content that is currently open.
    marked: Vec<Marked>,
    text: Writing,
    marks: Option<&'m mut Marks>,
}

/// Marked content.
enum Marked {
    /// A part of the page; true for an artifact.
    Part(bool),
    /// Letters replaced by a text (`ActualText`), until that is recorded: they are drawn in several strokes, or in a
    /// different order.
    Replaced(Option<String>),
    /// Letters in a different order (`ReversedChars`), which their positions show.
    Order,
}

impl Reader<'_> {
    /// Records the text of one glyph, unless another text replaces it and its neighbours.
    fn glyph(&mut self, text: &str, glyph: &Glyph<'_>, place: Affine) {
        let replaced = self.marked.iter_mut().rev().find_map(|marked| match marked {
            Marked::Replaced(text) => Some(text.take().unwrap_or_default()),
            Marked::Part(_) | Marked::Order => None,
        });
        let text = replaced.as_deref().unwrap_or(text);
        let shape = match glyph {
            Glyph::Outline(glyph) if !text.is_ascii() => glyph.identifier().cache_key(),
            _ => 0,
        };
        self.text.glyph(text, shape, place);
    }

    fn is_artifact(&self) -> bool {
        let part = |marked: &Marked| if let Marked::Part(artifact) = marked { Some(*artifact) } else { None };
        self.marked.iter().rev().find_map(part).unwrap_or_default()
    }

    fn open(&mut self) {
        let artifact = self.is_artifact();
        self.text.open(artifact);
        if let Some(marks) = &mut self.marks {
            marks.furniture = artifact;
        }
    }
}

impl<'a> Device<'a> for Reader<'_> {
    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties.and_then(|properties| properties.get::<PdfString<'_>>(b"ActualText"));
        let marked = match text.and_then(|text| decoded(text.as_bytes())) {
            Some(text) => Marked::Replaced(Some(text)),
            None if tag == b"ReversedChars" => Marked::Order,
            None => Marked::Part(tag == b"Artifact" || self.is_artifact()),
        };
        let part = matches!(marked, Marked::Part(_));
        self.marked.push(marked);
        if part {
            self.open();
        }
    }

    fn end_marked_content(&mut self) {
        if let Some(Marked::Part(_)) = self.marked.pop() {
            self.open();
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        for glyph in run.glyphs() {
            let place = props.transform * glyph.transform();
            match glyph.as_unicode() {
                Some(BfString::Char(c)) => self.glyph(c.encode_utf8(&mut [0; 4]), glyph, place),
                Some(BfString::String(text)) => self.glyph(&text, glyph, place),
                // A glyph without text is a fault: no number may hide behind it.
                None => self.glyph("\u{fffd}", glyph, place),
            }
            if let Some(marks) = &mut self.marks {
                marks.letter(glyph, place, &props, mode);
            }
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if let Some(marks) = &mut self.marks {
            marks.path(path, &props, mode);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if let Some(marks) = &mut self.marks {
            marks.layer(props.blend_mode, props.soft_mask.is_some());
            marks.image(props.transform);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        if let Some(marks) = &mut self.marks {
            marks.edge(clip);
        }
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, mode: BlendMode) {
        if let Some(marks) = &mut self.marks {
            marks.group(&format!("{opacity} {mode:?}"), mask.is_some());
        }
    }

    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn decoded(bytes: &[u8]) -> Option<String> {
    lopdf::decode_text_string(&Object::String(bytes.to_vec(), StringFormat::Literal)).ok()
}
