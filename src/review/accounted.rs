use std::collections::BTreeSet;

use super::masks::{bare, digits};
use crate::model::{Comparison, Fact, thousands};
use crate::publish::FigureChange;

/// What the figures of a report that moved print differently: each form before, with the one that replaced it. Words
/// that differ exactly by these follow from the figures, and no other words do.
#[derive(Default)]
pub(super) struct MovedForms {
    forms: BTreeSet<[Vec<String>; 2]>,
    /// The ids of the figures that moved.
    moved: BTreeSet<String>,
}

impl MovedForms {
    /// The forms of the figures that moved, from all facts of a report before and now.
    pub(super) fn of(figures: &[FigureChange], was: &[Fact], is: &[Fact]) -> Self {
        let mut moved = Self::default();
        for figure in figures {
            moved.moved.insert(figure.id.clone());
            let fact = |facts: &[Fact]| facts.iter().find(|fact| fact.id == figure.id).map(forms);
            let (Some(old), Some(new)) = (fact(was), fact(is)) else { continue };
            for (old, new) in old.into_iter().zip(new) {
                let forms = [old, new].map(|form| form.split_whitespace().map(plain).collect::<Vec<_>>());
                if forms.iter().all(|form| !form.is_empty()) && forms[0] != forms[1] {
                    moved.forms.insert(forms);
                }
            }
        }
        moved
    }

    /// True if no figure moved.
    pub(super) fn is_empty(&self) -> bool {
        self.moved.is_empty()
    }

    /// True if the facts that did not move are exactly the same.
    pub(super) fn are_all_that_differs(&self, was: &[Fact], is: &[Fact]) -> bool {
        let mut kept = [was, is].map(|facts| facts.iter().filter(|fact| !self.moved.contains(&fact.id)));
        let [was, is] = &mut kept;
        was.eq(is)
    }

    /// True if a text differs from another one exactly by forms of figures that moved.
    pub(super) fn account_for(&self, was: &str, is: &str) -> bool {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (was, is) = (words(was), words(is));
        was.len().max(is.len()) <= LONGEST && !was.is_empty() && !is.is_empty() && self.lead_to(&was, &is)
    }

    fn lead_to(&self, was: &[String], is: &[String]) -> bool {
        if was.is_empty() || is.is_empty() {
            return was.is_empty() && is.is_empty();
        }
        if was[0] == is[0] && self.lead_to(&was[1..], &is[1..]) {
            return true;
        }
        self.forms.iter().any(|[old, new]| {
            let (old, new) = (old.len(), new.len());
            was.len() >= old
                && is.len() >= new
                && self.is_form(&was[..old], &is[..new])
                && self.lead_to(&was[old..], &is[new..])
        })
    }

    /// True if words are a form and the one that replaced it, within the same marks.
    fn is_form(&self, was: &[String], is: &[String]) -> bool {
        let form = |words: &[String]| words.iter().map(|word| plain(word)).collect::<Vec<_>>();
        marks(was) == marks(is) && self.forms.contains(&[form(was), form(is)])
    }
}

/// The longest text, in words, that is compared with the forms of figures.
const LONGEST: usize = 120;

/// All forms in which a report may print a fact, in the same order for every fact.
fn forms(fact: &Fact) -> [String; 6] {
    let number = |number: Option<u32>| number.map(thousands).unwrap_or_default();
    [
        fact.printed.clone(),
        fact.prose.clone(),
        fact.reading.map(Comparison::word).unwrap_or_default().to_owned(),
        number(fact.count),
        number(fact.base),
        number(fact.percent),
    ]
}

/// A word without marks round it; a number in words is in digits.
fn plain(word: &str) -> String {
    digits(bare(word)).to_lowercase()
}

/// The marks before the first and after the last word of a text.
fn marks(words: &[String]) -> Option<(&str, &str)> {
    let (first, last) = (words.first()?, words.last()?);
    let start = first.find(bare(first)).unwrap_or_default();
    let end = last.rfind(bare(last)).map_or(last.len(), |at| at + bare(last).len());
    Some((&first[..start], &last[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(forms: &[(&str, &str)]) -> MovedForms {
        let form = |text: &str| text.split_whitespace().map(plain).collect::<Vec<_>>();
        let forms = forms.iter().map(|(was, is)| [form(was), form(is)]).collect();
        MovedForms { forms, moved: BTreeSet::from(["a".to_owned()]) }
    }

    #[test]
    fn only_what_moved_figures_print_is_accounted_for() {
        let moved = moved(&[("54%", "55%"), ("77", "79"), ("2", "3"), ("higher", "similar"), ("[c]", "54%")]);
        let accounted = |was, is| moved.account_for(was, is);
        assert!(accounted("54% (77 of 143)", "55% (79 of 143)"));
        assert!(accounted("two of higher,", "three of similar,"));
        assert!(accounted("[c]", "54%"));
        assert!(!accounted("2024", "2025"));
        assert!(!accounted("20%", "90%"));
        assert!(!accounted("54%", "79%"));
        assert!(!accounted("54% of all", "55% of"));
        assert!(!accounted("(77", "79"));
        assert!(!accounted("", "79"));
    }
}
