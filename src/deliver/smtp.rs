use std::path::Path;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials as NameAndPassword, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use super::address::parsed;
use crate::fs::{self, PathError};
use crate::model::{MailSettings, Security};

/// The name and the password for a mail server. Neither is ever printed.
#[derive(Clone)]
pub struct Credentials {
    name: String,
    password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

/// A mail server, ready to be called.
pub struct Server {
    mail: MailSettings,
    sender: Address,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A file of certificates or credentials cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A setting is wrong.
    #[error("{0}")]
    Setting(String),
    /// It cannot be reached, or does not answer as it must, at present.
    #[error("the server {server} cannot be used now: {why}")]
    Now {
        /// The server.
        server: String,
        /// What it said, or what failed.
        why: String,
    },
    /// It will not be used like that: name and password, or encryption, are not right.
    #[error("the server {server} will not be used: {why}")]
    Never {
        /// The server.
        server: String,
        /// What it said.
        why: String,
    },
}

/// A connection over which messages go.
pub(super) struct Session {
    connection: SmtpConnection,
}

/// Why a message was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server cannot take it now, or the connection was lost before it had it.
    Now(String),
    /// The server will not take it.
    Never(String),
    /// It was on its way when the connection was lost.
    Unknown(String),
    /// The server takes nothing from this sender: no other message will fare better.
    Sender(String),
}

impl Credentials {
    /// Name and password.
    pub fn new(name: String, password: String) -> Self {
        Self { name, password }
    }

    /// Reads a file with the name on its first line and the password on its second.
    ///
    /// # Errors
    /// When it cannot be read, has not both, or others may read it.
    pub fn read(file: &Path) -> Result<Self, ServerError> {
        if fs::others_may_read(file)? {
            let how = format!("others may read {}; make it yours alone: chmod 600", file.display());
            return Err(ServerError::Setting(how));
        }
        let bytes = fs::read(file)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines().map(str::trim);
        match (lines.next(), lines.next()) {
            (Some(name), Some(password)) if !name.is_empty() && !password.is_empty() => {
                Ok(Self::new(name.to_owned(), password.to_owned()))
            }
            _ => Err(ServerError::Setting(format!(
                "{} must have the name on its first line and the password on its second",
                file.display()
            ))),
        }
    }
}

impl Server {
    /// Prepares to call the server of the settings. Credentials go over encrypted connections only.
    ///
    /// # Errors
    /// When certificates or the sender's address are none.
    pub fn new(mail: &MailSettings, credentials: Option<Credentials>) -> Result<Self, ServerError> {
        let sender = parsed(&mail.from.email).map_err(ServerError::Setting)?;
        if mail.security == Security::None && credentials.is_some() {
            return Err(ServerError::Setting("a password goes over an encrypted connection only".to_owned()));
        }
        let tls = match mail.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(tls(mail)?),
        };
        Ok(Self { mail: mail.clone(), sender, tls, credentials })
    }

    /// Calls the server, encrypts the connection and gives name and password.
    pub(super) fn call(&self) -> Result<Session, ServerError> {
        let server = self.name();
        let either = |error: Error| {
            let why = told(&error);
            let server = server.clone();
            if error.is_permanent() || error.is_client() || is_untrusted(&error) {
                ServerError::Never { server, why }
            } else {
                ServerError::Now { server, why }
            }
        };
        let us = ClientId::Domain(super::address::domain(&self.mail.from.email));
        let at = (self.mail.server.as_str(), self.mail.port);
        let at_once = self.tls.as_ref().filter(|_| self.mail.security == Security::Tls);
        let mut connection =
            SmtpConnection::connect(at, Some(self.mail.timeout), &us, at_once, None).map_err(either)?;
        if let (Security::StartTls, Some(tls)) = (self.mail.security, &self.tls) {
            connection.starttls(tls, &us).map_err(either)?;
        }
        if let Some(Credentials { name, password }) = &self.credentials {
            let credentials = NameAndPassword::new(name.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).map_err(either)?;
        }
        Ok(Session { connection })
    }

    /// Its name and port.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.mail.server, self.mail.port)
    }

    pub(super) fn sender(&self) -> &Address {
        &self.sender
    }
}

impl Session {
    /// Hands a message over and gives the server's answer. `leaves` is called at the last moment at which nothing has left yet;
    /// after it, only an answer of the server tells what became of the message.
    pub(super) fn hand_over<E>(
        &mut self,
        from: &Address,
        to: &Address,
        message: &[u8],
        leaves: impl FnOnce() -> Result<(), E>,
    ) -> Result<Result<String, Refusal>, E> {
        if let Err(refusal) = self.announce(from, to) {
            return Ok(Err(refusal));
        }
        if let Err(error) = leaves() {
            self.connection.abort();
            return Err(error);
        }
        Ok(self.connection.message(message).map(|answer| line(answer.message())).map_err(|error| {
            match (error.is_transient(), error.is_permanent()) {
                (true, _) => Refusal::Now(told(&error)),
                (_, true) => Refusal::Never(told(&error)),
                _ => Refusal::Unknown(told(&error)),
            }
        }))
    }

    /// Names sender and recipient, and asks whether the message may come.
    fn announce(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let mut parameters = Vec::new();
        if !to.to_string().is_ascii() || !from.to_string().is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Refusal::Never(
                    "the server takes no address with letters outside ASCII".to_owned(),
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let refused = |error: Error| {
            if error.is_permanent() { Refusal::Never(told(&error)) } else { Refusal::Now(told(&error)) }
        };
        let of_sender = |error: Error| {
            if error.is_permanent() { Refusal::Sender(told(&error)) } else { Refusal::Now(told(&error)) }
        };
        self.connection.command(Mail::new(Some(from.clone()), parameters)).map_err(of_sender)?;
        self.connection.command(Rcpt::new(to.clone(), Vec::new())).map_err(refused)?;
        self.connection.command(Data).map_err(refused)?;
        Ok(())
    }

    /// Makes the connection ready for the next message after a refusal; false when it cannot be used any more.
    pub(super) fn begin_again(&mut self) -> bool {
        self.connection.command(Rset).is_ok()
    }

    /// Takes leave.
    pub(super) fn end(mut self) {
        // The messages are where they are to be: what a server says to a farewell is of no interest.
        drop(self.connection.quit());
    }
}

fn tls(mail: &MailSettings) -> Result<TlsParameters, ServerError> {
    let setting = |error: Error| ServerError::Setting(told(&error));
    let mut parameters = TlsParameters::builder(mail.server.clone());
    if let Some(file) = &mail.certificates {
        let certificates = Certificate::from_pem(&fs::read(file)?).map_err(setting)?;
        parameters = parameters.certificate_store(CertificateStore::None);
        parameters = parameters.add_root_certificate(certificates);
    }
    parameters.build().map_err(setting)
}

/// True when the connection could not be encrypted with somebody who is trusted: no later attempt will change that.
fn is_untrusted(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let io = cause.downcast_ref::<std::io::Error>();
        if io.is_some_and(|error| error.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        source = cause.source();
    }
    error.is_tls()
}

/// What a server said, or what failed, on one line.
fn told(error: &Error) -> String {
    let code = error.status().map(|code| format!("{code} ")).unwrap_or_default();
    let mut words = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push(cause.to_string());
        source = cause.source();
    }
    if words.is_empty() {
        words.push(error.to_string());
    }
    line([format!("{code}{}", words.join(": "))].iter().map(String::as_str))
}

fn line<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
