use std::collections::BTreeSet;

use super::subject::Naming;
use super::unknown;
use crate::hash::sha256;
use crate::model::{AreaIndex, Enclosure, Format, Kind, Language, Register, Status, Subject, masked};
use crate::problem::{Place, Problem};
use crate::read::{RECIPIENTS, RecipientRow, Row};

/// Someone who receives a report.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The kind of the report.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The format that the person wants.
    pub format: Format,
    /// The language that the person wants.
    pub language: Language,
    /// How the report comes with its message.
    pub by: Enclosure,
}

impl Recipient {
    /// The format that the person wants and, if they are not the usual ones, the language and the way in which it comes:
    /// `large-print`, `html in cy by link`.
    pub fn wants(&self) -> String {
        let Self { format, language, by, .. } = self;
        let mut wants = format.to_string();
        if *language != Language::english() {
            wants.push_str(&format!(" in {language}"));
        }
        if *by != Enclosure::Attachment {
            wants.push_str(&format!(" by {by}"));
        }
        wants
    }
}

/// A hash of the recipients of a report: their names, addresses, formats and languages, in order of address.
pub(super) fn recipients_hash(recipients: &[Recipient], kind: Kind, subject: Subject) -> String {
    let of_report = recipients.iter().filter(|to| (to.kind, to.subject) == (kind, subject));
    let wanted: Vec<(&Recipient, String)> = of_report.map(|to| (to, to.wants())).collect();
    hash_of_recipients(wanted.iter().map(|(to, wants)| (to.email.as_str(), to.name.as_str(), wants.as_str())))
}

/// A hash of recipients, each with an address, a name, and the format and language that they want.
pub fn hash_of_recipients<'r>(recipients: impl Iterator<Item = (&'r str, &'r str, &'r str)>) -> String {
    let mut lines: Vec<String> =
        recipients.map(|(email, name, format)| format!("{email}\t{name}\t{format}")).collect();
    lines.sort();
    sha256(lines.join("\n").as_bytes())
}

/// Checks `recipients.csv`. A row with a mistake is left out. Without settings and questionnaire, which name the subjects
/// of other reports, only local reports are known.
pub(super) fn recipients(
    rows: &[Row<RecipientRow>],
    register: &Register,
    naming: Option<Naming<'_>>,
    languages: &[&Language],
    problems: &mut Vec<Problem>,
) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> = Vec::new();
    let mut known = BTreeSet::new();
    for Row { line, cells } in rows {
        let place = |column: &str| Place::line(RECIPIENTS, *line).column(column);
        let report = report(&cells.area, register, naming);
        if report.is_none() && (naming.is_some() || !cells.area.contains('/')) {
            let message = "there is no such area or report";
            problems.push(Problem::error("unknown-area", place("area"), message).value(&cells.area).hint(
                "write the code of an area, or a report such as national, regional/london or submission/301",
            ));
        }
        if cells.name.trim().is_empty() {
            problems.push(Problem::error("empty-cell", place("name"), "the cell is empty"));
        }
        let email_fits = is_address(&cells.email);
        if !email_fits {
            problems.push(
                Problem::error("wrong-address", place("email"), "this is not an email address")
                    .value(masked(&cells.email)),
            );
        }
        let format = cells.format.parse::<Format>().ok();
        if format.is_none() {
            let message = "there is no such format";
            let known = Format::ALL.iter().map(|format| format.word());
            problems.push(unknown("unknown-format", place("format"), message, &cells.format, known));
        }
        let language = language(cells.language.as_deref().unwrap_or_default(), languages);
        if language.is_none() {
            let message = "reports are not made in this language";
            let known = languages.iter().map(|language| language.code());
            let cell = cells.language.as_deref().unwrap_or_default();
            problems.push(unknown("unknown-language", place("language"), message, cell, known));
        }
        let by = enclosure(cells.by.as_deref().unwrap_or_default(), report, naming, &place("by"), problems);
        let one_line = !cells.name.contains(char::is_control);
        if !one_line {
            problems.push(Problem::error("wrong-name", place("name"), "a name must be on one line"));
        }
        let (Some((kind, subject)), Some(format), Some(language), Some(by)) = (report, format, language, by)
        else {
            continue;
        };
        if !email_fits || cells.name.trim().is_empty() || !one_line {
            continue;
        }
        if !known.insert((kind, subject, cells.email.to_ascii_lowercase())) {
            problems.push(
                Problem::error("duplicate-row", place("email"), "the report already has this recipient")
                    .value(masked(&cells.email)),
            );
            continue;
        }
        let (name, email) = (cells.name.clone(), cells.email.clone());
        recipients.push(Recipient { kind, subject, name, email, format, language, by });
    }
    recipients
}

