use jiff::civil::Date;

/// What `evaluation.toml` says about the evaluation as a whole.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the evaluation folder; names the output folder too.
    pub id: String,
    /// Title of the evaluation, on every cover.
    pub title: String,
    /// When the answers were collected, in words.
    pub period: String,
    /// Date of publication, also the date inside every PDF.
    pub published: Date,
    /// What all areas together are called, for example a country.
    pub nation: String,
    /// Who publishes the reports.
    pub organisation: String,
    /// Address for questions and other formats.
    pub contact: String,
    /// True when the answers are made up: every page says so.
    pub synthetic: bool,
}
