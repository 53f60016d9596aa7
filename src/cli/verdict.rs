use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::{ApproveArguments, Deciding, RejectArguments};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::model::EditionId;
use crate::problem::Problem;
use crate::publish::{self, Lock, Manifest, ReportEntry};
use crate::review::{self, Decision, Decisions, Part, Record, Seen, Side, Standing, Verdict};

/// `approve`: records that reports of a run may be sent.
pub(super) fn approve(arguments: &ApproveArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let deciding = &arguments.deciding;
    let desk = Desk::open(deciding)?;
    let note = arguments.note.clone().unwrap_or_default();
    let (verdicts, problems) = match &arguments.from {
        Some(file) => desk.decisions(file, deciding)?,
        None => (desk.verdicts(deciding, Decision::Approved, &note)?, Vec::new()),
    };
    desk.record(verdicts, &problems, deciding.json, terminal)
}

/// `reject`: records that reports of a run are wrong.
pub(super) fn reject(arguments: &RejectArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    against(arguments, Decision::Rejected, terminal)
}

/// `withdraw`: records that reports of a run are not to be sent.
pub(super) fn withdraw(arguments: &RejectArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    against(arguments, Decision::Withdrawn, terminal)
}

fn against(
    arguments: &RejectArguments,
    decision: Decision,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let deciding = &arguments.deciding;
    if arguments.why.trim().is_empty() {
        return Err(Failure::usage("--why is empty").hint("say why in a few words: others will ask"));
    }
    if deciding.area.is_empty() && deciding.region.is_empty() && deciding.group.is_empty() {
        return Err(Failure::usage("which reports?").hint("name them with --area, --region or --group"));
    }
    let desk = Desk::open(deciding)?;
    let verdicts = desk.verdicts(deciding, decision, arguments.why.trim())?;
    desk.record(verdicts, &[], deciding.json, terminal)
}

/// The run folder that a path names: a run, or `latest` of an evaluation or of a folder of runs; with its output folder.
pub(super) fn run_of(path: &Path) -> Result<(PathBuf, PathBuf), Failure> {
    let run = if path.join("manifest.json").is_file() {
        path.to_owned()
    } else {
        super::diff::runs_of(path)?.join("latest")
    };
    let folder = run.canonicalize().map_err(|_| {
        Failure::usage(format!("there is no run in {} yet", path.display()))
            .hint("make one: area-reports build EVALUATION")
    })?;
    let runs = folder.parent().filter(|runs| runs.ends_with("runs"));
    let Some(out) = runs.and_then(Path::parent) else {
        return Err(Failure::usage(format!("{} is not in a folder of runs", path.display())));
    };
    Ok((folder.clone(), out.to_owned()))
}

/// Where verdicts are given: a run, what was said before, and who speaks.
struct Desk {
    out: PathBuf,
    folder: PathBuf,
    manifest: Manifest,
    record: Record,
    lock: Lock,
    reviewer: String,
    now: String,
}

impl Desk {
    fn open(deciding: &Deciding) -> Result<Self, Failure> {
        let (folder, out) = run_of(&deciding.run)?;
        let side = Side::open(&folder).map_err(|error| Failure::new(Exit::Usage, &error))?;
        let Some(manifest) = side.manifest else {
            return Err(Failure::usage(format!("{} is not a run of this program", folder.display())));
        };
        if !manifest.only.is_empty() {
            return Err(Failure::usage("this run has the reports of some areas only")
                .hint("verdicts are given on whole runs: build without --area, --region and --failed"));
        }
        let lock = super::build::lock(&out)?;
        let record = Record::read(&out)?;
        if !record.problems.is_empty() {
            let first = record.problems[0].to_string();
            return Err(Failure::usage(format!("the record of verdicts is not whole: {first}")).hint(
                "bring back verdicts.jsonl as it was; nothing is added to a record that cannot be relied on",
            ));
        }
        let named = deciding.reviewer.clone().unwrap_or_else(|| manifest.review.reviewer.clone());
        let reviewer = named.split_whitespace().collect::<Vec<_>>().join(" ");
        let now = super::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Ok(Self { out, folder, manifest, record, lock, reviewer, now })
    }

    fn reviewer(&self) -> Result<&str, Failure> {
        if self.reviewer.is_empty() {
            return Err(Failure::usage("a verdict needs a name")
                .hint("give yours with --as, or set 'reviewer' in [review] of evaluation.toml"));
        }
        Ok(&self.reviewer)
    }

