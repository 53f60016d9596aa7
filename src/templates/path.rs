use std::collections::BTreeMap;

use crate::model::{Format, Language};

/// The extension of a template that becomes Typst source.
pub(crate) const TYPST_TEMPLATE: &str = ".typ.j2";

/// The extension of an evaluation's wording, which is Markdown with the tags of a template.
pub(crate) const WORDING_TEMPLATE: &str = ".md.j2";

/// True for a file of sentences that every format of a report uses; the templates of each format arrange them.
pub(crate) fn is_words(path: &str) -> bool {
    path.contains("/words/") && path.ends_with(".j2")
}

/// The folders of templates for the program's own pages and for email, which use the usual `{{ value }}`.
const PAGES: [&str; 3] = ["mail/", "review/", "summary/"];

/// True for the template of a page of the program or of an email, which no report can see.
pub(super) fn is_page(path: &str) -> bool {
    PAGES.iter().any(|folder| path.starts_with(folder))
}

/// True for a template of a format, or for a part of its theme.
pub(super) fn is_of_format(path: &str, format: Format) -> bool {
    let endings: &[&str] = match format {
        Format::Standard => &[TYPST_TEMPLATE, "report.typ", "palette.toml"],
        Format::LargePrint => &[TYPST_TEMPLATE, ".typ", "palette.toml"],
        Format::Html => &[".html.j2", ".css", "palette.toml", "dark.toml"],
        Format::Text => &[".txt.j2"],
    };
    endings.iter().any(|ending| path.ends_with(ending))
}

/// Files in a language: one in the folder of the language takes the place of the one with the same path outside it, and those
/// in the folders of other languages are left out.
pub(super) fn in_language(
    files: &BTreeMap<String, String>,
    language: &Language,
    is_known: impl Fn(&Language) -> bool,
) -> BTreeMap<String, String> {
    let of = |path: &str| {
        let (folder, rest) = path.split_once('/')?;
        let code = folder.parse::<Language>().ok().filter(|code| is_known(code))?;
        Some((code, rest.to_owned()))
    };
    let (translated, own): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| of(path).is_some());
    let mut chosen: BTreeMap<String, String> =
        own.into_iter().map(|(path, text)| (path.clone(), text.clone())).collect();
    for (path, text) in translated {
        if let Some((_, rest)) = of(path).filter(|(code, _)| code == language) {
            chosen.insert(rest, text.clone());
        }
    }
    chosen
}
