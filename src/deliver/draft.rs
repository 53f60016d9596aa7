use jiff::civil::Date;

use super::attachment::Attachment;
use super::correction::Correction;
use super::delivery::Delivery;
use super::gate::error;
use super::message::{
    Composed, CorrectionView, Envelope, EvaluationView, Letter, ReportView, compose, message_id,
};
use super::plan::{Item, Parcel, Sending, Wish};
use crate::check::{CheckedEvaluation, Recipient};
use crate::hash::sha256;
use crate::problem::Problem;
use crate::review::Approved;
use crate::words::Lexicon;

/// A report for a recipient, before it is known with which others it travels.
pub(super) struct Draft<'a> {
    pub(super) recipient: &'a Recipient,
    pub(super) approved: &'a Approved,
    pub(super) wanted: Option<&'static str>,
    pub(super) correction: Option<&'a Correction>,
    /// The report that the recipient has.
    pub(super) before: Option<&'a Delivery>,
}

/// Composes the message of drafts that travel together.
pub(super) fn item(
    sending: &Sending<'_>,
    wish: &Wish,
    drafts: &[Draft<'_>],
) -> Result<(Item, Vec<u8>), Box<Problem>> {
    let first = &drafts[0];
    let failed = |message: &str| error("message", first.recipient, message, &first.approved.entry().name);
    let (item, bytes) = message(sending, wish, drafts).map_err(|message| Box::new(failed(&message)))?;
    if bytes.len() > sending.mail.largest {
        let message = format!(
            "the message has {:.1} MB, and {:.1} MB are allowed",
            bytes.len() as f64 / 1e6,
            sending.mail.largest as f64 / 1e6
        );
        let hint = "raise 'largest' of [mail] in evaluation.toml, or send each report by itself";
        return Err(Box::new(failed(&message).hint(hint)));
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
    let corrections: Vec<CorrectionView<'_>> = drafts
        .iter()
        .filter_map(|draft| Some((draft.correction?, draft.before?)))
        .map(|(correction, before)| {
            let reasons =
                correction.reasons.iter().map(|reason| reason.words(sending.words, &correction.area));
            CorrectionView { sent: day(&before.at, sending.words), reasons: reasons.collect(), correction }
        })
        .collect();
    let event = if corrections.is_empty() { "report" } else { "correction" };
    let parcels: Vec<Parcel> = attachments.iter().map(|(_, attachment)| parcel(attachment)).collect();
    let mut parts = vec![event, recipient.email.as_str()];
    // A report that comes back after another one is another message.
    parts.extend(drafts.iter().filter_map(|draft| draft.before).map(|before| before.message.as_str()));
    let ids: Vec<String> = parcels.iter().map(|parcel| parcel.id.to_string()).collect();
    parts.extend(parcels.iter().zip(&ids).flat_map(|(parcel, id)| [id.as_str(), parcel.sha256.as_str()]));
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
    let envelope =
        Envelope { mail: sending.mail, to: (&recipient.name, &recipient.email), id: &id, date: wish.made };
    let Composed { subject, bytes } =
        compose(sending.pages, event, &letter, &borrowed, &envelope).map_err(|error| chain(&error))?;
    let item = Item {
        message: id.clone(),
        file: format!("{}-{}.eml", parcels[0].id.report.subject, &sha256(id.as_bytes())[..12]),
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
    if area.code.as_str() == attachment.entry().id.report.subject {
        return Ok(());
    }
    Err(format!("the report is that of {}, and the recipient is of {}", attachment.entry().name, area.name))
}

fn parcel(attachment: &Attachment) -> Parcel {
    let entry = attachment.entry();
    let report = entry.report.as_ref();
    Parcel {
        id: entry.id.clone(),
        subject_name: entry.name.clone(),
        file: report.map(|report| report.file.clone()).unwrap_or_default(),
        sha256: report.map(|report| report.sha256.clone()).unwrap_or_default(),
    }
}

/// The day of a time in UTC in words: "3 November 2008".
fn day(at: &str, words: &Lexicon) -> String {
    let date = at.get(..10).and_then(|day| day.parse::<Date>().ok());
    date.map_or_else(|| at.to_owned(), |date| words.date(date))
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
