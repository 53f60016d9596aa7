use std::collections::BTreeMap;
use std::rc::Rc;

use crate::aggregate::disclosure::block::{Block, CountedFrom};
use crate::aggregate::disclosure::reply::Reply;
use crate::model::OptionSet;

/// How many units of one kind are kept for a leaf: enough to avoid those of a coalition and those already used.
const OF_A_KIND: usize = 12;

/// Interchangeable respondents, by leaf and by what is being looked for.
#[derive(Default)]
pub(in super::super) struct Shortlists {
    kinds: BTreeMap<Kind, usize>,
    lists: BTreeMap<(usize, usize, usize), Rc<Shortlist>>,
}

/// A few respondents of each kind in a leaf.
pub(super) type Shortlist = Vec<(Numbered, Vec<usize>)>;

/// What interchangeable respondents have in common: whether the column counts them, what they replied, and which
/// columns of tallies count them.
pub(super) type Kind = (bool, Reply, Vec<usize>);

/// A kind identified by its number, with the details that the search needs.
#[derive(Clone, Copy)]
pub(super) struct Numbered {
    pub(super) number: usize,
    pub(super) counted: bool,
    pub(super) reply: Reply,
}

/// A question through which a column can be changed, with the options that count there; empty for "don't know".
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub(super) question: usize,
    pub(super) options: OptionSet,
    pub(super) column: usize,
}

impl Shortlists {
    /// The respondents in a leaf, grouped into those who are interchangeable for an axis.
    pub(super) fn of(&mut self, block: &Block, axis: Axis, leaf: usize) -> Rc<Shortlist> {
        let Self { kinds, lists } = self;
        let list = lists.entry((axis.question, axis.column, leaf)).or_insert_with(|| {
            let list = shortlist(block, axis, leaf).into_iter().map(|(kind, units)| {
                let (counted, reply, next) = (kind.0, kind.1, kinds.len());
                (Numbered { number: *kinds.entry(kind).or_insert(next), counted, reply }, units)
            });
            Rc::new(list.collect())
        });
        Rc::clone(list)
    }
}

/// The questions through which a column can be changed.
pub(super) fn axes(block: &Block, column: usize) -> Vec<Axis> {
    let family = &block.families[block.columns[column].family];
    match &family.counted_from {
        CountedFrom::Question { question, counted } => {
            let cell = column - family.columns.start;
            let of_cell = (cell < block.questions[*question].options).then(|| OptionSet::of(cell));
            let counted = counted.iter().find(|(_, counted)| *counted == column).map(|(options, _)| *options);
            let options = counted.or(of_cell).unwrap_or_default();
            vec![Axis { question: *question, options, column }]
        }
        CountedFrom::Tally { parts, .. } => parts
            .iter()
            .map(|(question, options)| Axis { question: *question, options: *options, column })
            .collect(),
    }
}

/// The respondents in a leaf by kind. Those whose reply led to the fewest others come first, as least changes with
/// them.
fn shortlist(block: &Block, axis: Axis, leaf: usize) -> Vec<(Kind, Vec<usize>)> {
    let question = &block.questions[axis.question];
    let is_tally = |column: usize| {
        let family = &block.families[block.columns[column].family];
        matches!(family.counted_from, CountedFrom::Tally { .. }) && column != family.base
    };
    let of_tally = is_tally(axis.column);
    let mut kinds: BTreeMap<Kind, Vec<(u32, usize)>> = BTreeMap::new();
    for index in block.leaves[leaf].units.iter().copied() {
        let unit = &block.units[index];
        let reply = unit.replies[axis.question];
        if reply.is_missing() && !(of_tally && unit.responded && block.is_asked(&unit.replies, axis.question))
        {
            continue;
        }
        let tallies = unit.bits.iter().filter(|column| is_tally(*column)).collect();
        // If several options may be chosen, it matters whether one can be removed or added.
        let alike = match reply {
            Reply::Chosen(chosen) if question.multiple && chosen.len() > 1 => {
                Reply::Chosen(OptionSet::of(0).union(OptionSet::of(1)))
            }
            other => other,
        };
        let led_to = block.led_to(&unit.replies, axis.question);
        kinds.entry((unit.bits.has(axis.column), alike, tallies)).or_default().push((led_to, index));
    }
    let first = |mut units: Vec<(u32, usize)>| {
        units.sort_unstable();
        units.truncate(OF_A_KIND);
        units.into_iter().map(|(_, unit)| unit).collect()
    };
    kinds.into_iter().map(|(kind, units)| (kind, first(units))).collect()
}
