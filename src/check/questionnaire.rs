use super::{number, suggestion, text};
use crate::model::{
    AnswerOption, Asked, Base, Definition, Measure, OptionSet, Planning, Polarity, Profile, Provenance,
    Question, QuestionIndex, QuestionKind, Questionnaire, Route, Section, SectionIndex, Sector, SectorIndex,
    Submission,
};
use crate::problem::{Place, Problem};
use crate::read::{At, RawMeasure, RawOption, RawQuestion, RawQuestionnaire};

const FILE: &str = "questionnaire.toml";

/// How many tables of a kind a questionnaire may have, besides those that [`Submission`] limits: what a report can print.
const MOST_SECTIONS: usize = 500;
const MOST_CHARTS: usize = 500;
const MOST_MEASURES: usize = 10_000;
const MOST_KEY_FIGURES: usize = 300;

/// Checks `questionnaire.toml`. `None` when anything in it is wrong: statistics need all of it.
pub(super) fn questionnaire(raw: &RawQuestionnaire, problems: &mut Vec<Problem>) -> Option<Questionnaire> {
    let sound_so_far = problems.iter().all(|problem| problem.place.file != FILE);
    let mut builder = Builder { questionnaire: Questionnaire::default(), problems: Vec::new() };
    for At { line, value } in &raw.sectors {
        builder.id(*line, &value.id, "sector");
        builder.text(*line, "name", &value.name, text::LONGEST_NAME);
        builder.questionnaire.sectors.push(Sector { id: value.id.clone(), name: value.name.clone() });
    }
    for At { line, value } in &raw.sections {
        builder.id(*line, &value.id, "section");
        builder.text(*line, "title", &value.title, text::LONGEST_NAME);
        if PARTS_BEFORE.contains(&value.title.trim()) {
            let message = "the report has a part of its own with this title";
            builder.error(*line, "title", "reserved-title", message, &value.title);
        }
        builder.questionnaire.sections.push(Section { id: value.id.clone(), title: value.title.clone() });
    }
    for At { line, value } in &raw.questions {
        builder.question(*line, value);
    }
    builder.distributions();
    for At { line, value } in &raw.measures {
        builder.measure(*line, value);
    }
    for (name, empty) in [
        ("sector", raw.sectors.is_empty()),
        ("section", raw.sections.is_empty()),
        ("question", raw.questions.is_empty()),
    ] {
        if empty {
            let message = format!("there is no [[{name}]] table");
            builder.problems.push(Problem::error("empty-questionnaire", Place::file(FILE), message));
        }
    }
    let charts = raw.questions.iter().filter(|question| question.value.chart).count();
    let key_figures = raw.measures.iter().filter(|measure| measure.value.key_figure).count();
    let numbers = [
        ("[[sector]] tables", raw.sectors.len(), Submission::MOST_SECTORS),
        ("[[section]] tables", raw.sections.len(), MOST_SECTIONS),
        ("[[question]] tables", raw.questions.len(), Submission::MOST_QUESTIONS),
        ("questions with a chart", charts, MOST_CHARTS),
        ("[[measure]] tables", raw.measures.len(), MOST_MEASURES),
        ("key figures", key_figures, MOST_KEY_FIGURES),
    ];
    for (what, number, most) in numbers.into_iter().filter(|(_, number, most)| number > most) {
        let message = format!("there are {number} {what}; at most {most} are allowed");
        builder.problems.push(Problem::error("too-many", Place::file(FILE), message));
    }
    let sound = sound_so_far && builder.problems.is_empty();
    problems.append(&mut builder.problems);
    sound.then_some(builder.questionnaire)
}

/// The measure of how the answers to a closed question are distributed: it has the words of the question.
pub(super) fn distribution(index: QuestionIndex, question: &Question) -> Measure {
    let mut cells = question.options.clone();
    if question.dont_know {
        cells.push(AnswerOption { id: "dont-know".to_owned(), label: "Don't know".to_owned() });
    }
    Measure {
        id: question.id.clone(),
        section: question.section,
        label: question.title.clone(),
        definition: Definition::Distribution(index),
        cells,
        polarity: None,
        base: question.base.clone(),
        key_figure: false,
    }
}

