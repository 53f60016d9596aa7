use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::comparison::{Review, review};
use super::deciding_error::DecidingError;
use super::decisions::{Decisions, news};
use super::record::Record;
use super::side::Side;
use super::standing::Standing;
use super::verdict::{Decision, Part, ReviewedContent, Verdict};
use crate::fs;
use crate::lock::Lock;
use crate::model::{EditionId, is_meant};
use crate::problem::{Place, Problem, nearest};
use crate::publish::{Link, Manifest, Output, ReportEntry, signed_manifest};
use crate::read::RECIPIENTS;
use crate::vault::Vault;

/// A run under review, with the verdicts given so far. Its output folder stays locked for as long as this value exists.
#[derive(Debug)]
pub struct RunUnderReview {
    output: Output,
    folder: PathBuf,
    /// The manifest of the run.
    pub manifest: Manifest,
    record: Record,
    vault: Vault,
    lock: Lock,
    reviewer: Option<String>,
    at: String,
}

/// Who decides or sends, for others who want to at the same time, and when.
pub struct Moment<'a> {
    /// A description of this process.
    pub holder: &'a str,
    /// The time, in UTC.
    pub at: String,
}

/// The reports that a decision is about.
#[derive(Clone, Copy, Debug)]
pub enum Selection<'a> {
    /// Every report of the run.
    All,
    /// The reports of areas, by code or name, and of regions, by name.
    Of {
        /// The areas.
        areas: &'a [String],
        /// The regions.
        regions: &'a [String],
    },
    /// The reports with a change in any of these groups, by id, since the approved run.
    Groups(&'a [String]),
}

/// A decision on whole reports.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// What is decided.
    pub decision: Decision,
    /// Why, or any other remark.
    pub note: &'a str,
    /// True if an approval covers recipients who changed since the last approval; otherwise such reports are left out.
    pub new_recipients: bool,
}

/// The outcome of recording verdicts.
#[derive(Debug)]
pub struct Recorded {
    /// How many verdicts were new; the rest would have repeated what already applies.
    pub new: usize,
    /// Where each report of the run stands, in the order of the manifest.
    pub standings: Vec<Standing>,
    /// True if nothing is left to decide, so that `approved` now points to this run.
    pub approved: bool,
}

impl RunUnderReview {
    /// Opens a run of an output folder and locks the folder. `reviewer` is the name given; without it, the reviewer is
    /// the usual one of the evaluation.
    ///
    /// # Errors
    /// If the run cannot be read or has only some of the areas, if the folder is locked, or if the record of verdicts
    /// is damaged: nothing is added to a record that cannot be relied on.
    pub fn open(
        output: Output,
        folder: PathBuf,
        reviewer: Option<&str>,
        vault: Vault,
        Moment { holder, at }: Moment<'_>,
    ) -> Result<Self, DecidingError> {
        let manifest = signed_manifest(&folder, vault.key())?;
        if !manifest.only.is_empty() {
            return Err(DecidingError::Partial);
        }
        let lock = output.lock(holder)?;
        let record = Record::read(&output, &vault)?;
        if let Some(problem) = record.problems.first() {
            return Err(DecidingError::DamagedRecord(Box::new(problem.clone())));
        }
        let named = reviewer.unwrap_or(&manifest.review.reviewer);
        let name = named.split_whitespace().collect::<Vec<_>>().join(" ");
        let reviewer = Some(name).filter(|name| !name.is_empty());
        Ok(Self { output, folder, manifest, record, vault, lock, reviewer, at })
    }

    fn reviewer(&self) -> Result<&str, DecidingError> {
        self.reviewer.as_deref().ok_or(DecidingError::NoReviewer)
    }

