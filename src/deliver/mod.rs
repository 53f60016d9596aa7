//! Approved reports to the people who are to have them, once: a plan that is rehearsed and replayed, gates that every message
//! passes, a ledger of what went out, and what came back.

mod address;
mod attachment;
mod bounce;
mod correction;
mod customs;
mod delivery;
mod destination;
mod draft;
mod gate;
mod ledger;
mod message;
mod plan;
mod sender;
mod smtp;

pub use address::masked;
pub use attachment::{Attachment, AttachmentError};
pub use bounce::{Bounce, bounces};
pub use correction::{Correction, Reason};
pub use customs::Customs;
pub use delivery::{Delivery, State};
pub use destination::{Destination, MadeUpAnswers, RealAnswers};
pub use ledger::{Ledger, LedgerError};
pub use message::{MessageError, night};
pub use plan::{Item, Parcel, SendPlan, Sending, Wish, plan, replayed};
pub use sender::{SendError, Sender, Sent, forgotten, post, rehearse, rehearsed, send};
pub use smtp::{Credentials, Server, ServerError};
