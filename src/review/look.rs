use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use serde::Serialize;

use crate::pdf::{Ink, Mark, MarkKind};

/// A way in which a page is drawn differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "look")]
pub enum Look {
    /// The same things at the same places have another colour.
    Colour {
        /// Red, green, blue and, where it is not full, opacity, in hexadecimal; or `pattern`.
        was: String,
        /// The same now.
        is: String,
    },
    /// The same things stand at other places.
    Moved,
    /// Text is set in another font or size.
    Letters,
    /// Text is new or gone.
    Text,
    /// Lines or areas are new, gone, or of another shape.
    Lines,
    /// Images are new, gone, or of another size.
    Images,
    /// What is cut off, or covers something else, changed.
    Layers,
    /// The page has another size, or is new or gone.
    Page,
    /// An image or a pattern changed.
    Pixels,
}

impl Look {
    /// The way in words.
    pub fn words(&self) -> String {
        match self {
            Self::Colour { was, is } => format!("colour {was} is now {is}"),
            Self::Moved => "things moved".to_owned(),
            Self::Letters => "text in another font or size".to_owned(),
            Self::Text => "text new or gone".to_owned(),
            Self::Lines => "lines or areas new, gone or of another shape".to_owned(),
            Self::Images => "images new or gone".to_owned(),
            Self::Layers => "other edges or layers".to_owned(),
            Self::Page => "a page of another size, new or gone".to_owned(),
            Self::Pixels => "an image or a pattern is another".to_owned(),
        }
    }
}

/// How two drawings of a page differ; `None` if the same things are drawn in the same order.
pub(super) fn looks(was: &[Mark], is: &[Mark]) -> BTreeSet<Look> {
    let mut looks = BTreeSet::new();
    if was == is {
        return looks;
    }
    let (old, new) = unpaired(was, is, |mark| *mark, |_, _| {});
    if old.is_empty() && new.is_empty() {
        looks.insert(Look::Layers);
        return looks;
    }
    let place = |mark: &Mark| (mark.kind, mark.shape, mark.x, mark.y);
    let (old, new) = unpaired(&old, &new, place, |was, is| {
        if was.ink != is.ink {
            looks.insert(Look::Colour { was: colour(was.ink), is: colour(is.ink) });
        }
    });
    let (old, new) = unpaired(
        &old,
        &new,
        |mark| (mark.kind, mark.shape, mark.ink),
        |_, _| {
            looks.insert(Look::Moved);
        },
    );
    let letter = |mark: &Mark| match mark.kind {
        MarkKind::Letter(letter) => Some((letter, mark.ink)),
        _ => None,
    };
    let (letters_old, others_old): (Vec<Mark>, Vec<Mark>) =
        old.into_iter().partition(|m| letter(m).is_some());
    let (letters_new, others_new): (Vec<Mark>, Vec<Mark>) =
        new.into_iter().partition(|m| letter(m).is_some());
    let (old, new) = unpaired(&letters_old, &letters_new, letter, |_, _| {
        looks.insert(Look::Letters);
    });
    for mark in old.iter().chain(&new).chain(&others_old).chain(&others_new) {
        looks.insert(match mark.kind {
            MarkKind::Letter(_) => Look::Text,
            MarkKind::Path => Look::Lines,
            MarkKind::Image => Look::Images,
            MarkKind::Edge => Look::Layers,
        });
    }
    looks
}

/// Pairs marks that agree in something, and gives those that are left on each side, in their order.
fn unpaired<K: Eq + Hash>(
    was: &[Mark],
    is: &[Mark],
    key: impl Fn(&Mark) -> K,
    mut paired: impl FnMut(&Mark, &Mark),
) -> (Vec<Mark>, Vec<Mark>) {
    let mut waiting: HashMap<K, Vec<usize>> = HashMap::new();
    for (position, mark) in was.iter().enumerate().rev() {
        waiting.entry(key(mark)).or_default().push(position);
    }
    let mut taken = vec![false; was.len()];
    let mut new = Vec::new();
    for mark in is {
        match waiting.get_mut(&key(mark)).and_then(Vec::pop) {
            Some(position) => {
                taken[position] = true;
                paired(&was[position], mark);
            }
            None => new.push(*mark),
        }
    }
    let old = was.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|(mark, _)| *mark);
    (old.collect(), new)
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
    fn each_way_is_told_apart() {
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
        // What moved and has another colour besides is new where it is, and gone where it was.
        assert_eq!(of(&page, &with(1, &|mark| (mark.x, mark.ink) = (7, red))), [Look::Text]);
        assert_eq!(of(&page, &with(1, &|mark| mark.shape = 3)), [Look::Letters]);
        assert_eq!(of(&page, &with(2, &|mark| mark.shape = 3)), [Look::Lines]);
        assert_eq!(of(&page, &page[..1]), [Look::Text, Look::Lines]);
        assert_eq!(of(&page, &[page[1], page[0], page[2]]), [Look::Layers]);
    }
}
