use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::hayro_syntax::Pdf;

use super::fonts::settings;

/// Points per inch.
const POINTS: f32 = 72.0;

/// A PDF whose pages can be drawn.
pub(crate) struct Drawable(Pdf);

/// Draws the pages of one PDF; outlines are cached.
pub(crate) struct Pen<'p> {
    pdf: &'p Pdf,
    cache: RenderCache<'p>,
}

/// A drawn page: the red, green and blue of each pixel, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Width in pixels.
    pub(crate) width: usize,
    /// Height in pixels.
    pub(crate) height: usize,
    /// Three bytes for each pixel.
    pub(crate) pixels: Vec<u8>,
}

impl Drawable {
    /// Opens a PDF.
    ///
    /// # Errors
    /// Returns an error if its pages cannot be read.
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, String> {
        Pdf::new(bytes).map(Self).map_err(|error| format!("the pages cannot be read: {error:?}"))
    }

    /// Returns a pen that draws its pages.
    pub(crate) fn pen(&self) -> Pen<'_> {
        Pen { pdf: &self.0, cache: RenderCache::new() }
    }
}

impl Pen<'_> {
    /// Draws a page, counted from 0, on white paper; `None` if there is no such page.
    pub(crate) fn draw(&self, page: usize, dots_per_inch: f32) -> Option<Picture> {
        let scale = dots_per_inch / POINTS;
        // Letters are drawn exactly in place, not fitted to the pixel grid: comparing pages must reveal the smallest
        // shift.
        let how = RenderSettings { hinting: false, glyph_caching: false, ..RenderSettings::default() };
        let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let page = self.pdf.pages().get(page)?;
        let drawn = hayro::render(page, &self.cache, &settings(), &how, &size);
        let pixels = drawn.data_as_u8_slice().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        Some(Picture { width: drawn.width().into(), height: drawn.height().into(), pixels })
    }
}
