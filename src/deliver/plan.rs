use std::collections::{BTreeMap, BTreeSet};

use super::correction::{Correction, corrections};
use super::delivery::Delivery;
use super::draft::{Draft, DraftError, message};
use super::error::SendError;
use super::gate::{Gate, about, gate, of_areas};
use super::send_plan::{PlannedMessage, SendPlan, Wish};
use super::sending::Sending;
use crate::check::Recipient;
use crate::fs::PathError;
use crate::model::{ReportId, masked};
use crate::parallel;
use crate::problem::{Checked, Place, Problem};
use crate::read::RECIPIENTS;
use crate::review::Approved;

/// Plans every message that may be sent; each one that may not is a problem, with the reason. `store` receives the
/// bytes of each message, from several threads.
///
/// # Errors
/// If an earlier run from which reports were sent cannot be read, or a message cannot be stored.
pub(super) fn plan(
    sending: &Sending<'_>,
    wish: &Wish,
    store: impl Fn(&PlannedMessage, &[u8]) -> Result<(), PathError> + Sync,
) -> Result<Checked<SendPlan>, SendError> {
    let standings = sending.record.approved(sending.manifest);
    let mut problems = Vec::new();
    let mut open = Vec::new();
    let mut already = 0;
    for recipient in &sending.evaluation.recipients {
        match gate(sending, wish, &standings, recipient) {
            Gate::Open { approved, wanted, before } => {
                open.push(Permitted { recipient, approved, wanted, before });
            }
            Gate::Already => already += 1,
            Gate::NotDue => {}
            Gate::Closed(problem) => problems.push(*problem),
        }
    }
    problems.extend(of_areas(sending, &standings));
    let corrections = since_what_was_sent(sending, &open)?;
    let drafts = drafts(sending, &open, &corrections, &mut problems);
    let draft = |drafts: &Vec<Draft<'_>>| -> Result<PlannedMessage, DraftError> {
        let (message, bytes) = message(sending, wish, drafts)?;
        store(&message, &bytes)?;
        Ok(message)
    };
    let drafted: Vec<Result<PlannedMessage, DraftError>> = parallel::map(&drafts, draft);
    let mut messages = Vec::new();
    for message in drafted {
        match message {
            Ok(message) => messages.push(message),
            Err(DraftError::Problem(problem)) => problems.push(*problem),
            Err(DraftError::Path(error)) => return Err(error.into()),
        }
    }
    if !sending.mail.together {
        problems.extend(of_several_areas(&messages));
    }
    let run = sending.manifest.run.id.clone();
    Ok(Checked { value: SendPlan { version: VERSION, run, wish: wish.clone(), messages, already }, problems })
}

/// The version of a plan's layout.
const VERSION: u32 = 2;

/// A report that may go to a recipient.
struct Permitted<'a> {
    recipient: &'a Recipient,
    approved: &'a Approved,
    wanted: Option<String>,
    before: Option<&'a Delivery>,
}

/// What changed in reports since the runs from which recipients have them.
type Corrections = BTreeMap<(String, ReportId), Option<Correction>>;

fn since_what_was_sent(sending: &Sending<'_>, open: &[Permitted<'_>]) -> Result<Corrections, SendError> {
    let sent: BTreeSet<(String, ReportId)> =
        open.iter().filter_map(|permitted| permitted.before).map(earlier).collect();
    let runs = sending.run.parent().unwrap_or(sending.run);
    Ok(corrections(sending.evaluation, sending.run, runs, &sent)?)
}

/// The run and the report of an earlier delivery.
fn earlier(delivery: &Delivery) -> (String, ReportId) {
    (delivery.run.clone(), delivery.id.report.clone())
}

/// The drafts for each message. A report that differs only in looks from the one the recipient has is not sent.
fn drafts<'a>(
    sending: &Sending<'_>,
    open: &[Permitted<'a>],
    corrections: &'a Corrections,
    problems: &mut Vec<Problem>,
) -> Vec<Vec<Draft<'a>>> {
    let mut messages: Vec<Vec<Draft<'a>>> = Vec::new();
    for Permitted { recipient, approved, wanted, before } in open {
        let found = before.and_then(|before| corrections.get(&earlier(before)));
        // Somebody who wants another format gets the report in it, even if it says the same.
        let in_format = |before: &Delivery| before.id.format == approved.entry().id.format;
        if matches!(found, Some(None)) && before.is_some_and(in_format) {
            let message =
                "the report says the same as the one that was sent and only looks different: not sent again";
            problems.push(about("looks", recipient, message, &approved.entry().name));
            continue;
        }
        let correction = found.and_then(Option::as_ref);
        let draft = Draft { recipient, approved, wanted: wanted.clone(), correction, before: *before };
        let same_message = |others: &&mut Vec<Draft<'_>>| {
            others.iter().all(|other| {
                other.recipient.email.eq_ignore_ascii_case(&recipient.email)
                    && other.recipient.kind == recipient.kind
                    && other.correction.is_some() == correction.is_some()
            })
        };
        let message = if sending.mail.together { messages.iter_mut().find(same_message) } else { None };
        match message {
            Some(message) => message.push(draft),
            None => messages.push(vec![draft]),
        }
    }
    messages
}

