use serde::Serialize;

use crate::pdf::Picture;

/// How much of a page differs between two drawings, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How many pixels differ.
    pub pixels: usize,
    /// Boxes round them, in points from the top left of the page.
    pub boxes: Vec<Rectangle>,
}

/// A rectangle on a page, in points from its top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Rectangle {
    /// Distance from the left.
    pub x: usize,
    /// Distance from the top.
    pub y: usize,
    /// Its width.
    pub width: usize,
    /// Its height.
    pub height: usize,
}

impl Rectangle {
    /// The smallest area that contains both.
    fn with(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let foot = (self.y + self.height).max(other.y + other.height);
        Self { x, y, width: right - x, height: foot - y }
    }
}

/// The resolution at which pages are compared: one pixel per point. The same code draws both sides on one computer, so
/// no tolerance is needed: if one channel of one pixel differs by one, the pages differ. A hairline that moves by a
/// hundredth of a point changes many pixels, and so does a comma.
pub(super) const DOTS_PER_INCH: f32 = 72.0;

/// Compares two drawings of a page pixel by pixel.
pub(super) fn difference(was: &Picture, is: &Picture) -> Difference {
    if (was.width, was.height) != (is.width, is.height) {
        let (width, height) = (is.width.max(was.width), is.height.max(was.height));
        return Difference { pixels: width * height, boxes: vec![Rectangle { x: 0, y: 0, width, height }] };
    }
    let columns = was.width.div_ceil(CELL);
    let mut cells: Vec<Option<Rectangle>> = vec![None; columns * was.height.div_ceil(CELL)];
    let mut pixels = 0;
    let line = was.width * 3;
    for (y, (old, new)) in was.pixels.chunks_exact(line).zip(is.pixels.chunks_exact(line)).enumerate() {
        if old == new {
            continue;
        }
        for (x, (old, new)) in old.chunks_exact(3).zip(new.chunks_exact(3)).enumerate() {
            if old != new {
                pixels += 1;
                let here = Rectangle { x, y, width: 1, height: 1 };
                let cell = &mut cells[y / CELL * columns + x / CELL];
                *cell = Some(cell.map_or(here, |area| area.with(here)));
            }
        }
    }
    Difference { pixels, boxes: boxes(cells, columns) }
}

/// The side of a cell in pixels. Changed pixels in the same or neighbouring cells belong to one change.
const CELL: usize = 8;

/// More boxes than this are no more helpful than a single box round everything.
const MOST_BOXES: usize = 30;

/// Joins the areas of neighbouring cells.
fn boxes(mut cells: Vec<Option<Rectangle>>, columns: usize) -> Vec<Rectangle> {
    let mut boxes: Vec<Rectangle> = Vec::new();
    for start in 0..cells.len() {
        let Some(mut area) = cells[start].take() else { continue };
        let mut open = vec![start];
        while let Some(cell) = open.pop() {
            let (row, column) = (cell / columns, cell % columns);
            for (row, column) in (row.saturating_sub(1)..=row + 1)
                .flat_map(|row| (column.saturating_sub(1)..=column + 1).map(move |column| (row, column)))
                .filter(|(_, column)| *column < columns)
            {
                let next = row * columns + column;
                if let Some(found) = cells.get_mut(next).and_then(Option::take) {
                    area = area.with(found);
                    open.push(next);
                }
            }
        }
        boxes.push(area);
    }
    if boxes.len() > MOST_BOXES {
        boxes = boxes.into_iter().reduce(Rectangle::with).into_iter().collect();
    }
    boxes.sort_by_key(|area| (area.y, area.x));
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn white() -> Picture {
        Picture { width: 100, height: 60, pixels: vec![255; 100 * 60 * 3] }
    }

    fn with(dots: &[(usize, usize)]) -> Picture {
        let mut picture = white();
        dots.iter().for_each(|(x, y)| picture.pixels[(y * 100 + x) * 3] = 254);
        picture
    }

    #[test]
    fn a_single_barely_different_pixel_counts() {
        assert_eq!(difference(&white(), &white()), Difference::default());
        let box_of = |x, y, width, height| Rectangle { x, y, width, height };
        assert_eq!(
            difference(&white(), &with(&[(99, 59)])),
            Difference { pixels: 1, boxes: vec![box_of(99, 59, 1, 1)] }
        );
        // Two pixels that touch across the edge of a cell are one change, but two far apart are two.
        let near = difference(&with(&[(7, 7), (8, 8)]), &white());
        assert_eq!(near, Difference { pixels: 2, boxes: vec![box_of(7, 7, 2, 2)] });
        assert_eq!(difference(&with(&[(1, 1), (60, 40)]), &white()).boxes.len(), 2);
    }

    #[test]
    fn a_page_of_a_different_size_differs_everywhere() {
        let small = Picture { width: 2, height: 1, pixels: vec![255; 6] };
        assert_eq!(difference(&small, &white()).pixels, 6000);
    }
}
