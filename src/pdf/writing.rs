use kurbo::Affine;
use unicode_normalization::UnicodeNormalization;

use super::run::TextRun;
use crate::direction::has_right_to_left;

/// Puts the glyphs of a page into reading order: those of right-to-left text are drawn from left to right.
pub(super) struct Writing {
    page: usize,
    /// Width and height of the page, in points.
    size: [f64; 2],
    runs: Vec<Part>,
    /// The last sign, which may be drawn in several strokes.
    last: Option<Stroke>,
}

/// Text written in one go, as drawn.
#[derive(Default)]
struct Part {
    artifact: bool,
    height: f64,
    cut_off: bool,
    pieces: Vec<Piece>,
}

/// Signs without a jump between them, from left to right.
#[derive(Default)]
struct Piece {
    signs: Vec<String>,
    /// Where its first and its last sign begin.
    ends: [Place; 2],
}

/// Where a glyph stands on the page, and its size, in points.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    x: f64,
    y: f64,
    size: f64,
}

/// A glyph, and the first one drawn for the same sign.
struct Stroke {
    text: String,
    first: u128,
    place: Place,
}

impl Place {
    fn of(place: Affine) -> Self {
        let [a, b, _, _, x, y] = place.as_coeffs();
        // Glyphs have a thousand units to the em.
        Self { x, y, size: a.hypot(b) * 1000.0 }
    }

    /// True for the next glyph on the same line, no further away than the widest letter and a space.
    fn follows(self, last: Self) -> bool {
        (self.y - last.y).abs() < 0.1 && self.x >= last.x - 0.1 && self.x - last.x < self.size * 1.7
    }

    fn is_near(self, last: Self) -> bool {
        (self.y - last.y).abs() < self.size && (self.x - last.x).abs() < self.size * 1.7
    }
}

impl Writing {
    pub(super) fn new(page: usize, size: [f64; 2]) -> Self {
        Self { page, size, runs: vec![Part::default()], last: None }
    }

    /// Begins a new part of the page.
    pub(super) fn open(&mut self, artifact: bool) {
        self.join();
        if self.runs.last().is_some_and(|part| part.pieces.is_empty()) {
            self.runs.pop();
        }
        self.runs.push(Part { artifact, ..Part::default() });
    }

    /// Adds a glyph: the text that it stands for, an identifier of its shape, and its place.
    pub(super) fn glyph(&mut self, text: &str, shape: u128, place: Affine) {
        let place = Place::of(place);
        if self.is_stroke(text, shape, place) {
            return;
        }
        self.last = Some(Stroke { text: text.to_owned(), first: shape, place });
        let Some(part) = self.runs.last_mut() else { return };
        // The width of the narrowest letter is a fifth of its size.
        let [width, height] = self.size;
        let on_page =
            place.x >= 0.0 && place.x + place.size / 5.0 <= width && (0.0..=height).contains(&place.y);
        part.cut_off |= !on_page && !text.trim().is_empty();
        match part.pieces.last_mut() {
            Some(piece) if place.follows(piece.ends[1]) => {
                piece.signs.push(text.to_owned());
                piece.ends[1] = place;
            }
            first => {
                if first.is_none() {
                    part.height = place.y;
                }
                part.pieces.push(Piece { signs: vec![text.to_owned()], ends: [place; 2] });
            }
        }
    }

    /// True for another stroke of the last sign: in PDFs a mark over a letter, say, repeats the text of both letter and
    /// mark.
    fn is_stroke(&self, text: &str, shape: u128, place: Place) -> bool {
        let Some(last) = &self.last else { return false };
        let in_strokes = || text.nfd().count() > 1 || (place.y - last.place.y).abs() > 0.01;
        text.is_empty()
            || !text.is_ascii()
                && text == last.text
                && shape != last.first
                && place.is_near(last.place)
                && in_strokes()
    }

    /// Joins the last part to those before it if all are one right-to-left text, which is split by a mark over one of
    /// its letters or a space in another font. If such a text begins or ends with punctuation in another font, nothing
    /// distinguishes that from the surrounding text's punctuation: it stays where it is drawn.
    fn join(&mut self) {
        let Some((last, before)) = self.runs.split_last() else { return };
        let Some(end) = before.last() else { return };
        let reach = match before {
            [.., word, gap] if gap.is_gap() && word.is_turned() => gap.leads_to(last) && word.leads_to(gap),
            _ => end.is_turned() && end.leads_to(last),
        };
        if !reach || !last.is_turned() {
            return;
        }
        let parts = if end.is_gap() { 3 } else { 2 };
        let joined = self.runs.split_off(self.runs.len() - parts);
        let cut_off = joined.iter().any(|part| part.cut_off);
        let mut joined = joined.into_iter();
        let Some(mut first) = joined.next() else { return };
        first.cut_off = cut_off;
        for piece in joined.flat_map(|part| part.pieces) {
            if let Some(last) = first.pieces.last_mut() {
                last.signs.extend(piece.signs);
                last.ends[1] = piece.ends[1];
            }
        }
        self.runs.push(first);
    }

    /// The text of the page.
    pub(super) fn finish(mut self) -> Vec<TextRun> {
        self.join();
        let runs = self.runs.into_iter().filter(|part| !part.pieces.is_empty());
        let page = self.page;
        runs.map(|part| TextRun {
            page,
            height: part.height,
            artifact: part.artifact,
            cut_off: part.cut_off,
            pieces: part.pieces.into_iter().map(Piece::read).collect(),
        })
        .collect()
    }
}

impl Part {
    /// True for a single right-to-left text.
    fn is_turned(&self) -> bool {
        matches!(self.pieces.as_slice(), [piece] if piece.is_turned() && !piece.signs.iter().any(|sign| is_usual(sign)))
    }

    /// True for a single piece without letters or digits.
    fn is_gap(&self) -> bool {
        matches!(self.pieces.as_slice(), [piece] if !piece.signs.iter().any(|sign| sign.chars().any(char::is_alphanumeric)))
    }

    /// True when another part begins where this one ends.
    fn leads_to(&self, next: &Self) -> bool {
        let (end, start) = (self.pieces.last(), next.pieces.first());
        let near = end.zip(start).is_some_and(|(end, start)| start.ends[0].follows(end.ends[1]));
        near && self.artifact == next.artifact
    }
}

impl Piece {
    fn is_turned(&self) -> bool {
        self.signs.iter().any(|sign| has_right_to_left(sign))
    }

    /// The signs in reading order: anything between left-to-right letters or digits is reversed if any of it is
    /// right-to-left.
    fn read(self) -> String {
        if !self.is_turned() {
            return self.signs.concat();
        }
        let mut text = String::new();
        for stretch in self.signs.chunk_by(|a, b| is_usual(a) == is_usual(b)) {
            if stretch.iter().any(|sign| has_right_to_left(sign)) {
                text.extend(stretch.iter().rev().map(String::as_str));
            } else {
                text.extend(stretch.iter().map(String::as_str));
            }
        }
        text
    }
}

/// True for a left-to-right letter or digit.
fn is_usual(sign: &str) -> bool {
    !has_right_to_left(sign) && sign.chars().any(char::is_alphanumeric)
}
