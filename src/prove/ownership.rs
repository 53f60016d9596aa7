use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::answers::Answers;
use super::pieces::{Pieces, around, counted, is_whole};
use super::readback::{DrawnText, Part, Passage, joined};
use super::{Claim, Doubt, Readback, identity};
use crate::chart::{self, stands_on_page};
use crate::model::{Answer, Area, FactSource, PartId, Register, ReportId, Subject};
use crate::pdf::spaced;

/// Finds the names of areas in text: whole names only, and the longest if one contains another.
#[derive(Debug)]
pub struct Names {
    search: AhoCorasick,
    /// Also finds a name inside another.
    nested: AhoCorasick,
    /// The names of the areas, then those of the regions, which are included only so that no area is found inside them.
    names: Vec<String>,
    areas: usize,
}

impl Names {
    /// Collects the names in a register.
    ///
    /// # Errors
    /// Returns an error if there are too many to search for at once.
    pub fn of(register: &Register) -> Result<Self, String> {
        let areas: Vec<&str> = register.areas.iter().map(|area| area.name.as_str()).collect();
        let regions: Vec<&str> = register.regions.iter().map(|region| region.name.as_str()).collect();
        Self::new(&areas, &regions)
    }

    pub(super) fn new(areas: &[&str], regions: &[&str]) -> Result<Self, String> {
        let names: Vec<String> = areas.iter().chain(regions).map(|name| spaced(name)).collect();
        let search = |kind| AhoCorasick::builder().match_kind(kind).build(&names);
        let (search, nested) = (search(MatchKind::LeftmostLongest), search(MatchKind::Standard));
        let wrong = |error: aho_corasick::BuildError| error.to_string();
        Ok(Self { search: search.map_err(wrong)?, nested: nested.map_err(wrong)?, areas: areas.len(), names })
    }

    /// Every area that a text names, and where.
    pub(super) fn find(&self, text: &str) -> Vec<(&str, Range<usize>)> {
        // A name without letters looks like a number, and one of a single letter like an article.
        let is_word = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let found = self.search.find_iter(text).filter(|found| {
            found.pattern().as_usize() < self.areas && is_word(&self.names[found.pattern().as_usize()])
        });
        let found = found.map(|found| (self.names[found.pattern().as_usize()].as_str(), found.range()));
        found.filter(|(_, range)| is_whole(text, range)).collect()
    }
}

impl Names {
    /// Where a text contains the name of an area, even inside another name: a long name may be broken at the end of a
    /// line, and then only the shorter one is found.
    fn all_in(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.nested.find_overlapping_iter(text);
        let of_areas = found.filter(|found| found.pattern().as_usize() < self.areas);
        of_areas.map(|found| found.range()).collect()
    }
}

/// Checks that everything in a report belongs to its own subject (name and code, answers, charts and attached files) and
/// that no other area is named. A report about several areas may name them where it says who answered, and quotes none.
pub(super) fn ownership(readback: &Readback, claim: Claim<'_>, written: &[String]) -> Vec<Doubt> {
    let mut proof = Proof { claim, doubts: Vec::new() };
    proof.metadata(readback);
    proof.attachments(readback);
    proof.answers(readback, written);
    proof.charts(readback);
    proof.names(readback, written);
    proof.doubts
}

struct Proof<'a> {
    claim: Claim<'a>,
    doubts: Vec<Doubt>,
}

