/// A finished edition.
#[derive(Clone, Debug)]
pub struct Document {
    /// The contents of the file.
    pub bytes: Vec<u8>,
    /// The number of pages, if the format has pages.
    pub pages: Option<usize>,
}
