use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{BuildArguments, Making, NightlyArguments};
use super::build::{Order, exit, failed, go_on, note_clock, order};
use super::check::unusable;
use super::choices::ReportChoice;
use super::diff::{as_json, desk, print};
use super::exit::{Exit, Failure};
use super::inbox;
use super::interruption;
use super::limits::Watchdog;
use super::prune::removed;
use super::server::server;
use super::terminal::Terminal;
use super::vault::vault;
use area_reports::deliver;
use area_reports::model::{EditionId, Settings};
use area_reports::pipeline::{self, BuildSettings, Built, Observer};
use area_reports::problem::{Checked, Place, Problem};
use area_reports::publish::{self, Link, Output, ReportEntry, Run, VerifyError};
use area_reports::review::{self, Received, Review, Side};

/// Most groups of changes to list in the morning summary; the page has them all.
const GROUPS: usize = 8;

/// `nightly`: checks, builds, verifies and prunes, and prints a summary for staff.
pub(super) fn nightly(arguments: &NightlyArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let making = &arguments.making;
    if !arguments.notify {
        return whole_night(making, terminal);
    }
    let settings = settings(&making.evaluation)?;
    let Some(mail) = settings.mail.filter(|mail| !mail.notify.is_empty()) else {
        return Err(Failure::usage("evaluation.toml does not say who gets the summary of the nightly run")
            .hint("add notify = [\"address\"] under [mail]"));
    };
    let server = server(&mail)?;
    terminal.write_down();
    let outcome = whole_night(making, terminal);
    let mut text = terminal.transcript().unwrap_or_default();
    let word = match &outcome {
        Ok(Exit::Done) => "done",
        Ok(Exit::Usage) | Err(_) => "failed",
        Ok(_) => "done, with problems",
    };
    if let Err(failure) = &outcome {
        text.push_str(&format!("\nThe nightly run ended early: {}\n", failure.message));
        failure.hint.iter().for_each(|hint| text.push_str(&format!("What to do: {hint}\n")));
    }
    if word == "failed" {
        text.push_str(&format!(
            "\n'latest' is the last whole run. Once this is put right:\n  area-reports nightly {} --notify\n",
            making.evaluation.display()
        ));
    }
    let subject = format!("{}: nightly run {word}", settings.title);
    let now = super::now();
    for to in &mail.notify {
        let post = || -> Result<String, Failure> {
            let message = deliver::night(&mail, to, &subject, &text, now)?;
            Ok(deliver::post(&server, to, &message)?)
        };
        if let Err(failure) = post() {
            // The nightly run itself has already been done; the exit code reflects both.
            terminal.failure(&failure);
            return outcome.map(|exit| exit.max(Exit::System));
        }
    }
    outcome
}

/// The settings of an evaluation, or those of the last night if its own cannot be read: a failure is still reported.
fn settings(evaluation: &Path) -> Result<Settings, Failure> {
    let vault = vault()?;
    if let Some(settings) = pipeline::settings(evaluation, evaluation) {
        vault.remember(evaluation, "evaluation.toml")?;
        return Ok(settings);
    }
    pipeline::settings(&vault.remembered(evaluation), evaluation).ok_or_else(|| {
        Failure::usage(
            "evaluation.toml cannot be read, so the summary of the nightly run can be sent to nobody",
        )
        .hint(format!("see: area-reports check {}", evaluation.display()))
    })
}

/// Everything but the notice about it.
fn whole_night(making: &Making, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let choice = ReportChoice::default();
    let build = BuildArguments { making: making.clone(), choice, plan: false, force: false, resume: false };
    let Checked { value: order, problems } = order(&build)?;
    match order {
        Some(order) => night(order, &problems, making, terminal),
        None => Ok(unusable(making.json, &problems, terminal)),
    }
}

