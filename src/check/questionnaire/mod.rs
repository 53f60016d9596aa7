mod measure;
mod named;
mod question;

use super::{text, unknown};
use crate::model::{
    AnswerOption, Definition, Measure, OptionSet, Question, QuestionIndex, Questionnaire, Section,
    SectionIndex, Sector, Submission,
};
use crate::problem::{Place, Problem};
use crate::read::{RawOption, RawQuestionnaire, RawSection, RawSector};

const FILE: &str = "questionnaire.toml";

/// How many of each a report can print. [`Submission`] sets further limits.
const MOST_SECTIONS: usize = 500;
const MOST_CHARTS: usize = 500;
const MOST_MEASURES: usize = 10_000;
const MOST_KEY_FIGURES: usize = 300;

/// The parts of a report that come before the sections.
const PARTS_BEFORE: [&str; 6] = [
    "At a glance",
    "Contents",
    "How to read this report",
    "The strategic lead’s view",
    "Two views of each sector",
    "The processes in each sector",
];

/// Checks `questionnaire.toml`. `None` if anything in it is wrong, because statistics need all of it.
pub(super) fn questionnaire(raw: &RawQuestionnaire, problems: &mut Vec<Problem>) -> Option<Questionnaire> {
    let valid_so_far = problems.iter().all(|problem| problem.place.file != FILE);
    let mut builder = Builder::default();
    for table in &raw.sectors {
        builder.line = table.line;
        builder.add_sector(&table.value);
    }
    for table in &raw.sections {
        builder.line = table.line;
        builder.add_section(&table.value);
    }
    for table in &raw.questions {
        builder.line = table.line;
        builder.add_question(&table.value);
    }
    builder.add_distributions();
    for table in &raw.measures {
        builder.line = table.line;
        builder.add_measure(&table.value);
    }
    builder.problems.extend(too_few(raw));
    builder.problems.extend(too_many(raw));
    let valid = valid_so_far && builder.problems.is_empty();
    problems.append(&mut builder.problems);
    valid.then_some(builder.questionnaire)
}

/// The measure of how the answers to a closed question are distributed. It uses the wording of the question.
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

/// The kinds of table that are needed but missing.
fn too_few(raw: &RawQuestionnaire) -> impl Iterator<Item = Problem> {
    let numbers = [
        ("sector", raw.sectors.is_empty()),
        ("section", raw.sections.is_empty()),
        ("question", raw.questions.is_empty()),
    ];
    numbers.into_iter().filter(|(_, empty)| *empty).map(|(name, _)| {
        let message = format!("there is no [[{name}]] table");
        Problem::error("empty-questionnaire", Place::file(FILE), message)
    })
}

/// The kinds of table and figure that a report cannot print all of.
fn too_many(raw: &RawQuestionnaire) -> impl Iterator<Item = Problem> {
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
    numbers.into_iter().filter(|(_, number, most)| number > most).map(|(what, number, most)| {
        let message = format!("there are {number} {what}; at most {most} are allowed");
        Problem::error("too-many", Place::file(FILE), message)
    })
}

/// A questionnaire that is being built, table by table. Ids refer only to tables that are already in it.
#[derive(Default)]
struct Builder {
    questionnaire: Questionnaire,
    problems: Vec<Problem>,
    /// The line of the table that is being added.
    line: u64,
}

impl Builder {
    fn add_sector(&mut self, raw: &RawSector) {
        self.id(&raw.id, "sector");
        self.text("name", &raw.name, text::LONGEST_NAME);
        self.questionnaire.sectors.push(Sector { id: raw.id.clone(), name: raw.name.clone() });
    }

    fn add_section(&mut self, raw: &RawSection) {
        self.id(&raw.id, "section");
        self.text("title", &raw.title, text::LONGEST_NAME);
        if PARTS_BEFORE.contains(&raw.title.trim()) {
            let message = "the report already has a part with this title";
            self.error("title", "reserved-title", message, &raw.title);
        }
        let with = raw.with.as_ref().and_then(|id| self.page_of(id));
        self.questionnaire.sections.push(Section { id: raw.id.clone(), title: raw.title.clone(), with });
    }

    /// The section on whose page another one is printed.
    fn page_of(&mut self, id: &str) -> Option<SectionIndex> {
        let sections = &self.questionnaire.sections;
        let pages =
            sections.iter().filter(|section| section.with.is_none()).map(|section| section.id.as_str());
        match sections.iter().position(|section| section.id == id && section.with.is_none()) {
            Some(position) => Some(SectionIndex(position)),
            None => {
                let message = "a section is printed with a section above it that has a page of its own";
                let problem = unknown("unknown-section", self.place("with"), message, id, pages);
                self.problems.push(problem);
                None
            }
        }
    }

    /// An id is made of lower-case letters, digits and hyphens, and is unique among its kind. A measure must not have
    /// the id of a question, which is also the id of the question's distribution.
    fn id(&mut self, id: &str, kind: &str) {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            let message = "an id is made of lower-case letters, digits and hyphens";
            self.error("id", "wrong-id", message, id);
        }
        let questionnaire = &self.questionnaire;
        let taken = match kind {
            "sector" => questionnaire.sector(id).is_some(),
            "section" => questionnaire.section(id).is_some(),
            "question" => questionnaire.question(id).is_some(),
            _ => questionnaire.measure(id).is_some(),
        };
        if taken {
            self.error("id", "duplicate-id", &format!("another {kind} above has the same id"), id);
        }
    }

    /// A text that reports print.
    fn text(&mut self, key: &str, text: &str, longest: usize) {
        self.problems.extend(text::faults(text, longest, &self.place(key)));
    }

    /// The options of a question, or the cells of a tally.
    fn options(&mut self, key: &str, raw: &[RawOption]) -> Vec<AnswerOption> {
        let mut options: Vec<AnswerOption> = Vec::new();
        for RawOption { id, label } in raw {
            let reserved = ["dont-know", "not-applicable"].contains(&id.as_str());
            if reserved || options.iter().any(|option| option.id == *id) {
                self.error(key, "duplicate-id", "the id appears twice, or is a reserved word", id);
            }
            // A plus joins the cells that add up to a figure, and a colon joins a measure and its cell.
            if id.is_empty()
                || id.contains(['+', ':', ',', ';'])
                || id.chars().any(|c| c.is_whitespace() || c.is_control())
            {
                let message = "an option's id must be one word without a plus, colon, comma or semicolon";
                self.error(key, "wrong-id", message, id);
            }
            self.text(key, label, text::LONGEST_LABEL);
            options.push(AnswerOption { id: id.clone(), label: label.clone() });
        }
        if options.len() > OptionSet::MOST {
            let message = format!("a question has at most {} options", OptionSet::MOST);
            self.error(key, "wrong-options", &message, "");
        }
        options
    }

    /// The meaning of a word in a setting.
    fn word<T: Clone>(&mut self, key: &str, word: &str, words: &[(&str, T)]) -> Option<T> {
        let value = words.iter().find(|(known, _)| *known == word).map(|(_, value)| value.clone());
        if value.is_none() {
            let known = words.iter().map(|(known, _)| *known);
            let message = "this word is not allowed here";
            self.problems.push(unknown("unknown-word", self.place(key), message, word, known));
        }
        value
    }

    fn error(&mut self, key: &str, rule: &'static str, message: &str, value: &str) {
        let problem = Problem::error(rule, self.place(key), message);
        self.problems.push(if value.is_empty() { problem } else { problem.value(value) });
    }

    fn place(&self, key: &str) -> Place {
        Place::line(FILE, self.line).column(key)
    }
}
