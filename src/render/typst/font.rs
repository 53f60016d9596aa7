use sha2::{Digest, Sha256};
use typst::foundations::Bytes;
use typst::text::Font;

use crate::font::FAMILIES;

/// The fonts, in a fixed order.
pub(super) fn fonts() -> Vec<Font> {
    FAMILIES.iter().copied().flatten().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect()
}

/// The hash of all the font files.
pub(in crate::render) fn hash() -> String {
    let mut hasher = Sha256::new();
    FAMILIES.iter().copied().flatten().for_each(|bytes| hasher.update(bytes));
    crate::hash::hex(hasher)
}
