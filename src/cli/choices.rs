use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use area_reports::model::{Format, Kind, Language};
use area_reports::publish::Cause;

/// Which reports to make, if not all.
#[derive(Debug, Default, Args)]
pub(super) struct ReportChoice {
    /// Make only the reports of this kind, also if evaluation.toml does not list it; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds())]
    pub(super) kind: Vec<Kind>,
    /// Make reports in this format only, whatever evaluation.toml and recipients say; can be repeated
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = formats())]
    pub(super) format: Vec<Format>,
    /// Make reports in this language only, by its code, whatever evaluation.toml and recipients say; can be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(super) language: Vec<Language>,
    /// Make only the reports for this area, by code or name; can be repeated
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Make only the reports for this region; can be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) region: Vec<String>,
    /// Make only the reports that the last run could not make
    #[arg(long)]
    pub(super) failed: bool,
}

/// Which changes to show, if not all.
#[derive(Debug, Args)]
pub(super) struct Filter {
    /// Compare only the reports of this kind; can be repeated
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds())]
    pub(super) kind: Vec<Kind>,
    /// Compare only the reports in this format; can be repeated
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = formats())]
    pub(super) format: Vec<Format>,
    /// Compare only the reports for this area, by code or name; can be repeated
    #[arg(long, value_name = "CODE|NAME")]
    pub(super) area: Vec<String>,
    /// Compare only the reports for this region; can be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) region: Vec<String>,
    /// List only the groups with a figure for this measure; can be repeated
    #[arg(long, value_name = "ID")]
    pub(super) measure: Vec<String>,
    /// List only the groups with this cause; can be repeated
    #[arg(long, value_name = "CAUSE", value_parser = PossibleValuesParser::new(Cause::OF_DIFFERENCES.map(Cause::name)))]
    pub(super) cause: Vec<String>,
}

impl Filter {
    /// True if all changes are shown.
    pub(super) fn is_empty(&self) -> bool {
        let others = [&self.area, &self.region, &self.measure, &self.cause];
        self.kind.is_empty() && self.format.is_empty() && others.into_iter().all(Vec::is_empty)
    }
}

/// Whether to show addresses of people in full.
#[derive(Debug, Args)]
pub(super) struct Addresses {
    /// Show whole addresses, even if the output does not go to a terminal
    #[arg(long = "full-addresses")]
    pub(super) in_full: bool,
}

/// Reads the kind of a report by its word.
pub(super) fn kinds() -> impl TypedValueParser<Value = Kind> {
    let words = Kind::ALL.iter().map(|kind| kind.word());
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}

/// Reads the format of a report by its word.
pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    let words = Format::ALL.iter().map(|format| format.word());
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}
