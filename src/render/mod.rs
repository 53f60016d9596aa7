//! What a report says and its charts in, a finished file out: a renderer for each way to make one.

mod typst;

pub use self::typst::{ENGINE, RenderError, Typesetter};

/// A finished edition.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has, in a format that has pages.
    pub pages: Option<usize>,
}
