use jiff::civil::Date;

use super::attachment::Attachment;
use super::correction::Correction;
use super::delivery::Delivery;
use super::gate::error;
use super::message::{
    ComposedMessage, Envelope, Letter, LetterCorrection, LetterEvaluation, LetterReport, compose, message_id,
};
use super::send_plan::{EnclosedReport, PlannedMessage, Wish};
use super::sending::Sending;
use crate::check::{CheckedEvaluation, Recipient};
use crate::explain::explain;
use crate::fs::PathError;
use crate::hash::sha256;
use crate::model::Enclosure;
use crate::problem::Problem;
use crate::review::Approved;
use crate::words::Lexicon;

/// A report for a recipient, not yet assigned to a message.
pub(super) struct Draft<'a> {
    pub(super) recipient: &'a Recipient,
    pub(super) approved: &'a Approved,
    pub(super) wanted: Option<String>,
    pub(super) correction: Option<&'a Correction>,
    /// The last report that the recipient was sent.
    pub(super) before: Option<&'a Delivery>,
}

/// Why a message is not in the plan.
#[derive(Debug)]
pub(super) enum DraftError {
    /// It cannot be composed, or is too large.
    Problem(Box<Problem>),
    /// It cannot be stored.
    Path(PathError),
}

impl From<PathError> for DraftError {
    fn from(error: PathError) -> Self {
        Self::Path(error)
    }
}

/// Composes one recipient's message from drafts.
pub(super) fn message(
    sending: &Sending<'_>,
    wish: &Wish,
    drafts: &[Draft<'_>],
) -> Result<(PlannedMessage, Vec<u8>), DraftError> {
    let first = &drafts[0];
    let failed = |message: &str| error("message", first.recipient, message, &first.approved.entry().name);
    let composed = composed(sending, wish, drafts);
    let (message, bytes) = composed.map_err(|why| DraftError::Problem(Box::new(failed(&why))))?;
    let largest = sending.mail.largest;
    if bytes.len() > largest {
        let megabytes = |bytes: usize| bytes as f64 / 1e6;
        let message = format!(
            "the message is {:.1} MB; the limit is {:.1} MB",
            megabytes(bytes.len()),
            megabytes(largest)
        );
        let hint = "raise 'largest' in [mail] of evaluation.toml, or send each report by itself";
        return Err(DraftError::Problem(Box::new(failed(&message).hint(hint))));
    }
    Ok((message, bytes))
}

fn composed(
    sending: &Sending<'_>,
    wish: &Wish,
    drafts: &[Draft<'_>],
) -> Result<(PlannedMessage, Vec<u8>), String> {
    let recipient = drafts[0].recipient;
    let attachments = attachments(sending, drafts)?;
    let corrections = corrections(sending, drafts);
    let event = if corrections.is_empty() { "report" } else { "correction" };
    let reports: Vec<EnclosedReport> = attachments.iter().map(enclosed).collect();
    let evaluation = &sending.evaluation.settings.id;
    let links: Vec<Option<String>> =
        drafts.iter().zip(&attachments).map(|(draft, report)| link(sending, draft, report)).collect();
    let attached = attachments.iter().zip(&links).filter(|(_, link)| link.is_none());
    let files: Vec<(String, &[u8])> =
        attached.flat_map(|(attachment, _)| attachment.files(evaluation)).collect();
    let id = message_id(sending.mail, &identity(event, recipient, drafts, &reports));
    let letter = Letter {
        kind: recipient.kind,
        evaluation: LetterEvaluation::of(&sending.evaluation.settings),
        recipient: &recipient.name,
        reports: attachments.iter().zip(links).map(|(of, link)| report_view(evaluation, of, link)).collect(),
        wanted: drafts[0].wanted.as_deref(),
        corrections,
        note: &wish.note,
    };
    let envelope =
        Envelope { mail: sending.mail, to: (&recipient.name, &recipient.email), id: &id, date: wish.made };
    let ComposedMessage { subject, bytes } =
        compose(sending.pages, &letter, &files, &envelope).map_err(|error| explain(&error))?;
    let message = PlannedMessage {
        file: format!("{}-{}.eml", reports[0].id.report.subject, &sha256(id.as_bytes())[..12]),
        id,
        event: event.to_owned(),
        name: recipient.name.clone(),
        recipient: recipient.email.clone(),
        subject,
        reports,
        size: bytes.len(),
        sha256: sha256(&bytes),
    };
    Ok((message, bytes))
}

/// The reports to attach, each checked to be for the recipient's area.
fn attachments(sending: &Sending<'_>, drafts: &[Draft<'_>]) -> Result<Vec<Attachment>, String> {
    let evaluation = sending.evaluation;
    let attachment = |draft: &Draft<'_>| {
        let attachment = Attachment::open(sending.run, &evaluation.settings.id, draft.approved)
            .map_err(|error| explain(&error))?;
        belongs(evaluation, &attachment, draft.recipient)?;
        Ok(attachment)
    };
    drafts.iter().map(attachment).collect()
}