/// The parts of a report that stand before the sections.
const PARTS_BEFORE: [&str; 3] = ["At a glance", "Contents", "How to read this report"];

/// A questionnaire while it is put together; ids are looked up in what stands above them in the file.
struct Builder {
    questionnaire: Questionnaire,
    problems: Vec<Problem>,
}

impl Builder {
    fn question(&mut self, line: u64, raw: &RawQuestion) {
        self.id(line, &raw.id, "question");
        self.text(line, "text", &raw.text, text::LONGEST_WORDING);
        self.text(line, "title", &raw.title, text::LONGEST_NAME);
        raw.base.iter().for_each(|base| self.text(line, "base", base, text::LONGEST_NAME));
        let section = self.section(line, &raw.section);
        let sectors = self.sectors(line, raw.sectors.as_deref());
        let kinds = [
            ("single", QuestionKind::Single),
            ("multiple", QuestionKind::Multiple),
            ("grid", QuestionKind::Grid),
            ("text", QuestionKind::Text),
        ];
        let kind = self.word(line, "kind", &raw.kind, &kinds);
        let asked = [("strategic-lead", Asked::StrategicLead), ("managers", Asked::Managers(sectors))];
        let asked = self.word(line, "asked", &raw.asked, &asked);
        // Which assessment a finding was published from is for those who read the questionnaire: a report says who was asked.
        if let Some(source) = &raw.source {
            self.word(line, "source", source, &["lead", "managers", "both"].map(|word| (word, ())));
        }
        let provenances = [("original", Provenance::Original), ("illustrative", Provenance::Illustrative)];
        let provenance = self.word(line, "provenance", &raw.provenance, &provenances);
        let options = self.options(line, "options", &raw.options);
        let route = raw.route.as_ref().and_then(|route| {
            let question = self.earlier_question(line, &route.question)?;
            let options = self.counted(line, "route", question, &route.options)?;
            if asked.as_ref().is_some_and(|asked| !covers(&self.questionnaire[question].asked, asked)) {
                let message = "it is asked of respondents who were not asked the question that leads to it";
                self.error(line, "route", "wrong-route", message, &route.question);
            }
            Some(Route { question, options })
        });
        let (Some(kind), Some(asked), Some(provenance), Some(section)) = (kind, asked, provenance, section)
        else {
            return;
        };
        if kind.is_closed() == raw.options.is_empty() {
            self.error(
                line,
                "options",
                "wrong-options",
                "closed questions have options, and free text has none",
                "",
            );
        }
        if kind.rates_sectors() && asked != Asked::StrategicLead {
            self.error(
                line,
                "asked",
                "wrong-grid",
                "only the strategic lead rates sectors in a grid",
                &raw.asked,
            );
        }
        let profile = raw.profile.as_ref().map(|profile| {
            if kind != QuestionKind::Single || asked == Asked::StrategicLead {
                let message = "only single-choice questions to managers have a column in the sector profile";
                self.error(line, "profile", "wrong-profile", message, &profile.title);
            }
            self.text(line, "profile", &profile.title, text::LONGEST_NAME);
            let mut named = |ids| self.named_options(line, "profile", &options, ids);
            let (in_place, begun) = (named(&profile.in_place), named(&profile.begun));
            if in_place.is_empty() || begun.is_empty() || in_place.iter().any(|option| begun.contains(option))
            {
                let message = "a profile has options that are in place and others that are begun";
                self.error(line, "profile", "wrong-profile", message, &profile.title);
            }
            Profile { title: profile.title.clone(), in_place, begun }
        });
        if raw.chart && !kind.is_closed() {
            let message = "free text has no chart";
            self.error(line, "chart", "wrong-chart", message, &raw.id);
        }
        let plannings = [("helps", Planning::Helps), ("hinders", Planning::Hinders)];
        let planning = raw.planning.as_ref().and_then(|word| {
            if !kind.takes_several() {
                let message = "only questions with several answers are listed for planning";
                self.error(line, "planning", "wrong-planning", message, word);
            }
            self.word(line, "planning", word, &plannings)
        });
        let base = match (&raw.base, &asked, kind) {
            (Some(words), ..) => Base::Declared(words.clone()),
            (None, _, QuestionKind::Grid) => Base::Ratings,
            (
                None,
                Asked::StrategicLead,
                QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text,
            ) => Base::Leads,
            (
                None,
                Asked::Managers(_),
                QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text,
            ) => Base::Managers,
        };
        self.questionnaire.add_question(Question {
            id: raw.id.clone(),
            section,
            text: raw.text.clone(),
            title: raw.title.clone(),
            asked,
            kind,
            options,
            ordered: raw.ordered,
            dont_know: raw.dont_know,
            not_applicable: raw.not_applicable,
            route,
            base,
            provenance,
            chart: raw.chart,
            profile,
            planning,
        });
    }

