use std::collections::BTreeSet;

use super::address::{allowed, parsed};
use super::delivery::{Delivery, State};
use super::destination::RealAnswers;
use super::send_plan::Wish;
use super::sending::Sending;
use crate::check::Recipient;
use crate::model::{EditionId, Format, Kind, Language, ReportId, masked};
use crate::problem::{Place, Problem, Severity};
use crate::publish::{ReportEntry, is_later};
use crate::read::RECIPIENTS;
use crate::review::{Approved, Unapproved};

/// Whether a recipient may have the report of their area.
#[derive(Debug)]
pub(super) enum Gate<'a> {
    /// It may be sent.
    Open {
        approved: &'a Approved,
        /// The format that the recipient asked for, if the run does not have the report in that format.
        wanted: Option<String>,
        /// The last report that the recipient was sent.
        before: Option<&'a Delivery>,
    },
    /// It was sent before.
    Already,
    /// The recipient expects no report from this plan.
    NotDue,
    /// It may not be sent, and why.
    Closed(Box<Problem>),
}

/// Each report of a run: approved, or why not.
pub(super) type Standings = [Result<Approved, Box<Unapproved>>];

/// Decides whether a recipient may have the report of their area from a run.
pub(super) fn gate<'a>(
    sending: &Sending<'a>,
    wish: &Wish,
    standings: &'a Standings,
    recipient: &Recipient,
) -> Gate<'a> {
    let own = standing(sending, standings, recipient, (&recipient.language, recipient.format));
    let wanted = own.is_none().then(|| recipient.wants());
    let closed = |reason: Obstacle| {
        let about = sending.evaluation.subject_name(recipient.subject);
        let problem = error(reason.rule, recipient, &reason.message, &about);
        Gate::Closed(Box::new(reason.hint.iter().fold(problem, |problem, hint| problem.hint(*hint))))
    };
    match own.or_else(|| {
        standing(sending, standings, recipient, (&sending.evaluation.settings.language, Format::Standard))
    }) {
        // An area that did not take part has no report to expect; `check` reports recipients for unknown areas.
        None => Gate::NotDue,
        Some(Err(unapproved)) => closed(not_approved(unapproved)),
        Some(Ok(approved)) => match recipient_is_fit(sending, recipient, approved.entry()) {
            Err(reason) => closed(reason),
            Ok(()) => match since_before(sending, wish, recipient, approved.entry()) {
                Before::Open(before) => Gate::Open { approved, wanted, before },
                Before::Already => Gate::Already,
                Before::NotDue => Gate::NotDue,
                Before::Closed(reason) => closed(reason),
            },
        },
    }
}

/// Why a gate is closed.
struct Obstacle {
    rule: &'static str,
    message: String,
    hint: Option<&'static str>,
}

impl Obstacle {
    fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), hint: None }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// The report of a recipient's area in a format, approved or not; `None` if the run does not have it.
fn standing<'s>(
    sending: &Sending<'_>,
    standings: &'s Standings,
    recipient: &Recipient,
    (language, format): (&Language, Format),
) -> Option<Result<&'s Approved, &'s Unapproved>> {
    let report = sending.evaluation.report_id(recipient.kind, recipient.subject);
    let id = EditionId { report: ReportId { language: language.clone(), ..report }, format };
    let is = |standing: &&Result<Approved, Box<Unapproved>>| {
        standing.as_ref().map_or_else(|unapproved| &unapproved.entry, Approved::entry).id == id
    };
    standings.iter().find(is).map(|standing| standing.as_ref().map_err(|unapproved| &**unapproved))
}

fn not_approved(Unapproved { entry, standing }: &Unapproved) -> Obstacle {
    let why = if entry.outcome.is_made() { standing.words() } else { entry.outcome.reason() };
    Obstacle::new("not-approved", format!("the report may not be sent: {why}"))
}

/// Checks that the report was approved for this recipient, and that the address may be used.
fn recipient_is_fit(
    sending: &Sending<'_>,
    recipient: &Recipient,
    entry: &ReportEntry,
) -> Result<(), Obstacle> {
    if entry.recipients != sending.evaluation.recipients_hash(recipient.kind, recipient.subject) {
        let message = "the recipients of the report are not those that the report was approved for";
        return Err(Obstacle::new("recipients", message)
            .hint("build again, and approve the report for its new recipients"));
    }
    parsed(&recipient.email).map_err(|why| Obstacle::new("address", why))?;
    if !allowed(&recipient.email, &sending.mail.domains) {
        return Err(Obstacle::new("domain", "reports may not go to this domain")
            .hint("correct the address, or add its domain to 'domains' in [mail] of evaluation.toml"));
    }
    Ok(())
}

/// What follows from a recipient's earlier deliveries.
enum Before<'a> {
    Open(Option<&'a Delivery>),
    Already,
    NotDue,
    Closed(Obstacle),
}

