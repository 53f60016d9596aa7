use std::fmt::Display;
use std::num::NonZeroUsize;
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;
use toml::value::Datetime;

use super::review::review;
use super::{number, text};
use crate::model::{
    DisclosurePolicy, Format, Kind, Language, Limits, Register, ReportSettings, Settings, slug,
};
use crate::problem::{Place, Problem};
use crate::read::{RawDisclosure, RawLimits, RawReports, RawRuns, RawSettings};

/// The most runs that may be kept.
const MOST_RUNS: u32 = 100_000;

/// Checks `evaluation.toml`.
pub(super) fn settings(
    id: &str,
    folder: &Path,
    raw: &RawSettings,
    problems: &mut Vec<Problem>,
) -> Option<Settings> {
    let is_known = identity(id, raw, problems);
    let before = problems.len();
    texts(raw, problems);
    let published = published(&raw.published, problems);
    let language = match &raw.language {
        Some(code) => super::language(code, place("language"), "write it as cy", problems),
        None => Some(Language::english()),
    };
    let disclosure = disclosure(raw.disclosure.as_ref(), problems);
    let reports = reports(raw.reports.as_ref(), language.as_ref(), problems);
    let review = review(raw.review.as_ref(), raw.mail.is_some(), problems);
    let limits = limits(raw.limits.as_ref(), problems);
    let keep = keep(raw.runs.as_ref(), problems);
    let mail = raw.mail.as_ref().and_then(|mail| super::mail::mail(mail, &raw.contact, folder, problems));
    if problems.len() > before || !is_known {
        return None;
    }
    Some(Settings {
        id: id.to_owned(),
        title: raw.title.clone(),
        period: raw.period.clone(),
        published: published?,
        language: language?,
        reports,
        nation: raw.nation.clone(),
        nation_code: nation_code(&raw.nation),
        regions: raw.regions.clone(),
        organisation: raw.organisation.clone(),
        contact: raw.contact.clone(),
        synthetic: raw.synthetic,
        disclosure: disclosure?,
        keep,
        limits,
        review: review?,
        mail,
    })
}

/// The code of all areas together: their name in the form of file names, if it has letters that can be in one.
fn nation_code(nation: &str) -> String {
    let code = slug(nation);
    if code.is_empty() { Kind::National.subject_word().to_owned() } else { code }
}

/// Checks the id, which becomes part of the names of folders and files.
fn identity(id: &str, raw: &RawSettings, problems: &mut Vec<Problem>) -> bool {
    let fits = |id: &str| {
        (1..=64).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !id.starts_with('-')
    };
    let problem = match &raw.id {
        None => {
            Problem::warning("no-id", place("id"), "the evaluation is known by the name of its folder only")
                .value(id)
                .hint(
                    "two folders of one name would share their runs; add a line such as id = \"survey-2024\"",
                )
        }
        Some(id) if !fits(id) => Problem::error(
            "wrong-id",
            place("id"),
            "an id has at most 64 letters from a to z, digits and hyphens",
        )
        .value(id)
        .hint("write it as survey-2024"),
        Some(_) => return true,
    };
    let is_known = !problem.is_error();
    problems.push(problem);
    is_known
}

fn texts(raw: &RawSettings, problems: &mut Vec<Problem>) {
    for (key, setting) in [
        ("title", &raw.title),
        ("period", &raw.period),
        ("nation", &raw.nation),
        ("organisation", &raw.organisation),
        ("contact", &raw.contact),
    ] {
        if setting.trim().is_empty() {
            problems.push(Problem::error("empty-setting", place(key), "the setting is empty"));
        } else {
            problems.extend(text::faults(setting, text::LONGEST_NAME, &place(key)));
        }
    }
}

/// Checks the names of regions in sentences: each is of a region in the register, and can be printed.
pub(super) fn regions(settings: &Settings, register: &Register, problems: &mut Vec<Problem>) {
    let place = place("regions");
    for (name, in_sentence) in &settings.regions {
        if !register.regions.iter().any(|region| region.name == *name) {
            let known = register.regions.iter().map(|region| region.name.as_str());
            let message = "no area of register.csv is in a region with this name";
            problems.push(super::unknown("unknown-region", place.clone(), message, name, known));
        }
        problems.extend(text::faults(in_sentence, text::LONGEST_NAME, &place));
    }
}

/// The date of publication.
fn published(raw: &Datetime, problems: &mut Vec<Problem>) -> Option<Date> {
    let published = raw.date.and_then(|date| {
        let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
        Date::new(i16::try_from(date.year).ok()?, month, day).ok()
    });
    if published.is_none() || raw.time.is_some() {
        problems.push(
            Problem::error("wrong-date", place("published"), "this is not a date")
                .value(raw.to_string())
                .hint("write it as 2008-11-03"),
        );
    }
    published
}

/// How many runs are kept, if `[runs]` limits them.
fn keep(raw: Option<&RawRuns>, problems: &mut Vec<Problem>) -> Option<NonZeroUsize> {
    let keep = number::within(Some(raw?.keep), 1..=MOST_RUNS, &place("runs.keep"), problems)?;
    NonZeroUsize::new(keep as usize)
}