    /// Every closed question has a measure of its own: how its answers are distributed.
    fn distributions(&mut self) {
        let questions = self.questionnaire.questions.iter().enumerate();
        let closed: Vec<Measure> = questions
            .filter(|(_, question)| question.kind.is_closed())
            .map(|(i, question)| distribution(QuestionIndex(i), question))
            .collect();
        closed.into_iter().for_each(|measure| self.questionnaire.add_measure(measure));
    }

    fn measure(&mut self, line: u64, raw: &RawMeasure) {
        self.id(line, &raw.id, "measure");
        self.text(line, "label", &raw.label, text::LONGEST_LABEL);
        raw.base.iter().for_each(|base| self.text(line, "base", base, text::LONGEST_NAME));
        let polarities = [
            ("more-is-further-on", Polarity::MoreIsFurtherOn),
            ("more-is-less-far-on", Polarity::MoreIsLessFarOn),
        ];
        let polarity = raw.polarity.as_ref().and_then(|word| self.word(line, "polarity", word, &polarities));
        let (definition, section, cells, base) = match (&raw.question, raw.tally.is_empty()) {
            (Some(id), true) => {
                if !raw.cells.is_empty()
                    || raw.section.is_some()
                    || raw.base.is_some()
                    || raw.at_least.is_some()
                {
                    let message = "cells, section, base and at-least belong to a tally";
                    self.error(line, "question", "wrong-measure", message, &raw.id);
                }
                let Some(question) = self.earlier_question(line, id) else { return };
                let Some(options) = self.counted(line, "counts", question, &raw.counts) else { return };
                let asked = &self.questionnaire[question];
                let cell = AnswerOption { id: String::new(), label: raw.label.clone() };
                (Definition::Counted { question, options }, asked.section, vec![cell], asked.base.clone())
            }
            (None, false) => {
                let Some(tally) = self.tally(line, raw) else { return };
                tally
            }
            _ => {
                let message = "a measure has either question and counts, or tally and cells";
                self.error(line, "question", "wrong-measure", message, &raw.id);
                return;
            }
        };
        self.questionnaire.add_measure(Measure {
            id: raw.id.clone(),
            section,
            label: raw.label.clone(),
            definition,
            cells,
            polarity,
            base,
            key_figure: raw.key_figure,
        });
    }

