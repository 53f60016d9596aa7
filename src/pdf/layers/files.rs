use lopdf::{Dictionary, Object};

use super::Item;
use super::value::{PACKING, Values, content, described};

/// Every file in the PDF, wherever it is attached.
pub(super) fn files(values: &Values<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    values.each_dictionary(&mut |specification| {
        if let Some(files) = values.dictionary(specification, b"EF") {
            items.push(file(values, specification, files));
        }
    });
    items.sort();
    items.dedup();
    items
}

fn file(values: &Values<'_>, specification: &Dictionary, files: &Dictionary) -> Item {
    let keys: [&[u8]; 2] = [b"UF", b"F"];
    let name = keys.iter().map(|key| values.text(specification, key)).find(|name| !name.is_empty());
    let name = name.unwrap_or_default();
    let embedded = keys.iter().find_map(|key| values.get(files, key));
    let (held, dates) = match embedded {
        Some(Object::Stream(stream)) => {
            let packing = [PACKING, &[b"Size".as_slice(), b"CheckSum"]].concat();
            (described(&content(stream)), values.shown_without(&stream.dict, &packing))
        }
        _ => ("no contents".to_owned(), String::new()),
    };
    let said = values.shown_without(specification, &[b"EF", b"F", b"UF", b"Type"]);
    Item { text: format!("{name}: {held}; {said}; {dates}"), like: name }
}
