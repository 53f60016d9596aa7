use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::address::{allowed, masked, parsed};
use super::attachment::Attachment;
use super::correction::{Correction, corrections};
use super::ledger::{Delivery, State};
use super::message::{Composed, Envelope, EvaluationView, Letter, ReportView, compose, message_id};
use super::sender::SendError;
use crate::check::{CheckedEvaluation, Format, Recipient};
use crate::fs::PathError;
use crate::hash::sha256;
use crate::model::MailSettings;
use crate::problem::{Checked, Place, Problem};
use crate::publish::Manifest;
use crate::review::{Approved, Record};
use crate::typeset::Pages;

/// What a plan is made from: all of it is read anew when the plan is replayed.
pub struct Sending<'a> {
    /// The evaluation, with its recipients.
    pub evaluation: &'a CheckedEvaluation,
    /// Its `[mail]`.
    pub mail: &'a MailSettings,
    /// The folder of the run.
    pub run: &'a Path,
    /// The manifest of the run.
    pub manifest: &'a Manifest,
    /// What reviewers said.
    pub record: &'a Record,
    /// What was sent before.
    pub deliveries: &'a [Delivery],
    /// The templates of the messages.
    pub pages: &'a Pages,
}

/// What the sender asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// When the plan was made: the date of the messages.
    pub made: Timestamp,
    /// True for what was refused or came back before, and nothing else.
    pub failed: bool,
    /// What the messages say besides.
    pub note: String,
}

/// Every message that is to be sent, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendPlan {
    /// Version of this file's form.
    pub version: u32,
    /// Id of the run.
    pub run: String,
    /// What the sender asked for.
    #[serde(flatten)]
    pub wish: Wish,
    /// The messages, in the order of the recipients.
    pub items: Vec<Item>,
    /// How many deliveries the server took before.
    pub already: usize,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its Message-ID.
    pub message: String,
    /// The file in which it waits, beside the plan.
    pub file: String,
    /// Its templates: `report` or `correction`.
    pub event: String,
    /// Name of the recipient.
    pub name: String,
    /// Address of the recipient.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// The reports in it.
    pub parcels: Vec<Parcel>,
    /// Its size in bytes.
    pub size: usize,
    /// Hash of its bytes.
    pub sha256: String,
}

/// A report in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Code of the area.
    pub area: String,
    /// Name of the area.
    pub area_name: String,
    /// What kind of report it is.
    pub kind: String,
    /// Its format.
    pub format: String,
    /// Its path in the run.
    pub file: String,
    /// Hash of its bytes.
    pub sha256: String,
}

/// A report for a recipient, before it is known with which others it travels.
struct Draft<'a> {
    recipient: &'a Recipient,
    approved: &'a Approved,
    wanted: Option<&'static str>,
    correction: Option<&'a Correction>,
}

const FILE: &str = "recipients.csv";

/// Plans every message that may be sent; what may not is a problem, with the reason. `keep` gets the bytes of each message,
/// from several threads.
///
/// # Errors
/// When an earlier run, of which reports were sent, cannot be read, or a message cannot be kept.
pub fn plan(
    sending: &Sending<'_>,
    wish: &Wish,
    keep: impl Fn(&Item, &[u8]) -> Result<(), PathError> + Sync,
) -> Result<Checked<SendPlan>, SendError> {
    let mut problems = Vec::new();
    let standings = sending.record.approved(sending.manifest);
    let mut already = 0;
    let mut fit: Vec<(&Recipient, &Approved, Option<&'static str>)> = Vec::new();
    let mut sent: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut corrected = BTreeSet::new();
    for recipient in &sending.evaluation.recipients {
        match gate(sending, wish, &standings, recipient) {
            Gate::Open { approved, wanted, before } => {
                if let Some(before) = before {
                    let area = approved.entry().subject.clone();
                    corrected.insert((area.clone(), recipient.email.to_lowercase()));
                    sent.insert(area, (before.run.clone(), before.at.chars().take(10).collect()));
                }
                fit.push((recipient, approved, wanted));
            }
            Gate::Already => already += 1,
            Gate::Nothing => {}
            Gate::Closed(problem) => problems.push(*problem),
        }
    }
    problems.extend(of_areas(sending, &standings));
    let runs = sending.run.parent().unwrap_or(sending.run);
    let corrections = corrections(sending.evaluation, sending.run, runs, &sent)?;
    let mut drafts: Vec<Vec<Draft<'_>>> = Vec::new();
    for (recipient, approved, wanted) in fit {
        let area = &approved.entry().subject;
        let is_correction = corrected.contains(&(area.clone(), recipient.email.to_lowercase()));
        let correction = match corrections.get(area).filter(|_| is_correction) {
            // The report that this reader has says the same in the same words.
            Some(None) => {
                let message = "the report looks otherwise than the one that was sent, and says the same: not sent again";
                problems.push(about("looks", recipient, message, &approved.entry().name));
                continue;
            }
            found => found.and_then(Option::as_ref),
        };
        let draft = Draft { recipient, approved, wanted, correction };
        let fellow = |other: &&mut Vec<Draft<'_>>| {
            sending.mail.together
                && other.iter().all(|other| {
                    other.recipient.email.eq_ignore_ascii_case(&recipient.email)
                        && other.correction.is_some() == correction.is_some()
                })
        };
        match drafts.iter_mut().find(fellow) {
            Some(together) => together.push(draft),
            None => drafts.push(vec![draft]),
        }
    }
    let compose = |drafts: &Vec<Draft<'_>>| match item(sending, wish, drafts) {
        Ok((item, bytes)) => keep(&item, &bytes).map(|()| Ok(item)),
        Err(problem) => Ok(Err(problem)),
    };
    let composed: Vec<Result<Result<Item, Problem>, PathError>> = drafts.par_iter().map(compose).collect();
    let mut items = Vec::new();
    for made in composed {
        match made? {
            Ok(item) => items.push(item),
            Err(problem) => problems.push(problem),
        }
    }
    if !sending.mail.together {
        problems.extend(of_several_areas(&items));
    }
    let run = sending.manifest.run.id.clone();
    Ok(Checked { value: SendPlan { version: 1, run, wish: wish.clone(), items, already }, problems })
}

