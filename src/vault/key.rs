use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::error::VaultError;
use crate::fs::{self, PathError};
use crate::hash::{hexadecimal, unhexadecimal};

/// A secret with which this program signs what it writes (HMAC with SHA-256), so that it recognises what others wrote.
#[derive(Clone)]
pub struct Key([u8; LENGTH]);

/// The length of the secret in bytes.
pub(super) const LENGTH: usize = 32;

/// What a signature is for. A signature for one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The manifest of a run.
    Manifest,
    /// A line in the journal of an unfinished run, for a report that is finished.
    Finished,
    /// A line of the record of verdicts.
    Verdict,
    /// A plan for sending.
    Plan,
    /// An address in the trail, which keeps no addresses.
    Address,
    /// The decisions of a reviewer, with the key made from the reviewer's passphrase.
    Decisions,
    /// Which reports each group of changes between two runs is about.
    Groups,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Finished => "finished",
            Self::Verdict => "verdict",
            Self::Plan => "plan",
            Self::Address => "address",
            Self::Decisions => "decisions",
            Self::Groups => "groups",
        }
    }
}

impl Key {
    /// Reads the key in a file, which is made at first use.
    ///
    /// # Errors
    /// If it cannot be made or read, or others may read it.
    pub(super) fn open(file: &Path) -> Result<Self, VaultError> {
        if !file.exists() {
            let mut secret = [0; LENGTH];
            getrandom::fill(&mut secret).map_err(VaultError::NoRandomness)?;
            fs::write_private_once(file, &secret)?;
        }
        if fs::others_may_read(file)? {
            return Err(VaultError::Exposed(file.to_owned()));
        }
        let bytes = fs::read(file)?;
        let secret = bytes.try_into().map_err(|_| PathError {
            action: "use",
            path: file.to_owned(),
            source: std::io::Error::other(format!("a key has {LENGTH} bytes")),
        })?;
        Ok(Self(secret))
    }

    /// A key with a given secret.
    pub(super) fn of(secret: [u8; LENGTH]) -> Self {
        Self(secret)
    }

    /// The signature of bytes, in hexadecimal.
    pub fn sign(&self, purpose: Purpose, bytes: &[u8]) -> String {
        hexadecimal(&self.code(purpose, bytes).finalize().into_bytes())
    }

    /// True if this key signed these bytes for this purpose.
    pub fn vouches_for(&self, purpose: Purpose, bytes: &[u8], signature: &str) -> bool {
        unhexadecimal(signature).is_some_and(|known| self.code(purpose, bytes).verify_slice(&known).is_ok())
    }

    /// True if a file has this key's signature of bytes for this purpose, and nothing else.
    pub(crate) fn vouches_in(&self, file: &Path, purpose: Purpose, bytes: &[u8]) -> bool {
        let signature = fs::read(file).unwrap_or_default();
        self.vouches_for(purpose, bytes, String::from_utf8_lossy(&signature).trim())
    }

    fn code(&self, purpose: Purpose, bytes: &[u8]) -> Hmac<Sha256> {
        // HMAC fills a secret up to the size of a block in the same way.
        let mut block = [0; 64];
        block[..LENGTH].copy_from_slice(&self.0);
        let mut code = Hmac::<Sha256>::new(&block.into());
        code.update(purpose.word().as_bytes());
        code.update(&[0]);
        code.update(bytes);
        code
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_bytes_its_purpose_and_its_key_only() {
        let (key, other) = (Key([1; LENGTH]), Key([2; LENGTH]));
        let signature = key.sign(Purpose::Manifest, b"bytes");
        assert_eq!(signature.len(), 64);
        assert!(key.vouches_for(Purpose::Manifest, b"bytes", &signature));
        assert!(!key.vouches_for(Purpose::Plan, b"bytes", &signature));
        assert!(!key.vouches_for(Purpose::Manifest, b"bytez", &signature));
        assert!(!other.vouches_for(Purpose::Manifest, b"bytes", &signature));
        for damaged in ["", "0", "xx", "é", &signature[..62], &format!("{signature}00")] {
            assert!(!key.vouches_for(Purpose::Manifest, b"bytes", damaged), "{damaged}");
        }
    }
}
