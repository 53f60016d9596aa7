use jiff::civil::Date;

use crate::model::Settings;
use crate::problem::{Place, Problem};
use crate::read::RawSettings;

/// Checks `evaluation.toml`.
pub(super) fn settings(id: &str, raw: &RawSettings, problems: &mut Vec<Problem>) -> Option<Settings> {
    let place = |key: &str| Place::file("evaluation.toml").column(key);
    let texts = [
        ("title", &raw.title),
        ("period", &raw.period),
        ("nation", &raw.nation),
        ("organisation", &raw.organisation),
        ("contact", &raw.contact),
    ];
    let before = problems.len();
    for (key, text) in texts {
        if text.trim().is_empty() {
            problems.push(Problem::error("empty-setting", place(key), "the setting is empty"));
        }
    }
    let published = raw.published.date.and_then(|date| {
        let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
        Date::new(i16::try_from(date.year).ok()?, month, day).ok()
    });
    if published.is_none() || raw.published.time.is_some() {
        problems.push(
            Problem::error("wrong-date", place("published"), "this is not a date")
                .value(raw.published.to_string())
                .hint("write it as 2008-11-03"),
        );
    }
    if problems.len() > before {
        return None;
    }
    Some(Settings {
        id: id.to_owned(),
        title: raw.title.clone(),
        period: raw.period.clone(),
        published: published?,
        nation: raw.nation.clone(),
        organisation: raw.organisation.clone(),
        contact: raw.contact.clone(),
        synthetic: raw.synthetic,
    })
}