/// The items of a plan that are the same when the plan is made anew; of the others, why they are not sent.
pub fn replayed<'p>(
    stored: &'p SendPlan,
    fresh: &SendPlan,
    deliveries: &[Delivery],
) -> Checked<Vec<&'p Item>> {
    let mut problems = Vec::new();
    let mut same = Vec::new();
    let taken = |item: &Item| {
        item.parcels.iter().all(|parcel| {
            deliveries.iter().any(|delivery| {
                delivery.sha256 == parcel.sha256
                    && delivery.area == parcel.area
                    && delivery.recipient.eq_ignore_ascii_case(&item.recipient)
                    && matches!(delivery.state, State::Accepted | State::Unknown | State::HandingOver)
            })
        })
    };
    let mut stop = |item: &Item, message: &str| {
        let areas: Vec<&str> = item.parcels.iter().map(|parcel| parcel.area_name.as_str()).collect();
        let problem = Problem::error("changed", Place::file("plan.json"), message);
        problems.push(problem.value(format!("{}, {}", areas.join(", "), masked(&item.recipient))));
    };
    for item in &stored.items {
        match fresh.items.iter().find(|now| now.message == item.message) {
            Some(now) if now == item => same.push(item),
            Some(now) => stop(item, &difference(item, now)),
            None if taken(item) => {}
            None => stop(item, "the plan has a message that would not be planned now"),
        }
    }
    for item in &fresh.items {
        if !stored.items.iter().any(|known| known.message == item.message) {
            stop(item, "the plan does not have this message");
        }
    }
    problems.sort_by(|a, b| (&a.message, &a.value).cmp(&(&b.message, &b.value)));
    Checked { value: same, problems }
}

fn difference(planned: &Item, now: &Item) -> String {
    let what = [
        ("recipient", planned.recipient != now.recipient || planned.name != now.name),
        ("subject", planned.subject != now.subject),
        ("report", planned.parcels != now.parcels),
    ];
    let what: Vec<&str> = what.iter().filter(|(_, differs)| *differs).map(|(what, _)| *what).collect();
    let what = if what.is_empty() { "text of the message".to_owned() } else { what.join(", ") };
    format!("since the plan was made, this changed: {what}")
}

/// What a recipient may have.
enum Gate<'a> {
    Open { approved: &'a Approved, wanted: Option<&'static str>, before: Option<&'a Delivery> },
    Already,
    Nothing,
    Closed(Box<Problem>),
}

type Standings = [Result<Approved, (crate::publish::ReportEntry, crate::review::Standing)>];

