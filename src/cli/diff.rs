use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;

use super::args::{DiffArguments, TextArguments};
use super::choices::Filter;
use super::exit::{Exit, Failure};
use super::output::output_of;
use super::terminal::Terminal;
use super::vault::vault;
use area_reports::deliver::with_masked_addresses;
use area_reports::fs;
use area_reports::model::is_meant;
use area_reports::problem::nearest;
use area_reports::publish::Link;
use area_reports::review::{self, ChangeGroup, Desk, Fate, Key, Review, Risk, Side};
use area_reports::vault::KnownReviewers;

/// `diff`: shows what differs between two runs, folders or PDFs.
pub(super) fn diff(arguments: &DiffArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    terminal.in_full(arguments.addresses.in_full);
    let (old, new) = sides(&arguments.old, arguments.new.as_deref())?;
    let mut review = compare(&old, &new, &arguments.filter)?;
    let is_whole = arguments.filter.is_empty();
    if is_whole && old.output_with(&new).is_some() {
        review::keep_groups(&review, &old, &new, vault()?.key())?;
    }
    narrow(&mut review, &arguments.filter)?;
    let changed = !review.changes.is_empty();
    let page = arguments.html.clone().or_else(|| old.page_with(&new)).filter(|_| changed);
    if let Some(file) = &page {
        let desk = if is_whole { desk(&old, &new)? } else { None };
        review::write_page(&old, &new, &review, desk.as_ref(), file)?;
    }
    if arguments.json {
        terminal.json(&as_json(&old, &new, &review, page.as_deref()));
    } else {
        match old.is_nothing() {
            true => terminal.line(format_args!("{}: no run is approved yet", new.name)),
            false => terminal.line(format_args!("{} -> {}", old.name, new.name)),
        }
        print(&new, &review, arguments.max_groups, terminal);
        if let Some(file) = page {
            terminal.line(format_args!("\nOpen:  {}", file.display()));
        }
    }
    Ok(if changed { Exit::Problems } else { Exit::Done })
}

/// Who decides on the page for reviewers; `None` if it does not compare a run with the approved one.
pub(super) fn desk(old: &Side, new: &Side) -> Result<Option<Desk>, Failure> {
    let (Some(output), Some(manifest)) = (old.output_with(new), &new.manifest) else { return Ok(None) };
    let is_due = output.linked(Link::Approved).map_or(old.is_nothing(), |approved| approved == old.folder);
    if !is_due {
        return Ok(None);
    }
    fs::create_folder(&output.inbox())?;
    Ok(Some(Desk::of(&manifest.review, &KnownReviewers::read(&vault()?)?)))
}

/// `text`: prints the text of a PDF.
pub(super) fn text(arguments: &TextArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = review::text(&arguments.file)?;
    terminal.line(format_args!("{}", text.trim_end()));
    Ok(Exit::Done)
}

/// Opens the two sides: two paths, or `approved` and `latest` of one output folder.
fn sides(old: &Path, new: Option<&Path>) -> Result<(Side, Side), Failure> {
    if let Some(new) = new {
        return Ok((Side::open(old)?, Side::open(new)?));
    }
    let output = output_of(old)?;
    let folder = output.folder().display();
    let Some(latest) = output.linked(Link::Latest) else {
        return Err(Failure::usage(format!("there is no run in {folder} yet")));
    };
    let approved = output.linked(Link::Approved).map(|approved| Side::open(&approved)).transpose()?;
    Ok((approved.unwrap_or_else(Side::nothing), Side::open(&latest)?))
}

fn compare(old: &Side, new: &Side, filter: &Filter) -> Result<Review, Failure> {
    let names: BTreeMap<String, String> = new.subjects().chain(old.subjects()).collect();
    let mut areas = BTreeSet::new();
    for wanted in &filter.area {
        let found = names.iter().find(|(code, name)| is_meant(wanted, code, name));
        let Some((code, _)) = found else {
            let failure = Failure::usage(format!("neither side has a report of '{wanted}'"));
            return Err(match nearest(wanted, names.values().map(String::as_str)) {
                Some(near) => failure.hint(format!("did you mean '{near}'?")),
                None => failure,
            });
        };
        areas.insert(code.clone());
    }
    let regions = &filter.region;
    let all = areas.is_empty() && regions.is_empty();
    let is_of_kind = |key: &Key| {
        key.edition().map_or(filter.kind.is_empty() && filter.format.is_empty(), |id| {
            (filter.kind.is_empty() || filter.kind.contains(&id.report.kind))
                && (filter.format.is_empty() || filter.format.contains(&id.format))
        })
    };
    let wanted = |key: &Key, region: &str| {
        let is_in_place = all
            || areas.contains(&*key.subject())
            || regions.iter().any(|wanted| wanted.eq_ignore_ascii_case(region));
        is_in_place && is_of_kind(key)
    };
    Ok(review::review(old, new, wanted, super::progress::comparing()))
}

