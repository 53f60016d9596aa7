/// The extension of a template that becomes Typst source.
pub(crate) const TYPST_TEMPLATE: &str = ".typ.j2";

/// True for a file of sentences that every format of a report uses; the templates of each format arrange them.
pub(crate) fn is_words(path: &str) -> bool {
    path.contains("/words/") && path.ends_with(".j2")
}

/// The extensions of templates for browser pages, parts of pages and email text, which use the usual `{{ value }}`.
const EXTENSIONS: [&str; 4] = [".html.j2", ".css.j2", ".js.j2", ".txt.j2"];

/// True for the template of a page or an email text, which no report can see.
pub(super) fn is_page(path: &str) -> bool {
    EXTENSIONS.iter().any(|extension| path.ends_with(extension))
}
