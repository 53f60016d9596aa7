use std::path::PathBuf;
use std::time::Duration;

use crate::model::word::words;

/// How reports are sent by email.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The sender.
    pub from: Correspondent,
    /// Who receives replies.
    pub reply_to: Correspondent,
    /// The name of the mail server.
    pub server: String,
    /// The server's port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// A file of certificates to trust instead of the system's own.
    pub certificates: Option<PathBuf>,
    /// A file with the user name on its first line and the password on its second; only its owner may have access to
    /// it.
    pub credentials: Option<PathBuf>,
    /// The address under which the files of the approved run are published on the web, with a slash at its end; `None` if
    /// they are not, so that no message can have a link to one.
    pub links: Option<String>,
    /// The domains that reports may be sent to: `*.` before a domain allows everything below it, and an empty list
    /// allows any domain.
    pub domains: Vec<String>,
    /// True when someone responsible for several areas gets all their reports in one message.
    pub together: bool,
    /// The most messages sent per minute.
    pub per_minute: u32,
    /// The pause between two messages to the same domain.
    pub domain_pause: Duration,
    /// How many times to try a message that the server cannot accept at the moment.
    pub attempts: u32,
    /// The pause before the second attempt; it doubles before each later one.
    pub retry_pause: Duration,
    /// How long to wait for the server to reply.
    pub timeout: Duration,
    /// The largest message, in bytes.
    pub largest: usize,
    /// The address that gets all messages of a rehearsal instead of their recipients, if there is one.
    pub catch_all: Option<String>,
    /// Who gets the nightly summary.
    pub notify: Vec<String>,
}

words! {
    /// How a report comes with its message.
    Enclosure {
        /// As an attached file.
        Attachment = "attachment",
        /// As a link to where it is published.
        Link = "link",
    }
}

/// A person or office with an email address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondent {
    /// The name; may be empty.
    pub name: String,
    /// The email address.
    pub email: String,
}

/// How the connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// The connection starts unencrypted and switches to TLS before any mail is sent, or is abandoned.
    StartTls,
    /// The connection is encrypted from the first byte.
    Tls,
    /// The connection is not encrypted: only for a server on the same computer.
    None,
}

impl Security {
    /// Each variant and the word for it in `evaluation.toml`.
    pub const WORDS: [(&'static str, Self); 3] =
        [("starttls", Self::StartTls), ("tls", Self::Tls), ("none", Self::None)];

    /// The usual port for such a server.
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// An address as it may appear in a log: enough to recognise it, too little to use it.
pub fn masked(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return "***".to_owned() };
    let first: String = local.chars().take(1).filter(|first| *first != '@').collect();
    format!("{first}***@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_tells_the_domain_only() {
        assert_eq!(masked("ann.lee@leeds.example.org"), "a***@leeds.example.org");
        assert_eq!(masked("élodie@x.org"), "é***@x.org");
        assert_eq!(masked("nobody"), "***");
    }
}