fn gate<'a>(sending: &Sending<'a>, wish: &Wish, standings: &'a Standings, recipient: &Recipient) -> Gate<'a> {
    let area = &sending.evaluation.register[recipient.area];
    let closed = |rule: &'static str, message: &str, hint: &str| {
        let problem = error(rule, recipient, message, &area.name);
        Gate::Closed(Box::new(if hint.is_empty() { problem } else { problem.hint(hint) }))
    };
    let of_format = |format: Format| {
        standings.iter().find(|standing| {
            let entry = standing.as_ref().map_or_else(|(entry, _)| entry, Approved::entry);
            entry.subject == area.code.as_str() && entry.format == format.word()
        })
    };
    let own = of_format(recipient.format);
    let wanted = own.is_none().then(|| recipient.format.word());
    let approved = match own.or_else(|| of_format(Format::Standard)) {
        // Nobody waits for the report of an area that did not take part; `check` tells of the others.
        None => return Gate::Nothing,
        Some(Err((entry, standing))) => {
            let why = if entry.outcome.is_made() { standing.words() } else { entry.outcome.reason() };
            return closed("not-approved", &format!("the report may not be sent: {why}"), "");
        }
        Some(Ok(approved)) => approved,
    };
    let entry = approved.entry();
    if entry.recipients != sending.evaluation.recipients_hash(recipient.area) {
        let hint = "build again, and approve the report for its new recipients";
        return closed(
            "recipients",
            "the recipients of the area are not those that the report was approved for",
            hint,
        );
    }
    if let Err(why) = parsed(&recipient.email) {
        return closed("address", &why, "");
    }
    if !allowed(&recipient.email, &sending.mail.domains) {
        let hint = "correct the address, or add its domain to 'domains' of [mail] in evaluation.toml";
        return closed("domain", "reports may not go to this domain", hint);
    }
    let to_this = |delivery: &&Delivery| {
        delivery.area == entry.subject
            && delivery.kind == entry.kind
            && delivery.recipient.eq_ignore_ascii_case(&recipient.email)
    };
    let before: Vec<&Delivery> = sending.deliveries.iter().filter(to_this).collect();
    if before.iter().any(|delivery| matches!(delivery.state, State::Unknown | State::HandingOver)) {
        let hint = "ask the recipient or look into the server's log, then: area-reports send RUN --resolve accepted (or not-accepted)";
        return closed("unknown", "nobody knows whether an earlier message arrived", hint);
    }
    let sha256 = entry.report.as_ref().map(|report| report.sha256.as_str()).unwrap_or_default();
    let same = before.iter().find(|delivery| delivery.sha256 == sha256);
    match same.map(|delivery| delivery.state) {
        Some(State::Accepted) => return Gate::Already,
        Some(State::Refused | State::Bounced) if !wish.failed => {
            let message =
                format!("it could not be delivered before: {}", same.map_or("", |d| d.answer.as_str()));
            return closed(
                "failed",
                &message,
                "correct what stood in the way, then rehearse and send with --failed",
            );
        }
        Some(State::Refused | State::Bounced) => {}
        _ if wish.failed => return Gate::Nothing,
        _ => {}
    }
    let last = before
        .into_iter()
        .filter(|delivery| delivery.state == State::Accepted)
        .max_by(|a, b| a.at.cmp(&b.at));
    Gate::Open { approved, wanted, before: last }
}

/// What there is to say of areas and of the run.
fn of_areas(sending: &Sending<'_>, standings: &Standings) -> Vec<Problem> {
    let mut problems = Vec::new();
    for approved in standings.iter().flatten() {
        let entry = approved.entry();
        let of_area = |recipient: &&Recipient| {
            sending.evaluation.register[recipient.area].code.as_str() == entry.subject
        };
        if !sending.evaluation.recipients.iter().any(|recipient| of_area(&recipient)) {
            let message = "the report is approved, and nobody is to receive it";
            problems.push(Problem::warning("nobody", Place::file(FILE), message).value(&entry.name));
        }
    }
    if sending.manifest.synthetic {
        let message = "the answers are made up: these messages go to a catch-all address only";
        problems.push(Problem::warning("synthetic", Place::file("evaluation.toml"), message));
    }
    problems
}

/// Of people who get more than one message.
fn of_several_areas(items: &[Item]) -> Vec<Problem> {
    let mut areas: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for item in items {
        let of = areas.entry(item.recipient.to_lowercase()).or_default();
        of.extend(item.parcels.iter().map(|parcel| parcel.area_name.as_str()));
    }
    let several = areas.into_iter().filter(|(_, areas)| areas.len() > 1);
    let told = several.map(|(address, areas)| {
        let message = format!("one person gets the reports of {} areas, a message for each", areas.len());
        let problem = Problem::warning("several-areas", Place::file(FILE), message);
        problem.value(format!("{}: {}", masked(&address), areas.join(", ")))
    });
    told.collect()
}

