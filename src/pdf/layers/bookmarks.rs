use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::Item;
use super::value::{Values, entries};

/// The bookmarks at all levels, each with where it leads.
pub(super) fn bookmarks(values: &Values<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let outlines = values.of_catalog(b"Outlines");
    if let Some(outlines) = outlines {
        level(values, outlines, 1, &mut BTreeSet::new(), &mut items);
    }
    items
}

/// The names that links can end in.
pub(super) fn places(values: &Values<'_>) -> Vec<Item> {
    let names = values.of_catalog(b"Names");
    let tree = names.and_then(|names| values.dictionary(names, b"Dests"));
    let named = tree.map(|tree| values.names(tree)).unwrap_or_default();
    let old_form = values.of_catalog(b"Dests");
    let old_form = old_form.into_iter().flat_map(|places| places.iter());
    let old_form = old_form.map(|(name, place)| (String::from_utf8_lossy(name).into_owned(), place));
    named
        .into_iter()
        .chain(old_form)
        .map(|(name, place)| Item { text: with_place(values, &name, place), like: name })
        .collect()
}

/// The bookmarks below one of them. `seen` has those before it, since a list may lead back into itself.
fn level(
    values: &Values<'_>,
    above: &Dictionary,
    depth: usize,
    seen: &mut BTreeSet<ObjectId>,
    items: &mut Vec<Item>,
) {
    let mut next = above.get(b"First").ok();
    while let Some(Object::Reference(id)) = next {
        if !seen.insert(*id) {
            return;
        }
        let Ok(entry) = values.document.get_dictionary(*id) else { return };
        let said = values
            .shown_without(entry, &[b"Title", b"Dest", b"First", b"Last", b"Next", b"Prev", b"Count", b"SE"]);
        let title = values.text(entry, b"Title");
        let title = [title, said].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let title = if depth == 1 { title } else { format!("{title} (level {depth})") };
        let text = match values.get(entry, b"Dest") {
            Some(place) => with_place(values, &title, place),
            None => title.clone(),
        };
        items.push(Item { text, like: title });
        level(values, entry, depth + 1, seen, items);
        next = entry.get(b"Next").ok();
    }
}

/// A name with where it leads: a page if all pages are where they were, and a place on it if that page is settled.
fn with_place(values: &Values<'_>, name: &str, place: &Object) -> String {
    let place = entries(place).and_then(|entries| entries.get(b"D").ok()).unwrap_or(place);
    let Object::Array(parts) = values.document.dereference(place).map_or(place, |(_, found)| found) else {
        return name.to_owned();
    };
    let page = parts.first().and_then(|page| page.as_reference().ok()).and_then(|id| values.pages.get(&id));
    match page {
        Some(page) if (values.settled)(*page) => {
            let numbers = parts[1..].iter().map(|part| match part {
                Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
                number => number.as_float().map(|number| number.to_string()).unwrap_or_default(),
            });
            format!("{name}: page {}, {}", page + 1, numbers.collect::<Vec<_>>().join(" "))
        }
        Some(_) => name.to_owned(),
        None => format!("{name}: no page"),
    }
}
