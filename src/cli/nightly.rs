use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{BuildArguments, Choice, Making, NightlyArguments};
use super::build::{Order, exit, failed, go_on, order};
use super::check::unusable;
use super::diff::{machine, tell, usual_page, write_page};
use super::exit::{Exit, Failure};
use super::interruption;
use super::limits::Watchdog;
use super::prune::removed;
use super::send::server;
use super::terminal::Terminal;
use crate::deliver;
use crate::model::EditionId;
use crate::pipeline::{self, Observer};
use crate::publish::{self, ReportEntry, Run};
use crate::review::{self, Review, Side};

/// Most groups of changes that are told in the morning; the page has them all.
const GROUPS: usize = 8;

/// `nightly`: checks, builds, verifies and prunes, and prints what staff want to know in the morning.
pub(super) fn nightly(arguments: &NightlyArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let making = &arguments.making;
    let choice = Choice { area: Vec::new(), region: Vec::new(), failed: false };
    let build = BuildArguments { making: making.clone(), choice, plan: false, force: false, resume: false };
    let order = match order(&build)? {
        Ok(order) => order,
        Err(problems) => return Ok(unusable(making.json, &problems, terminal)),
    };
    if !arguments.notify {
        return night(order, making, terminal);
    }
    let settings = order.evaluation.settings.clone();
    let Some(mail) = settings.mail.filter(|mail| !mail.notify.is_empty()) else {
        return Err(Failure::usage("evaluation.toml does not say who gets the summary of the night")
            .hint("add notify = [\"address\"] under [mail]"));
    };
    let server = server(&mail)?;
    terminal.write_down();
    let outcome = night(order, making, terminal);
    let mut text = terminal.transcript().unwrap_or_default();
    let word = match &outcome {
        Ok(Exit::Done) => "done",
        Ok(_) => "done, with problems",
        Err(failure) => {
            text.push_str(&format!("\nThe night ended early: {}\n", failure.message));
            "failed"
        }
    };
    let subject = format!("{}: the night is {word}", settings.title);
    let now = super::now();
    for to in &mail.notify {
        let posted = deliver::night(&mail, to, &subject, &text, now)
            .map_err(|error| Failure::new(Exit::Usage, &error))
            .and_then(|message| {
                deliver::post(&server, to, &message).map_err(|error| Failure::new(Exit::Machine, &error))
            });
        if let Err(failure) = posted {
            // The night itself is what matters: whoever reads the exit code learns of both.
            terminal.failure(&failure);
            return outcome.map(|exit| exit.max(Exit::Machine));
        }
    }
    outcome
}

fn night(order: Order, making: &Making, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let Order { evaluation, aggregates, problems, settings } = order;
    if !making.json {
        terminal.problems(&problems);
    }
    let stoppable = interruption::prepare(go_on(making, None));
    let built = Watchdog::during(&Silence, evaluation.settings.limits, &settings.overdue, |observer| {
        pipeline::build(&evaluation, aggregates, &problems, &settings, observer)
    })?;
    drop(stoppable);
    let built = built.map_err(|error| failed(&error, &evaluation))?;
    let mut exit = exit(&built, &problems);
    let mut wrong = Vec::new();
    if let Some(run) = &built.run {
        let verified = publish::verify(&run.folder)?;
        wrong = verified.problems;
        if !wrong.is_empty() {
            // What was just written is not on the disk as it was written.
            exit = exit.max(Exit::Machine);
        }
    }
    let reviewed = match &built.run {
        Some(run) if wrong.is_empty() => reviewed(&settings.out, run).unwrap_or_else(|failure| {
            exit = exit.max(failure.exit);
            Reviewed::Not(failure)
        }),
        _ => Reviewed::Nothing,
    };
    // Old runs go only when there is a new one that can be relied on.
    let keep = evaluation.settings.keep.filter(|_| built.run.is_some() && wrong.is_empty());
    let removed = keep.map_or_else(|| Ok(Vec::new()), |keep| removed(&settings.out, keep, false))?;
    if making.json {
        terminal.json(&json!({
            "run": built.run.as_ref().map(|run| run.folder.display().to_string()),
            "summary": built.summary,
            "problems": problems,
            "verified": wrong,
            "review": reviewed.json(),
            "removed": removed,
        }));
        return Ok(exit);
    }
    let text = settings.pages.fill("summary/run.txt.j2", &built.summary);
    terminal.line(format_args!("{}", text.unwrap_or_default().trim_end()));
    terminal.heading(format_args!("Afterwards"));
    match &built.run {
        Some(run) if wrong.is_empty() => {
            terminal.line(format_args!("  verified: every file, every figure, every report its own area's"));
            terminal.line(format_args!("  {}", run.folder.join("summary.html").display()));
        }
        Some(_) => terminal.problems(&wrong),
        None => terminal.line(format_args!("  nothing was published; 'latest' is the last whole run")),
    }
    if !removed.is_empty() {
        terminal.line(format_args!("  removed by the rule of evaluation.toml: {}", removed.join(", ")));
    }
    reviewed.tell(&settings.out, terminal);
    Ok(exit)
}

/// What there is for reviewers to look at in the morning.
enum Reviewed {
    /// There is no new run.
    Nothing,
    /// No run is approved yet that this one could be compared with.
    First,
    /// The run beside the approved one.
    Compared(Box<Comparison>),
    /// Why the two could not be compared.
    Not(Failure),
}

/// A run beside the approved one.
struct Comparison {
    approved: Side,
    latest: Side,
    review: Review,
    /// The page for reviewers, where something differs.
    page: Option<PathBuf>,
}

/// Compares a run with the approved one, and writes the page for reviewers where something differs.
fn reviewed(out: &Path, run: &Run) -> Result<Reviewed, Failure> {
    let open = |path: &Path| Side::open(path).map_err(|error| Failure::new(Exit::Machine, &error));
    let approved = out.join("approved");
    if !approved.exists() {
        return Ok(Reviewed::First);
    }
    let (approved, latest) = (open(&approved)?, open(&run.folder)?);
    let review = review::review(&approved, &latest, |_, _| true, |_| {});
    let page = usual_page(&approved, &latest).filter(|_| !review.changes.is_empty());
    if let Some(file) = &page {
        write_page(&approved, &latest, &review, file)?;
    }
    Ok(Reviewed::Compared(Box::new(Comparison { approved, latest, review, page })))
}

impl Reviewed {
    fn json(&self) -> Value {
        match self {
            Self::Nothing | Self::First => Value::Null,
            Self::Compared(compared) => {
                machine(&compared.approved, &compared.latest, &compared.review, compared.page.as_deref())
            }
            Self::Not(failure) => json!({ "failed": failure.message }),
        }
    }

    fn tell(&self, out: &Path, terminal: &mut Terminal) {
        if matches!(self, Self::Nothing) {
            return;
        }
        terminal.heading(format_args!("Review"));
        match self {
            Self::Nothing => {}
            Self::First => {
                terminal.line(format_args!("No run is approved yet. Look at the reports, then:"));
                terminal.next(format_args!("area-reports approve {}", out.display()));
            }
            Self::Compared(compared) => {
                terminal.line(format_args!("since {}, which is approved:", compared.approved.name));
                tell(&compared.latest, &compared.review, GROUPS, terminal);
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
