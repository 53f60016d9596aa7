use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Mailbox, Message, MultiPart, SinglePart};
use serde::Serialize;

use super::address::{domain, parsed};
use super::correction::Correction;
use crate::hash::sha256;
use crate::model::{Correspondent, Kind, MailSettings, Settings};
use crate::templates::{Pages, TemplateFault};

/// What the templates in `mail/` are filled with for a recipient.
#[derive(Debug, Serialize)]
pub(super) struct Letter<'a> {
    /// The kind of the reports.
    pub(super) kind: Kind,
    pub(super) evaluation: LetterEvaluation<'a>,
    pub(super) recipient: &'a str,
    pub(super) reports: Vec<LetterReport<'a>>,
    /// The format that the recipient asked for, if the run does not have the report in that format.
    pub(super) wanted: Option<&'a str>,
    /// What changed since the report that the recipient has, report by report.
    pub(super) corrections: Vec<LetterCorrection<'a>>,
    /// A note from the sender.
    pub(super) note: &'a str,
}

/// What a letter says about a correction.
#[derive(Debug, Serialize)]
pub(super) struct LetterCorrection<'a> {
    /// The day on which the earlier report was sent.
    pub(super) sent: String,
    /// Why it differs, in words.
    pub(super) reasons: Vec<String>,
    #[serde(flatten)]
    pub(super) correction: &'a Correction,
}

/// What a letter says about the evaluation.
#[derive(Debug, Serialize)]
pub(super) struct LetterEvaluation<'a> {
    title: &'a str,
    period: &'a str,
    organisation: &'a str,
    contact: &'a str,
    synthetic: bool,
}

impl<'a> LetterEvaluation<'a> {
    pub(super) fn of(settings: &'a Settings) -> Self {
        let Settings { title, period, organisation, contact, synthetic, .. } = settings;
        Self { title, period, organisation, contact, synthetic: *synthetic }
    }
}

/// What a letter says about a report.
#[derive(Debug, Serialize)]
pub(super) struct LetterReport<'a> {
    /// The name of its subject.
    pub(super) name: &'a str,
    /// Where the report is on the web; `None` if it is attached.
    pub(super) link: Option<String>,
    /// The names of its files, the report first.
    pub(super) files: Vec<String>,
    pub(super) pages: usize,
}

/// A message, ready for the server.
#[derive(Debug)]
pub(super) struct ComposedMessage {
    pub(super) subject: String,
    pub(super) bytes: Vec<u8>,
}

/// Why a message cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// An address is invalid.
    #[error("{0}")]
    Address(String),
    /// A template does not fit the message.
    #[error(transparent)]
    Template(#[from] Box<TemplateFault>),
    /// The message cannot be composed.
    #[error("the message cannot be composed")]
    Mail(#[from] lettre::error::Error),
    /// The type of an attachment is invalid: a defect in the program.
    #[error("an attachment has no type")]
    ContentType(#[from] lettre::message::header::ContentTypeErr),
}

/// Asks other programs not to send automatic replies (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Who a message is from and to, and its identity.
pub(super) struct Envelope<'a> {
    pub(super) mail: &'a MailSettings,
    /// Name and address of the recipient.
    pub(super) to: (&'a str, &'a str),
    /// The Message-ID.
    pub(super) id: &'a str,
    pub(super) date: Timestamp,
}

/// Composes a message from the templates of the kind of its reports, or those of corrections. The same letter, attachments
/// and date give the same bytes.
pub(super) fn compose(
    pages: &Pages,
    letter: &Letter<'_>,
    attachments: &[(String, &[u8])],
    envelope: &Envelope<'_>,
) -> Result<ComposedMessage, MessageError> {
    let folder = if letter.corrections.is_empty() { letter.kind.word() } else { "correction" };
    let subject = one_line(&pages.fill(&format!("mail/{folder}/subject.txt.j2"), letter)?);
    let text = pages.fill(&format!("mail/{folder}/body.txt.j2"), letter)?;
    let html = pages.fill(&format!("mail/{folder}/body.html.j2"), letter)?;
    let boundary = |part: &str| format!("{part}-{}", &sha256(envelope.id.as_bytes())[..24]);
    let words = MultiPart::alternative().boundary(boundary("words"));
    let words = words.singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html));
    let mut whole = MultiPart::mixed().boundary(boundary("parts")).multipart(words);
    for (name, bytes) in attachments {
        let kind = match name.rsplit('.').next() {
            Some("pdf") => "application/pdf",
            Some("csv") => "text/csv",
            Some("html") => "text/html; charset=utf-8",
            Some("txt") => "text/plain; charset=utf-8",
            Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _ => "application/octet-stream",
        };
        whole = whole.singlepart(Part::new(name.clone()).body(bytes.to_vec(), ContentType::parse(kind)?));
    }
    let message = builder(envelope, &subject)?.multipart(whole)?;
    Ok(ComposedMessage { subject, bytes: message.formatted() })
}

/// The summary of a nightly run, as a message for staff.
///
/// # Errors
/// If an address is invalid.
pub fn night(
    mail: &MailSettings,
    to: &str,
    subject: &str,
    text: &str,
    date: Timestamp,
) -> Result<Vec<u8>, MessageError> {
    let id = message_id(mail, &["night".to_owned(), to.to_owned(), date.as_nanosecond().to_string()]);
    let envelope = Envelope { mail, to: ("", to), id: &id, date };
    let message = builder(&envelope, &one_line(subject))?.singlepart(SinglePart::plain(text.to_owned()))?;
    Ok(message.formatted())
}

/// The Message-ID for this identity: always the same, so that a recipient who gets the message twice can tell.
pub(super) fn message_id(mail: &MailSettings, parts: &[String]) -> String {
    let hash = sha256(parts.join("\n").as_bytes());
    format!("<{}@{}>", &hash[..32], domain(&mail.from.email))
}

fn builder(envelope: &Envelope<'_>, subject: &str) -> Result<lettre::message::MessageBuilder, MessageError> {
    let (name, email) = envelope.to;
    let to = Correspondent { name: name.to_owned(), email: email.to_owned() };
    Ok(Message::builder()
        .from(mailbox(&envelope.mail.from)?)
        .reply_to(mailbox(&envelope.mail.reply_to)?)
        .to(mailbox(&to)?)
        .subject(subject)
        .message_id(Some(envelope.id.to_owned()))
        // Every time since email was invented can be converted.
        .date(SystemTime::try_from(envelope.date).unwrap_or(SystemTime::UNIX_EPOCH))
        .header(AutoSubmitted))
}

fn mailbox(who: &Correspondent) -> Result<Mailbox, MessageError> {
    let name = Some(who.name.clone()).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, parsed(&who.email).map_err(MessageError::Address)?))
}

/// The text on one line, so that no value can start a new header.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
