use serde::Deserialize;

use super::toml_file::{At, TomlFile};
use crate::problem::Problem;

/// `questionnaire.toml` as written, before any ids are looked up.
#[derive(Clone, Debug)]
pub struct RawQuestionnaire {
    /// The `[[sector]]` tables.
    pub sectors: Vec<At<RawSector>>,
    /// The `[[section]]` tables.
    pub sections: Vec<At<RawSection>>,
    /// The `[[question]]` tables.
    pub questions: Vec<At<RawQuestion>>,
    /// The `[[measure]]` tables.
    pub measures: Vec<At<RawMeasure>>,
}

/// A `[[sector]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawSector {
    /// Its id.
    pub id: String,
    /// Its name in sentences.
    pub name: String,
}

/// A `[[section]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawSection {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The id of the section on whose page it is printed.
    pub with: Option<String>,
}

/// One of the `options` of a question, or of the `cells` of a tally.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawOption {
    /// Its id.
    pub id: String,
    /// Its wording.
    pub label: String,
}

/// The `route` of a question.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawRoute {
    /// The id of the earlier question.
    pub question: String,
    /// The ids of the answers that lead to this question.
    pub options: Vec<String>,
}

/// The `profile` of a question.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawProfile {
    /// The heading of the column.
    pub title: String,
    /// The ids of the options that mean "in place".
    pub in_place: Vec<String>,
    /// The ids of the options that mean "begun".
    pub begun: Vec<String>,
}

/// A `[[question]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawQuestion {
    /// Its id.
    pub id: String,
    /// The id of its section.
    pub section: String,
    /// Its wording.
    pub text: String,
    /// Its short title.
    pub title: String,
    /// `strategic-lead` or `managers`.
    pub asked: String,
    /// The ids of the sectors whose managers are asked; if missing, all sectors.
    pub sectors: Option<Vec<String>>,
    /// `single`, `multiple`, `grid` or `text`.
    pub kind: String,
    /// The options.
    #[serde(default)]
    pub options: Vec<RawOption>,
    /// True when the order of the options is meaningful.
    #[serde(default)]
    pub ordered: bool,
    /// True when "don't know" is a possible answer.
    #[serde(default)]
    pub dont_know: bool,
    /// True when "not applicable" is a possible answer.
    #[serde(default)]
    pub not_applicable: bool,
    /// The rule for who is asked it.
    pub route: Option<RawRoute>,
    /// Who is in the base, in words.
    pub base: Option<String>,
    /// Which assessment a published finding came from: `lead`, `managers` or `both`.
    pub source: Option<String>,
    /// `original` or `illustrative`.
    pub provenance: String,
    /// True when reports include a chart of it.
    #[serde(default)]
    pub chart: bool,
    /// Its column in the sector profile.
    pub profile: Option<RawProfile>,
    /// Whether its options help or hinder, for the section "For planning": `helps` or `hinders`.
    pub planning: Option<String>,
    /// Which end of its options means the most progress: `first-is-furthest-on` or `last-is-furthest-on`.
    pub verdict: Option<String>,
    /// The id of the grid in which strategic leads rate the same thing.
    pub mirrors: Option<String>,
}

/// A `[[measure]]` table: `question` with `counts`, or `tally` with `cells`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawMeasure {
    /// Its id.
    pub id: String,
    /// What is measured, for tables.
    pub label: String,
    /// The id of the question whose answers count.
    pub question: Option<String>,
    /// The ids of the options that count.
    #[serde(default)]
    pub counts: Vec<String>,
    /// The ids of the measures of a tally.
    #[serde(default)]
    pub tally: Vec<String>,
    /// How many answers a respondent needs to be in the base of a tally.
    pub at_least: Option<i64>,
    /// The cells of a tally: one for each number from none to all, and one for "unknown".
    #[serde(default)]
    pub cells: Vec<RawOption>,
    /// The id of the section, for a tally.
    pub section: Option<String>,
    /// Who is in the base, in words, for a tally.
    pub base: Option<String>,
    /// `more-is-further-on` or `more-is-less-far-on`.
    pub polarity: Option<String>,
    /// True when it is one of the key figures on the page "At a glance".
    #[serde(default)]
    pub key_figure: bool,
}

/// Reads `questionnaire.toml`; `None` if the file is not TOML.
pub(super) fn questionnaire(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<RawQuestionnaire> {
    let mut toml = TomlFile::parse(file, text, problems)?;
    let questionnaire = RawQuestionnaire {
        sectors: toml.tables("sector", problems),
        sections: toml.tables("section", problems),
        questions: toml.tables("question", problems),
        measures: toml.tables("measure", problems),
    };
    toml.no_more(&["[[sector]]", "[[section]]", "[[question]]", "[[measure]]"], problems);
    Some(questionnaire)
}

/// Reads a questionnaire that is built into the program.
pub(crate) fn questionnaire_of(text: &str, problems: &mut Vec<Problem>) -> Option<RawQuestionnaire> {
    questionnaire("questionnaire.toml", text, problems)
}
