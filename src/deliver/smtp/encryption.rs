use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::error::ServerError;
use crate::fs;
use crate::model::MailSettings;

/// How connections to a server are encrypted, and which certificates it may have.
pub(super) struct Encryption {
    config: Arc<ClientConfig>,
    server: ServerName<'static>,
}

impl Encryption {
    /// Trusts the certificates of the settings, or those of the system if there are none.
    pub(super) fn new(mail: &MailSettings) -> Result<Self, ServerError> {
        let server = ServerName::try_from(mail.server.clone())
            .map_err(|error| ServerError::Setting(format!("{}: {error}", mail.server)))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ServerError::Setting(error.to_string()))?
            .with_root_certificates(trusted(mail)?)
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), server })
    }

    /// The client's side of a new connection.
    pub(super) fn client(&self) -> Result<ClientConnection, rustls::Error> {
        ClientConnection::new(Arc::clone(&self.config), self.server.clone())
    }
}

fn trusted(mail: &MailSettings) -> Result<RootCertStore, ServerError> {
    let mut trusted = RootCertStore::empty();
    let Some(file) = &mail.certificates else {
        // A certificate of the system that cannot be read is one fewer to trust.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(trusted);
    };
    let wrong = |why: String| ServerError::Setting(format!("{}: {why}", file.display()));
    for certificate in CertificateDer::pem_slice_iter(&fs::read(file)?) {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        trusted.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if trusted.is_empty() { Err(wrong("there is no certificate in it".to_owned())) } else { Ok(trusted) }
}