/// Keeps the groups that were asked for. It is an error if none are left: a mistyped filter would look like good news.
fn narrow(review: &mut Review, filter: &Filter) -> Result<(), Failure> {
    if filter.measure.is_empty() && filter.cause.is_empty() {
        return Ok(());
    }
    let measures = |group: &ChangeGroup| {
        let measure = |wanted: &String| {
            group.figures.iter().any(|figure| {
                let measure = &figure.change.measure;
                measure == wanted || measure.split(':').next() == Some(wanted)
            })
        };
        filter.measure.is_empty() || filter.measure.iter().any(measure)
    };
    let causes = |group: &ChangeGroup| {
        let cause = |wanted: &String| group.causes.iter().any(|why| why.cause.name() == wanted);
        filter.cause.is_empty() || filter.cause.iter().any(cause)
    };
    let before = review.groups.len();
    review.groups.retain(|group| measures(group) && causes(group));
    if review.groups.is_empty() && before > 0 {
        return Err(Failure::usage(format!("none of the {before} groups has that measure or cause"))
            .hint("without --measure and --cause, all are listed"));
    }
    Ok(())
}

/// Prints the groups of changes, at most `most`; 0 for all.
pub(super) fn print(new: &Side, review: &Review, most: usize, terminal: &mut Terminal) {
    let (changed, unchanged) = (review.changes.len(), review.unchanged);
    let word = if review.groups.len() == 1 { "decision" } else { "decisions" };
    if changed == 0 {
        terminal.line(format_args!("Nothing differs: {unchanged} identical."));
        return;
    }
    let all_new = review.changes.iter().all(|change| change.fate == Fate::New);
    let differ = match (all_new, changed) {
        (true, 1) => "report is new",
        (true, _) => "reports are new",
        (false, 1) => "report differs",
        (false, _) => "reports differ",
    };
    let identical =
        if all_new && unchanged == 0 { String::new() } else { format!(", {unchanged} identical") };
    terminal.line(format_args!("{changed} {differ}{identical}; {} {word} to make", review.groups.len()));
    let shown = if most == 0 { review.groups.len() } else { most };
    let mut heading: Option<Risk> = None;
    for group in review.groups.iter().take(shown) {
        if heading != Some(group.risk) {
            heading = Some(group.risk);
            terminal.heading(format_args!("{}", group.risk.words()));
        }
        let apart = if group.exception { "  (unlike the rest)" } else { "" };
        let size = group.size(&review.changes);
        terminal.line(format_args!("  {}  {size}{apart}", group.id));
        let title = group.title(&review.changes);
        // Whole addresses are for people at a terminal, and for the page, not for a log.
        let title = if terminal.shows_addresses() { title } else { with_masked_addresses(&title) };
        terminal.line(format_args!("            {title}"));
        let causes: Vec<String> =
            group.causes.iter().map(|cause| cause.words(|code| name(review, new, code))).collect();
        terminal.faint(format_args!("            because: {}", causes.join("; ")));
    }
    if review.groups.len() > shown {
        let more = review.groups.len() - shown;
        terminal
            .line(format_args!("\nand {more} more: 'area-reports diff' with --max-groups 0 lists them all"));
    }
}

/// The name of an area by its code.
fn name(review: &Review, new: &Side, code: &str) -> String {
    let changed = review.changes.iter().find(|change| change.key.subject() == code);
    let name = changed.map(|change| change.name.clone());
    name.or_else(|| new.subjects().find(|(other, _)| other == code).map(|(_, name)| name)).unwrap_or_default()
}

/// A review as JSON.
pub(super) fn as_json(old: &Side, new: &Side, review: &Review, page: Option<&Path>) -> serde_json::Value {
    json!({ "page": page, "old": old.name, "new": new.name, "unchanged": review.unchanged, "groups": review.groups, "changes": review.changes })
}