    /// The verdicts of a file that was exported from the page.
    fn decisions(&self, file: &Path, deciding: &Deciding) -> Result<(Vec<Verdict>, Vec<Problem>), Failure> {
        let bytes = crate::fs::read(file).map_err(|error| Failure::new(Exit::Usage, &error))?;
        let decisions: Decisions = serde_json::from_slice(&bytes)
            .map_err(|error| Failure::usage(format!("{} has no decisions: {error}", file.display())))?;
        if decisions.new != self.manifest.run.id {
            return Err(Failure::usage(format!(
                "these decisions are on run {}, and this is {}",
                decisions.new, self.manifest.run.id
            )));
        }
        let of_file = decisions.reviewer.trim();
        let reviewer =
            if deciding.reviewer.is_none() && !of_file.is_empty() { of_file } else { self.reviewer()? };
        let name = file.display().to_string();
        Ok(decisions.verdicts(&name, &self.manifest, reviewer, &self.now))
    }

    /// The same verdict on every report that is chosen; where only some of its changes are, an approval in part.
    fn verdicts(&self, deciding: &Deciding, decision: Decision, note: &str) -> Result<Vec<Verdict>, Failure> {
        let reviewer = self.reviewer()?;
        let mut parts: BTreeMap<EditionId, Part> = BTreeMap::new();
        let mut chosen: BTreeSet<EditionId> = BTreeSet::new();
        if deciding.group.is_empty() {
            chosen = self.chosen(deciding)?.into_iter().map(|entry| entry.id.clone()).collect();
        } else {
            if !deciding.area.is_empty() || !deciding.region.is_empty() {
                return Err(Failure::usage("--group goes with neither --area nor --region"));
            }
            for (report, covered, part) in self.in_groups(&deciding.group)? {
                if !covered && decision == Decision::Approved {
                    parts.insert(report.clone(), part);
                }
                chosen.insert(report);
            }
        }
        let entries = self.manifest.reports.iter().filter(|entry| chosen.contains(&entry.id));
        let entries = entries.filter(|entry| entry.outcome.is_made() || decision == Decision::Withdrawn);
        let verdict = |entry: &ReportEntry| {
            let part = parts.remove(&entry.id);
            Verdict {
                at: self.now.clone(),
                reviewer: reviewer.to_owned(),
                run: self.manifest.run.id.clone(),
                decision: if part.is_some() { Decision::ApprovedInPart } else { decision },
                id: entry.id.clone(),
                part,
                note: note.to_owned(),
                seen: Seen::of(entry),
            }
        };
        Ok(entries.map(verdict).collect())
    }

    /// The reports chosen with `--area` and `--region`; all without them.
    fn chosen(&self, deciding: &Deciding) -> Result<Vec<&ReportEntry>, Failure> {
        let reports = &self.manifest.reports;
        let is = |entry: &ReportEntry, wanted: &str| {
            entry.id.report.subject == wanted || entry.name.eq_ignore_ascii_case(wanted)
        };
        let in_region = |entry: &ReportEntry, wanted: &str| entry.region.eq_ignore_ascii_case(wanted);
        for wanted in &deciding.area {
            if !reports.iter().any(|entry| is(entry, wanted)) {
                let failure = Failure::usage(format!("the run has no report of '{wanted}'"));
                let near = crate::problem::nearest(wanted, reports.iter().map(|entry| entry.name.as_str()));
                return Err(match near {
                    Some(near) => failure.hint(format!("did you mean '{near}'?")),
                    None => failure,
                });
            }
        }
        if let Some(unknown) =
            deciding.region.iter().find(|wanted| !reports.iter().any(|entry| in_region(entry, wanted)))
        {
            return Err(Failure::usage(format!("the run has no reports of a region '{unknown}'")));
        }
        let all = deciding.area.is_empty() && deciding.region.is_empty();
        let wanted = |entry: &&ReportEntry| {
            all || deciding.area.iter().any(|wanted| is(entry, wanted))
                || deciding.region.iter().any(|wanted| in_region(entry, wanted))
        };
        Ok(reports.iter().filter(wanted).collect())
    }

