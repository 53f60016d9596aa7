use serde::Deserialize;

use super::toml_file::{At, TomlFile};
use crate::problem::Problem;

/// `questionnaire.toml` as written, before anything is looked up.
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
    /// Id.
    pub id: String,
    /// Name in sentences.
    pub name: String,
}

/// A `[[section]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawSection {
    /// Id.
    pub id: String,
    /// Heading.
    pub title: String,
}

/// One of the `options` of a question, or of the `cells` of a tally.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawOption {
    /// Id.
    pub id: String,
    /// Wording.
    pub label: String,
}

/// The `route` of a question.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawRoute {
    /// Id of the earlier question.
    pub question: String,
    /// Ids of the answers that lead here.
    pub options: Vec<String>,
}

/// The `profile` of a question.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawProfile {
    /// Heading of the column.
    pub title: String,
    /// Ids of the options that mean "in place".
    pub in_place: Vec<String>,
    /// Ids of the options that mean "begun".
    pub begun: Vec<String>,
}

/// A `[[question]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawQuestion {
    /// Id.
    pub id: String,
    /// Id of its section.
    pub section: String,
    /// Wording.
    pub text: String,
    /// Short title.
    pub title: String,
    /// `strategic-lead` or `managers`.
    pub asked: String,
    /// Ids of the sectors whose managers are asked; without it, those of all sectors.
    pub sectors: Option<Vec<String>>,
    /// `single`, `multiple`, `grid` or `text`.
    pub kind: String,
    /// The options.
    #[serde(default)]
    pub options: Vec<RawOption>,
    /// True when the order of the options means something.
    #[serde(default)]
    pub ordered: bool,
    /// True when "don't know" may be answered.
    #[serde(default)]
    pub dont_know: bool,
    /// True when "not applicable" may be answered.
    #[serde(default)]
    pub not_applicable: bool,
    /// Routing.
    pub route: Option<RawRoute>,
    /// Who is in the base, in words.
    pub base: Option<String>,
    /// Which assessment a finding was published from: `lead`, `managers` or `both`.
    pub source: Option<String>,
    /// `original` or `illustrative`.
    pub provenance: String,
    /// True when reports draw a chart of it.
    #[serde(default)]
    pub chart: bool,
    /// Its column in the sector profile.
    pub profile: Option<RawProfile>,
    /// `helps` or `hinders`: what its options do, for the section "For planning".
    pub planning: Option<String>,
}

/// A `[[measure]]` table: `question` with `counts`, or `tally` with `cells`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawMeasure {
    /// Id.
    pub id: String,
    /// What is measured, for tables.
    pub label: String,
    /// Id of the question whose answers count.
    pub question: Option<String>,
    /// Ids of the options that count.
    #[serde(default)]
    pub counts: Vec<String>,
    /// Ids of the measures of a tally.
    #[serde(default)]
    pub tally: Vec<String>,
    /// How many answers put a respondent into the base of a tally.
    pub at_least: Option<i64>,
    /// The cells of a tally: one for each number from none to all, and one for "cannot be told".
    #[serde(default)]
    pub cells: Vec<RawOption>,
    /// Id of the section, for a tally.
    pub section: Option<String>,
    /// Who is in the base, in words, for a tally.
    pub base: Option<String>,
    /// `more-is-further-on` or `more-is-less-far-on`.
    pub polarity: Option<String>,
    /// True when it is one of the key figures on the page "At a glance".
    #[serde(default)]
    pub key_figure: bool,
}

/// Reads `questionnaire.toml`. `None` when the file is not TOML at all.
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

/// The questionnaire of a text that is part of the program.
pub(crate) fn questionnaire_of(text: &str, problems: &mut Vec<Problem>) -> Option<RawQuestionnaire> {
    questionnaire("questionnaire.toml", text, problems)
}
