use lopdf::{Document, SaveOptions};

/// How many objects share a stream. With 500, reading a report back takes three times as long; with 50, the file is
/// larger and no faster to read.
const TOGETHER: usize = 100;

/// Packs the objects of a PDF into compressed streams. Typst writes them uncompressed, and the structure that makes a
/// report accessible has tens of thousands; packed, a report is less than half the size.
pub(super) fn pack(pdf: &[u8]) -> lopdf::Result<Vec<u8>> {
    let mut document = Document::load_mem(pdf)?;
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(TOGETHER)
        .compression_level(9)
        .build();
    let mut packed = Vec::with_capacity(pdf.len() / 2);
    document.save_with_options(&mut packed, options)?;
    Ok(packed)
}
