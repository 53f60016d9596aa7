use serde::{Deserialize, Serialize};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;

use super::error::VaultError;
use super::folder::Vault;
use super::key::{Key, LENGTH, Purpose};
use crate::fs;
use crate::hash::{hexadecimal, unhexadecimal};
use crate::model::is_same_person;

/// The reviewers who have set a passphrase, and how they prove who they are: for each, a key made from the passphrase,
/// which is not kept itself.
#[derive(Debug)]
pub struct KnownReviewers {
    vault: Vault,
    list: Vec<KnownReviewer>,
}

/// A reviewer who has set a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownReviewer {
    /// The reviewer's name.
    pub name: String,
    /// When the passphrase was set, in UTC.
    pub since: String,
    /// Random bytes that make the key differ from that of anybody else with the same passphrase, in hexadecimal.
    pub salt: String,
    /// How often the passphrase is hashed.
    pub rounds: u32,
    /// The key, in hexadecimal.
    key: String,
}

/// The fewest characters of a passphrase.
pub const SHORTEST: usize = 12;

/// How often a passphrase is hashed: what OWASP advises for PBKDF2 with SHA-256. It takes a browser a fraction of a
/// second; a graphics card guesses some ten thousand a second.
const ROUNDS: u32 = 600_000;

impl KnownReviewers {
    /// Those in a vault.
    ///
    /// # Errors
    /// If they cannot be read, or were damaged.
    pub fn read(vault: &Vault) -> Result<Self, VaultError> {
        let file = vault.known_reviewers();
        let mut list = Vec::new();
        if file.exists() {
            let bytes = fs::read(&file)?;
            list = serde_json::from_slice(&bytes).map_err(|_| VaultError::Damaged { file, line: 1 })?;
        }
        Ok(Self { vault: vault.clone(), list })
    }

    /// What is known of a person; `None` if they have set no passphrase.
    pub fn of(&self, name: &str) -> Option<&KnownReviewer> {
        self.list.iter().find(|known| is_same_person(&known.name, name))
    }

    /// Everybody who has set a passphrase.
    pub fn all(&self) -> &[KnownReviewer] {
        &self.list
    }

    /// Sets the passphrase of a person, in place of an earlier one.
    ///
    /// # Errors
    /// If the vault cannot be written to.
    pub fn set(&mut self, name: &str, passphrase: &str, at: &str) -> Result<(), VaultError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(VaultError::NoRandomness)?;
        let salt = hexadecimal(&salt);
        let reviewer = KnownReviewer {
            name: name.to_owned(),
            since: at.to_owned(),
            key: hexadecimal(&derived(passphrase, &salt, ROUNDS)),
            salt,
            rounds: ROUNDS,
        };
        self.list.retain(|other| !is_same_person(&other.name, name));
        self.list.push(reviewer);
        self.save()
    }

    /// Removes the passphrase of a person. Returns false if there was none.
    ///
    /// # Errors
    /// If the vault cannot be written to.
    pub fn remove(&mut self, name: &str) -> Result<bool, VaultError> {
        let before = self.list.len();
        self.list.retain(|other| !is_same_person(&other.name, name));
        self.save()?;
        Ok(self.list.len() < before)
    }

    fn save(&self) -> Result<(), VaultError> {
        let text = serde_json::to_vec_pretty(&self.list)?;
        Ok(fs::replace_private(&self.vault.known_reviewers(), &text)?)
    }
}

impl KnownReviewer {
    /// True if this is the person's passphrase.
    pub fn accepts(&self, passphrase: &str) -> bool {
        let given = Key::of(derived(passphrase, &self.salt, self.rounds));
        // Comparing signatures takes the same time wherever the two differ.
        let signature = given.sign(Purpose::Decisions, self.name.as_bytes());
        self.vouches_for(self.name.as_bytes(), &signature)
    }

    /// True if the person's key signed decisions.
    pub fn vouches_for(&self, decisions: &[u8], signature: &str) -> bool {
        self.key().is_some_and(|key| key.vouches_for(Purpose::Decisions, decisions, signature))
    }

    /// Four digits by which a page notices a mistyped passphrase. They rule out wrong guesses, but prove none right.
    pub fn check(&self) -> String {
        let signature = self.key().map(|key| key.sign(Purpose::Decisions, self.name.as_bytes()));
        signature.unwrap_or_default().chars().take(4).collect()
    }

    fn key(&self) -> Option<Key> {
        let key: Option<[u8; LENGTH]> = unhexadecimal(&self.key).and_then(|key| key.try_into().ok());
        key.map(Key::of)
    }
}

/// The key that a passphrase gives. It is the same however the system composes its accents.
fn derived(passphrase: &str, salt: &str, rounds: u32) -> [u8; LENGTH] {
    let passphrase: String = passphrase.nfkc().collect();
    pbkdf2::pbkdf2_hmac_array::<Sha256, LENGTH>(passphrase.as_bytes(), salt.as_bytes(), rounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_recognised_by_the_passphrase_and_nothing_else_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(folder.path()).unwrap();
        let mut known = KnownReviewers::read(&vault).unwrap();
        assert_eq!(known.of("Ann Lee"), None);
        known.set("Ann Lee", "caf\u{e9} at the corner", "2008-11-03T09:00:00Z").unwrap();
        known.set("Bo Ray", "caf\u{e9} at the corner", "2008-11-03T09:00:00Z").unwrap();
        let known = KnownReviewers::read(&vault).unwrap();
        let ann = known.of(" ann  LEE").unwrap();
        assert!(ann.accepts("cafe\u{301} at the corner"), "decomposed");
        assert!(!ann.accepts("cafe at the corner") && !ann.accepts(""));
        let bo = known.of("Bo Ray").unwrap();
        assert_ne!((&ann.salt, &ann.key), (&bo.salt, &bo.key));
        let kept = String::from_utf8(fs::read(&vault.known_reviewers()).unwrap()).unwrap();
        assert!(!kept.contains("corner"));
        let mut known = known;
        known.set("ANN LEE", "another passphrase", "2008-11-04T09:00:00Z").unwrap();
        assert_eq!(known.all().len(), 2);
        assert!(!known.of("Ann Lee").unwrap().accepts("caf\u{e9} at the corner"));
        assert!(known.remove("Ann Lee").unwrap() && !known.remove("Ann Lee").unwrap());
        fs::write(&vault.known_reviewers(), b"{").unwrap();
        assert!(matches!(KnownReviewers::read(&vault), Err(VaultError::Damaged { .. })));
    }
}
