//! SHA-256 in hexadecimal, the hash used throughout a manifest.

use sha2::{Digest, Sha256};

/// The hash of a sequence of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

/// The hash of everything that a hasher has been given.
pub(crate) fn hex(hasher: Sha256) -> String {
    hexadecimal(&hasher.finalize())
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let nibble = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}

/// The bytes that a text in hexadecimal stands for; `None` if it is something else.
pub(crate) fn unhexadecimal(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(pair).collect()
}
