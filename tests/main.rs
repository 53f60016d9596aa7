//! All integration tests in one program: they share a build of the library and a harness.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot continue should panic, and one that tries much says how much"
)]

mod harness;
mod post;

/// PDF/A-3a and PDF/UA-1, read from the bytes of finished reports.
mod accessible;

/// `build`: reports, runs, manifests, failures.
mod build;
/// `check`: one folder of `cases/` for each thing that can be wrong.
mod cases;
/// `diff`: several changes at once, each in a group that says it.
mod combined;
/// The content of a report, before it is typeset.
mod compose;
/// What was sent once is never sent again, whatever happened to the ledger.
mod custody;
/// `send`, `deliveries`, `bounces`: the right report to the right people, once.
mod deliver;
/// `demo`: the demonstration evaluation and its previously published figures.
mod demo;
/// Withheld figures cannot be read or worked out anywhere.
mod disclosure;
/// Reports about regions, sectors and the nation beside those of areas.
mod family;
/// `send`, to mail servers that break every rule.
mod faults;
/// The same facts in every format and language.
mod formats;
/// Unusual evaluations, valid and invalid.
mod inputs;
/// Several reports for one area.
mod kinds;
/// `diff`: what differs in PDFs besides their pages.
mod layers;
/// A send after one random change to what it rests on.
mod mutations;
/// Successive runs: what is reused, what is planned, what a killed run leaves behind.
mod nightly;
/// `nightly --notify`: every night is reported to staff, however it ends.
mod notices;
/// Whole outputs, as a person or a mail program receives them.
mod outputs;
/// Pages for reviewers and staff: what they allow, and that no text becomes markup.
mod pages;
/// Addresses of people: who can read them, and how a person is forgotten.
mod privacy;
/// Checks of the project itself: dependencies, and that every test module is listed.
mod project;
/// `diff`: what differs between two runs, why, and in which groups.
mod review;
/// Who may decide, how they prove it, and how decisions travel from the page to the record.
mod reviewers;
/// Signs of tampering keep everything back.
mod tampering;
/// `approve`, `reject`, `withdraw`: what a verdict applies to.
mod verdicts;
/// The words of reports, in any language.
mod words;