fn since_before<'a>(
    sending: &Sending<'a>,
    wish: &Wish,
    recipient: &Recipient,
    entry: &ReportEntry,
) -> Before<'a> {
    let before: Vec<&Delivery> = sending
        .deliveries
        .iter()
        .filter(|delivery| {
            !delivery.superseded
                && delivery.id.report == entry.id.report
                && delivery.recipient.eq_ignore_ascii_case(&recipient.email)
        })
        .collect();
    if before.iter().any(|delivery| matches!(delivery.state, State::Unknown | State::HandingOver)) {
        let reason = Obstacle::new("unknown", "it is not known whether an earlier message arrived");
        return Before::Closed(reason.hint(
            "ask the recipient or look at the server's log, then: area-reports send RUN --resolve accepted (or not-accepted)",
        ));
    }
    let sha256 = entry.report.as_ref().map(|report| report.sha256.as_str()).unwrap_or_default();
    let same = before.iter().find(|delivery| delivery.sha256 == sha256);
    match same.map(|delivery| (delivery.state, &delivery.answer)) {
        Some((State::Accepted, _)) => return Before::Already,
        Some((State::Refused | State::Bounced, answer)) if !wish.failed => {
            let reason = Obstacle::new("failed", format!("it could not be delivered before: {answer}"));
            return Before::Closed(reason.hint("fix the cause, then rehearse and send with --failed"));
        }
        Some((State::Refused | State::Bounced, _)) => {}
        _ if wish.failed && !is_in_place_of_a_failed_one(sending, entry) => return Before::NotDue,
        _ => {}
    }
    let accepted = before.into_iter().filter(|delivery| delivery.state == State::Accepted);
    let last = accepted.max_by(|a, b| a.at.cmp(&b.at));
    if last.is_some_and(|last| is_later(&last.run, &sending.manifest.run.id)) {
        return Before::Closed(Obstacle::new("older", "the recipient has the report of a later run"));
    }
    Before::Open(last)
}

/// The people who are to receive a report.
fn recipients_of<'s>(sending: &Sending<'s>, entry: &ReportEntry) -> impl Iterator<Item = &'s Recipient> {
    let evaluation = sending.evaluation;
    let (kind, subject) = (entry.id.report.kind, evaluation.subject_of(&entry.id.report));
    evaluation.recipients.iter().filter(move |to| (to.kind, Some(to.subject)) == (kind, subject))
}

/// True if the report could not be delivered to an address that is no longer a recipient: it was corrected since.
fn is_in_place_of_a_failed_one(sending: &Sending<'_>, entry: &ReportEntry) -> bool {
    let is_recipient = |delivery: &Delivery| {
        recipients_of(sending, entry).any(|to| to.email.eq_ignore_ascii_case(&delivery.recipient))
    };
    sending.deliveries.iter().any(|delivery| {
        !delivery.superseded
            && delivery.id.report == entry.id.report
            && matches!(delivery.state, State::Refused | State::Bounced)
            && !is_recipient(delivery)
    })
}

/// Warnings about areas and about the run as a whole.
pub(super) fn of_areas(sending: &Sending<'_>, standings: &Standings) -> Vec<Problem> {
    let mut problems = Vec::new();
    // A kind that nobody receives is published and not sent.
    let is_sent = |kind: Kind| {
        kind == Kind::Local || sending.evaluation.recipients.iter().any(|recipient| recipient.kind == kind)
    };
    let mut seen = BTreeSet::new();
    for approved in standings.iter().flatten() {
        let entry = approved.entry();
        // The recipients of a report are those of all its editions.
        if !is_sent(entry.id.report.kind) || !seen.insert(&entry.id.report) {
            continue;
        }
        if recipients_of(sending, entry).next().is_none() {
            let message = "the report is approved, but has no recipient";
            problems.push(Problem::warning("nobody", Place::file(RECIPIENTS), message).value(&entry.name));
        }
    }
    if RealAnswers::of(sending.evaluation, sending.manifest).is_err() {
        let message = "the answers are made up: these messages go to a catch-all address only";
        problems.push(Problem::warning("synthetic", Place::file("evaluation.toml"), message));
    }
    problems
}

/// An error explaining why a report may not go to a recipient.
pub(super) fn error(rule: &'static str, recipient: &Recipient, message: &str, area: &str) -> Problem {
    Problem { severity: Severity::Error, ..about(rule, recipient, message, area) }
}

