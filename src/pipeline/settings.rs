use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::Path;

use jiff::Timestamp;

use super::edition::{EditionBuilder, Tongue};
use super::overdue::Overdue;
use crate::aggregate::SealedAggregates;
use crate::check::CheckedEvaluation;
use crate::model::{EditionId, Format, Kind, Language, ReportId, Subject};
use crate::prove::Names;
use crate::publish::{Engine, Manifest, Output, Previous};
use crate::render::{self, Renderer};
use crate::templates::Pages;
use crate::vault::Vault;

/// Settings for making a run.
pub struct BuildSettings {
    /// The output folder, with all runs of the evaluation.
    pub output: Output,
    /// Which reports to make, if not all.
    pub only: Choice,
    /// How many reports to make at the same time; `None` for one per processor.
    pub jobs: Option<NonZeroUsize>,
    /// Makes the finished files, for each language that reports may have.
    pub renderers: BTreeMap<Language, Renderer>,
    /// Fills the pages and texts about a run.
    pub pages: Pages,
    /// Hash of each file of the evaluation, by its path.
    pub inputs: BTreeMap<String, String>,
    /// Makes every report, even those that could be reused.
    pub force: bool,
    /// Reuses what killed runs had finished.
    pub resume: bool,
    /// Reports not to attempt at all, and why.
    pub given_up: BTreeMap<EditionId, String>,
    /// The reports that took too long, if anything watches for them.
    pub overdue: Overdue,
    /// The vault with the key that vouches for the run.
    pub vault: Vault,
    /// Describes this process to others that want the same output folder.
    pub holder: String,
    /// Returns the current time.
    pub clock: fn() -> Timestamp,
}

/// Which reports of an evaluation to make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What they are about; `None` for everything.
    pub subjects: Option<Vec<Subject>>,
    /// The kinds; `None` for those that the evaluation lists.
    pub kinds: Option<Vec<Kind>>,
    /// The formats; `None` for those that the evaluation lists and those that the recipients of a report want.
    pub formats: Option<Vec<Format>>,
    /// The languages; `None` for those that the evaluation lists and those that the recipients of a report want.
    pub languages: Option<Vec<Language>>,
}

impl Choice {
    /// True if reports about a subject are chosen.
    fn has(&self, subject: Subject) -> bool {
        self.subjects.as_ref().is_none_or(|subjects| subjects.contains(&subject))
    }

    /// True if there are reports of a kind among those chosen.
    pub(super) fn has_kind(&self, kind: Kind, evaluation: &CheckedEvaluation) -> bool {
        self.reports(evaluation).iter().any(|(of, _)| *of == kind)
    }

    fn kinds<'c>(&'c self, evaluation: &'c CheckedEvaluation) -> &'c [Kind] {
        self.kinds.as_ref().unwrap_or(&evaluation.settings.reports.kinds)
    }

    /// True if nothing is chosen: no report is both of these kinds and about this.
    pub fn is_empty(&self, evaluation: &CheckedEvaluation) -> bool {
        self.reports(evaluation).is_empty() && self.broken(evaluation).is_empty()
    }

    /// The chosen reports, each with its kind and subject.
    pub(super) fn reports(&self, evaluation: &CheckedEvaluation) -> Vec<(Kind, Subject)> {
        let of_kind = |kind: &Kind| {
            let kind = *kind;
            evaluation.subjects(kind).into_iter().map(move |subject| (kind, subject))
        };
        let all = self.kinds(evaluation).iter().flat_map(of_kind);
        all.filter(|(_, subject)| self.has(*subject)).collect()
    }

    /// The chosen editions of a report, in order.
    pub(super) fn editions(
        &self,
        evaluation: &CheckedEvaluation,
        kind: Kind,
        subject: Subject,
    ) -> Vec<EditionId> {
        let report = evaluation.report_id(kind, subject);
        let edition = |(language, format)| {
            let report = ReportId { language, ..report.clone() };
            EditionId { report, format }
        };
        self.dresses(evaluation, kind, subject).into_iter().map(edition).collect()
    }

    /// The languages and formats of the chosen editions of a report.
    fn dresses(
        &self,
        evaluation: &CheckedEvaluation,
        kind: Kind,
        subject: Subject,
    ) -> BTreeSet<(Language, Format)> {
        if self.formats.is_none() && self.languages.is_none() {
            return evaluation.dresses(kind, subject);
        }
        let listed = &evaluation.settings.reports;
        let formats = self.formats.as_ref().unwrap_or(&listed.formats);
        let languages = self.languages.as_ref().unwrap_or(&listed.languages).iter();
        languages.flat_map(|language| formats.iter().map(|format| (language.clone(), *format))).collect()
    }

