use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use crate::hash::sha256;

/// The values in a PDF, and how they are written for a reader.
pub(super) struct Values<'d> {
    pub(super) document: &'d Document,
    pub(super) settled: &'d dyn Fn(usize) -> bool,
    /// The pages, from 0, by their objects.
    pub(super) pages: BTreeMap<ObjectId, usize>,
}

/// How deep values are written out; a PDF may lead back into itself.
const DEEPEST: usize = 12;

/// Keys that lead back to where a value is from, or that number parts of pages.
const BACKWARDS: [&[u8]; 6] = [b"P", b"Pg", b"Parent", b"Popup", b"StructParent", b"StructParents"];

impl<'d> Values<'d> {
    pub(super) fn of(document: &'d Document, settled: &'d dyn Fn(usize) -> bool) -> Self {
        let pages = document.get_pages().into_values().enumerate().map(|(page, id)| (id, page));
        Self { document, settled, pages: pages.collect() }
    }

    pub(super) fn catalog(&self) -> Option<&'d Dictionary> {
        self.document.catalog().ok()
    }

    /// A dictionary in the catalog.
    pub(super) fn of_catalog(&self, key: &[u8]) -> Option<&'d Dictionary> {
        self.catalog().and_then(|catalog| self.dictionary(catalog, key))
    }

    /// Visits every dictionary in the PDF, wherever it is.
    pub(super) fn each_dictionary(&self, visit: &mut impl FnMut(&'d Dictionary)) {
        self.document.objects.values().for_each(|object| dictionaries_in(object, visit));
    }

    pub(super) fn resolved(&self, object: &'d Object) -> &'d Object {
        self.document.dereference(object).map_or(&Object::Null, |(_, object)| object)
    }

    /// What a dictionary has under a key.
    pub(super) fn get(&self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
        dictionary.get(key).ok().map(|object| self.resolved(object)).filter(|object| !object.is_null())
    }

    pub(super) fn dictionary(&self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
        self.get(dictionary, key).and_then(entries)
    }

    /// The objects in an array; a single object counts as an array of one.
    pub(super) fn list(&self, dictionary: &'d Dictionary, key: &[u8]) -> Vec<&'d Object> {
        match self.get(dictionary, key) {
            Some(Object::Array(objects)) => objects.iter().collect(),
            Some(object) => vec![object],
            None => Vec::new(),
        }
    }

    /// The text under a key; empty if the key is missing.
    pub(super) fn text(&self, dictionary: &'d Dictionary, key: &[u8]) -> String {
        self.get(dictionary, key).map(|object| self.shown(object)).unwrap_or_default()
    }

    /// A value in words.
    pub(super) fn shown(&self, object: &'d Object) -> String {
        self.shown_at(object, &[], 0)
    }

    /// A dictionary in words, without some of its keys.
    pub(super) fn shown_without(&self, dictionary: &'d Dictionary, without: &[&[u8]]) -> String {
        self.entries_at(dictionary, without, 0)
    }

    /// The pairs of a tree of names, in its order.
    pub(super) fn names(&self, tree: &'d Dictionary) -> Vec<(String, &'d Object)> {
        let mut found = Vec::new();
        self.names_at(tree, 0, &mut found);
        found
    }

    fn names_at(&self, tree: &'d Dictionary, depth: usize, found: &mut Vec<(String, &'d Object)>) {
        for pair in self.list(tree, b"Names").chunks_exact(2) {
            found.push((self.shown(self.resolved(pair[0])), self.resolved(pair[1])));
        }
        for kid in self.list(tree, b"Kids").into_iter().filter(|_| depth < DEEPEST) {
            if let Some(kid) = entries(self.resolved(kid)) {
                self.names_at(kid, depth + 1, found);
            }
        }
    }

    fn shown_at(&self, object: &'d Object, without: &[&[u8]], depth: usize) -> String {
        if depth > DEEPEST {
            return "…".to_owned();
        }
        match object {
            Object::Reference(id) => match self.pages.get(id) {
                Some(page) => format!("page {}", page + 1),
                None => self.shown_at(self.resolved(object), without, depth + 1),
            },
            Object::Null => "nothing".to_owned(),
            Object::Boolean(value) => value.to_string(),
            Object::Integer(number) => number.to_string(),
            Object::Real(number) => number.to_string(),
            Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
            Object::String(bytes, _) => lopdf::decode_text_string(object)
                .unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned()),
            Object::Array(objects) => {
                let shown: Vec<String> =
                    objects.iter().map(|object| self.shown_at(object, without, depth + 1)).collect();
                format!("[{}]", shown.join(" "))
            }
            Object::Dictionary(dictionary) => self.entries_at(dictionary, without, depth),
            Object::Stream(stream) => {
                format!("{}, {}", described(&content(stream)), self.entries_at(&stream.dict, PACKING, depth))
            }
        }
    }

    fn entries_at(&self, dictionary: &'d Dictionary, without: &[&[u8]], depth: usize) -> String {
        let wanted = |key: &[u8]| !BACKWARDS.contains(&key) && !without.contains(&key);
        let mut entries: Vec<String> = dictionary
            .iter()
            .filter(|(key, value)| wanted(key) && !value.is_null())
            .map(|(key, value)| {
                format!("{} {}", String::from_utf8_lossy(key), self.shown_at(value, without, depth + 1))
            })
            .collect();
        entries.sort();
        entries.join(", ")
    }
}

/// Keys that say how a stream is packed.
pub(super) const PACKING: &[&[u8]] = &[b"Length", b"Filter", b"DecodeParms", b"DL"];

/// The entries of a dictionary or of a stream.
pub(super) fn entries(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

fn dictionaries_in<'d>(object: &'d Object, visit: &mut impl FnMut(&'d Dictionary)) {
    if let Object::Array(objects) = object {
        objects.iter().for_each(|object| dictionaries_in(object, visit));
    }
    let Some(dictionary) = entries(object) else { return };
    visit(dictionary);
    dictionary.iter().for_each(|(_, value)| dictionaries_in(value, visit));
}

/// What a stream holds, unpacked if it can be.
pub(super) fn content(stream: &Stream) -> Vec<u8> {
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}

/// Bytes in words that are different for different bytes.
pub(super) fn described(bytes: &[u8]) -> String {
    format!("{} bytes, hash {}", bytes.len(), &sha256(bytes)[..8])
}
