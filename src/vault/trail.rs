use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::folder::Vault;
use super::key::{Key, Purpose};
use crate::fs;
use crate::lock::{Lock, LockError};
use crate::model::EditionId;

/// A second record of what was sent, apart from the ledger in the output folder: if the ledger is lost, restored from a
/// copy, or left behind when the evaluation is built into a new folder, the trail shows it. While it is open, nobody
/// else can send reports of the evaluation. It keeps no addresses, only what recognises one.
#[derive(Debug)]
pub struct Trail {
    file: PathBuf,
    key: Key,
    departures: Vec<Departure>,
    /// The length of all complete lines in bytes.
    whole: usize,
    _lock: Lock,
}

/// A step of a report on its way to a recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// When, in UTC.
    pub at: String,
    /// Message-ID of the message that carries the report.
    pub message: String,
    /// What became of the report.
    pub fate: Fate,
    /// The templates that the message was made from.
    pub event: String,
    /// The run that the report is from.
    pub run: String,
    /// Which report it is, in which format.
    #[serde(flatten)]
    pub id: EditionId,
    /// Name of its subject.
    pub subject_name: String,
    /// Hash of its bytes.
    pub sha256: String,
    /// The recipient, recognisable only with the key.
    pub recipient: String,
    /// The output folder with the ledger.
    pub output: String,
}

/// What became of a report on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It was about to leave, and may have arrived.
    Left,
    /// The server accepted it.
    Accepted,
    /// It did not arrive, and may be sent again.
    Back,
}

impl Trail {
    /// Opens the trail of an evaluation. `holder` says who sends.
    ///
    /// # Errors
    /// If somebody else has it open, or it cannot be read.
    pub fn open(vault: &Vault, evaluation: &str, holder: &str) -> Result<Self, VaultError> {
        let file = vault.trail(evaluation);
        file.parent().map_or(Ok(()), fs::create_private_folder)?;
        let lock = Lock::acquire(&file.with_extension("lock"), holder).map_err(|error| match error {
            LockError::Held { holder } => VaultError::Sending(holder),
            LockError::Path(error) => error.into(),
        })?;
        let bytes = if file.exists() { fs::read(&file)? } else { Vec::new() };
        // What a line that was cut off announces has not left.
        let (whole, lines) = fs::complete_lines(&bytes);
        let mut departures = Vec::new();
        for (number, line) in (1..).zip(lines) {
            let departure = serde_json::from_slice(line)
                .map_err(|_| VaultError::Damaged { file: file.clone(), line: number })?;
            departures.push(departure);
        }
        Ok(Self { file, key: vault.key().clone(), departures, whole, _lock: lock })
    }

    /// What recognises an address: the same for the same address, whatever its case.
    pub fn recognition(&self, address: &str) -> String {
        self.key.sign(Purpose::Address, address.to_lowercase().as_bytes())
    }

    /// The last step of every report that arrived or may have arrived.
    pub fn outstanding(&self) -> Vec<&Departure> {
        let mut last: BTreeMap<(&str, String, &str), &Departure> = BTreeMap::new();
        for departure in &self.departures {
            last.insert((&departure.message, departure.id.to_string(), &departure.recipient), departure);
        }
        last.into_values().filter(|departure| departure.fate != Fate::Back).collect()
    }

    /// Adds steps, all of them or none, and syncs them to disk.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn add(&mut self, departures: Vec<Departure>) -> Result<(), VaultError> {
        let mut text = Vec::new();
        for departure in &departures {
            serde_json::to_writer(&mut text, departure)?;
            text.push(b'\n');
        }
        fs::append(&self.file, self.whole, &text)?;
        self.whole += text.len();
        self.departures.extend(departures);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departure(message: &str, fate: Fate) -> Departure {
        let text = |text: &str| text.to_owned();
        Departure {
            at: text("2008-11-03T09:00:00Z"),
            message: text(message),
            fate,
            event: text("report"),
            run: text("first"),
            id: "local/383/en/standard".parse().unwrap(),
            subject_name: text("Leeds"),
            sha256: text("bytes"),
            recipient: text("somebody"),
            output: text("build/x"),
        }
    }

    #[test]
    fn what_left_and_did_not_come_back_is_outstanding() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open(folder.path()).unwrap();
        let mut trail = Trail::open(&vault, "survey", "first").unwrap();
        assert!(matches!(Trail::open(&vault, "survey", "second"), Err(VaultError::Sending(_))));
        assert!(Trail::open(&vault, "another", "second").is_ok());
        trail.add(vec![departure("<1>", Fate::Left), departure("<2>", Fate::Left)]).unwrap();
        trail.add(vec![departure("<1>", Fate::Accepted), departure("<2>", Fate::Back)]).unwrap();
        trail.add(vec![departure("<3>", Fate::Left)]).unwrap();
        drop(trail);
        // A line that was cut off while being written does not count, and is written over.
        let file = folder.path().join("sent/survey.jsonl");
        let whole = String::from_utf8(fs::read(&file).unwrap()).unwrap();
        fs::write(&file, format!("{whole}{{\"at\"").as_bytes()).unwrap();
        let mut trail = Trail::open(&vault, "survey", "first").unwrap();
        let outstanding = |trail: &Trail| -> Vec<String> {
            trail.outstanding().into_iter().map(|left| left.message.clone()).collect()
        };
        assert_eq!(outstanding(&trail), ["<1>", "<3>"]);
        trail.add(vec![departure("<3>", Fate::Back)]).unwrap();
        drop(trail);
        let trail = Trail::open(&vault, "survey", "first").unwrap();
        assert_eq!(outstanding(&trail), ["<1>"]);
        assert_eq!(trail.recognition("Ann@x.org"), trail.recognition("ann@X.org"));
        assert_ne!(trail.recognition("ann@x.org"), trail.recognition("bo@x.org"));
        drop(trail);
        fs::write(&file, b"{}\n").unwrap();
        let damaged = Trail::open(&vault, "survey", "first");
        assert!(matches!(damaged, Err(VaultError::Damaged { line: 1, .. })), "{damaged:?}");
    }
}
