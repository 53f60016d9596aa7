/// The values in XMP metadata, by the names of their elements.
pub(super) fn xmp(xml: &str) -> Vec<(String, String)> {
    let mut values = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if tag.starts_with('/') {
            open.pop();
        } else if !tag.starts_with(['?', '!']) {
            let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
            values.extend(attributes(tag));
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        let text = text.trim();
        if !text.is_empty() {
            // Lists are inside the element that says what they are.
            let name = open.iter().rev().find(|name| !name.starts_with("rdf:"));
            values.push((name.copied().unwrap_or_default().to_owned(), unescaped(text)));
        }
    }
    values
}

/// The attributes of a tag that hold values, not names of vocabularies.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let Some(mark) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, after)) = after[1..].split_once(mark) else { break };
        if !["xmlns", "rdf:", "xml:", "x:"].iter().any(|vocabulary| name.starts_with(vocabulary)) {
            attributes.push((name.to_owned(), unescaped(value)));
        }
        rest = after;
    }
    attributes
}

/// A text with its XML entities replaced.
pub(crate) fn unescaped(xml: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(xml.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_name_of_their_element_or_attribute() {
        let xml = "<?xpacket?><x:xmpmeta xmlns:x=\"adobe\"><rdf:Description rdf:about=\"\" pdfaid:part='3'>\
                   <dc:title><rdf:Alt><rdf:li xml:lang=\"en\">A &amp; B</rdf:li></rdf:Alt></dc:title>\
                   <empty/><pdf:Keywords>x</pdf:Keywords></rdf:Description></x:xmpmeta>";
        let found = xmp(xml);
        let wanted = [("pdfaid:part", "3"), ("dc:title", "A & B"), ("pdf:Keywords", "x")];
        assert_eq!(found, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