    fn tally(
        &mut self,
        line: u64,
        raw: &RawMeasure,
    ) -> Option<(Definition, SectionIndex, Vec<AnswerOption>, Base)> {
        let mut of = Vec::new();
        for id in &raw.tally {
            match self.questionnaire.measure(id) {
                Some(index) if matches!(self.questionnaire[index].definition, Definition::Counted { .. }) => {
                    of.push(index);
                }
                _ => {
                    let known = self.questionnaire.measures.iter().map(|m| m.id.clone()).collect::<Vec<_>>();
                    let message = "a tally is made of measures that count options, declared above it";
                    self.unknown(line, "tally", "unknown-measure", message, id, &known);
                }
            }
        }
        let cells = self.options(line, "cells", &raw.cells);
        if cells.len() != raw.tally.len() + 2 {
            let message =
                "a tally has a cell for each number from none to all, and one for those who cannot be told";
            self.error(line, "cells", "wrong-measure", message, &raw.id);
        }
        let section = raw.section.as_ref().and_then(|id| self.section(line, id));
        let (Some(base), Some(section)) = (raw.base.clone().map(Base::Declared), section) else {
            self.error(line, "base", "wrong-measure", "a tally names its section and its base", &raw.id);
            return None;
        };
        let asked: Vec<&Asked> =
            of.iter().map(|m| &self.questionnaire[self.questionnaire.question_of(*m)].asked).collect();
        if asked.windows(2).any(|pair| pair[0] != pair[1]) {
            self.error(
                line,
                "tally",
                "wrong-measure",
                "the measures of a tally are of the same respondents",
                &raw.id,
            );
        }
        let twice = of.iter().enumerate().any(|(position, part)| of[..position].contains(part));
        if twice {
            self.error(line, "tally", "wrong-measure", "a measure stands in the tally twice", &raw.id);
        }
        let place = Place::line(FILE, line).column("at-least");
        let most = u32::try_from(of.len()).unwrap_or(u32::MAX).max(1);
        let at_least =
            number::within(raw.at_least, 1..=most, &place, &mut self.problems).unwrap_or(most) as usize;
        (!of.is_empty()).then_some((Definition::Tally { of, at_least }, section, cells, base))
    }

