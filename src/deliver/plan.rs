use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::address::masked;
use super::correction::corrections;
use super::delivery::{Delivery, State};
use super::draft::{Draft, item};
use super::gate::{Gate, RECIPIENTS, about, gate, of_areas};
use super::sender::SendError;
use crate::check::CheckedEvaluation;
use crate::fs::PathError;
use crate::model::{EditionId, MailSettings};
use crate::problem::{Checked, Place, Problem};
use crate::publish::Manifest;
use crate::review::Record;
use crate::templates::Pages;
use crate::words::Lexicon;

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
    /// The words of their language.
    pub words: &'a Lexicon,
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
    /// Which report it is, in which form.
    #[serde(flatten)]
    pub id: EditionId,
    /// Name of its subject.
    pub subject_name: String,
    /// Its path in the run.
    pub file: String,
    /// Hash of its bytes.
    pub sha256: String,
}

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
    let mut fit = Vec::new();
    let mut sent = BTreeSet::new();
    for recipient in &sending.evaluation.recipients {
        match gate(sending, wish, &standings, recipient) {
            Gate::Open { approved, wanted, before } => {
                sent.extend(before.map(|before| (before.run.clone(), before.id.report.clone())));
                fit.push((recipient, approved, wanted, before));
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
    for (recipient, approved, wanted, before) in fit {
        let told = before.and_then(|before| corrections.get(&(before.run.clone(), before.id.report.clone())));
        if matches!(told, Some(None)) {
            let message =
                "the report looks otherwise than the one that was sent, and says the same: not sent again";
            problems.push(about("looks", recipient, message, &approved.entry().name));
            continue;
        }
        let correction = told.and_then(Option::as_ref);
        let draft = Draft { recipient, approved, wanted, correction, before };
        let fellow = |other: &&mut Vec<Draft<'_>>| {
            other.iter().all(|other| {
                other.recipient.email.eq_ignore_ascii_case(&recipient.email)
                    && other.correction.is_some() == correction.is_some()
            })
        };
        let together = if sending.mail.together { drafts.iter_mut().find(fellow) } else { None };
        match together {
            Some(together) => together.push(draft),
            None => drafts.push(vec![draft]),
        }
    }
    let compose = |drafts: &Vec<Draft<'_>>| match item(sending, wish, drafts) {
        Ok((item, bytes)) => keep(&item, &bytes).map(|()| Ok(item)),
        Err(problem) => Ok(Err(problem)),
    };
    let composed: Vec<Result<Result<Item, Box<Problem>>, PathError>> =
        drafts.par_iter().map(compose).collect();
    let mut items = Vec::new();
    for made in composed {
        match made? {
            Ok(item) => items.push(item),
            Err(problem) => problems.push(*problem),
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
                !delivery.superseded
                    && delivery.sha256 == parcel.sha256
                    && delivery.id == parcel.id
                    && delivery.recipient.eq_ignore_ascii_case(&item.recipient)
                    && matches!(delivery.state, State::Accepted | State::Unknown | State::HandingOver)
            })
        })
    };
    let mut stop = |item: &Item, message: &str| {
        let areas: Vec<&str> = item.parcels.iter().map(|parcel| parcel.subject_name.as_str()).collect();
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

/// Of people who get more than one message.
fn of_several_areas(items: &[Item]) -> Vec<Problem> {
    let mut areas: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for item in items {
        let of = areas.entry(item.recipient.to_lowercase()).or_default();
        of.extend(item.parcels.iter().map(|parcel| parcel.subject_name.as_str()));
    }
    let several = areas.into_iter().filter(|(_, areas)| areas.len() > 1);
    let told = several.map(|(address, areas)| {
        let message = format!("one person gets the reports of {} areas, a message for each", areas.len());
        let problem = Problem::warning("several-areas", Place::file(RECIPIENTS), message);
        problem.value(format!("{}: {}", masked(&address), areas.join(", ")))
    });
    told.collect()
}