/// How a report comes with its message: attached, if the cell is empty. A link needs a place where reports are published, and
/// a copy of a submission, which is for its area alone, is published nowhere.
fn enclosure(
    cell: &str,
    report: Option<(Kind, Subject)>,
    naming: Option<Naming<'_>>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<Enclosure> {
    let wanted = if cell.is_empty() { Enclosure::Attachment.word() } else { cell };
    let Some(by) = Enclosure::ALL.iter().copied().find(|by| by.word() == wanted) else {
        let message = "a report comes as an attachment or by a link";
        let known = Enclosure::ALL.iter().map(|by| by.word());
        problems.push(unknown("unknown-enclosure", place.clone(), message, cell, known));
        return None;
    };
    let links = |naming: Naming<'_>| naming.settings.mail.as_ref().is_some_and(|mail| mail.links.is_some());
    let has_no_place = naming.is_some_and(|naming| !links(naming));
    let is_private = report.is_some_and(|(kind, _)| kind == Kind::Submission);
    if by == Enclosure::Link && (has_no_place || is_private) {
        let message = if is_private {
            "a copy of a submission is for its area alone, and cannot come by a link"
        } else {
            "a link needs the address where reports are published: 'links' in [mail] of evaluation.toml"
        };
        problems.push(Problem::error("no-link", place.clone(), message).value(cell));
        return None;
    }
    Some(by)
}

/// The language that a cell names: the first if it is empty, for that is the language of the evaluation. Without settings no
/// language is known, and none is wrong.
fn language(cell: &str, languages: &[&Language]) -> Option<Language> {
    let Some(first) = languages.first() else { return Some(Language::english()) };
    let wanted = if cell.is_empty() { first.code() } else { cell };
    languages.iter().find(|language| language.code() == wanted).map(|language| (*language).clone())
}

/// The report that a cell names: the code of an area for its local report, a kind that has one report alone, or a kind and
/// the code of a subject, such as `regional/london`.
fn report(cell: &str, register: &Register, naming: Option<Naming<'_>>) -> Option<(Kind, Subject)> {
    if let Some(area) = register.find(cell) {
        return Some((Kind::Local, Subject::Area(area)));
    }
    let naming = naming?;
    let (kind, code) = cell.split_once('/').map_or((cell, None), |(kind, code)| (kind, Some(code)));
    let kind: Kind = kind.parse().ok()?;
    let subject = match code {
        Some(code) => naming.find(kind, code),
        None => naming.subjects(kind).into_iter().next().filter(|subject| *subject == Subject::Nation),
    };
    Some((kind, subject?))
}

/// Warns of completed areas whose local report has no recipient, and of recipients in areas that get no report.
pub(super) fn nobody_forgotten(recipients: &[Recipient], register: &Register, problems: &mut Vec<Problem>) {
    let local = recipients.iter().filter(|recipient| recipient.kind == Kind::Local);
    let areas: BTreeSet<AreaIndex> = local.filter_map(|recipient| recipient.subject.area()).collect();
    for (position, area) in register.areas.iter().enumerate() {
        let has_recipient = areas.contains(&AreaIndex(position));
        let message = match (area.status == Status::Completed, has_recipient) {
            (true, false) => format!("nobody would receive the report of {}", area.name),
            (false, true) => format!("{} has a recipient, but gets no report", area.name),
            _ => continue,
        };
        problems.push(
            Problem::warning("recipient", Place::file(RECIPIENTS).column("area"), message)
                .value(area.code.as_str())
                .of_area(&area.code),
        );
    }
}

/// A simple check of the form: one `@` with something plausible on both sides. The mail server has the final say.
pub(super) fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        let fit =
            |part: &str| !part.is_empty() && part.chars().all(|c| !c.is_whitespace() && !c.is_control());
        fit(local)
            && fit(domain)
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.contains(['<', '>', ',', ';', '"', '(', ')'])
    })
}
