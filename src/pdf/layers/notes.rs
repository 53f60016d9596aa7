use lopdf::Dictionary;

use super::Item;
use super::value::{Values, entries};

/// The links and other annotations on the pages, page by page. A link over several lines counts once.
pub(super) fn notes(values: &Values<'_>) -> Vec<Item> {
    let mut pages: Vec<_> = values.pages.iter().collect();
    pages.sort_by_key(|(_, page)| **page);
    let mut items = Vec::new();
    for (id, page) in pages {
        let Ok(entries_of_page) = values.document.get_dictionary(*id) else { continue };
        for note in values.list(entries_of_page, b"Annots") {
            if let Some(note) = entries(values.resolved(note)) {
                items.push(item(values, note, *page));
            }
        }
    }
    items.dedup();
    items
}

/// An annotation. Where it is follows from the words round it, unless these are where they were.
fn item(values: &Values<'_>, note: &Dictionary, page: usize) -> Item {
    let settled = (values.settled)(page);
    let places: &[&[u8]] = if settled { &[] } else { &[b"Rect", b"QuadPoints"] };
    let without = [&[b"Type".as_slice(), b"Subtype", b"M"], places].concat();
    let kind = format!("{}: {}", values.text(note, b"Subtype"), values.shown_without(note, &without));
    Item { text: if settled { format!("page {}, {kind}", page + 1) } else { kind.clone() }, like: kind }
}

/// The fields of forms, with their values.
pub(super) fn fields(values: &Values<'_>) -> Vec<Item> {
    let Some(form) = values.of_catalog(b"AcroForm") else {
        return Vec::new();
    };
    let mut items = vec![Item::of(format!("form: {}", values.shown_without(form, &[b"Fields"])))];
    for field in values.list(form, b"Fields") {
        if let Some(field) = entries(values.resolved(field)) {
            add_field(values, field, "", &mut items);
        }
    }
    items
}

/// The most fields that are read: a list may lead back into itself.
const MOST_FIELDS: usize = 10_000;

fn add_field(values: &Values<'_>, field: &Dictionary, above: &str, items: &mut Vec<Item>) {
    if items.len() >= MOST_FIELDS {
        return;
    }
    let own = values.text(field, b"T");
    let name = if above.is_empty() { own } else { format!("{above}.{own}") };
    // How a field looks is an annotation.
    let look: [&[u8]; 8] = [b"Kids", b"T", b"AP", b"Rect", b"Type", b"Subtype", b"MK", b"F"];
    items.push(Item::of(format!("{name}: {}", values.shown_without(field, &look))));
    for kid in values.list(field, b"Kids") {
        if let Some(kid) = entries(values.resolved(kid)) {
            add_field(values, kid, &name, items);
        }
    }
}
