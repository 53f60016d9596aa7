use std::path::PathBuf;

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use serde_json::Value;

use crate::harness::{Sandbox, copy};
use crate::review::{differ, groups, on_page};

type Change = fn(&mut Document);

/// Changes to a report that leave all other words and pictures as they are, and what a reviewer must read of each.
const CHANGES: [(&str, Change, &[&str]); 25] = [
    ("a thinner line", |pdf| on_page(pdf, 3, |page| thinner(page)), &["\"lines\""]),
    ("text in a font that is not embedded", |pdf| on_page_with_font(pdf, 3), &["Paid in full"]),
    ("another font that is not embedded", other_font, &["\"letters\""]),
    ("something else", something_else, &["Bytes that differ", "bytes in object", "type FontDescriptor"]),
    ("language", |pdf| catalog(pdf).set("Lang", text("cy")), &["Document properties", "language", "cy"]),
    ("title", |pdf| info(pdf).set("Title", text("Another")), &["Document properties", "title: Another"]),
    ("author", |pdf| info(pdf).set("Author", text("Nobody")), &["Document properties", "author: Nobody"]),
    (
        "keywords",
        |pdf| info(pdf).set("Keywords", text("area:S1")),
        &["Document properties", "keyword: area:S1"],
    ),
    (
        "title in XMP",
        |pdf| in_xmp(pdf, "Libraries and schools", "Pubs"),
        &["Document properties", "title: Pubs"],
    ),
    (
        "language in XMP",
        |pdf| in_xmp(pdf, "<rdf:li>en-GB<", "<rdf:li>cy<"),
        &["Document properties", "language: cy"],
    ),
    ("how it opens", |pdf| catalog(pdf).set("PageMode", name("FullScreen")), &["PageMode: FullScreen"]),
    ("a page setting", |pdf| page(pdf).set("Rotate", 180), &["page"]),
    ("a bookmark's title", bookmark, &["Bookmarks", "Elsewhere"]),
    ("bookmarks gone", |pdf| _ = catalog(pdf).remove(b"Outlines"), &["Bookmarks", "\"is\":\"\""]),
    ("a header cell's scope", scope, &["Structure for reading aloud", "TH in TR", "Scope Both"]),
    ("a role", role, &["Structure for reading aloud", "H1 in"]),
    ("an alternative text", alternative, &["Alternative text", "A cat"]),
    ("an attachment's contents", attachment, &["Attached files", "N1-submission.csv"]),
    ("a new attachment", new_attachment, &["Attached files", "answers.csv", "\"was\":\"\""]),
    ("a link's target", link, &["Links and notes", "https://elsewhere.example.org"]),
    ("a note", note, &["Links and notes", "Call me"]),
    ("a form value", field, &["Form fields", "consent", "V yes"]),
    (
        "a script on opening",
        |pdf| run(catalog(pdf), "OpenAction"),
        &["Scripts and actions", "document opens", "app.alert"],
    ),
    ("a script on printing", on_printing, &["Scripts and actions", "printed", "app.alert"]),
    ("a script on a page", |pdf| run(page(pdf), "AA"), &["Scripts and actions", "page 3", "app.alert"]),
];

#[test]
fn whatever_differs_besides_the_pages_is_named() {
    let (sandbox, before) = report();
    let mut missed = Vec::new();
    for (what, change, wanted) in CHANGES {
        let after = sandbox.path("after.pdf");
        let mut document = Document::load(&before).unwrap();
        if what == "another font that is not embedded" {
            on_page_with_font(&mut document, 3);
            document.save(sandbox.path("with-font.pdf")).unwrap();
        }
        change(&mut document);
        document.save(&after).unwrap();
        let before =
            if what.starts_with("another font") { sandbox.path("with-font.pdf") } else { before.clone() };
        let review = differ(&before, &after);
        let named = groups(&review).iter().any(|group| says(group, wanted));
        if !named {
            missed.push(format!("{what}: {}", review["groups"]));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// True if a group says all of these in its words or looks.
fn says(group: &Value, wanted: &[&str]) -> bool {
    let said = group.to_string();
    wanted.iter().all(|words| said.contains(words))
}

fn report() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new("two-regions");
    assert!(sandbox.build("out", &[]).code <= 1);
    let kept = sandbox.path("kept");
    copy(&sandbox.path("out/latest/local"), &kept);
    (sandbox, kept.join("N1-ash.pdf"))
}

fn text(text: &str) -> Object {
    Object::string_literal(text)
}

fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

fn catalog(pdf: &mut Document) -> &mut Dictionary {
    pdf.catalog_mut().unwrap()
}

fn info(pdf: &mut Document) -> &mut Dictionary {
    let id = pdf.trailer.get(b"Info").unwrap().as_reference().unwrap();
    pdf.get_dictionary_mut(id).unwrap()
}

fn page(pdf: &mut Document) -> &mut Dictionary {
    let id = pdf.get_pages()[&3];
    pdf.get_dictionary_mut(id).unwrap()
}

/// The first object that fits.
fn first(pdf: &Document, fits: impl Fn(&Dictionary) -> bool) -> ObjectId {
    let fits = |object: &Object| match object {
        Object::Dictionary(entries) => fits(entries),
        Object::Stream(stream) => fits(&stream.dict),
        _ => false,
    };
    *pdf.objects.iter().find(|(_, object)| fits(object)).unwrap().0
}

fn has_role(entries: &Dictionary, role: &str) -> bool {
    entries.has(b"K")
        && entries.get(b"S").and_then(Object::as_name).is_ok_and(|found| found == role.as_bytes())
}

fn thinner(page: &mut [Operation]) {
    let width = page.iter_mut().find(|operation| operation.operator == "w").unwrap();
    let points = width.operands[0].as_float().unwrap();
    assert!(points < 1.0, "{points}");
    width.operands[0] = Object::Real(points / 2.0);
}

fn on_page_with_font(pdf: &mut Document, number: u32) {
    let font =
        pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let resources = page(pdf).get(b"Resources").unwrap().as_reference().unwrap();
    let fonts = pdf.get_dictionary(resources).unwrap().get(b"Font").unwrap().clone();
    let fonts = match fonts {
        Object::Reference(id) => pdf.get_dictionary_mut(id).unwrap(),
        _ => pdf.get_dictionary_mut(resources).unwrap().get_mut(b"Font").unwrap().as_dict_mut().unwrap(),
    };
    fonts.set("Hv", font);
    on_page(pdf, number, |page| {
        page.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec![name("Hv"), 9.into()]),
            Operation::new("Td", vec![70.into(), 20.into()]),
            Operation::new("Tj", vec![text("Paid in full")]),
            Operation::new("ET", vec![]),
        ]);
    });
}

