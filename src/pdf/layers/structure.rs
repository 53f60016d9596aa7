use std::collections::BTreeMap;

use lopdf::Dictionary;

use super::Item;
use super::value::{Values, entries};

/// The tags in reading order, each with the one that it is in and what it says of its contents.
pub(super) fn structure(values: &Values<'_>) -> Vec<Item> {
    let root = values.of_catalog(b"StructTreeRoot");
    let Some(root) = root else { return Vec::new() };
    let mut tree = Tree { values, cells: BTreeMap::new(), tags: Vec::new(), last: Cell::default() };
    tree.add_below(root, "", 0);
    let of_all = format!("all tags: {}", values.shown_without(root, &NOT_SAID));
    std::iter::once(of_all).chain(tree.tags.iter().map(|tag| tree.words(tag))).map(Item::of).collect()
}

/// What belongs to the layout of the text, or is in a layer of its own: alternative text is read aloud, so it is
/// compared like all other words, and titles repeat words of the pages.
const NOT_SAID: [&[u8]; 11] =
    [b"K", b"S", b"A", b"ID", b"Type", b"Alt", b"IDTree", b"ParentTree", b"ParentTreeNextKey", b"T", b"Ref"];

/// How deep tags are followed; a tree may lead back into itself.
const DEEPEST: usize = 100;

struct Tree<'v, 'd> {
    values: &'v Values<'d>,
    /// Where each cell with a name is.
    cells: BTreeMap<String, Cell>,
    tags: Vec<Tag<'d>>,
    /// The cell read last.
    last: Cell,
}

/// A place in a table: rows are counted through the whole document, cells from the start of their row.
#[derive(Clone, Copy, Default)]
struct Cell {
    row: usize,
    column: usize,
}

struct Tag<'d> {
    inside: String,
    cell: Cell,
    entries: &'d Dictionary,
}

impl<'d> Tree<'_, 'd> {
    fn add_below(&mut self, above: &'d Dictionary, inside: &str, depth: usize) {
        for kid in self.values.list(above, b"K") {
            let Some(kid) = entries(self.values.resolved(kid)) else { continue };
            if !kid.has(b"S") || depth > DEEPEST {
                continue;
            }
            let role = self.values.text(kid, b"S");
            match role.as_str() {
                "TR" => self.last = Cell { row: self.last.row + 1, column: 0 },
                "TH" | "TD" => self.last.column += 1,
                _ => {}
            }
            if kid.has(b"ID") {
                self.cells.insert(self.values.text(kid, b"ID"), self.last);
            }
            self.tags.push(Tag { inside: inside.to_owned(), cell: self.last, entries: kid });
            self.add_below(kid, &role, depth + 1);
        }
    }

    fn words(&self, tag: &Tag<'d>) -> String {
        let role = self.values.text(tag.entries, b"S");
        let mut words = if tag.inside.is_empty() { role } else { format!("{role} in {}", tag.inside) };
        let attributes = self.values.list(tag.entries, b"A").into_iter();
        let attributes = attributes.map(|attributes| match entries(self.values.resolved(attributes)) {
            Some(attributes) => self.attributes(attributes, tag.cell),
            None => self.values.shown(attributes),
        });
        let said = self.values.shown_without(tag.entries, &NOT_SAID);
        for part in attributes.chain([said]).filter(|part| !part.is_empty()) {
            words.push_str(", ");
            words.push_str(&part);
        }
        words
    }

    /// Attributes in words. A header is named by its place, because its own name follows from the tables before.
    fn attributes(&self, attributes: &'d Dictionary, cell: Cell) -> String {
        let mut words =
            self.values.shown_without(attributes, &[b"BBox", b"Headers", b"Width", b"Height", b"O"]);
        for header in self.values.list(attributes, b"Headers") {
            let header = match self.cells.get(&self.values.shown(header)) {
                Some(found) if found.row == cell.row => format!("header of its row {}", found.column),
                Some(found) => format!("header of its column {}", found.column),
                None => "header unknown".to_owned(),
            };
            words = if words.is_empty() { header } else { format!("{words}, {header}") };
        }
        words
    }
}