    /// The languages that chosen reports may have, with that of the evaluation, which data files are in.
    pub fn languages(&self, evaluation: &CheckedEvaluation) -> BTreeSet<Language> {
        let own = std::iter::once(&evaluation.settings.language);
        match &self.languages {
            Some(chosen) => chosen.iter().chain(own).cloned().collect(),
            None => {
                let listed = evaluation.settings.reports.languages.iter();
                let wanted = evaluation.recipients.iter().map(|to| &to.language);
                listed.chain(wanted).chain(own).cloned().collect()
            }
        }
    }

    /// The chosen reports that cannot be made, because their areas have no valid submission.
    pub(super) fn broken(&self, evaluation: &CheckedEvaluation) -> Vec<(Kind, Subject)> {
        let kinds = self.kinds(evaluation).iter().copied().filter(|kind| kind.is_of_area());
        let subjects = || evaluation.broken.iter().map(|area| Subject::Area(*area));
        let all = kinds.flat_map(|kind| subjects().map(move |subject| (kind, subject)));
        all.filter(|(_, subject)| self.has(*subject)).collect()
    }

    /// What the choice is limited to, as a manifest lists it; empty if nothing that the evaluation lists is left out.
    pub(super) fn limits(&self, evaluation: &CheckedEvaluation) -> Vec<String> {
        let codes = self.subjects.iter().flatten().map(|subject| evaluation.subject_code(*subject));
        let listed = &evaluation.settings.reports.kinds;
        let is_limited = |kinds: &&Vec<Kind>| listed.iter().any(|kind| !kinds.contains(kind));
        let kinds = self.kinds.iter().filter(is_limited).flatten().map(|kind| format!("{kind}/"));
        let formats = self.formats.iter().flatten().map(|format| format!("/{format}"));
        let languages = self.languages.iter().flatten().map(|language| format!("/{language}/"));
        let dresses = languages.chain(formats).filter(|_| self.leaves_editions_out(evaluation));
        codes.chain(kinds).chain(dresses).collect()
    }

    /// True if a chosen report has an edition, wanted by the evaluation or by a recipient, that is not chosen.
    fn leaves_editions_out(&self, evaluation: &CheckedEvaluation) -> bool {
        self.reports(evaluation).into_iter().any(|(kind, subject)| {
            let wanted = evaluation.dresses(kind, subject);
            !wanted.is_subset(&self.dresses(evaluation, kind, subject))
        })
    }
}

impl BuildSettings {
    pub(super) fn engine(&self) -> Engine {
        Engine {
            name: render::ENGINE.to_owned(),
            templates: self.renderers.values().flat_map(Renderer::templates_hashes).collect(),
            styles: self.renderers.values().next().map(Renderer::style_hashes).unwrap_or_default(),
            fonts: Renderer::fonts_hash(),
        }
    }

    /// The last run, if it was made from the same files by the same program and can be reused entirely.
    pub(super) fn unchanged<'p>(
        &self,
        evaluation: &CheckedEvaluation,
        previous: &'p Previous,
        engine: &Engine,
    ) -> Option<(&'p Path, &'p Manifest)> {
        let all = !self.force && self.only == Choice::default() && self.given_up.is_empty();
        let last = all.then(|| previous.unchanged(&evaluation.settings.id, &self.inputs, engine)).flatten();
        last.filter(|(_, manifest)| self.has_what_is_wanted(evaluation, manifest))
    }

    /// True if a run has the reports that are chosen now, and no others: it may have been made with a different choice.
    fn has_what_is_wanted(&self, evaluation: &CheckedEvaluation, manifest: &Manifest) -> bool {
        let wanted = self.only.reports(evaluation).into_iter().chain(self.only.broken(evaluation));
        let wanted: BTreeSet<EditionId> =
            wanted.flat_map(|(kind, subject)| self.only.editions(evaluation, kind, subject)).collect();
        let with_pack = self.only.has_kind(Kind::National, evaluation);
        manifest.reports.iter().map(|entry| &entry.id).eq(&wanted)
            && manifest.data_pack.is_empty() != with_pack
    }

    pub(super) fn builder<'m>(
        &'m self,
        evaluation: &'m CheckedEvaluation,
        aggregates: &'m SealedAggregates,
        names: &'m Names,
        engine: &'m Engine,
    ) -> EditionBuilder<'m> {
        let languages = self.only.languages(evaluation).into_iter();
        let tongues = languages.filter_map(|language| {
            let evaluation = evaluation.in_language(&language)?;
            let renderer = self.renderers.get(&language)?;
            Some((language, Tongue { evaluation, renderer }))
        });
        EditionBuilder {
            evaluation,
            aggregates,
            names,
            tongues: tongues.collect(),
            engine,
            clock: self.clock,
        }
    }
}
