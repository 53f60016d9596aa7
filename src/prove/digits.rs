use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::pieces::{Pieces, around, is_whole};
use super::readback::{Part, Passage};
use super::{Claim, Doubt, Readback};
use crate::model::{Fact, PartId, Section, SectionPart};
use crate::words::{Lexicon, filled};

/// Checks that every group of digits in a report is the printed form of one of its facts, part of a fixed text,
/// question, answer, name or date, or the number of a page or figure. In a figure only the facts of the questions
/// that it shows count, and in a section only those of that section.
pub(super) fn digits(readback: &Readback, claim: Claim<'_>, written: &[String]) -> Vec<Doubt> {
    let words = words(claim, written, readback);
    let mut forms: BTreeMap<Scope, Forms> = BTreeMap::new();
    let mut doubts = Vec::new();
    let mut check = |scope: Scope, text: &str, page: &dyn Fn(usize) -> Option<usize>| {
        let forms = forms.entry(scope.clone()).or_insert_with(|| Forms::of(&scope, claim));
        for group in groups(text) {
            if !words.cover(text, &group) && !forms.cover(text, &group, claim.words) {
                doubts.push(Doubt { page: page(group.start), problem: reported(text, &group, &scope) });
            }
        }
    };
    for passage in &readback.passages {
        let page = |offset| passage.page(offset);
        check(Scope::of(passage, claim), &passage.text, &page);
    }
    for alternative in &readback.alternatives {
        check(Scope::Report, alternative, &|_| None);
    }
    doubts
}

/// The beginning of the id of what follows a figure; the id of the figure follows.
const AFTER: &str = "after/";

/// Where a number may come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// Anywhere in the report.
    Report,
    /// A section, by its id, and those that share its page.
    Section(Vec<String>),
    /// A figure, by the ids of the questions whose answers it shows.
    Figure(Vec<String>),
    /// The list of areas: only the numbers of those that took part.
    Areas,
    /// Page furniture: only the number of the page, from 1.
    Furniture(usize),
}

impl Scope {
    /// Where the numbers of a passage may come from, by the id of its part.
    fn of(passage: &Passage, claim: Claim<'_>) -> Self {
        let id = match &passage.part {
            Part::Opening => return Self::Report,
            Part::Furniture(page) => return Self::Furniture(*page),
            Part::Named(id) => id,
        };
        if *id == PartId::Areas.to_string() {
            return Self::Areas;
        }
        let content = &claim.model.content;
        let sections = content.sections();
        let has = |section: &SectionPart<'_>, id: &str| {
            section.figures.iter().any(|number| PartId::Figure(*number).to_string() == id)
        };
        // What follows a figure belongs to the section that the figure is in.
        let section = sections.iter().find(|section| match id.strip_prefix(AFTER) {
            Some(figure) => has(section, figure),
            None => PartId::Section(section.id).to_string() == *id,
        });
        let mut figures = content.figures().into_iter();
        let figure = figures.find(|figure| PartId::Figure(figure.number()).to_string() == *id);
        let of_section = section.map(|section| {
            let questionnaire = &claim.evaluation.questionnaire;
            let with = |other: &&Section| other.with.is_some_and(|page| questionnaire[page].id == section.id);
            let others = questionnaire.sections.iter().filter(with).map(|other| other.id.clone());
            Self::Section([section.id.to_owned()].into_iter().chain(others).collect())
        });
        let of_figure = figure.map(|figure| Self::Figure(figure.questions().to_vec()));
        of_section.or(of_figure).unwrap_or(Self::Report)
    }
}

/// The printed forms of facts.
struct Forms {
    pieces: Pieces,
    /// Counts and bases: whole numbers, never percentages.
    numbers: BTreeSet<String>,
}

