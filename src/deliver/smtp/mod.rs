//! A client for mail servers that trusts none of them: every answer is bounded in size and time, nothing counts as an
//! answer that came before its question, and only a clear yes is a yes.

mod answer;
mod credentials;
mod dialogue;
mod encryption;
mod error;
mod server;
mod session;
mod stuffing;
mod timed;
mod wire;

pub use credentials::Credentials;
pub use error::ServerError;
pub use server::Server;
pub(super) use session::{Refusal, Session};
