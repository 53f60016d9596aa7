use super::delivery::{Delivery, State};
use super::send_plan::{EnclosedReport, PlannedMessage, SendPlan};
use crate::model::masked;
use crate::problem::{Checked, Place, Problem};

/// The messages of a stored plan that are still the same when it is made again, and why each of the others is not sent.
pub(super) fn replayed<'p>(
    stored: &'p SendPlan,
    fresh: &SendPlan,
    deliveries: &[Delivery],
) -> Checked<Vec<&'p PlannedMessage>> {
    let mut problems = Vec::new();
    let mut same = Vec::new();
    let mut stop = |planned: &PlannedMessage, message: &str| {
        let problem = Problem::error("changed", Place::file("plan.json"), message)
            .hint("nothing was sent; rehearse again, and look at the new plan");
        problems.push(problem.value(format!("{}, {}", planned.subject_names(), masked(&planned.recipient))));
    };
    for planned in &stored.messages {
        match fresh.messages.iter().find(|now| now.id == planned.id) {
            Some(now) if now == planned => same.push(planned),
            Some(now) => stop(planned, &difference(planned, now)),
            None if is_sent(planned, deliveries) => {}
            None => stop(planned, "the plan has a message that would not be planned now"),
        }
    }
    for now in &fresh.messages {
        if !stored.messages.iter().any(|planned| planned.id == now.id) {
            stop(now, "the plan does not have this message");
        }
    }
    problems.sort_by(|a, b| (&a.message, &a.value).cmp(&(&b.message, &b.value)));
    Checked { value: same, problems }
}

/// True if the message was dealt with: it was refused, or every report in it was handed to the server, or may have been.
fn is_sent(planned: &PlannedMessage, deliveries: &[Delivery]) -> bool {
    let is_of = |delivery: &Delivery, report: &EnclosedReport| {
        !delivery.superseded
            && delivery.sha256 == report.sha256
            && delivery.id == report.id
            && delivery.recipient.eq_ignore_ascii_case(&planned.recipient)
            && matches!(delivery.state, State::Accepted | State::Unknown | State::HandingOver)
    };
    let is_settled = |delivery: &Delivery| {
        delivery.message == planned.id && matches!(delivery.state, State::Refused | State::Bounced)
    };
    deliveries.iter().any(is_settled)
        || planned.reports.iter().all(|report| deliveries.iter().any(|delivery| is_of(delivery, report)))
}

fn difference(planned: &PlannedMessage, now: &PlannedMessage) -> String {
    let what = [
        ("recipient", planned.recipient != now.recipient || planned.name != now.name),
        ("subject", planned.subject != now.subject),
        ("report", planned.reports != now.reports),
    ];
    let what: Vec<&str> = what.iter().filter(|(_, differs)| *differs).map(|(what, _)| *what).collect();
    let what = if what.is_empty() { "text of the message".to_owned() } else { what.join(", ") };
    format!("since the plan was made, this changed: {what}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::Wish;

    fn message(id: &str, report: &str) -> PlannedMessage {
        let text = |text: &str| text.to_owned();
        PlannedMessage {
            id: text(id),
            file: text("383.eml"),
            event: text("report"),
            name: text("Ann"),
            recipient: text("ann@leeds.example.org"),
            subject: text("Report for Leeds"),
            reports: vec![EnclosedReport {
                id: "local/383/en/standard".parse().unwrap(),
                subject_name: text("Leeds"),
                file: text("local/383-leeds.pdf"),
                sha256: text(report),
            }],
            size: 1,
            sha256: text("bytes"),
        }
    }

    fn plan(messages: Vec<PlannedMessage>) -> SendPlan {
        let wish = Wish { made: jiff::Timestamp::UNIX_EPOCH, failed: false, note: String::new() };
        SendPlan { version: 2, run: "run".to_owned(), wish, messages, already: 0 }
    }

    fn delivery(message: &PlannedMessage, state: State) -> Delivery {
        Delivery {
            message: message.id.clone(),
            event: message.event.clone(),
            run: "run".to_owned(),
            id: message.reports[0].id.clone(),
            subject_name: "Leeds".to_owned(),
            recipient: message.recipient.to_uppercase(),
            name: message.name.clone(),
            sha256: message.reports[0].sha256.clone(),
            state,
            attempts: 1,
            answer: String::new(),
            at: String::new(),
            superseded: false,
        }
    }

    fn messages(checked: &Checked<Vec<&PlannedMessage>>) -> (usize, Vec<String>) {
        let problems = checked.problems.iter().map(|problem| problem.message.clone());
        (checked.value.len(), problems.collect())
    }

    #[test]
    fn a_message_leaves_only_if_it_would_be_planned_again_byte_for_byte() {
        let planned = message("<1>", "a");
        let changed = |change: fn(&mut PlannedMessage)| {
            let mut now = planned.clone();
            change(&mut now);
            messages(&replayed(&plan(vec![planned.clone()]), &plan(vec![now]), &[]))
        };
        assert_eq!(changed(|_| {}), (1, vec![]));
        for (change, what) in [
            ((|m| m.name = "Bo".to_owned()) as fn(&mut PlannedMessage), "recipient"),
            (|m| m.subject = "Other".to_owned(), "subject"),
            (|m| m.reports[0].sha256 = "b".to_owned(), "report"),
            (|m| m.sha256 = "b".to_owned(), "text of the message"),
        ] {
            let expected = format!("since the plan was made, this changed: {what}");
            assert_eq!(changed(change), (0, vec![expected]));
        }
    }

    #[test]
    fn a_message_that_was_sent_is_not_missed_and_one_that_came_to_it_is_reported() {
        let (old, new) = (message("<1>", "a"), message("<2>", "b"));
        let stored = plan(vec![old.clone()]);
        let gone = "the plan has a message that would not be planned now".to_owned();
        assert_eq!(messages(&replayed(&stored, &plan(vec![]), &[])), (0, vec![gone.clone()]));
        for (state, expected) in [
            (State::Accepted, vec![]),
            (State::Unknown, vec![]),
            (State::HandingOver, vec![]),
            (State::Refused, vec![]),
            (State::Bounced, vec![]),
            (State::Planned, vec![gone.clone()]),
        ] {
            let sent = [delivery(&old, state)];
            assert_eq!(messages(&replayed(&stored, &plan(vec![]), &sent)), (0, expected), "{state:?}");
        }
        let fresh = plan(vec![old, new]);
        let missing = "the plan does not have this message".to_owned();
        assert_eq!(messages(&replayed(&stored, &fresh, &[])), (1, vec![missing]));
    }
}
