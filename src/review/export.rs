use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::deciding::{Covered, RunUnderReview, SinceApproval};
use super::deciding_error::{DecidingError, ExportFault};
use super::decisions::{Decisions, ReportDecision};
use super::reviewer::{Reviewer, SignedVerdicts};
use super::statement::Statement;
use super::verdict::{Decision, Source, Verdict};
use crate::fs;
use crate::hash::sha256;
use crate::problem::{Place, Problem};

/// The version of exported decisions.
const VERSION: u32 = 2;

/// Decisions exported from the review page, with the signature of their reviewer.
#[derive(Debug)]
pub struct Export {
    file: PathBuf,
    decisions: Decisions,
    statement: Statement,
}

impl Export {
    /// Reads an exported file. What it says is not proved yet.
    ///
    /// # Errors
    /// If the file cannot be read, or has no decisions of this version.
    pub fn read(file: &Path) -> Result<Self, DecidingError> {
        let fault = |fault| DecidingError::Export { file: file.to_owned(), fault };
        let bytes = fs::read(file).map_err(|error| fault(ExportFault::Unreadable(error)))?;
        let statement: Statement = serde_json::from_slice(&bytes).map_err(|why| {
            let is_short = why.is_eof();
            fault(if is_short { ExportFault::Incomplete } else { ExportFault::NotDecisions(why) })
        })?;
        if statement.version != VERSION {
            return Err(fault(ExportFault::Version { found: statement.version, known: VERSION }));
        }
        let decisions = serde_json::from_str(&statement.statement)
            .map_err(|why| fault(ExportFault::NotDecisions(why)))?;
        Ok(Self { file: file.to_owned(), decisions, statement })
    }

    /// The id of the run that it says it is about.
    pub fn run(&self) -> &str {
        &self.decisions.new
    }

    /// The name of the reviewer who it says signed it.
    pub fn reviewer(&self) -> &str {
        &self.decisions.reviewer
    }

    /// The hash by which a record knows the export.
    fn hash(&self) -> String {
        sha256(self.statement.statement.as_bytes())
    }

    fn fault(&self, fault: ExportFault) -> DecidingError {
        DecidingError::Export { file: self.file.clone(), fault }
    }
}

impl RunUnderReview {
    /// The verdicts in an export, signed by its reviewer, and the decisions that cannot become verdicts. There are none
    /// of either if the export was recorded before.
    ///
    /// # Errors
    /// If it is about a different run, or was not signed by the reviewer that it names.
    pub fn exported(&self, export: &Export) -> Result<(SignedVerdicts, Vec<Problem>), DecidingError> {
        let decisions = &export.decisions;
        let this = &self.manifest.run.id;
        if decisions.new != *this {
            let (of, this) = (decisions.new.clone(), this.clone());
            return Err(export.fault(ExportFault::DifferentRun { of, this }));
        }
        let reviewer = self.reviewer(Some(&decisions.reviewer))?;
        if !reviewer.signed(&export.statement.statement, &export.statement.signature) {
            return Err(export.fault(ExportFault::NotSigned(reviewer.name().to_owned())));
        }
        let hash = export.hash();
        if self
            .record
            .verdicts
            .iter()
            .any(|verdict| verdict.export.as_ref().is_some_and(|known| known.sha256 == hash))
        {
            return Ok((SignedVerdicts::by(&reviewer, Vec::new()), Vec::new()));
        }
        // A computer whose clock is ahead must not make later decisions look early.
        let source = Source { sha256: hash, at: decisions.at.clone().min(self.at.clone()) };
        let since = self.since_approval(|_| {})?;
        let obstacle = self.obstacle(decisions, &since.groups.old);
        let is_settled = self.is_approved();
        let mut verdicts = Vec::new();
        let mut problems = Vec::new();
        for (number, report) in (1..).zip(&decisions.reports) {
            if is_settled && report.decision == Decision::ApprovedInPart {
                continue;
            }
            let approves = !report.decision.needs_reason();
            let verdict = match obstacle.clone().filter(|_| approves) {
                Some(obstacle) => Err(obstacle),
                None => self.verdict(report, &source.at, &since, &reviewer),
            };
            match verdict {
                Ok(verdict) => verdicts.push(Verdict { export: Some(source.clone()), ..verdict }),
                Err(message) => {
                    let place = Place::file(export.file.display().to_string());
                    let place = place.column(format!("reports {number}"));
                    let problem = Problem::error("decision", place, message).value(&report.subject);
                    problems.push(problem.hint("compare the runs again and look at it"));
                }
            }
        }
        Ok((SignedVerdicts::by(&reviewer, verdicts), problems))
    }

    /// Why no approval of an export counts, although its rejections do.
    fn obstacle(&self, decisions: &Decisions, approved: &str) -> Option<String> {
        if decisions.at > self.latest_export() {
            return Some(
                "the clock of the reviewer's computer is ahead: set it, and export again".to_owned(),
            );
        }
        if decisions.old != approved && !self.is_approved() {
            let old = &decisions.old;
            return Some(format!("the comparison was with {old}, which is not the approved run"));
        }
        None
    }

    /// The verdict that a decision becomes, or why it cannot become one.
    fn verdict(
        &self,
        report: &ReportDecision,
        exported: &str,
        since: &SinceApproval,
        reviewer: &Reviewer,
    ) -> Result<Verdict, String> {
        if let Some(fault) = report.fault(&self.manifest, &self.record.verdicts, reviewer.name(), exported) {
            return Err(fault.to_owned());
        }
        let id = report.id();
        let (mut decision, mut part) = (report.decision, None);
        if decision == Decision::ApprovedInPart {
            let wanted: BTreeSet<&str> = report.groups.iter().map(String::as_str).collect();
            match self.part(&id, since, &wanted, reviewer.name())? {
                Some(Covered::Whole) => decision = Decision::Approved,
                Some(Covered::Part(covered)) => part = Some(covered),
                None => return Err("the report has none of these changes".to_owned()),
            }
        }
        if !decision.needs_reason() {
            self.must_be_as_made(self.manifest.entry(&id).into_iter()).map_err(|error| error.to_string())?;
        }
        Ok(Verdict {
            at: self.at.clone(),
            reviewer: reviewer.name().to_owned(),
            run: self.manifest.run.id.clone(),
            id,
            decision,
            part,
            note: report.note.trim().to_owned(),
            export: None,
            seen: report.seen.clone(),
        })
    }
}
