use std::path::PathBuf;
use std::time::Duration;

/// How reports are sent.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// Who sends them.
    pub from: Correspondent,
    /// Who reads the answers.
    pub reply_to: Correspondent,
    /// Name of the server that takes the messages.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub security: Security,
    /// A file with the certificates to trust instead of those of the system.
    pub certificates: Option<PathBuf>,
    /// A file with the name on its first line and the password on its second; nobody else may read it.
    pub credentials: Option<PathBuf>,
    /// The domains to which reports may go, `*.` for all below one; empty for any.
    pub domains: Vec<String>,
    /// True when a person who is responsible for several areas gets their reports in one message.
    pub together: bool,
    /// Most messages in a minute.
    pub per_minute: u32,
    /// The pause between two messages to the same domain.
    pub domain_pause: Duration,
    /// How often a message is tried that the server cannot take now.
    pub attempts: u32,
    /// The pause before the second attempt; each later one is twice as long.
    pub retry_pause: Duration,
    /// How long the server may take for an answer.
    pub timeout: Duration,
    /// Most bytes of a message.
    pub largest: usize,
    /// Who gets the summary of the night.
    pub notify: Vec<String>,
}

/// A person or an office with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondent {
    /// The name; may be empty.
    pub name: String,
    /// The address.
    pub email: String,
}

/// How the connection to a mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// It begins in the open and is encrypted before anything is said, or given up.
    StartTls,
    /// It is encrypted from the first byte.
    Tls,
    /// It is not: only for a server on the same machine.
    None,
}

impl Security {
    /// Each with the word that stands for it in `evaluation.toml`.
    pub const WORDS: [(&'static str, Self); 3] =
        [("starttls", Self::StartTls), ("tls", Self::Tls), ("none", Self::None)];

    /// The port that such servers usually have.
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}
