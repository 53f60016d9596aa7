use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::SendError;
use crate::fs::{self, PathError};
use crate::model::{EditionId, is_meant};
use crate::vault::{Key, Purpose};

/// Every message that is to be sent, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendPlan {
    /// The version of the file's layout.
    pub version: u32,
    /// Id of the run.
    pub run: String,
    /// What the sender wants.
    #[serde(flatten)]
    pub wish: Wish,
    /// The messages, in the order of their recipients.
    pub messages: Vec<PlannedMessage>,
    /// How many deliveries the server had already accepted.
    pub already: usize,
}

/// What the sender wants a plan to contain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// When the plan was made, which is also the date of the messages.
    pub made: Timestamp,
    /// True to send only what was refused or bounced before.
    pub failed: bool,
    /// A note from the sender, included in every message.
    pub note: String,
}

/// A message in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedMessage {
    /// Its Message-ID.
    pub id: String,
    /// Name of the file that holds it, in the folder of the plan.
    pub file: String,
    /// The templates it is made from: `report` or `correction`.
    pub event: String,
    /// Name of the recipient.
    pub name: String,
    /// Address of the recipient.
    pub recipient: String,
    /// Its subject line.
    pub subject: String,
    /// The reports attached to it.
    pub reports: Vec<EnclosedReport>,
    /// Its size in bytes.
    pub size: usize,
    /// Hash of its bytes.
    pub sha256: String,
}

impl PlannedMessage {
    /// The names of the subjects of its reports: "Leeds, York".
    pub fn subject_names(&self) -> String {
        let names: Vec<&str> = self.reports.iter().map(|report| report.subject_name.as_str()).collect();
        names.join(", ")
    }
}

/// A report attached to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnclosedReport {
    /// Which report it is, in which format.
    #[serde(flatten)]
    pub id: EditionId,
    /// Name of its subject.
    pub subject_name: String,
    /// Its path in the run.
    pub file: String,
    /// Hash of its bytes.
    pub sha256: String,
}

impl EnclosedReport {
    /// True if it is about the area with this code or name.
    pub fn is_of(&self, area: &str) -> bool {
        is_meant(area, &self.id.report.subject, &self.subject_name)
    }
}

/// The folder of a plan, with its messages exactly as they would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFolder(PathBuf);

/// The file name of the plan in its folder.
const PLAN: &str = "plan.json";

/// The file name of the signature of the plan.
const SIGNATURE: &str = "plan.sig";

/// The name of the folder of messages in the folder of a plan.
const MESSAGES: &str = "messages";

impl PlanFolder {
    /// The folder at a path, which need not exist yet.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Removes the plan in the folder, and makes the folder ready for a new one.
    pub(super) fn clear(&self) -> Result<(), PathError> {
        if self.0.exists() {
            fs::remove_folder(&self.0)?;
        }
        self.0.parent().map_or(Ok(()), fs::create_private_folder)?;
        fs::create_private_folder(&self.0)?;
        fs::create_private_folder(&self.0.join(MESSAGES))
    }

    /// Stores the bytes of a message.
    pub(super) fn store_message(&self, message: &PlannedMessage, bytes: &[u8]) -> Result<(), PathError> {
        fs::write_private(&self.message(message), bytes)
    }

    /// Signs and stores a plan in one step once all its messages are in the folder: a folder with a plan has all its
    /// messages.
    pub(super) fn store(&self, plan: &SendPlan, key: &Key) -> Result<(), SendError> {
        let bytes = serde_json::to_vec_pretty(plan)?;
        let signature = key.sign(Purpose::Plan, &bytes);
        fs::write_private(&self.0.join(SIGNATURE), format!("{signature}\n").as_bytes())?;
        Ok(fs::replace_private(&self.0.join(PLAN), &bytes)?)
    }

    /// The plan in the folder; `None` if there is none.
    ///
    /// # Errors
    /// If its file cannot be read, is damaged, or is not as it was signed.
    pub fn plan(&self, key: &Key) -> Result<Option<SendPlan>, SendError> {
        let file = self.0.join(PLAN);
        if !file.is_file() {
            return Ok(None);
        }
        let bytes = fs::read(&file)?;
        let plan = match serde_json::from_slice(&bytes) {
            Ok(plan) => plan,
            Err(why) => return Err(SendError::Plan { file, why }),
        };
        let signed = key.vouches_in(&self.0.join(SIGNATURE), Purpose::Plan, &bytes);
        if signed { Ok(Some(plan)) } else { Err(SendError::NotSigned(file)) }
    }

    /// The bytes of a message in the plan.
    pub(super) fn read_message(&self, message: &PlannedMessage) -> Result<Vec<u8>, PathError> {
        fs::read(&self.message(message))
    }

    fn message(&self, message: &PlannedMessage) -> PathBuf {
        self.0.join(MESSAGES).join(&message.file)
    }
}