impl Forms {
    fn of(scope: &Scope, claim: Claim<'_>) -> Self {
        let mut forms = Self { pieces: Pieces::default(), numbers: BTreeSet::new() };
        let within = |fact: &&Fact| match scope {
            Scope::Report => true,
            Scope::Section(ids) => ids.contains(&fact.section),
            Scope::Figure(ids) => {
                !fact.questions.is_empty() && fact.questions.iter().all(|question| ids.contains(question))
            }
            Scope::Areas => fact.id.starts_with("response/"),
            Scope::Furniture(_) => false,
        };
        for fact in claim.model.facts.iter().filter(within) {
            forms.pieces.add(&fact.printed, groups);
            forms.pieces.add(&fact.prose, groups);
            let own = fact.id.starts_with("own/") || fact.id.starts_with("planning/");
            // An area's own count is always printed beside its base, never alone.
            let numbers = [fact.count.filter(|_| !own), fact.base];
            forms.numbers.extend(numbers.into_iter().flatten().map(|number| claim.words.digits(number)));
        }
        match scope {
            Scope::Furniture(page) => drop(forms.numbers.insert(page.to_string())),
            // A name may have a number in it.
            Scope::Areas => {
                let areas = claim.evaluation.register.areas.iter();
                areas.for_each(|area| forms.pieces.add(&area.name, groups));
            }
            Scope::Report | Scope::Section(_) | Scope::Figure(_) => {}
        }
        forms
    }

    fn cover(&self, text: &str, group: &Range<usize>, words: &Lexicon) -> bool {
        let around = text.get(..group.start).zip(text.get(group.end..));
        let percentage = around.is_some_and(|(before, after)| words.is_percentage(before, after));
        self.pieces.cover(text, group)
            || !percentage && is_whole(text, group) && self.numbers.contains(&text[group.clone()])
    }
}

/// Texts that are printed as written, the numbers of areas in the policy, and the numbers of figures and pages.
fn words(claim: Claim<'_>, written: &[String], readback: &Readback) -> Pieces {
    let model = claim.model;
    let mut words = Pieces::default();
    let mut add = |text: &str| words.add(text, groups);
    written.iter().for_each(|text| add(text));
    let policy = &model.evaluation.disclosure;
    for number in [policy.minimum_others, policy.colluding_areas].map(|number| claim.words.digits(number)) {
        claim.words.areas.iter().for_each(|areas| add(&format!("{number} {areas}")));
    }
    let figure = &claim.words.figure;
    for number in 1..=crate::chart::charts(model).len() {
        add(&format!("{figure} {number}."));
        add(&format!("({} {number})", figure.to_lowercase()));
        add(&filled(&claim.words.figure_ends, &[("number", &number.to_string())]));
    }
    for number in 1..=readback.pages() {
        add(&filled(&claim.words.page, &[("number", &number.to_string())]));
    }
    // The parts are numbered from 1; headings within them have no numbers.
    let mut next = 1;
    for heading in &readback.headings {
        if heading.starts_with(&format!("{next}. ")) {
            add(heading);
            add(&filled(&claim.words.part, &[("number", &next.to_string())]));
            next += 1;
        }
    }
    words
}

/// The groups of digits in a text, including commas or full stops between thousands.
pub(super) fn groups(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut groups = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        while digit(at)
            || matches!(bytes.get(at), Some(b',' | b'.')) && (1..=3).all(|n| digit(at + n)) && !digit(at + 4)
        {
            at += 1;
        }
        groups.push(start..at);
    }
    groups
}

fn reported(text: &str, group: &Range<usize>, scope: &Scope) -> String {
    let of = match scope {
        Scope::Report | Scope::Areas | Scope::Furniture(_) => "this report".to_owned(),
        Scope::Section(ids) => format!("section '{}'", ids.join("', '")),
        Scope::Figure(ids) => format!("the questions '{}'", ids.join("', '")),
    };
    format!("the digits '{}' in '{}' are no fact of {of}", &text[group.clone()], around(text, group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_their_thousands() {
        let found =
            |text: &str| groups(text).into_iter().map(|group| text[group].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("71% of 1,185 in 2007-2008, 3 of 9"), ["71", "1,185", "2007", "2008", "3", "9"]);
        assert_eq!(found("1,23 and 4,5678; é12"), ["1", "23", "4", "5678", "12"]);
    }
}