/// A warning about a report for a recipient.
pub(super) fn about(rule: &'static str, recipient: &Recipient, message: &str, area: &str) -> Problem {
    let value = format!("{area}, {}", masked(&recipient.email));
    Problem::warning(rule, Place::file(RECIPIENTS), message).value(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::office::{Office, edition, wish};

    /// What the gate says about the recipient of area N1: a word, or the rule that closes it.
    fn decided(office: &Office, wish: &Wish) -> String {
        let standings = office.record.approved(&office.manifest);
        match gate(&office.sending(), wish, &standings, &office.recipient("N1")) {
            Gate::Open { wanted, before, .. } => {
                let wanted = wanted.map(|format| format!(" instead of {format}")).unwrap_or_default();
                let before = before.map(|before| format!(" after {}", before.message)).unwrap_or_default();
                format!("open{wanted}{before}")
            }
            Gate::Already => "already".to_owned(),
            Gate::NotDue => "not due".to_owned(),
            Gate::Closed(problem) => problem.rule.to_owned(),
        }
    }

    fn with_delivery(change: impl FnOnce(&mut Delivery), state: State, failed: bool) -> String {
        let mut office = Office::new();
        let mut delivery = office.delivery("N1", state);
        change(&mut delivery);
        office.deliveries.push(delivery);
        decided(&office, &Wish { failed, ..wish() })
    }

    #[test]
    fn an_approved_report_may_go_to_its_recipient() {
        let mut office = Office::new();
        assert_eq!(decided(&office, &wish()), "open");
        office.evaluation.recipients.iter_mut().for_each(|recipient| recipient.format = Format::LargePrint);
        for entry in &mut office.manifest.reports {
            let to = &office.evaluation.recipients[0];
            entry.recipients = office.evaluation.recipients_hash(to.kind, to.subject);
        }
        office.approve();
        assert_eq!(decided(&office, &wish()), "open instead of large-print");
    }

    #[test]
    fn a_report_that_nobody_approved_stays() {
        let mut office = Office::new();
        office.record.verdicts.clear();
        assert_eq!(decided(&office, &wish()), "not-approved");
        office.approve();
        // Its bytes changed after the approval.
        office.manifest.reports[0].report.as_mut().unwrap().sha256 = "changed".to_owned();
        assert_eq!(decided(&office, &wish()), "not-approved");
        office.manifest.reports.remove(0);
        assert_eq!(decided(&office, &wish()), "not due");
    }

    #[test]
    fn recipients_must_be_the_approved_ones_in_an_allowed_domain() {
        let mut office = Office::new();
        office.evaluation.recipients[0].name = "Bo".to_owned();
        assert_eq!(decided(&office, &wish()), "recipients");
        assert_eq!(decided(&Office::with("domains = [\"other.example.org\"]\n"), &wish()), "domain");
        assert_eq!(decided(&Office::with("domains = [\"*.example.org\"]\n"), &wish()), "open");
    }

    #[test]
    fn what_was_sent_before_decides_what_is_sent_now() {
        for (state, usual, failed) in [
            (State::Accepted, "already", "already"),
            (State::Refused, "failed", "open"),
            (State::Bounced, "failed", "open"),
            (State::Unknown, "unknown", "unknown"),
            (State::HandingOver, "unknown", "unknown"),
            (State::Planned, "open", "not due"),
        ] {
            assert_eq!(with_delivery(|_| {}, state, false), usual, "{state:?}");
            assert_eq!(with_delivery(|_| {}, state, true), failed, "{state:?}");
            assert_eq!(with_delivery(|d| d.superseded = true, state, false), "open", "{state:?}");
            let of_another_area = with_delivery(|d| d.id = edition("N2"), state, false);
            assert_eq!(of_another_area, "open", "{state:?}");
        }
    }

    #[test]
    fn a_corrected_address_is_sent_to_with_what_failed() {
        let decided = |state: State, address: &str| {
            let mut office = Office::new();
            let mut delivery = office.delivery("N1", state);
            delivery.recipient = address.to_owned();
            office.deliveries.push(delivery);
            self::decided(&office, &Wish { failed: true, ..wish() })
        };
        assert_eq!(decided(State::Refused, "an@ash.example.org"), "open");
        assert_eq!(decided(State::Bounced, "an@ash.example.org"), "open");
        // The old address works: the new one is not due with what failed.
        assert_eq!(decided(State::Accepted, "an@ash.example.org"), "not due");
    }

    #[test]
    fn a_later_report_replaces_an_earlier_one_and_not_the_other_way_round() {
        let other = |run: &'static str| {
            move |delivery: &mut Delivery| {
                delivery.sha256 = "other".to_owned();
                delivery.run = run.to_owned();
            }
        };
        let earlier = with_delivery(other("2024-05-01T09-00-00Z"), State::Accepted, false);
        assert_eq!(earlier, "open after <N1@example.org>");
        assert_eq!(with_delivery(other("2024-07-01T09-00-00Z"), State::Accepted, false), "older");
    }

    #[test]
    fn an_approved_report_without_a_recipient_is_a_warning_and_so_are_made_up_answers() {
        let mut office = Office::new();
        let rules = |office: &Office| -> Vec<&str> {
            let standings = office.record.approved(&office.manifest);
            let warnings = of_areas(&office.sending(), &standings);
            assert!(warnings.iter().all(|problem| !problem.is_error()));
            warnings.into_iter().map(|problem| problem.rule).collect()
        };
        assert_eq!(rules(&office), Vec::<&str>::new());
        office.evaluation.recipients.remove(0);
        office.manifest.synthetic = true;
        assert_eq!(rules(&office), ["nobody", "synthetic"]);
    }
}
