use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};

use super::marks::{Mark, Marks};
use super::spaced;

/// A page as it is drawn.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Its text, piece by piece, in the order in which it is read aloud.
    pub(crate) runs: Vec<Run>,
    /// Everything that is drawn, in the order in which it is drawn.
    pub(crate) marks: Vec<Mark>,
    /// True when the marks do not tell all: images, patterns and masks are told by their place only.
    pub(crate) opaque: bool,
}

/// Text that was written in one go: a line of a paragraph, a cell of a table, a whole chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    /// Page, from 0.
    pub(crate) page: usize,
    /// Height of its first character over the foot of the page, in points.
    pub(crate) height: f64,
    /// True for page furniture, which is not read aloud.
    pub(crate) artifact: bool,
    /// The text; more than one where it jumps, as between the labels of a chart.
    pub(crate) pieces: Vec<String>,
}

impl Run {
    /// The pieces with single spaces between their words.
    pub(crate) fn text(&self) -> String {
        spaced(&self.pieces.join(" "))
    }
}

/// The text of a PDF, page after page.
///
/// # Errors
/// When its pages cannot be read.
pub(crate) fn text(bytes: &[u8]) -> Result<Vec<Run>, String> {
    let pages = interpreted(bytes, false)?;
    Ok(pages.into_iter().flat_map(|page| page.runs).collect())
}

/// The pages of a PDF.
///
/// # Errors
/// When they cannot be read.
pub(crate) fn pages(bytes: &[u8]) -> Result<Vec<Page>, String> {
    interpreted(bytes, true)
}

fn interpreted(bytes: &[u8], with_marks: bool) -> Result<Vec<Page>, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| format!("the pages cannot be read: {error:?}"))?;
    let cache = InterpreterCache::new();
    let mut marks = Marks::default();
    let mut pages = Vec::new();
    for (number, page) in pdf.pages().iter().enumerate() {
        marks.furniture = false;
        let marks = with_marks.then_some(&mut marks);
        let mut reader = Reader { page: number, marked: Vec::new(), last: None, runs: Vec::new(), marks };
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, Rect::ZERO, &cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut reader);
        let (marks, opaque) = reader.marks.map(Marks::take).unwrap_or_default();
        let runs = reader.runs.into_iter().filter(|run| !run.pieces.is_empty()).collect();
        pages.push(Page { runs, marks, opaque });
    }
    Ok(pages)
}

/// Hears what is drawn on a page and keeps the text, and what is drawn when that is wanted.
struct Reader<'m> {
    page: usize,
    /// Marked content that is open: true for an artifact.
    marked: Vec<bool>,
    /// Where the last character began, and how large it is.
    last: Option<(f64, f64, f64)>,
    runs: Vec<Run>,
    marks: Option<&'m mut Marks>,
}

impl Reader<'_> {
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
        if let Some(marks) = &mut self.marks {
            marks.furniture = artifact;
        }
        self.last = None;
    }
}

impl<'a> Device<'a> for Reader<'_> {
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
        paint: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        let place = transform * glyph_transform;
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.character(c.encode_utf8(&mut [0; 4]), place),
            Some(BfString::String(text)) => self.character(&text, place),
            // A glyph without text is a fault that no number may hide behind.
            None => self.character("\u{fffd}", place),
        }
        if let Some(marks) = &mut self.marks {
            marks.letter(glyph, place, paint, mode);
        }
    }

    fn draw_path(&mut self, path: &BezPath, place: Affine, paint: &Paint<'a>, mode: &PathDrawMode) {
        if let Some(marks) = &mut self.marks {
            marks.path(path, place, paint, mode);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, place: Affine) {
        if let Some(marks) = &mut self.marks {
            marks.image(place);
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

    fn set_soft_mask(&mut self, mask: Option<SoftMask<'a>>) {
        if let Some(marks) = &mut self.marks {
            marks.group(&format!("mask {}", mask.is_some()), mask.is_some());
        }
    }

    fn set_blend_mode(&mut self, mode: BlendMode) {
        if let Some(marks) = &mut self.marks {
            marks.group(&format!("{mode:?}"), false);
        }
    }

    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
