use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::mail::MailSettings;
use super::person::is_same_person;
use super::{Format, Kind, Language};

/// What `evaluation.toml` says about the evaluation as a whole.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the evaluation is called in folders and records.
    pub id: String,
    /// The title of the evaluation, printed on every cover.
    pub title: String,
    /// When the answers were collected, in words.
    pub period: String,
    /// The date of publication, also recorded in every PDF.
    pub published: Date,
    /// The language of its reports.
    pub language: Language,
    /// Which reports are made.
    pub reports: ReportSettings,
    /// The name for all areas together, such as a country.
    pub nation: String,
    /// Their code in ids and file names, the same in all languages.
    pub nation_code: String,
    /// The names of regions in sentences, by their name in the register, where the two differ: "the North West".
    pub regions: BTreeMap<String, String>,
    /// Who publishes the reports.
    pub organisation: String,
    /// The contact address for questions and requests for other formats.
    pub contact: String,
    /// True when the answers are made up; every page then says so.
    pub synthetic: bool,
    /// The rules for withholding statistics.
    pub disclosure: DisclosurePolicy,
    /// How many runs to keep in the output folder, at least 1; `None` keeps them all.
    pub keep: Option<NonZeroUsize>,
    /// The limits on making one report.
    pub limits: Limits,
    /// Who decides on reports before they are sent.
    pub review: ReviewPolicy,
    /// How reports are sent; `None` if they are not sent.
    pub mail: Option<MailSettings>,
}

/// Which reports are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSettings {
    /// The kinds: at least one, without repeats.
    pub kinds: Vec<Kind>,
    /// The formats of each kind: at least one, without repeats.
    pub formats: Vec<Format>,
    /// The languages of each kind and format: that of the evaluation, unless `[reports]` lists others.
    pub languages: Vec<Language>,
    /// The size of the text in large print, in points, from 18 to 24.
    pub large_print: u32,
}

impl Settings {
    /// The name of a region in a sentence.
    pub fn in_sentence<'s>(&'s self, region: &'s str) -> &'s str {
        self.regions.get(region).map_or(region, String::as_str)
    }
}

/// Who decides on reports before they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPolicy {
    /// How many people must approve a report, 1 or 2.
    pub approvals: u32,
    /// The names of those who may give verdicts. If there are none, nobody may.
    #[serde(default)]
    pub reviewers: Vec<String>,
}

impl ReviewPolicy {
    /// The reviewer with this name, as the list spells it.
    pub fn reviewer(&self, name: &str) -> Option<&str> {
        self.reviewers.iter().find(|reviewer| is_same_person(reviewer, name)).map(String::as_str)
    }

    /// The policy under which only what both policies allow is allowed.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let both = self.reviewers.iter().filter(|reviewer| other.reviewer(reviewer).is_some());
        Self { approvals: self.approvals.max(other.approvals), reviewers: both.cloned().collect() }
    }
}

/// The time and memory that one report may use before it is abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time, in seconds.
    pub seconds: u32,
    /// Memory, in millions of bytes.
    pub megabytes: u32,
}

impl Limits {
    /// A hundred times what a report needs: only something that never ends reaches these limits.
    pub const USUAL: Self = Self { seconds: 120, megabytes: 2000 };

    /// The highest limits that may be set: a day, and more memory than any computer has.
    pub(crate) const MOST: Self = Self { seconds: 86_400, megabytes: 10_000_000 };

    /// How many steps the templates of one report or page may take. A step writes at most 64 bytes, so the output fits
    /// in memory and an endless loop stops after a few seconds.
    pub(crate) fn steps(self) -> u64 {
        u64::from(self.megabytes) * 1_000_000 / 64
    }
}

/// When a statistic is withheld, so that no area's answers can be worked out from what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisclosurePolicy {
    /// How many areas must be behind a statistic besides the reader's own and those that pool their answers with it.
    pub minimum_others: u32,
    /// How many areas of a region may pool their answers with the reader's own; at most [`Self::MOST_COLLUDING`].
    pub colluding_areas: u32,
    /// What happens to a statistic that shows a reader that everyone else gave the same answer.
    pub unanimity: Unanimity,
    /// The fewest values that a withheld count could have, as seen by someone who knows everything published and their
    /// own answers: from 2 to [`Self::MOST_POSSIBLE_VALUES`].
    pub possible_values: u32,
    /// True when statistics of one sector in one region are not published: they come closest to identifying
    /// individuals.
    pub withholds_crossed: bool,
}

/// What happens to a statistic that shows a reader that everyone else gave the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanimity {
    /// It is printed, and recorded in the suppression log.
    Recorded,
    /// It is withheld.
    Withheld,
}

impl DisclosurePolicy {
    /// The usual policy: at least 5 other areas; unanimity is recorded; no statistics of one sector in one region.
    pub const STANDARD: Self = Self {
        minimum_others: 5,
        colluding_areas: 0,
        unanimity: Unanimity::Recorded,
        possible_values: 3,
        withholds_crossed: true,
    };
    /// The policy for sensitive questions: at least 10 other areas; unanimity is withheld; no statistics of one sector
    /// in one region.
    pub const STRICT: Self = Self {
        minimum_others: 10,
        colluding_areas: 0,
        unanimity: Unanimity::Withheld,
        possible_values: 3,
        withholds_crossed: true,
    };
    /// The most areas that may collude: every group of areas that could pool their answers is tried, and with more
    /// there would be too many.
    pub const MOST_COLLUDING: u32 = 2;
    /// The most other areas that may be required: more than any evaluation has, so that everything can be withheld.
    pub const MOST_OTHERS: u32 = 100_000;
    /// The most possible values that may be required: each extra one means withholding further figures.
    pub const MOST_POSSIBLE_VALUES: u32 = 10;

    /// How many areas must be behind a statistic, including the reader's own and its allies.
    pub fn minimum_areas(&self) -> u32 {
        self.minimum_others + self.coalition()
    }

    /// How many areas' answers a reader may know: their own area's and its allies'.
    pub fn coalition(&self) -> u32 {
        self.colluding_areas + 1
    }
}
