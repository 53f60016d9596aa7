//! Turns a folder of survey submissions into a customised, accessible PDF report for every local area.
//!
//! The stages, in the order in which they run. A stage knows the stage before it, the nouns in [`model`] and
//! [`problem`], and nothing that comes later.

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

pub mod model;
pub mod problem;
pub mod synthetic;
pub mod templates;
pub mod words;

pub mod cli;
pub mod pipeline;

mod direction;
mod font;
mod fs;
mod hash;
mod pdf;
