use super::layer_changes::item_changes;
use super::words::WordChange;
use crate::page::Page;
use crate::pdf::Item;

/// The section for how a web page is built.
const MARKUP: &str = "Markup of the page";

/// The section for what is about a web page and not on it.
const ABOUT: &str = "Title, description and keywords";

/// The elements of a web page that differ, with their attributes, each kind of change once, and what is said about it.
pub(super) fn markup_changes(was: &Page, is: &Page, names: &[&str]) -> Vec<WordChange> {
    let item = |text: &String| Item { text: text.clone(), like: text.clone() };
    let items = |page: &Page| page.structure.iter().map(item).collect::<Vec<_>>();
    let about = |page: &Page| vec![item(&page.metadata)];
    let mut changes = item_changes(ABOUT, &about(was), &about(is), names);
    changes.extend(item_changes(MARKUP, &items(was), &items(is), names));
    changes
}
