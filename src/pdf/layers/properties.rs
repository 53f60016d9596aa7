use std::collections::BTreeSet;

use lopdf::Object;

use super::Item;
use super::value::{Values, content, entries};
use super::xmp::xmp;

/// The properties of the document: those written by people, those of its pages, and how it wants to be shown.
pub(super) fn properties(values: &Values<'_>) -> Vec<Item> {
    let mut items = described(values);
    let catalog = values.catalog().into_iter().flat_map(|catalog| catalog.iter());
    let others = catalog.filter(|(key, _)| !IN_LAYERS.contains(&key.as_slice()));
    items.extend(others.map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), values.shown(value))));
    items.extend(lists(values));
    items.extend(of_pages(values));
    items.sort();
    items.dedup();
    items.into_iter().map(|(name, value)| item(&name, &value)).collect()
}

/// The entries of the catalog that have a layer of their own, or that are the pages.
const IN_LAYERS: [&[u8]; 11] = [
    b"Type",
    b"Pages",
    b"Outlines",
    b"StructTreeRoot",
    b"Names",
    b"Dests",
    b"Metadata",
    b"AcroForm",
    b"OpenAction",
    b"AA",
    b"AF",
];

/// The names of a property in the dictionary of the document and in its XMP metadata, and what it is called here.
const NAMED: [(&str, &str, &str); 7] = [
    ("Title", "dc:title", "title"),
    ("Author", "dc:creator", "author"),
    ("Subject", "dc:description", "description"),
    ("Keywords", "pdf:Keywords", "keyword"),
    ("Creator", "xmp:CreatorTool", "made with"),
    ("Producer", "pdf:Producer", "written with"),
    ("Lang", "dc:language", "language"),
];

/// What follows from all the bytes of a file, or from the number of its pages.
const FOLLOWS: [&str; 3] = ["xmpMM:InstanceID", "stEvt:instanceID", "xmpTPg:NPages"];

type Property = (String, String);

/// The properties in both dictionaries once, those in only one of them with its name.
fn described(values: &Values<'_>) -> Vec<Property> {
    let info = values.document.trailer.get(b"Info").ok().map(|info| values.resolved(info));
    let info = info.and_then(entries).into_iter().flat_map(|info| info.iter());
    let language = values.catalog().and_then(|catalog| Some(("Lang".to_owned(), catalog.get(b"Lang").ok()?)));
    let info = info.map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), value)).chain(language);
    let info: BTreeSet<Property> =
        info.flat_map(|(name, value)| named(&name, &values.shown(value))).collect();
    let metadata = values.catalog().and_then(|catalog| values.get(catalog, b"Metadata"));
    let xml = match metadata {
        Some(Object::Stream(stream)) => String::from_utf8_lossy(&content(stream)).into_owned(),
        _ => String::new(),
    };
    let xmp = xmp(&xml).into_iter().filter(|(name, _)| !FOLLOWS.contains(&name.as_str()));
    let xmp: BTreeSet<Property> = xmp.flat_map(|(name, value)| named(&name, &value)).collect();
    let shared = |name: &str| NAMED.iter().any(|(.., called)| *called == name);
    let one_sided = |(name, value): &Property, other: &BTreeSet<Property>, only: &str| {
        let both = !shared(name) || other.contains(&(name.clone(), value.clone()));
        (name.clone(), if both { value.clone() } else { format!("{value} (only in {only})") })
    };
    let of_info = info.iter().map(|property| one_sided(property, &xmp, "the dictionary of the document"));
    of_info.chain(xmp.iter().map(|property| one_sided(property, &info, "its XMP metadata"))).collect()
}

/// A property under the name that it has here; keywords are one property each.
fn named(name: &str, value: &str) -> Vec<Property> {
    let known = NAMED.iter().find(|(info, xmp, _)| [*info, *xmp].contains(&name));
    let name = known.map_or(name, |(.., called)| called);
    let several = if name == "keyword" { value.split(", ").collect() } else { vec![value] };
    several.into_iter().map(|value| (name.to_owned(), value.to_owned())).collect()
}

/// Lists of names other than those that have a layer of their own.
fn lists(values: &Values<'_>) -> Vec<Property> {
    let names = values.of_catalog(b"Names");
    let names = names.into_iter().flat_map(|names| names.iter());
    let others =
        names.filter(|(key, _)| !matches!(key.as_slice(), b"Dests" | b"EmbeddedFiles" | b"JavaScript"));
    others.map(|(key, value)| (String::from_utf8_lossy(key).into_owned(), values.shown(value))).collect()
}

/// What pages say of themselves, besides what is drawn on them.
fn of_pages(values: &Values<'_>) -> Vec<Property> {
    const DRAWN: [&[u8]; 4] = [b"Contents", b"Resources", b"Annots", b"Type"];
    let mut properties = Vec::new();
    for (id, page) in &values.pages {
        let Ok(entries) = values.document.get_dictionary(*id) else { continue };
        let said = values.shown_without(entries, &DRAWN);
        let page = if (values.settled)(*page) { format!("page {}", page + 1) } else { "a page".to_owned() };
        properties.push((page, said));
    }
    properties
}

fn item(name: &str, value: &str) -> Item {
    let text = format!("{name}: {value}");
    // A seal and an identifier are different in each report.
    let (start, sealed) = value.split_once("-sha256:").map_or((value, false), |(start, _)| (start, true));
    let like = match name {
        "keyword" if sealed => format!("{name}: {start}"),
        "xmpMM:DocumentID" => name.to_owned(),
        _ => text.clone(),
    };
    Item { text, like }
}
