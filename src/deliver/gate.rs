use super::address::{allowed, masked, parsed};
use super::delivery::{Delivery, State};
use super::destination::RealAnswers;
use super::plan::{Sending, Wish};
use crate::check::Recipient;
use crate::model::{EditionId, Format, Kind, ReportId};
use crate::problem::{Place, Problem, Severity};
use crate::publish::is_later;
use crate::review::{Approved, Unapproved};

/// The file that says who gets what.
pub(super) const RECIPIENTS: &str = "recipients.csv";

/// What a recipient may have.
pub(super) enum Gate<'a> {
    /// It may be sent.
    Open {
        approved: &'a Approved,
        /// The format that the recipient asked for, when the run has none in it.
        wanted: Option<&'static str>,
        /// The report that the recipient has.
        before: Option<&'a Delivery>,
    },
    /// It was sent before.
    Already,
    /// Nobody waits for it.
    Nothing,
    /// It may not be sent, and why.
    Closed(Box<Problem>),
}

/// Of each report of a run: that it may be sent, or how it stands instead.
pub(super) type Standings = [Result<Approved, Box<Unapproved>>];

/// Says what a recipient may have of a run.
pub(super) fn gate<'a>(
    sending: &Sending<'a>,
    wish: &Wish,
    standings: &'a Standings,
    recipient: &Recipient,
) -> Gate<'a> {
    let area = &sending.evaluation.register[recipient.area];
    let closed = |rule: &'static str, message: &str, hint: &str| {
        let problem = error(rule, recipient, message, &area.name);
        Gate::Closed(Box::new(if hint.is_empty() { problem } else { problem.hint(hint) }))
    };
    let of_format = |format: Format| {
        let id = EditionId {
            report: ReportId::of_area(Kind::Local, area, &sending.evaluation.settings.language),
            format,
        };
        standings.iter().find(|standing| {
            standing.as_ref().map_or_else(|unapproved| &unapproved.entry, Approved::entry).id == id
        })
    };
    let own = of_format(recipient.format);
    let wanted = own.is_none().then(|| recipient.format.word());
    let approved = match own.or_else(|| of_format(Format::Standard)) {
        // Nobody waits for the report of an area that did not take part; `check` tells of the others.
        None => return Gate::Nothing,
        Some(Err(unapproved)) => {
            let Unapproved { entry, standing } = &**unapproved;
            let why = if entry.outcome.is_made() { standing.words() } else { entry.outcome.reason() };
            return closed("not-approved", &format!("the report may not be sent: {why}"), "");
        }
        Some(Ok(approved)) => approved,
    };
    let entry = approved.entry();
    if entry.recipients != sending.evaluation.recipients_hash(recipient.area) {
        let hint = "build again, and approve the report for its new recipients";
        return closed(
            "recipients",
            "the recipients of the area are not those that the report was approved for",
            hint,
        );
    }
    if let Err(why) = parsed(&recipient.email) {
        return closed("address", &why, "");
    }
    if !allowed(&recipient.email, &sending.mail.domains) {
        let hint = "correct the address, or add its domain to 'domains' of [mail] in evaluation.toml";
        return closed("domain", "reports may not go to this domain", hint);
    }
    let to_this = |delivery: &&Delivery| {
        delivery.id.report == entry.id.report && delivery.recipient.eq_ignore_ascii_case(&recipient.email)
    };
    let before: Vec<&Delivery> =
        sending.deliveries.iter().filter(to_this).filter(|d| !d.superseded).collect();
    if before.iter().any(|delivery| matches!(delivery.state, State::Unknown | State::HandingOver)) {
        let hint = "ask the recipient or look into the server's log, then: area-reports send RUN --resolve accepted (or not-accepted)";
        return closed("unknown", "nobody knows whether an earlier message arrived", hint);
    }
    let sha256 = entry.report.as_ref().map(|report| report.sha256.as_str()).unwrap_or_default();
    let same = before.iter().find(|delivery| delivery.sha256 == sha256);
    match same.map(|delivery| delivery.state) {
        Some(State::Accepted) => return Gate::Already,
        Some(State::Refused | State::Bounced) if !wish.failed => {
            let message =
                format!("it could not be delivered before: {}", same.map_or("", |d| d.answer.as_str()));
            return closed(
                "failed",
                &message,
                "correct what stood in the way, then rehearse and send with --failed",
            );
        }
        Some(State::Refused | State::Bounced) => {}
        _ if wish.failed => return Gate::Nothing,
        _ => {}
    }
    let last = before
        .into_iter()
        .filter(|delivery| delivery.state == State::Accepted)
        .max_by(|a, b| a.at.cmp(&b.at));
    if last.is_some_and(|last| is_later(&last.run, &sending.manifest.run.id)) {
        return closed("older", "the recipient has the report of a later run", "");
    }
    Gate::Open { approved, wanted, before: last }
}

/// What there is to say of areas and of the run.
pub(super) fn of_areas(sending: &Sending<'_>, standings: &Standings) -> Vec<Problem> {
    let mut problems = Vec::new();
    for approved in standings.iter().flatten() {
        let entry = approved.entry();
        let of_area = |recipient: &&Recipient| {
            sending.evaluation.register[recipient.area].code.as_str() == entry.id.report.subject
        };
        if !sending.evaluation.recipients.iter().any(|recipient| of_area(&recipient)) {
            let message = "the report is approved, and nobody is to receive it";
            problems.push(Problem::warning("nobody", Place::file(RECIPIENTS), message).value(&entry.name));
        }
    }
    if RealAnswers::of(sending.evaluation, sending.manifest).is_err() {
        let message = "the answers are made up: these messages go to a catch-all address only";
        problems.push(Problem::warning("synthetic", Place::file("evaluation.toml"), message));
    }
    problems
}

/// What keeps a report from a recipient.
pub(super) fn error(rule: &'static str, recipient: &Recipient, message: &str, area: &str) -> Problem {
    Problem { severity: Severity::Error, ..about(rule, recipient, message, area) }
}

/// What there is to say of a report for a recipient.
pub(super) fn about(rule: &'static str, recipient: &Recipient, message: &str, area: &str) -> Problem {
    let value = format!("{area}, {}", masked(&recipient.email));
    Problem::warning(rule, Place::file(RECIPIENTS), message).value(value)
}
