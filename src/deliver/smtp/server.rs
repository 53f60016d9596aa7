use lettre::Address;

use super::credentials::Credentials;
use super::dialogue::{Dialogue, Failure, encrypted};
use super::encryption::Encryption;
use super::error::ServerError;
use super::session::Session;
use super::timed::Clock;
use super::wire::Wire;
use crate::deliver::address::{domain, parsed};
use crate::model::{MailSettings, Security};

/// A mail server that messages can be handed to.
pub struct Server {
    mail: MailSettings,
    sender: Address,
    encryption: Option<Encryption>,
    credentials: Option<Credentials>,
    clock: Clock,
}

impl Server {
    /// Prepares to call the server of the settings. Credentials go over encrypted connections only. `clock` measures how
    /// long the server takes.
    ///
    /// # Errors
    /// If the certificates or the sender's address are invalid.
    pub fn new(
        mail: &MailSettings,
        credentials: Option<Credentials>,
        clock: fn() -> std::time::Instant,
    ) -> Result<Self, ServerError> {
        let sender = parsed(&mail.from.email).map_err(ServerError::Setting)?;
        if mail.security == Security::None && credentials.is_some() {
            return Err(ServerError::Setting(
                "a password is only sent over an encrypted connection".to_owned(),
            ));
        }
        let encryption = match mail.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(Encryption::new(mail)?),
        };
        Ok(Self { mail: mail.clone(), sender, encryption, credentials, clock })
    }

    /// Connects to the server, encrypts the connection and logs in.
    pub(in crate::deliver) fn call(&self) -> Result<Session, ServerError> {
        self.session().map_err(|failure| {
            let (server, why) = (self.name(), failure.words());
            match failure {
                Failure::No(answer) if answer.is_final_refusal() => ServerError::Never { server, why },
                Failure::Unfit(_) => ServerError::Never { server, why },
                Failure::No(_) | Failure::Lost(_) => ServerError::Now { server, why },
            }
        })
    }

    fn session(&self) -> Result<Session, Failure> {
        let MailSettings { server, port, timeout, security, from, .. } = &self.mail;
        let mut wire = Wire::connect(server, *port, *timeout, self.clock).map_err(Failure::Lost)?;
        if let (Security::Tls, Some(encryption)) = (security, &self.encryption) {
            wire = encrypted(wire, encryption)?;
        }
        let us = domain(&from.email);
        let mut session = Session::begin(Dialogue::begin(wire)?, &us)?;
        if let (Security::StartTls, Some(encryption)) = (security, &self.encryption) {
            session.start_tls(encryption, &us)?;
        }
        if let Some(credentials) = &self.credentials {
            session.log_in(credentials)?;
        }
        Ok(session)
    }

    /// Its name and port.
    pub(in crate::deliver) fn name(&self) -> String {
        format!("{}:{}", self.mail.server, self.mail.port)
    }

    pub(in crate::deliver) fn sender(&self) -> &Address {
        &self.sender
    }
}