fn night(
    order: Order,
    problems: &[Problem],
    making: &Making,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let Order { evaluation, aggregates, settings } = order;
    // An inbox that cannot be used keeps no report from being made.
    let (received, without_inbox) = match inbox::received(&settings.output) {
        Ok(received) => (received, None),
        Err(failure) => (Vec::new(), Some(failure)),
    };
    note_clock(&settings.output, terminal);
    if !making.json {
        terminal.problems(problems);
        inbox::print(&received, terminal);
    }
    without_inbox.iter().for_each(|failure| terminal.failure(failure));
    let stoppable = interruption::prepare(go_on(making, None));
    let built = Watchdog::during(&Silence, evaluation.settings.limits, &settings.overdue, |observer| {
        pipeline::build(&evaluation, aggregates, problems, &settings, observer)
    })?;
    drop(stoppable);
    let built = built.map_err(|error| failed(&error, &evaluation))?;
    let mut exit = exit(&built, problems).max(inbox::exit(&received));
    exit = without_inbox.map_or(exit, |failure| exit.max(failure.exit));
    let night = Night::after(built, received, &settings, evaluation.settings.keep)?;
    exit = exit.max(night.exit());
    if making.json {
        terminal.json(&night.json(problems));
    } else {
        night.print(&settings, terminal);
    }
    Ok(exit)
}

/// What came of a night.
struct Night {
    /// The decisions that were in the inbox.
    received: Vec<Received>,
    /// The run.
    built: Built,
    /// What is wrong with the run on the disk.
    wrong: Vec<Problem>,
    /// What is wrong with the approved run on the disk.
    damaged: Vec<Problem>,
    /// What reviewers have to look at.
    reviewed: Reviewed,
    /// The runs that were removed.
    removed: Vec<String>,
}

impl Night {
    /// Looks at a new run again as it is on the disk, compares it with the approved run, and removes old runs.
    fn after(
        built: Built,
        received: Vec<Received>,
        settings: &BuildSettings,
        keep: Option<NonZeroUsize>,
    ) -> Result<Self, Failure> {
        let verified =
            built.run.as_ref().map(|run| publish::verify(&run.folder, settings.vault.key())).transpose()?;
        let wrong = verified.map(|verified| verified.problems).unwrap_or_default();
        let reviewed = match &built.run {
            Some(run) if wrong.is_empty() => reviewed(&settings.output, run).unwrap_or_else(Reviewed::Not),
            _ => Reviewed::Nothing,
        };
        let damaged = damaged(settings);
        // Old runs are removed only if there is a new one that can be relied on.
        let keep = keep.filter(|_| built.run.is_some() && wrong.is_empty());
        let removed = keep.map_or_else(|| Ok(Vec::new()), |keep| removed(&settings.output, keep, false))?;
        Ok(Self { received, built, wrong, damaged, reviewed, removed })
    }

    fn exit(&self) -> Exit {
        // If something is wrong with the run, the disk does not hold what was just written.
        let of_disk = if self.wrong.is_empty() { Exit::Done } else { Exit::System };
        let of_approved = if self.damaged.is_empty() { Exit::Done } else { Exit::Problems };
        let of_review = if let Reviewed::Not(failure) = &self.reviewed { failure.exit } else { Exit::Done };
        of_disk.max(of_approved).max(of_review)
    }

    fn json(&self, problems: &[Problem]) -> Value {
        json!({
            "run": self.built.run.as_ref().map(|run| run.folder.display().to_string()),
            "summary": self.built.summary,
            "problems": problems,
            "verified": self.wrong,
            "approved_run": self.damaged,
            "inbox": inbox::as_json(&self.received),
            "review": self.reviewed.json(),
            "removed": self.removed,
        })
    }

    fn print(&self, settings: &BuildSettings, terminal: &mut Terminal) {
        print_run(&self.built, settings, &self.wrong, terminal);
        if !self.removed.is_empty() {
            let removed = self.removed.join(", ");
            terminal.line(format_args!("  removed by the rule in evaluation.toml: {removed}"));
        }
        if !self.damaged.is_empty() {
            terminal.heading(format_args!("The approved run is damaged"));
            terminal.problems(&self.damaged);
            terminal
                .line(format_args!("None of its reports can be sent. Restore it, or approve a later run."));
        }
        self.reviewed.print(terminal);
    }
}