/// Composes the message of drafts that travel together.
fn item(sending: &Sending<'_>, wish: &Wish, drafts: &[Draft<'_>]) -> Result<(Item, Vec<u8>), Problem> {
    let first = &drafts[0];
    let failed = |message: &str| error("message", first.recipient, message, &first.approved.entry().name);
    let (item, bytes) = message(sending, wish, drafts).map_err(|message| failed(&message))?;
    if bytes.len() > sending.mail.largest {
        let message = format!(
            "the message has {:.1} MB, and {:.1} MB are allowed",
            bytes.len() as f64 / 1e6,
            sending.mail.largest as f64 / 1e6
        );
        return Err(failed(&message)
            .hint("raise 'largest' of [mail] in evaluation.toml, or send each report by itself"));
    }
    Ok((item, bytes))
}

fn message(sending: &Sending<'_>, wish: &Wish, drafts: &[Draft<'_>]) -> Result<(Item, Vec<u8>), String> {
    let evaluation = sending.evaluation;
    let recipient = drafts[0].recipient;
    let mut attachments = Vec::new();
    for draft in drafts {
        let attachment = Attachment::open(sending.run, draft.approved).map_err(|error| error.to_string())?;
        belongs(evaluation, &attachment, draft.recipient)?;
        attachments.push((attachment.name(&evaluation.settings.id), attachment));
    }
    let corrections: Vec<&Correction> = drafts.iter().filter_map(|draft| draft.correction).collect();
    let event = if corrections.is_empty() { "report" } else { "correction" };
    let parcels: Vec<Parcel> = attachments.iter().map(|(_, attachment)| parcel(attachment)).collect();
    let mut parts = vec![event, recipient.email.as_str()];
    parts.extend(parcels.iter().flat_map(|parcel| [parcel.area.as_str(), parcel.sha256.as_str()]));
    let id = message_id(sending.mail, &parts);
    let reports = attachments.iter().map(|(name, attachment)| ReportView {
        area: &attachment.entry().name,
        file: name.clone(),
        pages: attachment.entry().report.as_ref().and_then(|report| report.pages).unwrap_or_default(),
    });
    let letter = Letter {
        evaluation: EvaluationView::of(&evaluation.settings),
        recipient: &recipient.name,
        reports: reports.collect(),
        wanted: drafts[0].wanted,
        corrections,
        note: &wish.note,
    };
    let borrowed: Vec<(String, &Attachment)> =
        attachments.iter().map(|(name, attachment)| (name.clone(), attachment)).collect();
    let envelope = Envelope {
        mail: sending.mail,
        to: (&recipient.name, &recipient.email),
        id: &id,
        date: wish.made.into(),
    };
    let Composed { subject, bytes } =
        compose(sending.pages, event, &letter, &borrowed, &envelope).map_err(|error| chain(&error))?;
    let item = Item {
        message: id.clone(),
        file: format!("{}-{}.eml", parcels[0].area, &sha256(id.as_bytes())[..12]),
        event: event.to_owned(),
        name: recipient.name.clone(),
        recipient: recipient.email.clone(),
        subject,
        parcels,
        size: bytes.len(),
        sha256: sha256(&bytes),
    };
    Ok((item, bytes))
}

/// The recipient's area must be that of the report.
fn belongs(
    evaluation: &CheckedEvaluation,
    attachment: &Attachment,
    recipient: &Recipient,
) -> Result<(), String> {
    let area = &evaluation.register[recipient.area];
    if area.code.as_str() == attachment.entry().subject {
        return Ok(());
    }
    Err(format!("the report is that of {}, and the recipient is of {}", attachment.entry().name, area.name))
}

fn parcel(attachment: &Attachment) -> Parcel {
    let entry = attachment.entry();
    let report = entry.report.as_ref();
    Parcel {
        area: entry.subject.clone(),
        area_name: entry.name.clone(),
        kind: entry.kind.clone(),
        format: entry.format.clone(),
        file: report.map(|report| report.file.clone()).unwrap_or_default(),
        sha256: report.map(|report| report.sha256.clone()).unwrap_or_default(),
    }
}

fn error(rule: &'static str, recipient: &Recipient, message: &str, area: &str) -> Problem {
    Problem { severity: crate::problem::Severity::Error, ..about(rule, recipient, message, area) }
}

fn about(rule: &'static str, recipient: &Recipient, message: &str, area: &str) -> Problem {
    let value = format!("{area}, {}", masked(&recipient.email));
    Problem::warning(rule, Place::file(FILE), message).value(value)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        told = format!("{told}: {cause}");
        source = cause.source();
    }
    told
}
