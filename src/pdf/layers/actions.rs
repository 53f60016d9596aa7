use lopdf::{Dictionary, Object};

use super::Item;
use super::value::Values;

/// Scripts and actions: those that run by themselves, and every script wherever it is.
pub(super) fn actions(values: &Values<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(catalog) = values.catalog() {
        by_itself(values, catalog, "the document", &mut items);
    }
    let names = values.of_catalog(b"Names").and_then(|names| values.dictionary(names, b"JavaScript"));
    for (name, script) in names.map(|tree| values.names(tree)).unwrap_or_default() {
        items.push(format!("script {name} when the document opens: {}", values.shown(script)));
    }
    for (id, page) in &values.pages {
        if let Ok(entries) = values.document.get_dictionary(*id) {
            by_itself(values, entries, &format!("page {}", page + 1), &mut items);
        }
    }
    values.each_dictionary(&mut |dictionary| {
        if is_script(dictionary) {
            items.push(format!("script: {}", values.shown_without(dictionary, &[b"Next", b"Type"])));
        }
    });
    items.sort();
    items.dedup();
    items.into_iter().map(Item::of).collect()
}

/// Actions that the reader does not start.
fn by_itself(values: &Values<'_>, of: &Dictionary, whose: &str, items: &mut Vec<String>) {
    for (key, when) in [(b"OpenAction".as_slice(), "opens"), (b"AA", "opens, closes or is printed")] {
        if let Some(action) = values.get(of, key) {
            items.push(format!("when {whose} {when}: {}", values.shown(action)));
        }
    }
}

/// Actions that do more than lead to a place or an address.
const ACTIVE: [&[u8]; 9] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"Rendition",
    b"RichMediaExecute",
    b"GoToE",
    b"GoToR",
];

fn is_script(dictionary: &Dictionary) -> bool {
    matches!(dictionary.get(b"S"), Ok(Object::Name(kind)) if ACTIVE.contains(&kind.as_slice()))
        || dictionary.has(b"JS")
}
