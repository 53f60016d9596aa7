use crate::aggregate::disclosure::block::Block;
use crate::model::OptionSet;

/// Adds an option to those chosen; `None` if that is impossible.
pub(super) fn add(block: &Block, question: usize, option: usize) -> impl Fn(OptionSet) -> Option<OptionSet> {
    let none = block.questions[question].none;
    move |chosen| {
        let excluded = none.is_some_and(|none| none == option || chosen.contains(none));
        (!excluded).then(|| chosen.union(OptionSet::of(option)))
    }
}

/// Removes options from those chosen; `None` if none would be left.
pub(super) fn remove(chosen: OptionSet, options: OptionSet) -> Option<OptionSet> {
    Some(chosen.without(options)).filter(|left| !left.is_empty())
}
