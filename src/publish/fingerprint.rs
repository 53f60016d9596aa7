use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::hash::sha256;
use crate::model::{Format, ReportModel};

/// What made the reports: equal inputs and an equal engine give equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Name and version of program and typesetter, with the hash of the program's own sources.
    pub name: String,
    /// For each kind of report and each format, as `cy/local/html`: the hash of its templates and of the evaluation's wording.
    pub templates: BTreeMap<String, String>,
    /// For each format, the hash of the theme: colours, sizes, headers and footers.
    #[serde(default)]
    pub styles: BTreeMap<Format, String>,
    /// Hash of the fonts.
    pub fonts: String,
}

/// What an edition was made from, part by part: equal fingerprints mean equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Hash of all parts.
    pub all: String,
    /// Its format. Runs published before there was a choice have only the default one.
    #[serde(default = "standard")]
    pub format: Format,
    /// Hash of its facts.
    pub facts: String,
    /// Hash of everything that its template can print: facts as printed, names, titles.
    pub model: String,
    /// Hash of the submission, as received and attached.
    pub submission: String,
    /// Hash of the templates of its kind and of the wording.
    pub templates: String,
    /// Hash of the theme.
    pub style: String,
    /// Hash of the fonts.
    pub fonts: String,
    /// Name of the engine.
    pub engine: String,
}

/// The fingerprint of a report in a format: of its model, the bytes of its facts, and the submission as received.
///
/// # Errors
/// Never in practice: the model is plain data.
pub fn fingerprint(
    model: &ReportModel,
    format: Format,
    facts: &[u8],
    submission: &str,
    engine: &Engine,
) -> Result<Fingerprint, serde_json::Error> {
    let facts = sha256(facts);
    let submission = sha256(submission.as_bytes());
    let model_hash = sha256(&serde_json::to_vec(model)?);
    let templates = engine.templates.get(&format!("{}/{}/{format}", model.id.language, model.id.kind));
    let templates = templates.cloned().unwrap_or_default();
    let style = engine.styles.get(&format).cloned().unwrap_or_default();
    let Engine { name, fonts, .. } = engine.clone();
    let parts = [&facts, &model_hash, &submission, &templates, &style, &fonts, &name];
    let all = sha256(format!("{format}\n{}", parts.map(String::as_str).join("\n")).as_bytes());
    Ok(Fingerprint {
        all,
        format,
        facts,
        model: model_hash,
        submission,
        templates,
        style,
        fonts,
        engine: name,
    })
}

/// The parts in which two fingerprints differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DifferentParts {
    /// The submission as received.
    pub submission: bool,
    /// The facts.
    pub facts: bool,
    /// Everything that the template can print.
    pub model: bool,
    /// The templates of its kind and the wording.
    pub templates: bool,
    /// The theme.
    pub style: bool,
    /// The fonts.
    pub fonts: bool,
    /// The engine.
    pub engine: bool,
}

impl DifferentParts {
    /// Compares two fingerprints.
    pub fn between(was: &Fingerprint, is: &Fingerprint) -> Self {
        Self {
            submission: was.submission != is.submission,
            facts: was.facts != is.facts,
            model: was.model != is.model,
            templates: was.templates != is.templates,
            style: was.style != is.style,
            fonts: was.fonts != is.fonts,
            engine: was.engine != is.engine,
        }
    }
}

fn standard() -> Format {
    Format::Standard
}
