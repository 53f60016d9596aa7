use sha2::{Digest, Sha256};
use typst::foundations::Bytes;
use typst::text::Font;

use crate::font::FONTS;

/// The fonts, in a fixed order.
pub(super) fn fonts() -> Vec<Font> {
    FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect()
}

/// Hash of all font files.
pub(super) fn hash() -> String {
    let mut hasher = Sha256::new();
    FONTS.iter().for_each(|bytes| hasher.update(bytes));
    crate::hash::hex(hasher)
}