    /// An id is made of lower-case letters, digits and hyphens, and is unique among its kind. A measure must not have
    /// a question's id: that is the id of the question's distribution.
    fn id(&mut self, line: u64, id: &str, kind: &str) {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            let message = "an id is made of lower-case letters, digits and hyphens";
            self.error(line, "id", "wrong-id", message, id);
        }
        let q = &self.questionnaire;
        let taken = match kind {
            "sector" => q.sector(id).is_some(),
            "section" => q.section(id).is_some(),
            "question" => q.question(id).is_some(),
            _ => q.measure(id).is_some(),
        };
        if taken {
            self.error(line, "id", "duplicate-id", &format!("another {kind} above has the same id"), id);
        }
    }

    /// A text that reports print.
    fn text(&mut self, line: u64, key: &str, text: &str, longest: usize) {
        let place = Place::line(FILE, line).column(key);
        self.problems.extend(text::faults(text, longest, &place));
    }

    fn section(&mut self, line: u64, id: &str) -> Option<SectionIndex> {
        let section = self.questionnaire.section(id);
        if section.is_none() {
            let known = self.questionnaire.sections.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
            self.unknown(line, "section", "unknown-section", "there is no such section", id, &known);
        }
        section
    }

    fn sectors(&mut self, line: u64, ids: Option<&[String]>) -> Vec<SectorIndex> {
        let all = 0..self.questionnaire.sectors.len();
        let Some(ids) = ids else { return all.map(SectorIndex).collect() };
        let mut sectors = Vec::new();
        for id in ids {
            match self.questionnaire.sector(id) {
                Some(sector) => sectors.push(sector),
                None => {
                    let known = self.questionnaire.sectors.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
                    self.unknown(line, "sectors", "unknown-sector", "there is no such sector", id, &known);
                }
            }
        }
        sectors.sort_unstable();
        sectors.dedup();
        sectors
    }

    fn earlier_question(&mut self, line: u64, id: &str) -> Option<QuestionIndex> {
        let question = self.questionnaire.question(id);
        if question.is_none() {
            let known = self.questionnaire.questions.iter().map(|q| q.id.clone()).collect::<Vec<_>>();
            self.unknown(line, "question", "unknown-question", "no such question stands above", id, &known);
        }
        question
    }

    fn counted(
        &mut self,
        line: u64,
        key: &str,
        question: QuestionIndex,
        ids: &[String],
    ) -> Option<Vec<usize>> {
        let known = self.questionnaire[question].options.clone();
        let options = self.named_options(line, key, &known, ids);
        if ids.is_empty() {
            self.error(line, key, "empty-list", "no options are named", "");
        }
        (options.len() == ids.len() && !ids.is_empty()).then_some(options)
    }

    /// Positions of the options with these ids; an unknown id is a problem and left out.
    fn named_options(&mut self, line: u64, key: &str, known: &[AnswerOption], ids: &[String]) -> Vec<usize> {
        let mut options = Vec::new();
        for id in ids {
            match known.iter().position(|option| option.id == *id) {
                Some(option) => options.push(option),
                None => {
                    let known = known.iter().map(|option| option.id.clone()).collect::<Vec<_>>();
                    self.unknown(line, key, "unknown-option", "the question has no such option", id, &known);
                }
            }
        }
        options
    }

    fn options(&mut self, line: u64, key: &str, raw: &[RawOption]) -> Vec<AnswerOption> {
        let mut options: Vec<AnswerOption> = Vec::new();
        for RawOption { id, label } in raw {
            if options.iter().any(|option| option.id == *id)
                || ["dont-know", "not-applicable"].contains(&id.as_str())
            {
                self.error(
                    line,
                    key,
                    "duplicate-id",
                    "the id stands twice, or is a word with a meaning of its own",
                    id,
                );
            }
            // A plus joins the cells of a figure that several add up to, a colon a measure and its cell.
            if id.is_empty()
                || id.contains(['+', ':', ',', ';'])
                || id.chars().any(|c| c.is_whitespace() || c.is_control())
            {
                let message = "the id of an option is a word without plus, colon, comma and semicolon";
                self.error(line, key, "wrong-id", message, id);
            }
            self.text(line, key, label, text::LONGEST_LABEL);
            options.push(AnswerOption { id: id.clone(), label: label.clone() });
        }
        if options.len() > OptionSet::MOST {
            let message = format!("a question has at most {} options", OptionSet::MOST);
            self.error(line, key, "wrong-options", &message, "");
        }
        options
    }

    fn word<T: Clone>(&mut self, line: u64, key: &str, word: &str, words: &[(&str, T)]) -> Option<T> {
        let value = words.iter().find(|(known, _)| *known == word).map(|(_, value)| value.clone());
        if value.is_none() {
            let known = words.iter().map(|(known, _)| (*known).to_owned()).collect::<Vec<_>>();
            self.unknown(line, key, "unknown-word", "there is no such word here", word, &known);
        }
        value
    }

    fn unknown(
        &mut self,
        line: u64,
        key: &str,
        rule: &'static str,
        message: &str,
        value: &str,
        known: &[String],
    ) {
        let mut problem = Problem::error(rule, Place::line(FILE, line).column(key), message).value(value);
        problem.hint = suggestion(value, known.iter().map(String::as_str));
        self.problems.push(problem);
    }

    fn error(&mut self, line: u64, key: &str, rule: &'static str, message: &str, value: &str) {
        let problem = Problem::error(rule, Place::line(FILE, line).column(key), message);
        self.problems.push(if value.is_empty() { problem } else { problem.value(value) });
    }
}

/// True when everybody in `inner` is among those in `outer`.
fn covers(outer: &Asked, inner: &Asked) -> bool {
    match (outer, inner) {
        (Asked::StrategicLead, Asked::StrategicLead) => true,
        (Asked::Managers(outer), Asked::Managers(inner)) => inner.iter().all(|sector| outer.contains(sector)),
        _ => false,
    }
}
