use super::exit::{Exit, Failure};
use area_reports::deliver::{Credentials, LedgerError, SendError, Server, ServerError};
use area_reports::model::MailSettings;

/// The server in the settings, with the name and password from the environment or from the file in the settings.
pub(super) fn server(mail: &MailSettings) -> Result<Server, Failure> {
    let server = credentials(mail).and_then(|credentials| Server::new(mail, credentials, super::monotonic));
    server.map_err(|error| SendError::from(error).into())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a password comes from the environment, never from an argument"
)]
fn credentials(mail: &MailSettings) -> Result<Option<Credentials>, ServerError> {
    let of = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (of("AREA_REPORTS_SMTP_NAME"), of("AREA_REPORTS_SMTP_PASSWORD"), &mail.credentials) {
        (Some(name), Some(password), _) => Ok(Some(Credentials::new(name, password))),
        (Some(_), None, _) | (None, Some(_), _) => Err(ServerError::Setting(
            "AREA_REPORTS_SMTP_NAME and AREA_REPORTS_SMTP_PASSWORD go together, and one of them is missing"
                .to_owned(),
        )),
        (None, None, Some(file)) => Credentials::read(file).map(Some),
        (None, None, None) => Ok(None),
    }
}

/// Why sending stopped, and what to do about it.
impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match &error {
            SendError::Server(ServerError::Setting(_) | ServerError::Path(_)) => {
                Self::new(Exit::Usage, &error)
            }
            SendError::Server(ServerError::Now { .. }) => Self::new(Exit::System, &error)
                .hint("what was not accepted is still planned: run the same command when the server is back"),
            SendError::Server(ServerError::Never { .. }) => Self::new(Exit::System, &error)
                .hint("check the name, password, port and security of the server"),
            SendError::NotSigned(_) => Self::new(Exit::Usage, &error)
                .hint("find out who changed it, then rehearse again and look at the new plan"),
            SendError::Changed(_) => {
                Self::new(Exit::System, &error).hint("rehearse again, look at the new plan, and send that")
            }
            SendError::Json(_) => Self::new(Exit::Defect, &error),
            _ => Self::new(Exit::System, &error),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        Self::new(Exit::System, &error).hint(
            "nothing is sent without the ledger, which records what was sent; an older copy of it lacks the last messages",
        )
    }
}
