use lopdf::{Dictionary, Object};

use super::Item;
use super::value::{Values, content, described, entries};

/// Every file in the PDF, wherever it is attached.
pub(super) fn files(values: &Values<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for object in values.document.objects.values() {
        add(values, object, &mut items);
    }
    items.sort();
    items.dedup();
    items
}

fn add(values: &Values<'_>, object: &Object, items: &mut Vec<Item>) {
    if let Object::Array(objects) = object {
        objects.iter().for_each(|object| add(values, object, items));
    }
    let Some(dictionary) = entries(object) else { return };
    if let Some(files) = values.dictionary(dictionary, b"EF") {
        items.push(file(values, dictionary, files));
    }
    dictionary.iter().for_each(|(_, value)| add(values, value, items));
}

fn file(values: &Values<'_>, specification: &Dictionary, files: &Dictionary) -> Item {
    let keys: [&[u8]; 2] = [b"UF", b"F"];
    let name = keys.iter().map(|key| values.text(specification, key)).find(|name| !name.is_empty());
    let name = name.unwrap_or_default();
    let embedded = keys.iter().find_map(|key| values.get(files, key));
    let (held, dates) = match embedded {
        Some(Object::Stream(stream)) => {
            let packing = [b"Length".as_slice(), b"Filter", b"DecodeParms", b"DL", b"Size", b"CheckSum"];
            (described(&content(stream)), values.shown_without(&stream.dict, &packing))
        }
        _ => ("no contents".to_owned(), String::new()),
    };
    let said = values.shown_without(specification, &[b"EF", b"F", b"UF", b"Type"]);
    Item { text: format!("{name}: {held}; {said}; {dates}"), like: name }
}