impl Proof<'_> {
    fn doubt(&mut self, page: Option<usize>, problem: impl Into<String>) {
        self.doubts.push(Doubt { page, problem: problem.into() });
    }

    /// Checks that the subject's name is on the first page and in the title, and its code in the keywords.
    fn metadata(&mut self, readback: &Readback) {
        let name = self.claim.evaluation.subject_name(self.claim.subject);
        if !shows(&readback.opening, &name) {
            self.doubt(Some(1), format!("the cover does not name {}", spaced(&name)));
        }
        for problem in identity::metadata(&readback.particulars, &name, &self.report_id()) {
            self.doubt(None, problem);
        }
    }

    /// The report that this should be, not the one it says it is.
    fn report_id(&self) -> ReportId {
        self.claim.evaluation.report_id(self.claim.model.id.kind, self.claim.subject)
    }

    /// Checks that the facts and the submission are attached with the right bytes, and nothing else, if the format
    /// holds files.
    fn attachments(&mut self, readback: &Readback) {
        let Some(attachments) = &readback.particulars.attachments else { return };
        let received = self.claim.submission.map(|submission| submission.received().as_bytes());
        let files = [self.claim.facts].into_iter().chain(received);
        let expected: BTreeMap<String, &[u8]> =
            identity::attached_names(&self.report_id()).into_iter().zip(files).collect();
        let attached: BTreeMap<String, &[u8]> =
            attachments.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
        for (name, bytes) in &expected {
            match attached.get(name) {
                None => self.doubt(None, format!("{name} is not attached")),
                Some(found) if found != bytes => {
                    self.doubt(None, format!("{name} is attached with other contents"))
                }
                Some(_) => {}
            }
        }
        for name in attached.keys().filter(|name| !expected.contains_key(*name)) {
            self.doubt(None, format!("{name} is attached and does not belong here"));
        }
    }

    /// Checks that what the model says about the area is what its submission says and, if all answers are printed, that
    /// all the free text is there.
    fn answers(&mut self, readback: &Readback, written: &[String]) {
        let Claim { evaluation, submission, model, words, .. } = self.claim;
        let Some(submission) = submission else { return self.no_answers(readback, written) };
        let answers = Answers::of(&evaluation.questionnaire, submission, words);
        for fact in model.facts.iter().filter(|fact| fact.id == format!("own/{}", fact.measure)) {
            if !answers.match_fact(fact) {
                self.doubt(None, format!("the fact '{}' is not what the submission says", fact.id));
            }
        }
        let Some(printed) = model.content.submission() else { return };
        if !answers.match_tables(printed) {
            self.doubt(None, "the answers in the appendix are not those of the submission");
        }
        // A line may have been broken inside a word: after a hyphen, or in a web address.
        let body = spaced(&readback.body());
        let unbroken = unspaced(&body);
        for (_, answer) in submission.iter() {
            if let Answer::Text(text) = answer
                && !unbroken.contains(&unspaced(text))
                && !shows(&body, text)
            {
                self.doubt(None, format!("the free text '{}' is not in the report", spaced(text)));
            }
        }
    }

    /// Checks that a report about several areas has no fact about a single one of them, and quotes none: what somebody wrote
    /// may also be a label or a sentence of the report itself.
    fn no_answers(&mut self, readback: &Readback, written: &[String]) {
        let Claim { evaluation, model, .. } = self.claim;
        for fact in model.facts.iter().filter(|fact| fact.source == FactSource::Submission) {
            self.doubt(None, format!("the fact '{}' is an answer of a single area", fact.id));
        }
        let body = unspaced(&readback.body());
        let own = LazyCell::new(|| written.iter().map(|text| unspaced(text)).collect::<Vec<_>>());
        for submission in &evaluation.submissions {
            for (_, answer) in submission.iter() {
                let Answer::Text(text) = answer else { continue };
                let quoted = unspaced(text);
                let is_said = quoted.chars().count() >= QUOTED && body.contains(&quoted);
                if is_said && !own.iter().any(|text| text.contains(&quoted)) {
                    let area = &evaluation.register[submission.area].name;
                    self.doubt(None, format!("the report has what somebody in {area} wrote, word for word"));
                }
            }
        }
    }

    /// Checks that every chart prints the labels and values of its own figure, in order.
    fn charts(&mut self, readback: &Readback) {
        let Some(charts) = &readback.charts else { return };
        for figure in chart::charts(self.claim.model) {
            let id = PartId::Figure(figure.number).to_string();
            let mut drawn = charts.iter().filter(|(of, _)| *of == id).map(|(_, chart)| chart).peekable();
            if drawn.peek().is_none() {
                self.doubt(None, format!("figure {} has no chart", figure.number));
            }
            drawn.for_each(|chart| self.chart(&figure, chart));
        }
    }

    /// Checks that a chart prints the labels and values of its figure, in order.
    fn chart(&mut self, figure: &chart::Chart<'_>, chart: &DrawnText) {
        let drawn = unspaced(&chart.drawn);
        let mut from = 0;
        for text in figure.printed() {
            let by_page = stands_on_page(&text);
            let text: String = unspaced(&text).chars().take(LABEL).collect();
            match drawn.get(from..).and_then(|rest| end_of(&text, rest)) {
                _ if by_page && shows(&chart.overlay, &text) => {}
                // Whatever needs the page may be what was cut.
                Some(end) => from += end,
                _ => {
                    let problem = format!("the chart of figure {} lacks '{text}'", figure.number);
                    self.doubt(chart.page, problem);
                    break;
                }
            }
        }
    }

    /// Checks that no other area is named, unless the name is also a word that somebody wrote, such as "Reading".
    fn names(&mut self, readback: &Readback, written: &[String]) {
        let Claim { evaluation, subject, names, .. } = self.claim;
        let own = spaced(&evaluation.subject_name(subject));
        let its_areas = self.names_of_its_areas();
        let mut words = Pieces::default();
        for text in written {
            words.add(text, |text| names.all_in(text));
        }
        // These are needed only for a name that no text covers.
        let texts = LazyCell::new(|| written.iter().map(|text| spaced(text)).collect::<Vec<_>>());
        let who_answered = |passage: &&Passage| {
            !its_areas.is_empty() && passage.part == Part::Named(PartId::Areas.to_string())
        };
        let listed = readback.aloud().filter(who_answered).map(|passage| (passage.text.as_str(), true));
        let body = joined(readback.aloud().filter(|passage| !who_answered(passage)));
        let alternatives = readback.alternatives.iter().map(String::as_str);
        let elsewhere = readback.furniture().chain(alternatives).chain([&*readback.particulars.metadata]);
        let elsewhere = elsewhere.chain([body.as_str()]).map(|text| (text, false));
        for (text, may_list) in elsewhere.chain(listed) {
            for (name, range) in names.find(text) {
                let is_own = name == own || may_list && its_areas.contains(name);
                if !is_own && !words.cover(text, &range) && !Self::is_made_of_others(name, &own, &texts) {
                    let around = around(text, &range);
                    self.doubt(None, format!("the report of {own} names {name}, in '{around}'"));
                }
            }
        }
    }

    /// The names of the areas of a region or of the nation, which its report lists; none for an area or a sector.
    fn names_of_its_areas(&self) -> BTreeSet<String> {
        let in_subject = |area: &&Area| match self.claim.subject {
            Subject::Region(region) => area.region == region,
            Subject::Nation => true,
            Subject::Area(_) | Subject::Sector(_) => false,
        };
        let areas = self.claim.evaluation.register.areas.iter().filter(in_subject);
        areas.map(|area| spaced(&area.name)).collect()
    }

    /// True for a name made of a word and a number, such as "Board 7", if the word is the area's own name or was
    /// written by somebody: the number may be a figure beside it. Also true for a name formed by two texts side by
    /// side: "Lower" in one cell and "Moor" in the next, or the area's own name and its region's.
    fn is_made_of_others(name: &str, own: &str, texts: &[String]) -> bool {
        let whole = |text: &str, word: &str| {
            text.match_indices(word).any(|(at, word)| is_whole(text, &(at..at + word.len())))
        };
        let word = name.trim_matches(|c: char| !c.is_alphabetic());
        if word.len() < name.len() && !word.is_empty() {
            return word == own || texts.iter().any(|text| whole(text, word));
        }
        name.match_indices(' ').any(|(space, _)| {
            let (left, right) = (name[..space].trim_end_matches(','), &name[space + 1..]);
            texts.iter().any(|text| text == left) && texts.iter().any(|text| text.starts_with(right))
        })
    }
}