fn other_font(pdf: &mut Document) {
    let id = first(pdf, |entries| {
        entries.get(b"BaseFont").and_then(Object::as_name).is_ok_and(|font| font == b"Helvetica")
    });
    pdf.get_dictionary_mut(id).unwrap().set("BaseFont", name("Courier"));
}

fn something_else(pdf: &mut Document) {
    let id = first(pdf, |entries| entries.has(b"Ascent"));
    pdf.get_dictionary_mut(id).unwrap().set("Ascent", 1);
}

fn in_xmp(pdf: &mut Document, from: &str, to: &str) {
    let id = catalog(pdf).get(b"Metadata").unwrap().as_reference().unwrap();
    let stream = pdf.get_object_mut(id).unwrap().as_stream_mut().unwrap();
    let xml = String::from_utf8(stream.content.clone()).unwrap();
    assert!(xml.contains(from), "{xml}");
    stream.set_content(xml.replacen(from, to, 1).into_bytes());
}

fn bookmark(pdf: &mut Document) {
    let id = first(pdf, |entries| entries.has(b"Title") && entries.has(b"Dest"));
    pdf.get_dictionary_mut(id).unwrap().set("Title", text("Elsewhere"));
}

fn scope(pdf: &mut Document) {
    let id = first(pdf, |entries| has_role(entries, "TH"));
    let attributes = pdf.get_dictionary_mut(id).unwrap().get_mut(b"A").unwrap().as_array_mut().unwrap();
    attributes[0].as_dict_mut().unwrap().set("Scope", name("Both"));
}

fn role(pdf: &mut Document) {
    let id = first(pdf, |entries| has_role(entries, "H2"));
    pdf.get_dictionary_mut(id).unwrap().set("S", name("H1"));
}

fn alternative(pdf: &mut Document) {
    let id = first(pdf, |entries| entries.has(b"Alt"));
    pdf.get_dictionary_mut(id).unwrap().set("Alt", text("A cat"));
}

fn attachment(pdf: &mut Document) {
    let file = first(pdf, |entries| {
        entries.get(b"UF").is_ok_and(|name| name.as_str().is_ok_and(|name| name == b"N1-submission.csv"))
    });
    let embedded = pdf.get_dictionary(file).unwrap().get(b"EF").unwrap().as_dict().unwrap();
    let id = embedded.get(b"F").unwrap().as_reference().unwrap();
    let stream = pdf.get_object_mut(id).unwrap().as_stream_mut().unwrap();
    stream.set_plain_content(b"respondent,question,item,answer".to_vec());
}

fn new_attachment(pdf: &mut Document) {
    let file = pdf.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"a,b".to_vec()));
    let files = dictionary! { "Type" => "Filespec", "UF" => text("answers.csv"), "EF" => dictionary! { "F" => file } };
    let id = pdf.add_object(files);
    let files = catalog(pdf).get(b"AF").unwrap().clone();
    match files {
        Object::Reference(files) => {
            pdf.get_object_mut(files).unwrap().as_array_mut().unwrap().push(id.into())
        }
        _ => catalog(pdf).get_mut(b"AF").unwrap().as_array_mut().unwrap().push(id.into()),
    }
}

fn link(pdf: &mut Document) {
    let id = first(pdf, |entries| {
        entries.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Link")
    });
    let address = dictionary! { "S" => "URI", "URI" => text("https://elsewhere.example.org") };
    let note = pdf.get_dictionary_mut(id).unwrap();
    note.remove(b"Dest");
    note.set("A", address);
}

fn note(pdf: &mut Document) {
    let rectangle = [0, 0, 20, 20].map(Object::from).to_vec();
    let note = dictionary! { "Type" => "Annot", "Subtype" => "Text", "Contents" => text("Call me"), "Rect" => rectangle };
    let id = pdf.add_object(note);
    page(pdf).set("Annots", vec![id.into()]);
}

fn field(pdf: &mut Document) {
    let field = pdf.add_object(dictionary! { "T" => text("consent"), "FT" => "Tx", "V" => text("yes") });
    catalog(pdf).set("AcroForm", dictionary! { "Fields" => vec![field.into()] });
}

fn run(of: &mut Dictionary, key: &str) {
    let script = dictionary! { "S" => "JavaScript", "JS" => text("app.alert(1)") };
    of.set(
        key,
        if key == "AA" {
            dictionary! { "O" => script }
        } else {
            script
        },
    );
}

fn on_printing(pdf: &mut Document) {
    let script = dictionary! { "S" => "JavaScript", "JS" => text("app.alert(1)") };
    catalog(pdf).set("AA", dictionary! { "WP" => script });
}
