use serde_json::json;

use super::args::{BuildArguments, Choice, Making};
use super::build::{Order, exit, failed, order};
use super::check::unusable;
use super::exit::{Exit, Failure};
use super::limits::Watchdog;
use super::prune::removed;
use super::terminal::Terminal;
use crate::model::Area;
use crate::pipeline::{self, Observer};
use crate::publish::{self, Outcome};

/// `nightly`: checks, builds, verifies and prunes, and prints what staff want to know in the morning.
pub(super) fn nightly(making: &Making, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let choice = Choice { area: Vec::new(), region: Vec::new(), failed: false };
    let arguments =
        BuildArguments { making: making.clone(), choice, plan: false, force: false, resume: false };
    let Order { evaluation, aggregates, problems, settings } = match order(&arguments)? {
        Ok(order) => order,
        Err(problems) => return Ok(unusable(making.json, &problems, terminal)),
    };
    if !making.json {
        terminal.problems(&problems);
    }
    let built = Watchdog::during(&Silence, evaluation.settings.limits, |observer| {
        pipeline::build(&evaluation, aggregates, &problems, &settings, observer)
    });
    let built = built.map_err(|error| failed(&error, &evaluation))?;
    let mut exit = exit(&built, &problems);
    let mut wrong = Vec::new();
    if let Some(run) = &built.run {
        let verified = publish::verify(&run.folder).map_err(|error| Failure::new(Exit::Machine, &error))?;
        wrong = verified.problems;
        if !wrong.is_empty() {
            // What was just written is not on the disk as it was written.
            exit = exit.max(Exit::Machine);
        }
    }
    // Old runs go only when there is a new one that can be relied on.
    let keep = evaluation.settings.keep.filter(|_| built.run.is_some() && wrong.is_empty());
    let removed = keep.map_or_else(|| Ok(Vec::new()), |keep| removed(&settings.out, keep, false))?;
    if making.json {
        terminal.json(&json!({
            "run": built.run.as_ref().map(|run| run.folder.display().to_string()),
            "summary": built.summary,
            "problems": problems,
            "verified": wrong,
            "removed": removed,
        }));
        return Ok(exit);
    }
    let text = settings.typesetter.page("summary/run.txt.j2", &built.summary);
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
    Ok(exit)
}

/// Nobody watches at night.
struct Silence;

impl Observer for Silence {
    fn begins(&self, _: usize) {}

    fn starts(&self, _: &Area) {}

    fn finished(&self, _: &Area, _: &Outcome) {}
}
