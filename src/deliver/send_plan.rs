use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::SendError;
use crate::fs::{self, PathError};
use crate::model::EditionId;

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

/// The folder of a plan, with its messages exactly as they would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFolder(PathBuf);

/// The file name of the plan in its folder.
const PLAN: &str = "plan.json";

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
        fs::create_folder(&self.0.join(MESSAGES))
    }

    /// Stores the bytes of a message.
    pub(super) fn store_message(&self, message: &PlannedMessage, bytes: &[u8]) -> Result<(), PathError> {
        fs::write(&self.message(message), bytes)
    }

    /// Stores a plan in one step once all its messages are in the folder: a folder with a plan has all its messages.
    pub(super) fn store(&self, plan: &SendPlan) -> Result<(), SendError> {
        Ok(fs::replace(&self.0.join(PLAN), &serde_json::to_vec_pretty(plan)?)?)
    }

    /// The plan in the folder; `None` if there is none.
    ///
    /// # Errors
    /// If its file cannot be read, or is damaged.
    pub fn plan(&self) -> Result<Option<SendPlan>, SendError> {
        let file = self.0.join(PLAN);
        if !file.is_file() {
            return Ok(None);
        }
        let plan = serde_json::from_slice(&fs::read(&file)?);
        plan.map(Some).map_err(|why| SendError::Plan { file, why })
    }

    /// The bytes of a message in the plan.
    pub(super) fn read_message(&self, message: &PlannedMessage) -> Result<Vec<u8>, PathError> {
        fs::read(&self.message(message))
    }

    fn message(&self, message: &PlannedMessage) -> PathBuf {
        self.0.join(MESSAGES).join(&message.file)
    }
}
