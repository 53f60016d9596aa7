//! Sends approved reports to their recipients, each once: a plan that is rehearsed first, gates that every report must
//! pass, a ledger of what was sent, and a record of what bounced.

mod address;
mod attachment;
mod basis;
mod bounce;
mod correction;
mod custody;
mod delivery;
mod destination;
mod draft;
mod error;
mod final_check;
mod forgetting;
mod gate;
mod ledger;
mod message;
#[cfg(test)]
mod office;
mod outgoing;
mod plan;
mod quotation;
mod rehearsal;
mod replay;
mod send_plan;
mod sender;
mod sending;
mod smtp;

pub use attachment::{Attachment, AttachmentError};
pub use basis::Basis;
pub use bounce::{Bounce, bounces};
pub use correction::{Correction, Reason};
pub use custody::{Custody, CustodyError};
pub use delivery::{Delivery, Rehearsal, State, StateChange};
pub use destination::{Destination, MadeUpAnswers, RealAnswers};
pub use error::SendError;
pub use final_check::FinalCheck;
pub use forgetting::{ForgettingError, Forgotten, forget};
pub use ledger::{Ledger, LedgerError};
pub use message::{MessageError, night};
pub use outgoing::{Outgoing, OutgoingError, Replay};
pub use quotation::with_masked_addresses;
pub use send_plan::{EnclosedReport, PlanFolder, PlannedMessage, SendPlan, Wish};
pub use sender::{Sender, Sent, post, send};
pub use smtp::{Credentials, Server, ServerError};