    /// The verdicts in a file exported from the review page, and the decisions that cannot become verdicts. `named` is
    /// true if the reviewer was named: the name in the file then does not count.
    ///
    /// # Errors
    /// If the file has no decisions about this run, or no reviewer is named.
    pub fn decisions(&self, file: &Path, named: bool) -> Result<(Vec<Verdict>, Vec<Problem>), DecidingError> {
        let bytes = fs::read(file)?;
        let decisions: Decisions = serde_json::from_slice(&bytes)
            .map_err(|why| DecidingError::Decisions { file: file.to_owned(), why })?;
        let this = &self.manifest.run.id;
        if decisions.new != *this {
            return Err(DecidingError::DifferentRun { of: decisions.new, this: this.clone() });
        }
        let name_in_file = decisions.reviewer.trim();
        let reviewer = if !named && !name_in_file.is_empty() { name_in_file } else { self.reviewer()? };
        Ok(decisions.verdicts(&file.display().to_string(), &self.manifest, reviewer, &self.at))
    }

    /// The same verdict on every selected report. A report is approved in part if the approved groups cover only part
    /// of its changes. Each report that is left out because of its recipients is a problem. `compared` is called for each
    /// report compared, with the total number of reports.
    ///
    /// # Errors
    /// If the selection names something that the run does not have, or no reviewer is named.
    pub fn verdicts(
        &self,
        selection: Selection<'_>,
        Judgement { decision, note, new_recipients }: Judgement<'_>,
        compared: impl Fn(usize) + Sync,
    ) -> Result<(Vec<Verdict>, Vec<Problem>), DecidingError> {
        let reviewer = self.reviewer()?;
        let mut parts = BTreeMap::new();
        let selected: BTreeSet<EditionId> = match selection {
            Selection::All => self.manifest.reports.iter().map(|entry| entry.id.clone()).collect(),
            Selection::Of { areas, regions } => self.in_places(areas, regions)?,
            Selection::Groups(groups) => {
                let covered = self.in_groups(groups, compared)?;
                let part = |report: &Covered| (report.id.clone(), report.part.clone());
                parts.extend(covered.iter().filter(|report| !report.whole).map(part));
                covered.into_iter().map(|report| report.id).collect()
            }
        };
        // Whoever approves groups sees the recipients in one of them.
        let covered =
            decision != Decision::Approved || new_recipients || matches!(selection, Selection::Groups(_));
        let entries = self.manifest.reports.iter().filter(|entry| selected.contains(&entry.id));
        let entries = entries.filter(|entry| entry.outcome.is_made() || decision == Decision::Withdrawn);
        let (entries, left_out): (Vec<&ReportEntry>, Vec<&ReportEntry>) =
            entries.partition(|entry| covered || !self.has_new_recipients(entry));
        let verdict = |entry: &ReportEntry| {
            let part = parts.remove(&entry.id).filter(|_| decision == Decision::Approved);
            Verdict {
                at: self.at.clone(),
                reviewer: reviewer.to_owned(),
                run: self.manifest.run.id.clone(),
                decision: if part.is_some() { Decision::ApprovedInPart } else { decision },
                id: entry.id.clone(),
                part,
                note: note.to_owned(),
                seen: ReviewedContent::of(entry),
            }
        };
        let verdicts = entries.into_iter().map(verdict).collect();
        Ok((verdicts, left_out.into_iter().map(with_new_recipients).collect()))
    }

    /// True if a report was approved before, for other people than those who are to receive it now.
    fn has_new_recipients(&self, entry: &ReportEntry) -> bool {
        let approved = self
            .record
            .verdicts
            .iter()
            .rfind(|verdict| verdict.id == entry.id && verdict.decision == Decision::Approved);
        approved.is_some_and(|verdict| verdict.seen.recipients != entry.recipients)
    }

    /// The reports of areas and regions.
    fn in_places(&self, areas: &[String], regions: &[String]) -> Result<BTreeSet<EditionId>, DecidingError> {
        let reports = &self.manifest.reports;
        let is = |entry: &ReportEntry, wanted: &str| is_meant(wanted, &entry.id.report.subject, &entry.name);
        let in_region = |entry: &ReportEntry, wanted: &str| entry.region.eq_ignore_ascii_case(wanted);
        if let Some(unknown) = areas.iter().find(|area| !reports.iter().any(|entry| is(entry, area))) {
            let near = nearest(unknown, reports.iter().map(|entry| entry.name.as_str())).map(str::to_owned);
            return Err(DecidingError::UnknownArea { wanted: unknown.clone(), near });
        }
        if let Some(unknown) =
            regions.iter().find(|region| !reports.iter().any(|entry| in_region(entry, region)))
        {
            return Err(DecidingError::UnknownRegion(unknown.clone()));
        }
        let wanted = |entry: &&ReportEntry| {
            areas.iter().any(|area| is(entry, area)) || regions.iter().any(|region| in_region(entry, region))
        };
        Ok(reports.iter().filter(wanted).map(|entry| entry.id.clone()).collect())
    }

