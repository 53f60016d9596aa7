use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::{BlendMode, ClipPath, DrawMode, DrawProps, Paint};
use kurbo::{Affine, BezPath, PathEl, Point, Shape};

/// One thing drawn on a page: a letter, a line or filled shape, an image, or an edge that cuts others off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Mark {
    /// What kind of thing it is.
    pub(crate) kind: MarkKind,
    /// Hash of its outline and size, regardless of its position and colour.
    pub(crate) shape: u64,
    /// What it is drawn with.
    pub(crate) ink: Ink,
    /// Where it begins, in hundredths of a point from the left.
    pub(crate) x: i32,
    /// Where it begins, in hundredths of a point from the foot of the page.
    pub(crate) y: i32,
    /// True for page furniture, which is not read aloud.
    pub(crate) furniture: bool,
}

/// What kind of thing is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum MarkKind {
    /// A letter; for a ligature, its first letter.
    Letter(char),
    /// A line or a filled shape.
    Path,
    /// An image.
    Image,
    /// An edge that cuts off what follows, or a group of things drawn as one.
    Edge,
}

/// What a thing is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ink {
    /// Red, green, blue and opacity.
    Colour([u8; 4]),
    /// A gradient or a pattern; for an image, the image itself.
    Pattern,
}

/// Collects the marks of one page after another; each outline is examined once per file.
#[derive(Default)]
pub(super) struct Marks {
    page: Vec<Mark>,
    /// True when something is drawn that its mark does not fully describe.
    opaque: bool,
    /// True within page furniture.
    pub(super) furniture: bool,
    outlines: HashMap<u128, u64>,
    /// The blend mode of the last thing drawn, and whether it was masked.
    layer: (BlendMode, bool),
}

impl Marks {
    /// Begins a page, on which nothing is open yet.
    pub(super) fn turn_page(&mut self) {
        (self.furniture, self.layer) = Default::default();
    }

    /// Takes the marks of the finished page, and whether they leave anything out.
    pub(super) fn take(&mut self) -> (Vec<Mark>, bool) {
        (std::mem::take(&mut self.page), std::mem::take(&mut self.opaque))
    }

    pub(super) fn letter(
        &mut self,
        glyph: &Glyph<'_>,
        place: Affine,
        props: &DrawProps<'_>,
        mode: &DrawMode,
    ) {
        let stroke = match mode {
            DrawMode::Fill(_) => String::new(),
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => format!("{stroke:?}"),
            DrawMode::Invisible => return,
        };
        self.layer(props.blend_mode, props.soft_mask.is_some());
        let letter = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c,
            Some(BfString::String(text)) => text.chars().next().unwrap_or('\u{fffd}'),
            None => '\u{fffd}',
        };
        let outline = match glyph {
            Glyph::Outline(glyph) => *self
                .outlines
                .entry(glyph.identifier().cache_key())
                .or_insert_with(|| of_path(&glyph.outline(), Point::ZERO)),
            Glyph::Type3(_) => {
                self.opaque = true;
                0
            }
        };
        let [a, b, c, d, x, y] = place.as_coeffs();
        // Letters have a thousand units to the em, so steps of a ten-millionth are a ten-thousandth of a point.
        let size = [a, b, c, d].map(|part| (part * 1e7).round() as i64);
        let shape = hash(&(outline, size, stroke));
        let ink = self.ink(&props.paint);
        self.push(MarkKind::Letter(letter), shape, ink, Point::new(x, y));
    }

    pub(super) fn path(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        self.layer(props.blend_mode, props.soft_mask.is_some());
        let path = props.transform * path.clone();
        let origin = path.bounding_box().origin();
        let shape = hash(&(of_path(&path, origin), format!("{mode:?}")));
        let ink = self.ink(&props.paint);
        self.push(MarkKind::Path, shape, ink, origin);
    }

    pub(super) fn image(&mut self, place: Affine) {
        self.opaque = true;
        let [a, b, c, d, x, y] = place.as_coeffs();
        let size = [a, b, c, d].map(hundredths);
        self.push(MarkKind::Image, hash(&size), Ink::Pattern, Point::new(x, y));
    }

    pub(super) fn edge(&mut self, clip: &ClipPath) {
        let origin = clip.path.bounding_box().origin();
        let shape = hash(&(of_path(&clip.path, origin), format!("{:?}", clip.fill)));
        self.push(MarkKind::Edge, shape, Ink::Colour([0; 4]), origin);
    }

    /// Records how what follows is blended and masked, if that changes.
    pub(super) fn layer(&mut self, mode: BlendMode, masked: bool) {
        if self.layer != (mode, masked) {
            self.layer = (mode, masked);
            self.group(&format!("{mode:?} {masked}"), masked);
        }
    }

    /// Adds a group with its opacity and blend mode, or a change of blend mode or mask alone.
    pub(super) fn group(&mut self, how: &str, masked: bool) {
        self.opaque |= masked;
        self.push(MarkKind::Edge, hash(&how), Ink::Colour([0; 4]), Point::ZERO);
    }

    fn push(&mut self, kind: MarkKind, shape: u64, ink: Ink, origin: Point) {
        let (x, y) = (hundredths(origin.x) as i32, hundredths(origin.y) as i32);
        self.page.push(Mark { kind, shape, ink, x, y, furniture: self.furniture });
    }

    fn ink(&mut self, paint: &Paint<'_>) -> Ink {
        match paint {
            Paint::Color(colour) => Ink::Colour(colour.to_rgba().to_rgba8()),
            Paint::Pattern(_) => {
                self.opaque = true;
                Ink::Pattern
            }
        }
    }
}

/// Hash of a path relative to a point.
fn of_path(path: &BezPath, origin: Point) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut point = |p: &Point| {
        hundredths(p.x - origin.x).hash(&mut hasher);
        hundredths(p.y - origin.y).hash(&mut hasher);
    };
    let mut kinds = Vec::new();
    for element in path.elements() {
        let (kind, points): (u8, &[&Point]) = match element {
            PathEl::MoveTo(p) => (0, &[p]),
            PathEl::LineTo(p) => (1, &[p]),
            PathEl::QuadTo(a, p) => (2, &[a, p]),
            PathEl::CurveTo(a, b, p) => (3, &[a, b, p]),
            PathEl::ClosePath => (4, &[]),
        };
        kinds.push(kind);
        points.iter().for_each(|p| point(p));
    }
    kinds.hash(&mut hasher);
    hasher.finish()
}

fn hundredths(points: f64) -> i64 {
    (points * 100.0).round() as i64
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