/// What is wrong with the approved run: it may wait for days until its reports are sent.
fn damaged(settings: &BuildSettings) -> Vec<Problem> {
    let Some(approved) = settings.output.linked(Link::Approved) else { return Vec::new() };
    let problem = |error: VerifyError| {
        let place = Place::file(approved.display().to_string());
        vec![Problem::error("approved", place, error.to_string())]
    };
    publish::verify(&approved, settings.vault.key()).map_or_else(problem, |verified| verified.problems)
}

/// Prints the summary of a run, and whether it is on the disk as it was published.
fn print_run(built: &Built, settings: &BuildSettings, wrong: &[Problem], terminal: &mut Terminal) {
    let text = settings.pages.fill("summary/run.txt.j2", &built.summary);
    terminal.line(format_args!("{}", text.unwrap_or_default().trim_end()));
    terminal.heading(format_args!("After the run"));
    match &built.run {
        Some(run) if wrong.is_empty() => {
            terminal.line(format_args!(
                "  verified: every file, every figure, and that each report is about its own area"
            ));
            terminal.line(format_args!("  {}", run.folder.join("summary.html").display()));
        }
        Some(_) => terminal.problems(wrong),
        None => terminal.line(format_args!("  nothing was published; 'latest' is the last whole run")),
    }
}

/// What reviewers have to look at in the morning.
enum Reviewed {
    /// There is no new run.
    Nothing,
    /// The run compared with the approved one.
    Compared(Box<ComparedRuns>),
    /// The two could not be compared, and why.
    Not(Failure),
}

/// A run compared with the approved one.
struct ComparedRuns {
    /// The approved run; the side without reports if no run is approved yet.
    approved: Side,
    latest: Side,
    review: Review,
    /// The page for reviewers, if anything differs.
    page: Option<PathBuf>,
}

/// Compares a run with the approved one, and writes the page for reviewers if anything differs.
fn reviewed(output: &Output, run: &Run) -> Result<Reviewed, Failure> {
    let open = |path: &Path| Side::open(path).map_err(|error| Failure::new(Exit::System, &error));
    let approved = output.linked(Link::Approved).map(|approved| open(&approved)).transpose()?;
    let (approved, latest) = (approved.unwrap_or_else(Side::nothing), open(&run.folder)?);
    let review = review::review(&approved, &latest, |_, _| true, |_| {});
    review::keep_groups(&review, &approved, &latest, vault()?.key())?;
    let page = approved.page_with(&latest).filter(|_| !review.changes.is_empty());
    if let Some(file) = &page {
        review::write_page(&approved, &latest, &review, desk(&approved, &latest)?.as_ref(), file)?;
    }
    Ok(Reviewed::Compared(Box::new(ComparedRuns { approved, latest, review, page })))
}

impl Reviewed {
    fn json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Compared(compared) => {
                as_json(&compared.approved, &compared.latest, &compared.review, compared.page.as_deref())
            }
            Self::Not(failure) => json!({ "failed": failure.message }),
        }
    }

    fn print(&self, terminal: &mut Terminal) {
        if matches!(self, Self::Nothing) {
            return;
        }
        terminal.heading(format_args!("Review"));
        match self {
            Self::Nothing => {}
            Self::Compared(compared) => {
                match compared.approved.is_nothing() {
                    true => terminal.line(format_args!("no run is approved yet, so every report is new:")),
                    false => {
                        terminal.line(format_args!("since {}, which is approved:", compared.approved.name))
                    }
                }
                print(&compared.latest, &compared.review, GROUPS, terminal);
                if let Some(file) = &compared.page {
                    terminal.line(format_args!("\nOpen:  {}", file.display()));
                }
            }
            Self::Not(failure) => terminal
                .line(format_args!("The run could not be compared with 'approved': {}", failure.message)),
        }
    }
}

/// Nobody watches at night.
struct Silence;

impl Observer for Silence {
    fn protects(&self, _: usize, _: usize) {}

    fn begins(&self, _: usize) {}

    fn starts(&self, _: &EditionId) {}

    fn finished(&self, _: &ReportEntry) {}
}
