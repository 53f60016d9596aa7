//! Turns a folder of survey submissions into customised, accessible reports: for every local area, region and sector, and for
//! the nation; as PDFs, in large print, as web pages and as text; in one or more languages.
//!
//! The modules are listed in the order in which the stages run. A stage depends on the one before it and on the shared
//! types in [`model`] and [`problem`], never on a later stage.

pub mod aggregate;
pub mod chart;
pub mod check;
pub mod compose;
pub mod deliver;
pub mod prove;
pub mod publish;

pub mod read;
pub mod render;
pub mod review;

pub mod direction;
pub mod explain;
pub mod fs;
pub mod lock;
pub mod model;
pub mod problem;
pub mod synthetic;
pub mod templates;
pub mod translate;
pub mod vault;
pub mod words;

pub mod pipeline;

mod font;
mod hash;
mod invisible;
mod page;
mod parallel;
mod pdf;
mod plain;
