use std::collections::BTreeMap;

use std::path::PathBuf;

use serde::Deserialize;

/// `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawSettings {
    /// What the evaluation is called in folders and records.
    pub id: Option<String>,
    /// The title of the evaluation.
    pub title: String,
    /// When the answers were collected.
    pub period: String,
    /// The date of publication.
    pub published: toml::value::Datetime,
    /// The language code of its reports; English by default.
    pub language: Option<String>,
    /// The name for all areas together.
    pub nation: String,
    /// The names of regions in sentences, by their name in the register, where the two differ.
    #[serde(default)]
    pub regions: BTreeMap<String, String>,
    /// The publisher.
    pub organisation: String,
    /// The contact address for questions.
    pub contact: String,
    /// True for made-up answers.
    pub synthetic: bool,
    /// The rules for withholding statistics.
    #[serde(default)]
    pub disclosure: Option<RawDisclosure>,
    /// Which runs are kept.
    #[serde(default)]
    pub runs: Option<RawRuns>,
    /// The limits on making one report.
    #[serde(default)]
    pub limits: Option<RawLimits>,
    /// Which reports are made.
    pub reports: Option<RawReports>,
    /// Who approves reports.
    pub review: Option<RawReview>,
    /// How reports are sent by email.
    pub mail: Option<RawMail>,
}

/// `[limits]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawLimits {
    /// The most seconds that a report may take.
    #[serde(default)]
    pub seconds: Option<i64>,
    /// The most megabytes of memory that a report may use.
    #[serde(default)]
    pub megabytes: Option<i64>,
}

/// `[reports]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawReports {
    /// The kinds of report.
    pub kinds: Option<Vec<String>>,
    /// The formats of each kind.
    pub formats: Option<Vec<String>>,
    /// The languages of each kind and format, by their codes.
    pub languages: Option<Vec<String>>,
    /// The size of the text in large print, in points.
    pub large_print: Option<i64>,
}

/// `[review]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawReview {
    /// How many people must approve a report.
    pub approvals: Option<i64>,
    /// The names of those who may give verdicts.
    #[serde(default)]
    pub reviewers: Vec<String>,
}

/// `[mail]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawMail {
    /// The sender, as `Name <address>`.
    pub from: String,
    /// Who receives replies; by default the evaluation's contact, if that is an email address.
    pub reply_to: Option<String>,
    /// The name of the mail server.
    pub server: String,
    /// The server's port.
    pub port: Option<i64>,
    /// `starttls`, `tls` or `none`.
    pub security: Option<String>,
    /// A file of certificates to trust.
    pub certificates: Option<PathBuf>,
    /// A file with the user name and password.
    pub credentials: Option<PathBuf>,
    /// The address under which runs are published on the web.
    pub links: Option<String>,
    /// The domains that reports may be sent to.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Whether someone responsible for several areas gets all their reports in one message.
    #[serde(default)]
    pub together: bool,
    /// The most messages sent per minute.
    pub per_minute: Option<i64>,
    /// The seconds between two messages to the same domain.
    pub domain_pause: Option<i64>,
    /// How many times to try a message.
    pub attempts: Option<i64>,
    /// The seconds before the second attempt.
    pub retry_pause: Option<i64>,
    /// How many seconds to wait for the server to reply.
    pub timeout: Option<i64>,
    /// The largest message, in megabytes.
    pub largest: Option<i64>,
    /// The address that gets all messages of a rehearsal instead of their recipients.
    pub catch_all: Option<String>,
    /// Who gets the nightly summary.
    #[serde(default)]
    pub notify: Vec<String>,
}

/// `[runs]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawRuns {
    /// How many runs to keep in the output folder.
    pub keep: i64,
}

/// `[disclosure]` of `evaluation.toml` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawDisclosure {
    /// `standard` or `strict`.
    pub policy: String,
    /// How many other areas must be behind a statistic, overriding the policy's own number.
    #[serde(default)]
    pub minimum_others: Option<i64>,
    /// How many areas may pool their answers with a reader's own.
    #[serde(default)]
    pub colluding_areas: Option<i64>,
    /// The fewest values that a withheld count could have.
    #[serde(default)]
    pub possible_values: Option<i64>,
    /// Whether statistics of one sector in one region are published.
    #[serde(default)]
    pub sectors_of_regions: Option<bool>,
}