    /// The reports that groups of changes are in; for each, whether these groups and those that the reviewer approved before
    /// are all of its changes since `approved`.
    fn in_groups(&self, wanted: &[String]) -> Result<Vec<(EditionId, bool, Part)>, Failure> {
        let open = |path: &Path| Side::open(path).map_err(|error| Failure::new(Exit::Usage, &error));
        let approved = self.out.join("approved");
        if !approved.exists() {
            return Err(Failure::usage("no run is approved yet, so there are no groups of changes")
                .hint("approve all, or by --area and --region"));
        }
        let (old, new) = (open(&approved)?, open(&self.folder)?);
        let review = review::review(&old, &new, |_, _| true, super::progress::comparing());
        if let Some(unknown) = wanted.iter().find(|id| !review.groups.iter().any(|group| group.id == **id)) {
            return Err(Failure::usage(format!(
                "there is no group '{unknown}' between {} and {}",
                old.name, new.name
            ))
            .hint("area-reports diff lists them"));
        }
        let mut reports = Vec::new();
        for (position, change) in review.changes.iter().enumerate() {
            let groups = || review.groups.iter().filter(|group| group.reports.contains(&position));
            if !groups().any(|group| wanted.contains(&group.id)) {
                continue;
            }
            let Some(id) = change.key.edition() else { continue };
            let seen = self.manifest.entry(id).map(Seen::of);
            let before = self.record.verdicts.iter().filter(|verdict| {
                verdict.id == *id && Some(&verdict.seen) == seen.as_ref() && verdict.reviewer == self.reviewer
            });
            let before: BTreeSet<&String> = before
                .filter_map(|verdict| verdict.part.as_ref())
                .filter(|part| part.against == old.name)
                .flat_map(|part| &part.groups)
                .collect();
            let covered = groups().all(|group| wanted.contains(&group.id) || before.contains(&group.id));
            let now = groups().map(|group| group.id.clone()).filter(|id| wanted.contains(id)).collect();
            reports.push((id.clone(), covered, Part { against: old.name.clone(), groups: now }));
        }
        Ok(reports)
    }

    /// Records verdicts, moves `approved` when nothing is left to decide, and says how the run stands.
    fn record(
        mut self,
        verdicts: Vec<Verdict>,
        problems: &[Problem],
        as_json: bool,
        terminal: &mut Terminal,
    ) -> Result<Exit, Failure> {
        let given = verdicts.len();
        let news = review::news(verdicts, &self.record.verdicts, &self.manifest);
        let recorded = news.len();
        if !news.is_empty() {
            self.record.add(&self.out, news, &self.lock)?;
        }
        let standings = self.record.standings(&self.manifest);
        let settled = standings.iter().all(Standing::is_settled);
        let any = standings.iter().any(|standing| matches!(standing, Standing::Approved { .. }));
        if settled && any {
            publish::approve(&self.out, &self.manifest.run.id, &self.lock)?;
        }
        let exit = if problems.is_empty() { Exit::Done } else { Exit::Problems };
        if as_json {
            let reports: Vec<_> = self
                .manifest
                .reports
                .iter()
                .zip(&standings)
                .map(|(entry, standing)| json!({ "report": entry.id.to_string(), "subject": entry.id.report.subject, "standing": standing }))
                .collect();
            terminal.json(&json!({
                "run": self.manifest.run.id, "recorded": recorded, "approved": settled && any,
                "problems": problems, "reports": reports,
            }));
            return Ok(exit);
        }
        terminal.problems(problems);
        let word = if recorded == 1 { "verdict" } else { "verdicts" };
        let again =
            if recorded < given { format!(" ({} said so already)", given - recorded) } else { String::new() };
        terminal.line(format_args!("{recorded} {word} recorded{again}."));
        standing(&self.manifest, &standings, terminal);
        if settled && any {
            terminal.line(format_args!("'approved' now points to {}.", self.manifest.run.id));
        }
        Ok(exit)
    }
}

/// How a run stands: how many reports are settled, and what is left.
pub(super) fn standing(manifest: &Manifest, standings: &[Standing], terminal: &mut Terminal) {
    /// Most names of one kind.
    const NAMES: usize = 5;
    let count = |wanted: fn(&Standing) -> bool| standings.iter().filter(|standing| wanted(standing)).count();
    let approved = count(|standing| matches!(standing, Standing::Approved { .. }));
    let withdrawn = count(|standing| matches!(standing, Standing::Withdrawn { .. }));
    let besides = if withdrawn > 0 { format!(", {withdrawn} withdrawn") } else { String::new() };
    terminal.line(format_args!("{approved} of {} reports approved{besides}.", standings.len()));
    let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (entry, standing) in manifest.reports.iter().zip(standings).filter(|(_, s)| !s.is_settled()) {
        let why = if entry.outcome.is_made() {
            standing.words()
        } else {
            format!("not made: {}", entry.outcome.reason())
        };
        left.entry(why).or_default().push(entry.label());
    }
    for (why, names) in left {
        let more = names.len().saturating_sub(NAMES);
        let named = names[..names.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        terminal.line(format_args!("  {why}: {named}{more}"));
    }
}
