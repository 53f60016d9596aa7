use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use super::comparison::review;
use super::deciding_error::DecidingError;
use super::decisions::news;
use super::record::Record;
use super::report_groups::{ReportGroups, as_made};
use super::reviewer::{Reviewer, SignedVerdicts};
use super::side::Side;
use super::standing::{Standing, standing};
use super::verdict::{Decision, Part, ReviewedContent, Verdict};
use crate::lock::Lock;
use crate::model::{EditionId, Kind, is_meant, is_same_person};
use crate::problem::{Place, Problem, nearest};
use crate::publish::{Link, Manifest, Output, ReportEntry, signed_manifest};
use crate::read::RECIPIENTS;
use crate::vault::{KnownReviewers, Vault};

/// A run under review, with the verdicts given so far. Its output folder stays locked for as long as this value exists.
#[derive(Debug)]
pub struct RunUnderReview {
    pub(super) output: Output,
    folder: PathBuf,
    /// The manifest of the run.
    pub manifest: Manifest,
    pub(super) record: Record,
    vault: Vault,
    lock: Lock,
    pub(super) at: String,
}

/// Who decides or sends, for others who want to at the same time, and when.
#[derive(Clone, Debug)]
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
    /// The reports of areas, by code or name, and of regions, by name; of all places if none is named.
    Of {
        /// The areas.
        areas: &'a [String],
        /// The regions.
        regions: &'a [String],
        /// The kinds of report; all if none is named.
        kinds: &'a [Kind],
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
    /// Opens a run of an output folder and locks the folder.
    ///
    /// # Errors
    /// If the run cannot be read or has only some of the areas, if the folder is locked, or if the record of verdicts
    /// is damaged: nothing is added to a record that cannot be relied on.
    pub fn open(
        output: Output,
        folder: PathBuf,
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
        Ok(Self { output, folder, manifest, record, vault, lock, at })
    }

    /// The reviewer with a name; without one, the only reviewer that the run has.
    ///
    /// # Errors
    /// If the run's policy does not name the person, or the person has no passphrase yet.
    pub fn reviewer(&self, name: Option<&str>) -> Result<Reviewer, DecidingError> {
        Reviewer::named(name, &self.manifest.review, &KnownReviewers::read(&self.vault)?)
    }

    /// The same verdict of a reviewer on every selected report. A report is approved in part if the approved groups cover
    /// only part of its changes. Each report that is left out because of its recipients is a problem. `compared` is
    /// called for each report compared, with the total number of reports.
    ///
    /// # Errors
    /// If the selection names something that the run does not have, or a report to be approved is not as it was made.
    pub fn verdicts(
        &self,
        reviewer: &Reviewer,
        selection: Selection<'_>,
        Judgement { decision, note, new_recipients }: Judgement<'_>,
        compared: impl Fn(usize) + Sync,
    ) -> Result<(Vec<Verdict>, Vec<Problem>), DecidingError> {
        let mut parts = BTreeMap::new();
        let mut apart = Vec::new();
        let selected: BTreeSet<EditionId> = match selection {
            Selection::All => self.manifest.reports.iter().map(|entry| entry.id.clone()).collect(),
            Selection::Of { areas, regions, kinds } => {
                let mut reports = self.in_places(areas, regions)?;
                reports.retain(|id| kinds.is_empty() || kinds.contains(&id.report.kind));
                reports
            }
            Selection::Groups(wanted) => {
                let since = self.since_approval(compared)?;
                let groups = &since.groups;
                if let Some(unknown) = wanted.iter().find(|id| !groups.have(id)) {
                    let (old, new) = (groups.old.clone(), self.manifest.run.id.clone());
                    return Err(DecidingError::UnknownGroup { id: unknown.clone(), old, new });
                }
                let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
                let mut selected = groups.with(&wanted);
                if decision == Decision::Approved {
                    (parts, apart) = self.parts(&selected, &since, &wanted, reviewer.name());
                    selected.retain(|id| parts.contains_key(id));
                }
                selected
            }
        };
        // Whoever approves groups sees the recipients in one of them.
        let covered =
            decision != Decision::Approved || new_recipients || matches!(selection, Selection::Groups(_));
        let entries = self.manifest.reports.iter().filter(|entry| selected.contains(&entry.id));
        let takes_no_report = matches!(decision, Decision::Withdrawn | Decision::Lifted);
        let entries = entries.filter(|entry| entry.outcome.is_made() || takes_no_report);
        let (entries, left_out): (Vec<&ReportEntry>, Vec<&ReportEntry>) =
            entries.partition(|entry| covered || !self.has_new_recipients(entry));
        if decision == Decision::Approved {
            self.must_be_as_made(entries.iter().copied())?;
        }
        let verdict = |entry: &ReportEntry| {
            let (decision, part) = match parts.remove(&entry.id) {
                Some(Covered::Part(part)) => (Decision::ApprovedInPart, Some(part)),
                Some(Covered::Whole) | None => (decision, None),
            };
            Verdict {
                at: self.at.clone(),
                reviewer: reviewer.name().to_owned(),
                run: self.manifest.run.id.clone(),
                decision,
                id: entry.id.clone(),
                part,
                note: note.to_owned(),
                export: None,
                seen: ReviewedContent::of(entry),
            }
        };
        let verdicts = entries.into_iter().map(verdict).collect();
        apart.extend(left_out.into_iter().map(with_new_recipients));
        Ok((verdicts, apart))
    }

    /// How much groups cover of each report, and the reports that cannot be approved by their changes.
    fn parts(
        &self,
        reports: &BTreeSet<EditionId>,
        since: &SinceApproval,
        wanted: &BTreeSet<&str>,
        reviewer: &str,
    ) -> (BTreeMap<EditionId, Covered>, Vec<Problem>) {
        let (mut parts, mut apart) = (BTreeMap::new(), Vec::new());
        for id in reports {
            match self.part(id, since, wanted, reviewer) {
                Ok(covered) => parts.extend(covered.map(|covered| (id.clone(), covered))),
                Err(why) => apart.extend(self.manifest.entry(id).map(|entry| only_as_a_whole(entry, why))),
            }
        }
        (parts, apart)
    }

    /// Checks that reports are still what the manifest says: an approval is of what is on the disk.
    pub(super) fn must_be_as_made<'e>(
        &self,
        entries: impl Iterator<Item = &'e ReportEntry>,
    ) -> Result<(), DecidingError> {
        as_made(&self.folder, entries)
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

    /// The reports of areas and regions; all if none are named.
    fn in_places(&self, areas: &[String], regions: &[String]) -> Result<BTreeSet<EditionId>, DecidingError> {
        let reports = &self.manifest.reports;
        let is = |entry: &ReportEntry, wanted: &str| {
            let EditionId { report, .. } = &entry.id;
            // A region or sector may have the name of an area; it is named with its kind.
            if report.kind.is_of_area() {
                is_meant(wanted, &report.subject, &entry.name)
            } else {
                wanted == format!("{}/{}", report.kind, report.subject)
            }
        };
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
        let everywhere = areas.is_empty() && regions.is_empty();
        let wanted = |entry: &&ReportEntry| {
            everywhere
                || areas.iter().any(|area| is(entry, area))
                || regions.iter().any(|region| in_region(entry, region))
        };
        Ok(reports.iter().filter(wanted).map(|entry| entry.id.clone()).collect())
    }

    /// The changes since the approved run, in the groups kept with the page for reviewers, or else in those that a
    /// comparison finds, which are kept then.
    ///
    /// # Errors
    /// If the approved run cannot be read, or the groups cannot be kept.
    pub(super) fn since_approval(
        &self,
        compared: impl Fn(usize) + Sync,
    ) -> Result<SinceApproval, DecidingError> {
        let old = match self.output.linked(Link::Approved) {
            Some(approved) => Side::run(&approved, signed_manifest(&approved, self.vault.key())?),
            None => Side::nothing(),
        };
        let new = Side::open(&self.folder)?;
        let key = self.vault.key();
        let groups = match ReportGroups::kept(&self.output, &old, &new, key) {
            Some(groups) => groups,
            None => {
                as_made(&old.folder, old.entries())?;
                let groups = ReportGroups::of(&review(&old, &new, |_, _| true, compared), &old, &new);
                groups.save(&self.output, key)?;
                groups
            }
        };
        let is_approved = |entry: &&ReportEntry| {
            let standing = standing(entry, &self.manifest.review, &self.record.verdicts);
            matches!(standing, Standing::Approved { .. })
        };
        let unapproved = old.entries().filter(|entry| entry.outcome.is_made() && !is_approved(entry));
        Ok(SinceApproval { unapproved: unapproved.map(|entry| entry.id.clone()).collect(), groups })
    }

    /// How much of a report's changes groups cover, together with those that the reviewer approved before; `None` if the
    /// report has none of them.
    ///
    /// # Errors
    /// If approving its changes does not make the report right, and why.
    pub(super) fn part(
        &self,
        id: &EditionId,
        SinceApproval { groups, unapproved }: &SinceApproval,
        wanted: &BTreeSet<&str>,
        reviewer: &str,
    ) -> Result<Option<Covered>, &'static str> {
        let Some(of) = groups.of_report(id) else { return Ok(None) };
        let now: Vec<String> = of.iter().filter(|group| wanted.contains(group.as_str())).cloned().collect();
        if now.is_empty() {
            return Ok(None);
        }
        if unapproved.contains(id) {
            return Err("the version that it was compared with is not approved");
        }
        if self.opposes(id, reviewer) {
            return Err("the same reviewer rejected or withdrew it");
        }
        let before = self.approved_in_part(id, &groups.old, reviewer);
        if of.iter().all(|group| now.contains(group) || before.contains(group)) {
            return Ok(Some(Covered::Whole));
        }
        let of = of.iter().cloned().collect();
        Ok(Some(Covered::Part(Part { against: groups.old.clone(), groups: now, of })))
    }

    /// True if the last verdict of a reviewer on a report as it is now is a rejection or withdrawal.
    fn opposes(&self, id: &EditionId, reviewer: &str) -> bool {
        let whole =
            |verdict: &&Verdict| !matches!(verdict.decision, Decision::ApprovedInPart | Decision::Lifted);
        let last = self.given(id, reviewer).filter(whole).last();
        last.is_some_and(|verdict| verdict.decision != Decision::Approved)
    }

    /// The verdicts of a reviewer on a report as it is now.
    fn given<'s>(&'s self, id: &EditionId, reviewer: &str) -> impl Iterator<Item = &'s Verdict> {
        let seen = self.manifest.entry(id).map(ReviewedContent::of);
        self.record.verdicts.iter().filter(move |verdict| {
            verdict.id == *id
                && Some(&verdict.seen) == seen.as_ref()
                && is_same_person(reviewer, &verdict.reviewer)
        })
    }

    /// The groups of changes in a report that a reviewer has already approved.
    fn approved_in_part(&self, id: &EditionId, against: &str, reviewer: &str) -> BTreeSet<&String> {
        let mut parts: Vec<&Part> = Vec::new();
        for verdict in self.given(id, reviewer) {
            match (&verdict.part, verdict.decision) {
                (Some(part), _) => parts.push(part),
                // Whoever rejects a report no longer approves parts of it.
                (None, Decision::Rejected | Decision::Withdrawn) => parts.clear(),
                _ => {}
            }
        }
        let parts = parts.into_iter();
        parts.filter(|part| part.against == against).flat_map(|part| &part.groups).collect()
    }

    /// The latest time that an export may have: now, with some minutes for clocks that differ.
    pub(super) fn latest_export(&self) -> String {
        let now = self.at.parse::<Timestamp>().map(|now| now + SignedDuration::from_mins(10));
        now.map_or_else(|_| self.at.clone(), |latest| latest.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// True if `approved` points to this run already.
    pub(super) fn is_approved(&self) -> bool {
        let approved = self.output.linked(Link::Approved);
        approved.is_some() && approved == self.folder.canonicalize().ok()
    }

    /// How a decision would change this run: what a reviewer reads before signing.
    pub fn reach(&self, verdicts: &[Verdict]) -> Reach {
        let changed = |verdict: &&Verdict| {
            let known = self.record.verdicts.iter().rfind(|other| {
                other.id == verdict.id && other.decision == Decision::Approved && other.run != verdict.run
            });
            known.is_none_or(|known| known.seen != verdict.seen)
        };
        Reach {
            reports: verdicts.len(),
            of: self.manifest.reports.len(),
            unseen: verdicts.iter().filter(changed).count(),
        }
    }

    /// Records verdicts. Once every report is approved or withdrawn, and any is approved, `approved` points to this run.
    ///
    /// # Errors
    /// If the record cannot be written, or the link cannot be moved.
    pub fn record(&mut self, verdicts: SignedVerdicts) -> Result<Recorded, DecidingError> {
        let news = news(verdicts.into_verdicts(), &self.record.verdicts, &self.manifest);
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

fn only_as_a_whole(entry: &ReportEntry, why: &str) -> Problem {
    let message = format!("approving its changes is not enough: {why}");
    let place = Place::file(entry.report.as_ref().map(|file| file.file.clone()).unwrap_or_default());
    let problem = Problem::error("whole", place, message).value(entry.label());
    problem.hint("look at the whole report, and approve it with --area")
}

fn with_new_recipients(entry: &ReportEntry) -> Problem {
    let message = "other people are to receive this report than when it was approved";
    Problem::error("recipients", Place::file(RECIPIENTS), message)
        .value(entry.label())
        .hint("'area-reports diff' shows who; if they are right: approve with --recipients, or the group")
}

/// What changed in a run since the approved one.
pub(super) struct SinceApproval {
    /// The groups of changes.
    pub(super) groups: ReportGroups,
    /// The reports that are in the approved run and not approved there: approving their changes is not enough.
    unapproved: BTreeSet<EditionId>,
}

/// How much of a report's changes a decision covers.
pub(super) enum Covered {
    /// All of them.
    Whole,
    /// Some of them.
    Part(Part),
}

/// What a decision is about, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// How many reports it is about.
    pub reports: usize,
    /// How many reports the run has.
    pub of: usize,
    /// How many of those differ from what was last approved in an earlier run, or were never approved.
    pub unseen: usize,
}
