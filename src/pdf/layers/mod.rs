//! What a PDF holds besides the marks on its pages, layer by layer, in words.

mod actions;
mod bookmarks;
mod difference;
mod files;
mod notes;
mod properties;
mod structure;
mod value;
mod xmp;

use lopdf::Document;

pub(crate) use difference::differing_objects;
use value::Values;
pub(super) use xmp::unescaped;

/// A part of a PDF that is not drawn, item by item.
#[derive(Debug)]
pub(crate) struct Layer {
    /// What it is, as a heading.
    pub(crate) title: &'static str,
    /// What is in it, in its order.
    pub(crate) items: Vec<Item>,
}

/// One thing in a layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Item {
    /// The thing in words.
    pub(crate) text: String,
    /// The same without what is bound to be different in each report.
    pub(crate) like: String,
}

impl Item {
    fn of(text: String) -> Self {
        Self { like: text.clone(), text }
    }
}

/// The layers of a PDF. `settled` is true for a page, from 0, that looks the same on both sides of a comparison: only
/// then are places on it given, since things move with the words round them.
pub(crate) fn layers(document: &Document, settled: &dyn Fn(usize) -> bool) -> Vec<Layer> {
    let values = Values::of(document, settled);
    vec![
        Layer { title: "Document properties", items: properties::properties(&values) },
        Layer { title: "Bookmarks", items: bookmarks::bookmarks(&values) },
        Layer { title: "Places that links lead to", items: bookmarks::places(&values) },
        Layer { title: "Links and notes", items: notes::notes(&values) },
        Layer { title: "Form fields", items: notes::fields(&values) },
        Layer { title: "Scripts and actions", items: actions::actions(&values) },
        Layer { title: "Attached files", items: files::files(&values) },
        Layer { title: "Structure for reading aloud", items: structure::structure(&values) },
    ]
}
