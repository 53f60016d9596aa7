use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::mail::MailSettings;
use super::{Area, EditionId, Format, Kind, Language, ReportId};

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
    /// The language of its reports.
    pub language: Language,
    /// Which reports are made of each submission.
    pub reports: ReportSettings,
    /// What all areas together are called, for example a country.
    pub nation: String,
    /// Who publishes the reports.
    pub organisation: String,
    /// Address for questions and other formats.
    pub contact: String,
    /// True when the answers are made up: every page says so.
    pub synthetic: bool,
    /// When a statistic is withheld.
    pub disclosure: DisclosurePolicy,
    /// How many runs stay in the output folder, 1 or more; `None` if all stay.
    pub keep: Option<NonZeroUsize>,
    /// What one report may take.
    pub limits: Limits,
    /// Who decides on reports before they are sent.
    pub review: ReviewPolicy,
    /// How reports are sent; `None` if they are not sent.
    pub mail: Option<MailSettings>,
}

/// Which reports are made of each submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSettings {
    /// The kinds, one or more, each once.
    pub kinds: Vec<Kind>,
    /// The formats of each, one or more, each once.
    pub formats: Vec<Format>,
}

impl Settings {
    /// The editions that are made of the submission of an area, in their order.
    pub fn editions(&self, area: &Area) -> Vec<EditionId> {
        let ReportSettings { kinds, formats } = &self.reports;
        let report = |kind: &Kind| ReportId::of_area(*kind, area, &self.language);
        let in_formats = |report: ReportId| {
            formats.iter().map(move |format| EditionId { report: report.clone(), format: *format })
        };
        let mut editions: Vec<EditionId> = kinds.iter().map(report).flat_map(in_formats).collect();
        editions.sort();
        editions
    }
}

/// Who decides on reports before they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewPolicy {
    /// How many people must approve a report, 1 or 2.
    pub approvals: u32,
    /// The name of the usual reviewer; empty when each gives an own.
    pub reviewer: String,
}

/// What one report may take before it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time, in seconds.
    pub seconds: u32,
    /// Memory, in millions of bytes.
    pub megabytes: u32,
}

impl Limits {
    /// A hundred times what a report takes: only what never ends reaches it.
    pub const USUAL: Self = Self { seconds: 120, megabytes: 2000 };

    /// The most that may be set: a day, and more memory than any computer has.
    pub(crate) const MOST: Self = Self { seconds: 86_400, megabytes: 10_000_000 };

    /// How many steps the templates of one report or page may take. A step writes at most 64 bytes, so that what is written
    /// stays within the memory, and a loop without an end stops after some seconds.
    pub(crate) fn steps(self) -> u64 {
        u64::from(self.megabytes) * 1_000_000 / 64
    }
}

/// When a statistic is withheld, so that no area's answers can be worked out of what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisclosurePolicy {
    /// How many areas must be behind a statistic besides the reader's own and those that pool their answers with it.
    pub minimum_others: u32,
    /// How many areas of a region may pool their answers with the reader's own; at most [`Self::MOST_COLLUDING`].
    pub colluding_areas: u32,
    /// What happens to a statistic that tells a reader that all others answered alike.
    pub unanimity: Unanimity,
    /// How many values a withheld count could have, at least, for whoever knows all that is published and the own
    /// answers: from 2 to [`Self::MOST_POSSIBLE_VALUES`].
    pub possible_values: u32,
    /// True when there are no statistics of one sector in one region: they come nearest to single people.
    pub withholds_crossed: bool,
}

/// What happens to a statistic that tells a reader that all others answered alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanimity {
    /// It is printed, and recorded in the suppression log.
    Recorded,
    /// It is withheld.
    Withheld,
}

impl DisclosurePolicy {
    /// The usual policy: at least 5 other areas; unanimity is recorded; no sectors of regions.
    pub const STANDARD: Self = Self {
        minimum_others: 5,
        colluding_areas: 0,
        unanimity: Unanimity::Recorded,
        possible_values: 3,
        withholds_crossed: true,
    };
    /// For sensitive questions: at least 10 other areas; unanimity is withheld; no sectors of regions.
    pub const STRICT: Self = Self {
        minimum_others: 10,
        colluding_areas: 0,
        unanimity: Unanimity::Withheld,
        possible_values: 3,
        withholds_crossed: true,
    };
    /// Every group of areas of a region that may pool their answers is tried; with more, there are too many.
    pub const MOST_COLLUDING: u32 = 2;
    /// More areas than any evaluation has: whoever wants everything withheld can say so.
    pub const MOST_OTHERS: u32 = 100_000;
    /// Each further value takes further figures with it.
    pub const MOST_POSSIBLE_VALUES: u32 = 10;

    /// How many areas must be behind a statistic, the reader's own and its allies included.
    pub fn minimum_areas(&self) -> u32 {
        self.minimum_others + self.coalition()
    }

    /// How many areas a reader may speak for: the own one and its allies.
    pub fn coalition(&self) -> u32 {
        self.colluding_areas + 1
    }
}
