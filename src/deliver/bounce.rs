use std::path::Path;

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::quotation::{quoted, visible};
use crate::fs::{self, PathError};

/// A message that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Message-ID of the message that could not be delivered, in angle brackets; `None` if the notice does not say.
    pub message: Option<String>,
    /// The address that did not accept it, with nothing hidden in it; `None` if the notice does not say.
    pub recipient: Option<String>,
    /// True if it will not be tried again; false if it is only late.
    pub failed: bool,
    /// Why, in the words of the server that sent the notice; addresses in it are masked.
    pub why: String,
}

/// Reads delivery notices (RFC 3464) from a file with one message, a file with many (mbox), or a folder of messages
/// (Maildir). Returns the bounces, and how many messages were something else.
///
/// # Errors
/// If a file cannot be read.
pub fn bounces(path: &Path) -> Result<(Vec<Bounce>, usize), PathError> {
    let mut bounces = Vec::new();
    let mut others = 0;
    let mut take = |bytes: &[u8]| {
        let found = MessageParser::new().parse(bytes).map(|message| of_notice(&message)).unwrap_or_default();
        others += usize::from(found.is_empty());
        bounces.extend(found);
    };
    if path.is_dir() {
        for file in fs::visible_files_below(path)? {
            take(&fs::read(&path.join(file))?);
        }
    } else {
        let bytes = fs::read(path)?;
        if bytes.starts_with(b"From ") {
            split(&bytes).for_each(|message| take(&message));
        } else {
            take(&bytes);
        }
    }
    Ok((bounces, others))
}

/// The messages of an mbox file.
fn split(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let parser = mail_parser::mailbox::mbox::MessageIterator::new(std::io::Cursor::new(bytes.to_vec()));
    parser.flatten().map(mail_parser::mailbox::mbox::Message::unwrap_contents)
}

/// What a notice says about each recipient.
fn of_notice(notice: &Message<'_>) -> Vec<Bounce> {
    let is = |part: &mail_parser::MessagePart<'_>, kind: &str| {
        part.content_type()
            .is_some_and(|found| found.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case(kind)))
    };
    let Some(status) = notice.parts.iter().find(|part| is(part, "delivery-status")) else {
        return Vec::new();
    };
    let message = notice.parts.iter().find_map(|part| match &part.body {
        PartType::Message(original) => original.message_id().map(bracketed),
        _ if is(part, "rfc822-headers") => MessageParser::new()
            .parse_headers(part.contents())
            .and_then(|head| head.message_id().map(bracketed)),
        _ => None,
    });
    let text = String::from_utf8_lossy(status.contents()).replace("\r\n", "\n");
    let blocks = text.split("\n\n").map(fields).filter(|fields| !fields.is_empty());
    let of_recipient = |fields: Vec<(String, String)>| {
        let field = |name: &str| {
            let found = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.rsplit(';').next().unwrap_or(value).trim().to_owned())
        };
        let action = field("Action")?.to_lowercase();
        let why = quoted(&field("Diagnostic-Code").or_else(|| field("Status")).unwrap_or_default());
        (action == "failed" || action == "delayed").then(|| Bounce {
            message: message.clone(),
            recipient: field("Final-Recipient")
                .or_else(|| field("Original-Recipient"))
                .map(|to| visible(&to)),
            failed: action == "failed",
            why,
        })
    };
    blocks.filter_map(of_recipient).collect()
}

/// The fields of a block, with their continuation lines.
fn fields(block: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

fn bracketed(id: &str) -> String {
    format!("<{id}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "From: Mail Delivery System <Mailer-Daemon@mx.example.test>\r\n\
        To: reports@example.org\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\
        Subject: Mail delivery failed\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example.test\r\n\r\n\
        Action: failed\r\nFinal-Recipient: rfc822;ann@leeds.example.org\r\nStatus: 5.1.1\r\n\
        Diagnostic-Code: smtp; 550 5.1.1\r\n  no such person\r\n\r\n\
        Action: delayed\r\nFinal-Recipient: rfc822; bo@leeds.example.org\r\nStatus: 4.4.1\r\n\r\n\
        --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <abc@example.org>\r\nTo: ann@leeds.example.org\r\n\r\n\
        --b--\r\n";

    #[test]
    fn a_notice_tells_which_message_and_which_recipient() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notice.eml");
        let expected = vec![
            Bounce {
                message: Some("<abc@example.org>".to_owned()),
                recipient: Some("ann@leeds.example.org".to_owned()),
                failed: true,
                why: "550 5.1.1 no such person".to_owned(),
            },
            Bounce {
                message: Some("<abc@example.org>".to_owned()),
                recipient: Some("bo@leeds.example.org".to_owned()),
                failed: false,
                why: "4.4.1".to_owned(),
            },
        ];
        fs::write(&file, NOTICE.as_bytes()).unwrap();
        assert_eq!(bounces(&file).unwrap(), (expected.clone(), 0));
        fs::write(
            &folder.path().join("other.eml"),
            b"From: a@b.org\r\nSubject: Thanks\r\n\r\nThank you.\r\n",
        )
        .unwrap();
        assert_eq!(bounces(folder.path()).unwrap(), (expected.clone(), 1));
        let mbox = format!(
            "From MAILER-DAEMON Mon Nov  3 09:00:00 2008\n{0}\nFrom MAILER-DAEMON Mon Nov  3 09:00:01 2008\n{0}",
            NOTICE.replace("\r\n", "\n")
        );
        let file = folder.path().join("all.mbox");
        fs::write(&file, mbox.as_bytes()).unwrap();
        assert_eq!(bounces(&file).unwrap(), ([expected.clone(), expected].concat(), 0));
    }

    #[test]
    fn what_a_notice_says_is_fit_to_print_and_store() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notice.eml");
        let notice = NOTICE
            .replace("no such person", &format!("\u{1b}[2J<ann@leeds.example.org> {}", "x".repeat(900)))
            .replace("rfc822;ann@", "rfc822;\u{202e}ann@");
        fs::write(&file, notice.as_bytes()).unwrap();
        let (bounces, _) = bounces(&file).unwrap();
        assert!(
            bounces[0].why.starts_with("550 5.1.1 \u{fffd}[2J<a***@leeds.example.org> xxx"),
            "{bounces:?}"
        );
        assert_eq!(bounces[0].why.chars().count(), 500);
        assert_eq!(bounces[0].recipient.as_deref(), Some("\u{fffd}ann@leeds.example.org"));
    }
}