/// Warnings about people who get more than one message.
fn of_several_areas(messages: &[PlannedMessage]) -> Vec<Problem> {
    let mut areas: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for message in messages {
        let of = areas.entry(message.recipient.to_lowercase()).or_default();
        let reports = message.reports.iter().filter(|report| report.id.report.kind.is_of_area());
        of.extend(reports.map(|report| report.subject_name.as_str()));
    }
    let several = areas.into_iter().filter(|(_, areas)| areas.len() > 1);
    let problems = several.map(|(address, areas)| {
        let message = format!("one person gets the reports of {} areas, a message for each", areas.len());
        let problem = Problem::warning("several-areas", Place::file(RECIPIENTS), message);
        let areas: Vec<&str> = areas.into_iter().collect();
        problem.value(format!("{}: {}", masked(&address), areas.join(", ")))
    });
    problems.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::delivery::State;
    use crate::deliver::office::{Office, wish};
    use crate::deliver::send_plan::EnclosedReport;

    /// The areas of the reports in each message.
    fn messages(office: &Office) -> Vec<String> {
        let standings = office.record.approved(&office.manifest);
        let sending = office.sending();
        let recipients: Vec<Recipient> = ["N1", "N2", "S1"].map(|area| office.recipient(area)).to_vec();
        let open: Vec<Permitted<'_>> = recipients
            .iter()
            .zip(standings.iter().flatten())
            .map(|(recipient, approved)| Permitted { recipient, approved, wanted: None, before: None })
            .collect();
        let (corrections, mut problems) = (Corrections::new(), Vec::new());
        let drafts = drafts(&sending, &open, &corrections, &mut problems);
        assert!(problems.is_empty());
        let areas = |drafts: &Vec<Draft<'_>>| {
            let names: Vec<&str> =
                drafts.iter().map(|draft| draft.approved.entry().id.report.subject.as_str()).collect();
            names.join("+")
        };
        drafts.iter().map(areas).collect()
    }

    #[test]
    fn one_person_gets_one_message_only_if_the_settings_say_so() {
        let one_person = |settings: &str| {
            let mut office = Office::with(settings);
            for recipient in office.evaluation.recipients.iter_mut().take(2) {
                recipient.email = "Ann@ash.example.org".to_owned();
            }
            messages(&office)
        };
        assert_eq!(one_person(""), ["N1", "N2", "S1"]);
        assert_eq!(one_person("together = true\n"), ["N1+N2", "S1"]);
    }

    #[test]
    fn a_report_that_only_looks_different_is_not_sent_again() {
        let office = Office::new();
        let standings = office.record.approved(&office.manifest);
        let (recipient, delivery) = (office.recipient("N1"), office.delivery("N1", State::Accepted));
        let approved = standings[0].as_ref().unwrap();
        let open = [Permitted { recipient: &recipient, approved, wanted: None, before: Some(&delivery) }];
        for (found, drafted, warned) in [(None, 0, 1), (Some(Correction::default()), 1, 0)] {
            let corrections = Corrections::from([(earlier(&delivery), found)]);
            let mut problems = Vec::new();
            assert_eq!(drafts(&office.sending(), &open, &corrections, &mut problems).len(), drafted);
            assert_eq!(problems.iter().filter(|problem| problem.rule == "looks").count(), warned);
        }
    }

    #[test]
    fn a_plan_without_an_open_gate_says_why_for_each_recipient() {
        let mut office = Office::new();
        office.record.verdicts.clear();
        let planned = plan(&office.sending(), &wish(), |_, _| panic!("no message may be stored")).unwrap();
        assert!(planned.value.messages.is_empty());
        let problems: Vec<String> = planned.problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(problems.join("\n"));
    }

    #[test]
    fn somebody_with_several_messages_is_a_warning() {
        let message = |recipient: &str, name: &str| PlannedMessage {
            id: String::new(),
            file: String::new(),
            event: "report".to_owned(),
            name: String::new(),
            recipient: recipient.to_owned(),
            subject: String::new(),
            reports: vec![EnclosedReport {
                id: "local/N1/en/standard".parse().unwrap(),
                subject_name: name.to_owned(),
                file: String::new(),
                sha256: String::new(),
            }],
            size: 0,
            sha256: String::new(),
        };
        let warned = of_several_areas(&[
            message("ann@ash.example.org", "Ash"),
            message("bo@beck.example.org", "Beck"),
            message("Ann@ash.example.org", "Clay"),
        ]);
        assert_eq!(warned.len(), 1);
        assert_eq!(warned[0].value.as_deref(), Some("a***@ash.example.org: Ash, Clay"));
    }
}
