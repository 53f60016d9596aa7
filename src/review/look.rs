use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use serde::Serialize;

use crate::pdf::{Ink, Mark, MarkKind};

/// A way in which a page is drawn differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "look")]
pub enum Look {
    /// The same things at the same places have a different colour.
    Colour {
        /// The colour before: red, green, blue and any opacity short of full, in hexadecimal; or `pattern`.
        was: String,
        /// The colour now.
        is: String,
    },
    /// The same things are in different places.
    Moved,
    /// Text is set in a different font or size.
    Letters,
    /// Text is new or gone.
    Text,
    /// Lines or areas are new, gone or of a different shape.
    Lines,
    /// Images are new, gone or of a different size.
    Images,
    /// What is cut off changed, or what covers something else.
    Layers,
    /// The page is new, gone or of a different size.
    Page,
    /// An image or a pattern changed.
    Pixels,
}

impl Look {
    /// The difference in words.
    pub fn words(&self) -> String {
        match self {
            Self::Colour { was, is } => format!("colour {was} is now {is}"),
            Self::Moved => "things moved".to_owned(),
            Self::Letters => "text in another font or size".to_owned(),
            Self::Text => "text new or gone".to_owned(),
            Self::Lines => "lines or areas new, gone or of another shape".to_owned(),
            Self::Images => "images new or gone".to_owned(),
            Self::Layers => "edges or layers changed".to_owned(),
            Self::Page => "a page of another size, new or gone".to_owned(),
            Self::Pixels => "an image or pattern changed".to_owned(),
        }
    }
}

/// The ways in which two drawings of a page differ; empty if the same things are drawn in the same order.
pub(super) fn looks(was: &[Mark], is: &[Mark]) -> BTreeSet<Look> {
    let mut looks = BTreeSet::new();
    if was == is {
        return looks;
    }
    let mut unpaired = Unpaired { was: was.to_vec(), is: is.to_vec() };
    unpaired.pair(|mark| Some(*mark), |_, _| {});
    if unpaired.marks().next().is_none() {
        return BTreeSet::from([Look::Layers]);
    }
    let place = |mark: &Mark| Some((mark.kind, mark.shape, mark.x, mark.y));
    unpaired.pair(place, |was, is| {
        if was.ink != is.ink {
            looks.insert(Look::Colour { was: colour(was.ink), is: colour(is.ink) });
        }
    });
    let shape = |mark: &Mark| Some((mark.kind, mark.shape, mark.ink));
    unpaired.pair(shape, |_, _| _ = looks.insert(Look::Moved));
    let letter = |mark: &Mark| match mark.kind {
        MarkKind::Letter(letter) => Some((letter, mark.ink)),
        _ => None,
    };
    unpaired.pair(letter, |_, _| _ = looks.insert(Look::Letters));
    looks.extend(unpaired.marks().map(|mark| match mark.kind {
        MarkKind::Letter(_) => Look::Text,
        MarkKind::Path => Look::Lines,
        MarkKind::Image => Look::Images,
        MarkKind::Edge => Look::Layers,
    }));
    looks
}

/// The marks of two drawings that have no counterpart yet, in their order.
struct Unpaired {
    was: Vec<Mark>,
    is: Vec<Mark>,
}

impl Unpaired {
    /// Pairs marks with the same key, and removes them. A mark without a key stays.
    fn pair<K: Eq + Hash>(&mut self, key: impl Fn(&Mark) -> Option<K>, mut paired: impl FnMut(&Mark, &Mark)) {
        let mut waiting: HashMap<K, Vec<usize>> = HashMap::new();
        for (position, mark) in self.was.iter().enumerate().rev() {
            if let Some(key) = key(mark) {
                waiting.entry(key).or_default().push(position);
            }
        }
        let mut taken = vec![false; self.was.len()];
        self.is.retain(|mark| {
            let position = key(mark).and_then(|key| waiting.get_mut(&key)?.pop());
            if let Some(position) = position {
                taken[position] = true;
                paired(&self.was[position], mark);
            }
            position.is_none()
        });
        let mut taken = taken.into_iter();
        self.was.retain(|_| taken.next() == Some(false));
    }

    fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.was.iter().chain(&self.is)
    }
}

fn colour(ink: Ink) -> String {
    match ink {
        Ink::Colour([r, g, b, 255]) => format!("#{r:02x}{g:02x}{b:02x}"),
        Ink::Colour([r, g, b, a]) => format!("#{r:02x}{g:02x}{b:02x}{a:02x}"),
        Ink::Pattern => "pattern".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Ink = Ink::Colour([0, 0, 0, 255]);

    fn letter(c: char, shape: u64, x: i32) -> Mark {
        Mark { kind: MarkKind::Letter(c), shape, ink: BLACK, x, y: 0, furniture: false }
    }

    fn of(was: &[Mark], is: &[Mark]) -> Vec<Look> {
        looks(was, is).into_iter().collect()
    }

    #[test]
    fn each_kind_of_difference_is_recognised() {
        let page =
            [letter('a', 1, 0), letter('b', 2, 50), Mark { kind: MarkKind::Path, ..letter('-', 9, 70) }];
        assert_eq!(of(&page, &page), []);
        let with = |position: usize, change: &dyn Fn(&mut Mark)| {
            let mut page = page;
            change(&mut page[position]);
            page
        };
        let red = Ink::Colour([255, 0, 0, 255]);
        let recoloured = Look::Colour { was: "#000000".to_owned(), is: "#ff0000".to_owned() };
        assert_eq!(of(&page, &with(1, &|mark| mark.ink = red)), [recoloured]);
        assert_eq!(of(&page, &with(1, &|mark| mark.x += 1)), [Look::Moved]);
        // What moved and also has a different colour counts as new where it is and gone where it was.
        assert_eq!(of(&page, &with(1, &|mark| (mark.x, mark.ink) = (7, red))), [Look::Text]);
        assert_eq!(of(&page, &with(1, &|mark| mark.shape = 3)), [Look::Letters]);
        assert_eq!(of(&page, &with(2, &|mark| mark.shape = 3)), [Look::Lines]);
        assert_eq!(of(&page, &page[..1]), [Look::Text, Look::Lines]);
        assert_eq!(of(&page, &[page[1], page[0], page[2]]), [Look::Layers]);
    }
}
