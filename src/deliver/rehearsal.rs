use super::error::SendError;
use super::plan::plan;
use super::send_plan::{PlanFolder, SendPlan, Wish};
use super::sending::Sending;
use crate::problem::Checked;
use crate::vault::Key;

/// Makes a plan and stores it in a folder, with every message as it would be sent. Any earlier plan there is removed.
///
/// # Errors
/// If the folder cannot be written to, or an earlier run cannot be read.
pub(super) fn rehearse(
    sending: &Sending<'_>,
    wish: &Wish,
    folder: &PlanFolder,
    key: &Key,
) -> Result<Checked<SendPlan>, SendError> {
    folder.clear()?;
    let planned = plan(sending, wish, |message, bytes| folder.store_message(message, bytes))?;
    folder.store(&planned.value, key)?;
    Ok(planned)
}