/// How much time and memory one report may take. The usual limits apply unless `[limits]` changes them.
fn limits(raw: Option<&RawLimits>, problems: &mut Vec<Problem>) -> Limits {
    let Some(raw) = raw else { return Limits::USUAL };
    let mut limit = |key: &str, value, usual, range| {
        number::within(value, range, &place(&format!("limits.{key}")), problems).unwrap_or(usual)
    };
    Limits {
        seconds: limit("seconds", raw.seconds, Limits::USUAL.seconds, 1..=Limits::MOST.seconds),
        megabytes: limit("megabytes", raw.megabytes, Limits::USUAL.megabytes, 50..=Limits::MOST.megabytes),
    }
}

/// The sizes of text in large print, in points: the least is the usual one.
const LARGE_PRINT: std::ops::RangeInclusive<u32> = 18..=24;

/// Which reports are made, according to `[reports]`: if it does not say, local reports in the standard format.
fn reports(
    raw: Option<&RawReports>,
    language: Option<&Language>,
    problems: &mut Vec<Problem>,
) -> ReportSettings {
    let place = |key: &str| place(&format!("reports.{key}"));
    let kinds = raw.and_then(|raw| raw.kinds.as_deref());
    let formats = raw.and_then(|raw| raw.formats.as_deref());
    ReportSettings {
        kinds: kinds.map_or(vec![Kind::Local], |words| known(words, Kind::ALL, &place("kinds"), problems)),
        formats: formats
            .map_or(vec![Format::Standard], |words| known(words, Format::ALL, &place("formats"), problems)),
        languages: raw
            .and_then(|raw| raw.languages.as_deref())
            .map_or_else(|| language.into_iter().cloned().collect(), |codes| languages(codes, problems)),
        large_print: raw
            .and_then(|raw| {
                number::within(Some(raw.large_print?), LARGE_PRINT, &place("large-print"), problems)
            })
            .unwrap_or(*LARGE_PRINT.start()),
    }
}

/// The languages that a list of codes stands for, each of them once.
fn languages(codes: &[String], problems: &mut Vec<Problem>) -> Vec<Language> {
    let place = place("reports.languages");
    let mut languages = Vec::new();
    if codes.is_empty() {
        problems.push(
            Problem::error("empty-setting", place.clone(), "the list is empty").hint("write it as [\"cy\"]"),
        );
    }
    for code in codes {
        match super::language(code, place.clone(), "write it as cy", problems) {
            Some(language) if languages.contains(&language) => {
                let twice =
                    Problem::error("duplicate-word", place.clone(), "the list has this language twice");
                problems.push(twice.value(code).hint("leave one out"));
            }
            language => languages.extend(language),
        }
    }
    languages
}

/// A list of known words, each of them once.
fn known<T: Copy + PartialEq + Display + FromStr>(
    words: &[String],
    all: &[T],
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let hint = format!("choose from {}", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    let mut list = Vec::new();
    if words.is_empty() {
        problems.push(Problem::error("empty-setting", place.clone(), "the list is empty").hint(hint.clone()));
    }
    for word in words {
        match word.parse() {
            Ok(known) if list.contains(&known) => {
                let twice = Problem::error("duplicate-word", place.clone(), "the list has this word twice");
                problems.push(twice.value(word).hint("leave one out"));
            }
            Ok(known) => list.push(known),
            Err(_) => {
                let unknown = Problem::error("unknown-word", place.clone(), "this word is not allowed here");
                problems.push(unknown.value(word).hint(hint.clone()));
            }
        }
    }
    list
}

/// The policy in `[disclosure]`, or the standard one if there is no such table.
fn disclosure(raw: Option<&RawDisclosure>, problems: &mut Vec<Problem>) -> Option<DisclosurePolicy> {
    let Some(raw) = raw else { return Some(DisclosurePolicy::STANDARD) };
    let place = |key: &str| place(&format!("disclosure.{key}"));
    let policy = match raw.policy.as_str() {
        "standard" => Some(DisclosurePolicy::STANDARD),
        "strict" => Some(DisclosurePolicy::STRICT),
        unknown => {
            let problem = Problem::error("unknown-policy", place("policy"), "there is no such policy");
            problems.push(problem.value(unknown).hint("choose from standard, strict"));
            None
        }
    };
    let before = problems.len();
    let mut setting = |key: &str, value, range| number::within(value, range, &place(key), problems);
    let others = setting("minimum-others", raw.minimum_others, 0..=DisclosurePolicy::MOST_OTHERS);
    let colluding = setting("colluding-areas", raw.colluding_areas, 0..=DisclosurePolicy::MOST_COLLUDING);
    let values = setting("possible-values", raw.possible_values, 2..=DisclosurePolicy::MOST_POSSIBLE_VALUES);
    if problems.len() > before {
        return None;
    }
    let policy = policy?;
    Some(DisclosurePolicy {
        minimum_others: others.unwrap_or(policy.minimum_others),
        colluding_areas: colluding.unwrap_or(policy.colluding_areas),
        possible_values: values.unwrap_or(policy.possible_values),
        withholds_crossed: raw.sectors_of_regions.map_or(policy.withholds_crossed, |published| !published),
        ..policy
    })
}

fn place(key: &str) -> Place {
    Place::file("evaluation.toml").column(key)
}
