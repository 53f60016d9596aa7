use std::collections::BTreeSet;

use lopdf::{Document, Object, ObjectId, Stream};

use super::Item;
use super::value::{PACKING, content, described, entries};

/// The objects in which two PDFs differ, each as it was and as it is. Objects are paired by how they are reached and not
/// by their numbers, so that a file which was only written in a different order has none.
pub(crate) fn differing_objects(was: &Document, is: &Document) -> Vec<(Item, Item)> {
    let mut walk =
        Walk { documents: [was, is], met: BTreeSet::new(), waiting: Vec::new(), found: Vec::new() };
    for key in [b"Root".as_slice(), b"Info", b"Encrypt"] {
        let pair = [was, is].map(|document| document.trailer.get(key).unwrap_or(&Object::Null));
        walk.follow(pair, String::from_utf8_lossy(key).into_owned());
    }
    while let Some(pair) = walk.waiting.pop() {
        if walk.found.len() < MOST_NAMED && !walk.is_same(pair.objects, &pair.kind, 0) {
            walk.found.push(pair.items());
        }
    }
    walk.found
}

/// The most objects that are named: one change may reach into many.
const MOST_NAMED: usize = 20;

/// How deep values that are not objects of their own are followed.
const DEEPEST: usize = 100;

struct Walk<'d> {
    documents: [&'d Document; 2],
    met: BTreeSet<[ObjectId; 2]>,
    waiting: Vec<Pair<'d>>,
    found: Vec<(Item, Item)>,
}

/// An object of each document, reached in the same way.
struct Pair<'d> {
    ids: [ObjectId; 2],
    objects: [&'d Object; 2],
    kind: String,
}

impl<'d> Walk<'d> {
    /// Compares two values later if they are objects of their own, and says whether they differ if they are not.
    fn follow(&mut self, values: [&'d Object; 2], key: String) -> bool {
        let [Object::Reference(was), Object::Reference(is)] = values else {
            return self.is_same(values, &key, 0);
        };
        let ids = [*was, *is];
        if self.met.insert(ids) {
            let found = |side: usize| self.documents[side].get_object(ids[side]).unwrap_or(&Object::Null);
            let objects = [found(0), found(1)];
            let kind = ["Type", "Subtype", "S"].iter().find_map(|name| {
                let name = entries(objects[1])?.get(name.as_bytes()).ok()?.as_name().ok()?;
                Some(String::from_utf8_lossy(name).into_owned())
            });
            self.waiting.push(Pair { ids, objects, kind: kind.unwrap_or(key) });
        }
        true
    }

    /// True if two values are the same, apart from the objects that they lead to.
    fn is_same(&mut self, values: [&'d Object; 2], key: &str, depth: usize) -> bool {
        match values {
            _ if depth > DEEPEST => true,
            [Object::Reference(_), Object::Reference(_)] => self.follow(values, key.to_owned()),
            [Object::Array(was), Object::Array(is)] => {
                let pairs = was.iter().zip(is);
                let same =
                    pairs.map(|(was, is)| self.is_same([was, is], key, depth + 1)).fold(true, |a, b| a & b);
                same && was.len() == is.len()
            }
            [Object::Stream(was), Object::Stream(is)] => {
                self.has_same_entries(values, depth) && held(was) == held(is)
            }
            [Object::Dictionary(_), Object::Dictionary(_)] => self.has_same_entries(values, depth),
            [was, is] => was == is,
        }
    }

    fn has_same_entries(&mut self, values: [&'d Object; 2], depth: usize) -> bool {
        let [Some(was), Some(is)] = values.map(entries) else { return false };
        let keys: BTreeSet<&Vec<u8>> = was.iter().chain(is.iter()).map(|(key, _)| key).collect();
        let mut same = true;
        for key in keys.into_iter().filter(|key| !PACKING.contains(&key.as_slice())) {
            let pair = [was, is].map(|entries| entries.get(key).unwrap_or(&Object::Null));
            same &= self.is_same(pair, &String::from_utf8_lossy(key), depth + 1);
        }
        same
    }
}

impl Pair<'_> {
    fn items(&self) -> (Item, Item) {
        let item = |side: usize| {
            let held = match self.objects[side] {
                Object::Stream(stream) => format!(", {}", described(&held(stream))),
                _ => String::new(),
            };
            let (number, _) = self.ids[side];
            let text = format!("bytes in object {number} (type {}{held})", self.kind);
            Item { text, like: format!("object of type {}", self.kind) }
        };
        (item(0), item(1))
    }
}

/// What a stream holds, without the identifier that follows from all the bytes of its file.
fn held(stream: &Stream) -> Vec<u8> {
    let bytes = content(stream);
    if stream.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"XML") {
        return bytes;
    }
    let xml = String::from_utf8_lossy(&bytes).into_owned();
    let mut kept = String::new();
    for piece in xml.split_inclusive('>') {
        let of_file = piece.ends_with("nstanceID>") && piece.contains("</");
        kept.push_str(if of_file { "" } else { piece });
    }
    kept.into_bytes()
}
