//! All integration tests in one program: they share a build of the library and a harness.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop there"
)]

mod harness;
mod post;

/// PDF/A-3a and PDF/UA-1, read from the bytes of finished reports.
mod accessible;

/// `build`: reports, runs, manifests, failures.
mod build;
/// `check`: one folder of `cases/` for each thing that can be wrong.
mod cases;
/// What a report says, before it is set.
mod compose;
/// `send`, `deliveries`, `bounces`: the right report to the right people, once.
mod deliver;
/// `demo`: the demonstration evaluation and the figures published before.
mod demo;
mod disclosure;
/// Evaluations of every shape, and what is wrong with some.
mod inputs;
/// Several reports of one area.
mod kinds;
/// Runs that follow one another: what is taken over, what is planned, what a killed run leaves.
mod nightly;
/// What holds for the project as a whole.
mod project;
/// `diff`: what differs between two runs, why, and in which groups.
mod review;
/// `approve`, `reject`, `withdraw`: what a verdict holds for.
mod verdicts;
/// The words of reports, in any language.
mod words;
