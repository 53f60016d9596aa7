use std::collections::BTreeMap;

use serde::Deserialize;

/// The contents of `synthetic.toml`: how answers are made up. The file itself explains each key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Recipe {
    pub(super) completed: usize,
    pub(super) signed_up: usize,
    pub(super) silent: BTreeMap<String, f64>,
    #[serde(default)]
    pub(super) meet: Vec<Meet>,
    #[serde(default)]
    pub(super) joint: Vec<Joint>,
    pub(super) question: Vec<QuestionRecipe>,
    pub(super) comments: Comments,
    pub(super) recipients: Recipients,
    pub(super) invented: Invented,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Joint {
    pub(super) measure: String,
    pub(super) share: BTreeMap<String, f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Meet {
    pub(super) measure: String,
    pub(super) group: String,
    pub(super) share: f64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct QuestionRecipe {
    pub(super) id: String,
    pub(super) share: BTreeMap<String, f64>,
    #[serde(default)]
    pub(super) tilt: BTreeMap<String, f64>,
    #[serde(default = "half")]
    pub(super) link: f64,
    #[serde(default = "two")]
    pub(super) unanswered: f64,
    #[serde(default)]
    pub(super) not_applicable: f64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Comments {
    pub(super) lead: f64,
    pub(super) manager: f64,
    pub(super) text: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Recipients {
    pub(super) first_names: Vec<String>,
    pub(super) last_names: Vec<String>,
    pub(super) roles: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Invented {
    pub(super) starts: Vec<String>,
    pub(super) ends: Vec<String>,
    pub(super) areas_in_a_region: usize,
}

fn half() -> f64 {
    0.5
}

fn two() -> f64 {
    2.0
}
