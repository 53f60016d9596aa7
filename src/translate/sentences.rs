/// A piece of a file of sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment<'t> {
    /// Between two sentences.
    Between(&'t str),
    /// A sentence, with its name, and the tags around it.
    Sentence { name: &'t str, begin: &'t str, text: &'t str, end: &'t str },
}

const END: &str = "<% endmacro %>";

/// The sentences of a file, and what is between them. A file without macros is a single sentence without a name.
pub(super) fn segments(source: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut rest = source;
    while let Some(found) = rest.find("<% macro ") {
        let (between, macros) = rest.split_at(found);
        let Some((begin, after)) = cut(macros, "%>") else { break };
        let Some(length) = after.find(END) else { break };
        let name = begin.trim_start_matches("<% macro ").split('(').next().unwrap_or_default().trim();
        let (text, after) = after.split_at(length);
        let (end, after) = after.split_at(END.len());
        segments.push(Segment::Between(between));
        segments.push(Segment::Sentence { name, begin, text, end });
        rest = after;
    }
    if segments.is_empty() && !source.trim().is_empty() {
        return vec![Segment::Sentence { name: "", begin: "", text: source, end: "" }];
    }
    segments.push(Segment::Between(rest));
    segments
}

/// A text up to the end of a mark, and the rest.
fn cut<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    text.find(mark).map(|at| text.split_at(at + mark.len()))
}

/// A file of sentences with other texts: `translated` gives the text of a sentence by its name, if there is one.
pub(super) fn with_texts(source: &str, translated: impl Fn(&str) -> Option<String>) -> String {
    let segment = |segment: Segment<'_>| match segment {
        Segment::Between(text) => text.to_owned(),
        Segment::Sentence { name, begin, text, end } => {
            format!("{begin}{}{end}", translated(name).unwrap_or_else(|| text.to_owned()))
        }
    };
    segments(source).into_iter().map(segment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "<# About. #>\n<% macro title() %>At a glance<% endmacro %>\n<% macro of(n) %>\n\
                          << n >> of them\n<% endmacro %>\nend";

    #[test]
    fn sentences_have_names_and_nothing_between_them_is_lost() {
        let names: Vec<&str> = segments(SOURCE)
            .iter()
            .filter_map(|segment| match segment {
                Segment::Sentence { name, .. } => Some(*name),
                Segment::Between(_) => None,
            })
            .collect();
        assert_eq!(names, ["title", "of"]);
        assert_eq!(with_texts(SOURCE, |_| None), SOURCE);
        let welsh = with_texts(SOURCE, |name| (name == "title").then(|| "Cipolwg".to_owned()));
        assert_eq!(welsh, SOURCE.replace("At a glance", "Cipolwg"));
        assert_eq!(with_texts("A sentence.\n", |_| Some("Brawddeg.\n".to_owned())), "Brawddeg.\n");
    }
}