fn corrections<'a>(sending: &Sending<'_>, drafts: &[Draft<'a>]) -> Vec<LetterCorrection<'a>> {
    let pairs = drafts.iter().filter_map(|draft| Some((draft.correction?, draft.before?)));
    let view = pairs.map(|(correction, before)| {
        let reasons = correction.reasons.iter().map(|reason| reason.words(sending.words, &correction.name));
        LetterCorrection { sent: day(&before.at, sending.words), reasons: reasons.collect(), correction }
    });
    view.collect()
}

/// What makes two messages the same. A report sent again after a later one is in a different message.
fn identity(
    event: &str,
    recipient: &Recipient,
    drafts: &[Draft<'_>],
    reports: &[EnclosedReport],
) -> Vec<String> {
    let mut parts = vec![event.to_owned(), recipient.email.clone()];
    parts.extend(drafts.iter().filter_map(|draft| draft.before).map(|before| before.message.clone()));
    parts.extend(reports.iter().flat_map(|report| [report.id.to_string(), report.sha256.clone()]));
    parts
}

/// Where a report is published, if its recipient wants a link to it.
fn link(sending: &Sending<'_>, draft: &Draft<'_>, attachment: &Attachment) -> Option<String> {
    let wanted = draft.recipient.by == Enclosure::Link;
    let links = sending.mail.links.as_ref().filter(|_| wanted)?;
    Some(format!("{links}{}", attachment.entry().report.as_ref()?.file))
}

fn report_view<'a>(evaluation: &str, attachment: &'a Attachment, link: Option<String>) -> LetterReport<'a> {
    let files = attachment.files(evaluation).into_iter().map(|(name, _)| name).collect();
    let entry = attachment.entry();
    let pages = entry.report.as_ref().and_then(|report| report.pages).unwrap_or_default();
    LetterReport { name: &entry.name, link, files, pages }
}

/// Checks that the report is the one that the recipient is to receive.
fn belongs(
    evaluation: &CheckedEvaluation,
    attachment: &Attachment,
    recipient: &Recipient,
) -> Result<(), String> {
    let due = evaluation.report_id(recipient.kind, recipient.subject);
    let attached = &attachment.entry().id.report;
    // It is the same report in any language.
    if (due.kind, &due.subject) == (attached.kind, &attached.subject) {
        Ok(())
    } else {
        Err(format!("the report is {attached}, and {due} is due"))
    }
}

fn enclosed(attachment: &Attachment) -> EnclosedReport {
    let entry = attachment.entry();
    let report = entry.report.as_ref();
    EnclosedReport {
        id: entry.id.clone(),
        subject_name: entry.name.clone(),
        file: report.map(|report| report.file.clone()).unwrap_or_default(),
        sha256: report.map(|report| report.sha256.clone()).unwrap_or_default(),
    }
}

/// The date of a UTC time in words: "3 November 2008".
fn day(at: &str, words: &Lexicon) -> String {
    let date = at.get(..10).and_then(|day| day.parse::<Date>().ok());
    date.map_or_else(|| at.to_owned(), |date| words.date(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::delivery::State;
    use crate::deliver::office::{Office, wish};
    use crate::problem::Severity;

    #[test]
    fn a_message_keeps_its_identity_until_its_report_its_recipient_or_the_report_before_changes() {
        let office = Office::new();
        let standings = office.record.approved(&office.manifest);
        let (recipient, other) = (office.recipient("N1"), office.recipient("N2"));
        let before = office.delivery("N1", State::Accepted);
        let approved = standings[0].as_ref().unwrap();
        let report = |sha256: &str| EnclosedReport {
            id: approved.entry().id.clone(),
            subject_name: String::new(),
            file: String::new(),
            sha256: sha256.to_owned(),
        };
        let id = |recipient: &Recipient, before: Option<&Delivery>, sha256: &str| {
            let draft = Draft { recipient, approved, wanted: None, correction: None, before };
            let parts = identity("report", recipient, &[draft], &[report(sha256)]);
            message_id(office.sending().mail, &parts)
        };
        let first = id(&recipient, None, "a");
        assert_eq!(first, id(&recipient, None, "a"));
        let others = [id(&recipient, None, "b"), id(&other, None, "a"), id(&recipient, Some(&before), "a")];
        assert!(!others.contains(&first), "{others:?}");
        assert!(first.ends_with("@library.example.org>"), "{first}");
    }

    #[test]
    fn a_report_that_cannot_be_opened_is_a_problem_with_its_area() {
        let office = Office::new();
        let standings = office.record.approved(&office.manifest);
        let (recipient, approved) = (office.recipient("N1"), standings[0].as_ref().unwrap());
        let draft = Draft { recipient: &recipient, approved, wanted: None, correction: None, before: None };
        let failed = message(&office.sending(), &wish(), &[draft]);
        let Err(DraftError::Problem(problem)) = failed else { panic!("{failed:?}") };
        assert_eq!((problem.rule, problem.severity), ("message", Severity::Error));
        assert!(problem.value.as_ref().unwrap().starts_with("Ash, a"), "{problem}");
    }

    #[test]
    fn a_day_is_written_in_words() {
        let words = crate::templates::Templates::embedded();
        let words = words.lexicon(&crate::model::Language::english()).unwrap();
        assert_eq!(day("2008-11-03T09:00:00Z", &words), "3 November 2008");
        assert_eq!(day("once", &words), "once");
    }
}
