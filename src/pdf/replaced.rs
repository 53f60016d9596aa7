use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{Dict, String as PdfString, dict_or_stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use lopdf::{Object, StringFormat};

/// For each marked content of a page, in the order in which it begins, the text that readers are to take instead of what its
/// letters say (`ActualText`), where there is one: letters that are drawn in several strokes, or in another order.
pub(super) fn replaced(page: &Page<'_>) -> Vec<Option<String>> {
    let mut replaced = Vec::new();
    collect(page.typed_operations(), page.resources(), 0, &mut replaced);
    replaced
}

/// How deep drawings may lie inside one another.
const DEEPEST: usize = 12;

fn collect(
    mut operations: TypedIter<'_>,
    resources: &Resources<'_>,
    depth: usize,
    replaced: &mut Vec<Option<String>>,
) {
    while let Some(operation) = operations.next() {
        match operation {
            TypedInstruction::BeginMarkedContent(_) => replaced.push(None),
            TypedInstruction::BeginMarkedContentWithProperties(begun) => {
                let text = dict_or_stream(begun.1).and_then(|(of, _)| of.get::<PdfString<'_>>(b"ActualText"));
                replaced.push(text.and_then(|text| decoded(text.as_bytes())));
            }
            TypedInstruction::XObject(drawing) if depth < DEEPEST => {
                let Some(stream) = resources.get_x_object(drawing.0) else { continue };
                let of_form = stream.dict().get::<Dict<'_>>(b"Resources").unwrap_or_default();
                let Ok(content) = stream.decoded() else { continue };
                let within = Resources::from_parent(of_form, resources.clone());
                // Without its edges it is no drawing, and is not drawn.
                if stream.dict().contains_key(b"BBox") {
                    collect(TypedIter::new(&content), &within, depth + 1, replaced);
                }
            }
            _ => {}
        }
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    lopdf::decode_text_string(&Object::String(bytes.to_vec(), StringFormat::Literal)).ok()
}
