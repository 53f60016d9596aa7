//! What is kept outside output folders: the key that vouches for what is in them, how reviewers prove who they are, and
//! the trail of what was sent.
//!
//! Whoever can change an output folder but not the vault can neither forge an approval nor have a report sent twice.

mod error;
mod folder;
mod key;
mod known_reviewer;
mod record_end;
mod trail;

pub use error::VaultError;
pub use folder::Vault;
pub use key::{Key, Purpose};
pub use known_reviewer::{KnownReviewer, KnownReviewers, SHORTEST};
pub use record_end::RecordEnd;
pub use trail::{Departure, Fate, Trail};
