use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::ServerError;
use crate::fs;

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

    /// Both as the mechanism PLAIN wants them (RFC 4616).
    pub(super) fn plain(&self) -> String {
        STANDARD.encode(format!("\0{}\0{}", self.name, self.password))
    }

    /// The name and the password as the mechanism LOGIN wants them, one after the other.
    pub(super) fn login(&self) -> [String; 2] {
        [&self.name, &self.password].map(|word| STANDARD.encode(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn credentials_are_written_as_servers_want_them_and_never_printed() {
        let credentials = Credentials::new("name".to_owned(), "secret".to_owned());
        assert_eq!(credentials.plain(), "AG5hbWUAc2VjcmV0");
        assert_eq!(credentials.login(), ["bmFtZQ==", "c2VjcmV0"]);
        assert_eq!(format!("{credentials:?}"), "Credentials");
    }
}