    /// The reports with a change in any of these groups since the approved run.
    fn in_groups(
        &self,
        groups: &[String],
        compared: impl Fn(usize) + Sync,
    ) -> Result<Vec<Covered>, DecidingError> {
        let approved = self.output.linked(Link::Approved).ok_or(DecidingError::NothingApproved)?;
        let (old, new) = (Side::open(&approved)?, Side::open(&self.folder)?);
        let review = review(&old, &new, |_, _| true, compared);
        if let Some(unknown) = groups.iter().find(|id| !review.groups.iter().any(|group| group.id == **id)) {
            return Err(DecidingError::UnknownGroup { id: unknown.clone(), old: old.name, new: new.name });
        }
        Ok(self.covered(&review, &old.name, groups))
    }

    /// The reports that have changes in the wanted groups, which `review` found against an approved run.
    fn covered(&self, review: &Review, against: &str, wanted: &[String]) -> Vec<Covered> {
        let mut covered = Vec::new();
        for (position, change) in review.changes.iter().enumerate() {
            let Some(id) = change.key.edition() else { continue };
            let groups: Vec<&String> = review
                .groups
                .iter()
                .filter(|group| group.reports.contains(&position))
                .map(|group| &group.id)
                .collect();
            let now: Vec<String> = groups.iter().copied().filter(|id| wanted.contains(id)).cloned().collect();
            if now.is_empty() {
                continue;
            }
            let before = self.approved_in_part(id, against);
            let whole = groups.iter().all(|group| wanted.contains(group) || before.contains(group));
            covered.push(Covered {
                id: id.clone(),
                whole,
                part: Part { against: against.to_owned(), groups: now },
            });
        }
        covered
    }

    /// The groups of changes in a report that this reviewer has already approved.
    fn approved_in_part(&self, id: &EditionId, against: &str) -> BTreeSet<&String> {
        let seen = self.manifest.entry(id).map(ReviewedContent::of);
        let same = self.record.verdicts.iter().filter(|verdict| {
            verdict.id == *id
                && Some(&verdict.seen) == seen.as_ref()
                && self.reviewer.as_ref() == Some(&verdict.reviewer)
        });
        let parts = same.filter_map(|verdict| verdict.part.as_ref());
        parts.filter(|part| part.against == against).flat_map(|part| &part.groups).collect()
    }

    /// Records verdicts. Once every report is approved or withdrawn, `approved` points to this run.
    ///
    /// # Errors
    /// If the record cannot be written, or the link cannot be moved.
    pub fn record(&mut self, verdicts: Vec<Verdict>) -> Result<Recorded, DecidingError> {
        let news = news(verdicts, &self.record.verdicts, &self.manifest);
        let new = news.len();
        self.record.add(&self.output, news, &self.vault, &self.lock)?;
        let standings = self.record.standings(&self.manifest);
        let settled = standings.iter().all(Standing::is_settled);
        let approved =
            settled && standings.iter().any(|standing| matches!(standing, Standing::Approved { .. }));
        if approved {
            self.output.approve(&self.manifest.run.id, &self.lock)?;
        }
        Ok(Recorded { new, standings, approved })
    }
}

fn with_new_recipients(entry: &ReportEntry) -> Problem {
    let message = "other people are to receive this report than when it was approved";
    Problem::error("recipients", Place::file(RECIPIENTS), message)
        .value(entry.label())
        .hint("'area-reports diff' shows who; if they are right: approve with --recipients, or the group")
}

/// A report with changes in the groups being decided on.
struct Covered {
    id: EditionId,
    /// True if these groups, and those that the reviewer approved before, cover all its changes.
    whole: bool,
    part: Part,
}
