use std::path::Path;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials as NameAndPassword, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};

use super::address::parsed;
use crate::fs::{self, PathError, without_number};
use crate::model::{MailSettings, Security};

/// The user name and password for a mail server. Neither is ever printed.
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

/// A mail server that messages can be handed to.
pub struct Server {
    mail: MailSettings,
    sender: Address,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

/// Why a server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A certificate or credentials file cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A setting is wrong.
    #[error("{0}")]
    Setting(String),
    /// It cannot be reached at present, or gives no usable answer.
    #[error("the server {server} cannot be used now: {why}")]
    Now {
        /// The server.
        server: String,
        /// What it said, or what failed.
        why: String,
    },
    /// It will not work with these settings: the name, the password or the encryption is wrong.
    #[error("the server {server} does not accept messages: {why}")]
    Never {
        /// The server.
        server: String,
        /// What it said.
        why: String,
    },
}

/// A connection for sending messages.
pub(super) struct Session {
    connection: SmtpConnection,
}

/// Why the server did not accept a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server cannot accept it now, or the connection was lost before the message was handed over.
    Now(String),
    /// The server refuses it for good.
    Never(String),
    /// It was on its way when the connection was lost.
    Unknown(String),
    /// The server accepts nothing from this sender: no other message will get through either.
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
    /// If it cannot be read, lacks one of the two, or others may read it.
    pub fn read(file: &Path) -> Result<Self, ServerError> {
        if fs::others_may_read(file)? {
            let how = format!("others may read {}; make it readable only by you: chmod 600", file.display());
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
    /// If the certificates or the sender's address are invalid.
    pub fn new(mail: &MailSettings, credentials: Option<Credentials>) -> Result<Self, ServerError> {
        let sender = parsed(&mail.from.email).map_err(ServerError::Setting)?;
        if mail.security == Security::None && credentials.is_some() {
            return Err(ServerError::Setting(
                "a password is only sent over an encrypted connection".to_owned(),
            ));
        }
        let tls = match mail.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(tls(mail)?),
        };
        Ok(Self { mail: mail.clone(), sender, tls, credentials })
    }

    /// Connects to the server, encrypts the connection and logs in.
    pub(super) fn call(&self) -> Result<Session, ServerError> {
        let server = self.name();
        let either = |error: Error| {
            let why = reason(&error);
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
    /// Gives the server the sender and recipient, and asks whether it accepts the message. Nothing has been sent yet.
    pub(super) fn announce(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let mut parameters = Vec::new();
        if !to.to_string().is_ascii() || !from.to_string().is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Refusal::Never(
                    "the server does not accept addresses with letters outside ASCII".to_owned(),
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let refused = |error: Error| {
            if error.is_permanent() { Refusal::Never(reason(&error)) } else { Refusal::Now(reason(&error)) }
        };
        let of_sender = |error: Error| {
            if error.is_permanent() { Refusal::Sender(reason(&error)) } else { Refusal::Now(reason(&error)) }
        };
        self.connection.command(Mail::new(Some(from.clone()), parameters)).map_err(of_sender)?;
        self.connection.command(Rcpt::new(to.clone(), Vec::new())).map_err(refused)?;
        self.connection.command(Data).map_err(refused)?;
        Ok(())
    }

    /// Hands over the message that was announced, and returns the server's answer. From here on, only the server's
    /// answer shows what became of the message.
    pub(super) fn hand_over(&mut self, message: &[u8]) -> Result<String, Refusal> {
        let handed = self.connection.message(message);
        handed.map(|answer| line(answer.message())).map_err(|error| {
            match (error.is_transient(), error.is_permanent()) {
                (true, _) => Refusal::Now(reason(&error)),
                (_, true) => Refusal::Never(reason(&error)),
                _ => Refusal::Unknown(reason(&error)),
            }
        })
    }

    /// Ends the connection at once, without sending what was announced.
    pub(super) fn abort(&mut self) {
        self.connection.abort();
    }

    /// Makes the connection ready for another message after a refusal; false if it cannot be used again.
    pub(super) fn reset(&mut self) -> bool {
        self.connection.command(Rset).is_ok()
    }

    /// Closes the connection politely.
    pub(super) fn end(mut self) {
        // The messages have been handed over, so the server's reply to QUIT does not matter.
        drop(self.connection.quit());
    }
}

fn tls(mail: &MailSettings) -> Result<TlsParameters, ServerError> {
    let setting = |error: Error| ServerError::Setting(reason(&error));
    let mut parameters = TlsParameters::builder(mail.server.clone());
    if let Some(file) = &mail.certificates {
        let certificates = Certificate::from_pem(&fs::read(file)?).map_err(setting)?;
        parameters = parameters.certificate_store(CertificateStore::None);
        parameters = parameters.add_root_certificate(certificates);
    }
    parameters.build().map_err(setting)
}

/// True if the server cannot be trusted, which no later attempt will change.
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
fn reason(error: &Error) -> String {
    let code = error.status().map(|code| format!("{code} ")).unwrap_or_default();
    let mut words = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words.push(without_number(&cause.to_string()));
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;
    use crate::deliver::office::Office;

    /// A server that greets, and then gives these answers to one command after another, for one message.
    fn serve(answers: &'static [&'static str]) -> MailSettings {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
            say("220 mail.example.org");
            for answer in answers {
                let Some(Ok(line)) = lines.next() else { return };
                if *answer == "hang up" {
                    return;
                }
                say(answer);
                if line == "DATA" && answer.starts_with("354") {
                    while lines.next().is_some_and(|line| line.unwrap() != ".") {}
                    // The next answer is to the message itself.
                    say("250 2.0.0 queued");
                }
            }
        });
        let mail = Office::new().evaluation.settings.mail.unwrap();
        MailSettings { server: "127.0.0.1".to_owned(), port, security: Security::None, ..mail }
    }

    /// What becomes of a message to a server that answers EHLO, MAIL, RCPT and DATA like this.
    fn announced(answers: &'static [&'static str]) -> Result<String, Refusal> {
        let server = Server::new(&serve(answers), None).unwrap();
        let mut session = server.call().unwrap();
        let to = parsed("ann@ash.example.org").unwrap();
        session.announce(server.sender(), &to)?;
        session.hand_over(b"Subject: Report\r\n\r\nHere it is.\r\n")
    }

    #[test]
    fn each_answer_of_a_server_says_whether_to_try_again() {
        let text = |text: &str| text.to_owned();
        assert!(announced(&["250 hi", "250 ok", "250 ok", "354 go on"]).unwrap().contains("queued"));
        assert_eq!(
            announced(&["250 hi", "550 5.7.1 not you"]),
            Err(Refusal::Sender(text("550 5.7.1 not you")))
        );
        assert_eq!(announced(&["250 hi", "450 later"]), Err(Refusal::Now(text("450 later"))));
        assert_eq!(
            announced(&["250 hi", "250 ok", "550 no such person"]),
            Err(Refusal::Never(text("550 no such person")))
        );
        assert_eq!(announced(&["250 hi", "250 ok", "451 busy"]), Err(Refusal::Now(text("451 busy"))));
        assert_eq!(announced(&["250 hi", "250 ok", "250 ok", "554 no"]), Err(Refusal::Never(text("554 no"))));
        // Nothing has left yet: the message can be tried again.
        assert!(matches!(announced(&["250 hi", "250 ok", "250 ok", "hang up"]), Err(Refusal::Now(_))));
    }

    #[test]
    fn a_server_that_cannot_be_reached_may_be_back_later_and_a_password_needs_encryption() {
        let mut mail = serve(&[]);
        // A port that nobody listens to.
        mail.port = 1;
        assert!(matches!(Server::new(&mail, None).unwrap().call(), Err(ServerError::Now { .. })));
        let credentials = Credentials::new("name".to_owned(), "secret".to_owned());
        assert_eq!(format!("{credentials:?}"), "Credentials");
        assert!(matches!(Server::new(&mail, Some(credentials)), Err(ServerError::Setting(_))));
    }

    #[test]
    fn credentials_are_two_lines_that_only_their_owner_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credentials");
        let read = |text: &str, mode: u32| {
            fs::write(&file, text.as_bytes()).unwrap();
            #[cfg(unix)]
            std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
            Credentials::read(&file).map(|known| (known.name, known.password))
        };
        assert_eq!(read(" name \nsecret\n", 0o600).unwrap(), ("name".to_owned(), "secret".to_owned()));
        assert!(matches!(read("name\n", 0o600), Err(ServerError::Setting(_))));
        assert!(matches!(read("name\nsecret\n", 0o640), Err(ServerError::Setting(_))));
    }
}
