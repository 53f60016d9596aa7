use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as Part, Mailbox, Message, MultiPart, SinglePart};
use serde::Serialize;

use super::address::{domain, parsed};
use super::attachment::Attachment;
use super::correction::Correction;
use crate::hash::sha256;
use crate::model::{Correspondent, MailSettings, Settings};
use crate::templates::{Pages, TemplateFault};

/// What the templates of `mail/` say to a recipient.
#[derive(Debug, Serialize)]
pub(super) struct Letter<'a> {
    pub(super) evaluation: EvaluationView<'a>,
    pub(super) recipient: &'a str,
    pub(super) reports: Vec<ReportView<'a>>,
    /// The format that the recipient asked for, when the run has none in it.
    pub(super) wanted: Option<&'a str>,
    /// What is new since the report that the recipient has, for each area.
    pub(super) corrections: Vec<CorrectionView<'a>>,
    /// What the sender adds.
    pub(super) note: &'a str,
}

/// What is new in a report, as a letter tells it.
#[derive(Debug, Serialize)]
pub(super) struct CorrectionView<'a> {
    /// When the earlier report was sent: the day.
    pub(super) sent: String,
    /// Why it differs, in words.
    pub(super) reasons: Vec<String>,
    #[serde(flatten)]
    pub(super) correction: &'a Correction,
}

/// The evaluation, as a letter names it.
#[derive(Debug, Serialize)]
pub(super) struct EvaluationView<'a> {
    title: &'a str,
    period: &'a str,
    organisation: &'a str,
    contact: &'a str,
    synthetic: bool,
}

impl<'a> EvaluationView<'a> {
    pub(super) fn of(settings: &'a Settings) -> Self {
        let Settings { title, period, organisation, contact, synthetic, .. } = settings;
        Self { title, period, organisation, contact, synthetic: *synthetic }
    }
}

/// A report, as a letter names it.
#[derive(Debug, Serialize)]
pub(super) struct ReportView<'a> {
    pub(super) area: &'a str,
    pub(super) file: String,
    pub(super) pages: usize,
}

/// A message, ready for the server.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) subject: String,
    pub(super) bytes: Vec<u8>,
}

/// Why a message cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// An address is none.
    #[error("{0}")]
    Address(String),
    /// A template does not fit.
    #[error(transparent)]
    Template(#[from] Box<TemplateFault>),
    /// The message cannot be put together.
    #[error("the message cannot be put together")]
    Mail(#[from] lettre::error::Error),
    /// An attachment has a type that is none: a defect of the program.
    #[error("an attachment has no type")]
    ContentType(#[from] lettre::message::header::ContentTypeErr),
}

/// Tells other programs that nobody is there to read an automatic answer (RFC 3834).
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

/// Who a message is from and for, and how it is known.
pub(super) struct Envelope<'a> {
    pub(super) mail: &'a MailSettings,
    /// Name and address of the recipient.
    pub(super) to: (&'a str, &'a str),
    /// The Message-ID.
    pub(super) id: &'a str,
    pub(super) date: Timestamp,
}

/// Puts a message together from the templates of an event. The same letter, attachments and date give the same bytes.
pub(super) fn compose(
    pages: &Pages,
    event: &str,
    letter: &Letter<'_>,
    attachments: &[(String, &Attachment)],
    envelope: &Envelope<'_>,
) -> Result<Composed, MessageError> {
    let subject = one_line(&pages.fill(&format!("mail/{event}/subject.txt.j2"), letter)?);
    let text = pages.fill(&format!("mail/{event}/body.txt.j2"), letter)?;
    let html = pages.fill(&format!("mail/{event}/body.html.j2"), letter)?;
    let boundary = |part: &str| format!("{part}-{}", &sha256(envelope.id.as_bytes())[..24]);
    let words = MultiPart::alternative().boundary(boundary("words"));
    let words = words.singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html));
    let mut whole = MultiPart::mixed().boundary(boundary("parts")).multipart(words);
    for (name, attachment) in attachments {
        let kind = if name.ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" };
        whole = whole
            .singlepart(Part::new(name.clone()).body(attachment.bytes().to_vec(), ContentType::parse(kind)?));
    }
    let message = builder(envelope, &subject)?.multipart(whole)?;
    Ok(Composed { subject, bytes: message.formatted() })
}

/// The summary of a night, as a message for staff.
///
/// # Errors
/// When an address is none.
pub fn night(
    mail: &MailSettings,
    to: &str,
    subject: &str,
    text: &str,
    date: Timestamp,
) -> Result<Vec<u8>, MessageError> {
    let id = message_id(mail, &["night", to, &date.as_nanosecond().to_string()]);
    let envelope = Envelope { mail, to: ("", to), id: &id, date };
    let message = builder(&envelope, &one_line(subject))?.singlepart(SinglePart::plain(text.to_owned()))?;
    Ok(message.formatted())
}

/// The Message-ID of what is known by some parts: always the same one, so that whoever gets it twice can tell.
pub(super) fn message_id(mail: &MailSettings, parts: &[&str]) -> String {
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
        // Every time of an era in which mail is sent.
        .date(SystemTime::try_from(envelope.date).unwrap_or(SystemTime::UNIX_EPOCH))
        .header(AutoSubmitted))
}

fn mailbox(who: &Correspondent) -> Result<Mailbox, MessageError> {
    let name = Some(who.name.clone()).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, parsed(&who.email).map_err(MessageError::Address)?))
}

/// A text on one line: no value can begin a header of its own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