/// How many characters without spaces a free text must have to be recognised as one.
const QUOTED: usize = 20;

/// How many characters of a label are looked for in a chart, and the fewest that it shows of a label that it cuts.
const LABEL: usize = 24;
const SHORTEST: usize = 8;

/// True when a text is among what was drawn: a line may be broken anywhere, and in right-to-left text punctuation may
/// be on the other side of a word.
fn shows(drawn: &str, text: &str) -> bool {
    let counts = counted(text);
    let of = |text: &str| spaced(text).chars().filter(|c| counts(*c)).collect::<String>();
    of(drawn).contains(&of(text))
}

/// Where the beginning of a label ends in what was drawn, both without spaces: a label that is too long for its place
/// ends in an ellipsis.
fn end_of(label: &str, drawn: &str) -> Option<usize> {
    let whole = drawn.find(label).map(|at| at + label.len());
    let cut = || {
        let lengths = (SHORTEST..label.chars().count()).rev();
        let mut cuts = lengths.map(|length| label.chars().take(length).chain(['…']).collect::<String>());
        cuts.find_map(|cut| drawn.find(&cut).map(|at| at + cut.len()))
    };
    whole.or_else(cut)
}

/// A text without its spaces.
pub(super) fn unspaced(text: &str) -> String {
    spaced(text).split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_label_is_found_by_what_is_left_of_it() {
        assert_eq!(end_of("Lackoftime", "5of8Lackoftime6of8"), Some(14));
        assert_eq!(end_of("Lackoftime,money", "5of8Lackoftime,…6of8"), Some(18));
        assert_eq!(end_of("Lackoftime,money", "5of8Lackofti6of8"), None, "it breaks off without an ellipsis");
        assert_eq!(end_of("Lackoftime,money", "5of8Lack…6of8"), None, "too little of it is left");
    }
}
