use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::address::{domain, parsed};
use super::basis::Basis;
use super::delivery::{Delivery, Rehearsal, State, StateChange};
use super::destination::Destination;
use super::error::SendError;
use super::final_check::FinalCheck;
use super::send_plan::{EnclosedReport, PlanFolder, PlannedMessage};
use super::smtp::{Refusal, Server, ServerError, Session};
use crate::hash::sha256;
use crate::model::{MailSettings, masked};

/// Sends messages, each at most once. `report` is called after each attempt with what became of the message and what
/// the server said. A message that is still planned will be tried again.
///
/// # Errors
/// If the server or the ledger cannot be used; what was not handed over stays planned.
pub fn send(
    mut sender: Sender<'_>,
    messages: &[&PlannedMessage],
    report: &mut dyn FnMut(&PlannedMessage, State, &str),
) -> Result<(), SendError> {
    sender.begin(messages)?;
    let mut pace = Pace::default();
    let mut left = messages.to_vec();
    let mut pause = sender.mail.retry_pause;
    for attempt in 1..=sender.mail.attempts {
        let last = attempt == sender.mail.attempts;
        left = Round { sender: &mut sender, pace: &mut pace, last, session: None, lost: None, report }
            .send(left)?;
        if left.is_empty() || (sender.stop)() {
            break;
        }
        sender.sleep(pause);
        pause = pause.saturating_mul(2);
    }
    Ok(())
}

/// Hands over one message that carries no report, and returns the server's answer.
///
/// # Errors
/// If the server cannot be used or does not accept the message.
pub fn post(server: &Server, to: &str, message: &[u8]) -> Result<String, SendError> {
    let address = parsed(to).map_err(ServerError::Setting)?;
    let mut session = server.call()?;
    let announced = session.announce(server.sender(), &address);
    let handed = announced.and_then(|()| session.hand_over(message));
    session.end();
    let server = server.name();
    Ok(handed.map_err(|refusal| match refusal {
        Refusal::Never(why) | Refusal::Sender(why) => ServerError::Never { server, why },
        Refusal::Now(why) | Refusal::Unknown(why) | Refusal::Lost(why) => ServerError::Now { server, why },
    })?)
}

/// How many messages were accepted, refused or left unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The server accepted them.
    pub accepted: usize,
    /// The server refused them for good.
    pub refused: usize,
    /// It is not known whether the server accepted them.
    pub unknown: usize,
}

impl Sent {
    /// Counts a message that will not be tried again.
    pub fn count(&mut self, state: State) {
        match state {
            State::Accepted => self.accepted += 1,
            State::Refused => self.refused += 1,
            State::Unknown => self.unknown += 1,
            State::Planned | State::HandingOver | State::Bounced => {}
        }
    }
}

/// What is needed to send the messages of a plan.
pub struct Sender<'a> {
    /// The folder of the plan, with its messages.
    pub folder: &'a PlanFolder,
    /// The settings, such as the rate and the number of attempts.
    pub mail: &'a MailSettings,
    /// The server.
    pub server: &'a Server,
    /// What the plan rests on.
    pub basis: &'a Basis,
    /// The final check of each message.
    pub check: &'a FinalCheck,
    /// Where the messages go.
    pub destination: Destination<'a>,
    /// True once no more should be sent: what was not handed over stays planned.
    pub stop: &'a dyn Fn() -> bool,
    /// Returns the current time.
    pub clock: fn() -> Timestamp,
    /// Waits for a time.
    pub wait: fn(Duration),
}

impl Sender<'_> {
    /// Plans all deliveries in the ledger before the first message leaves.
    fn begin(&mut self, messages: &[&PlannedMessage]) -> Result<(), SendError> {
        let at = self.now();
        let Destination::Recipients { real, custody } = &mut self.destination else { return Ok(()) };
        let run = real.run();
        let deliveries: Vec<Delivery> =
            messages.iter().flat_map(|message| deliveries(message, run, &at)).collect();
        Ok(custody.plan(&deliveries)?)
    }

    /// The address that a message is actually sent to.
    fn address(&self, message: &PlannedMessage) -> String {
        match self.destination {
            Destination::Recipients { .. } => message.recipient.clone(),
            Destination::CatchAll { address, .. } => address.to_owned(),
        }
    }

    /// Records a step in the ledger before anything else happens.
    fn record(
        &mut self,
        message: &PlannedMessage,
        from: State,
        to: State,
        answer: &str,
    ) -> Result<(), SendError> {
        let at = self.now();
        let custody = match &mut self.destination {
            Destination::Recipients { custody, .. } => custody,
            Destination::CatchAll { address, run, custody } => {
                if matches!(to, State::Accepted | State::Refused | State::Unknown) {
                    custody.rehearse(&Rehearsal {
                        message: message.id.clone(),
                        run: (*run).to_owned(),
                        subject_names: message.subject_names(),
                        address: (*address).to_owned(),
                        state: to,
                        answer: answer.to_owned(),
                        at,
                    })?;
                }
                return Ok(());
            }
        };
        if custody.move_message(&message.id, StateChange { from, to, answer, at: &at })? {
            return Ok(());
        }
        Err(SendError::Taken(message.id.clone()))
    }

    /// Waits, unless no more should be sent.
    fn sleep(&self, pause: Duration) {
        const STEP: Duration = Duration::from_millis(100);
        let mut left = pause;
        while !left.is_zero() && !(self.stop)() {
            let step = left.min(STEP);
            (self.wait)(step);
            left -= step;
        }
    }

    fn now(&self) -> String {
        (self.clock)().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// One attempt at each message.
struct Round<'r, 's> {
    sender: &'r mut Sender<'s>,
    pace: &'r mut Pace,
    /// True if this is the last attempt.
    last: bool,
    /// The connection, as long as it can be used for more messages.
    session: Option<Session>,
    /// Why a connection was lost before a message was on its way.
    lost: Option<String>,
    report: &'r mut dyn FnMut(&PlannedMessage, State, &str),
}

impl Round<'_, '_> {
    /// Tries each message once and returns those to be tried again.
    fn send(mut self, messages: Vec<&PlannedMessage>) -> Result<Vec<&PlannedMessage>, SendError> {
        let mut again = Vec::new();
        for (position, message) in messages.iter().enumerate() {
            if (self.sender.stop)() {
                again.extend(&messages[position..]);
                break;
            }
            let bytes = self.sender.folder.read_message(message)?;
            if let Some(why) = self.objection(message, &bytes) {
                self.session.into_iter().for_each(Session::end);
                return Err(SendError::Stopped { to: masked(&message.recipient), why });
            }
            let to = self.sender.address(message);
            self.pace.wait(self.sender, &to);
            if (self.sender.stop)() {
                again.extend(&messages[position..]);
                break;
            }
            if let Some(change) = self.sender.basis.change() {
                self.session.into_iter().for_each(Session::end);
                return Err(SendError::Changed(change));
            }
            match self.session.take().map_or_else(|| self.sender.server.call(), Ok) {
                Ok(session) => {
                    if self.hand_over(session, message, &to, &bytes)? == State::Planned {
                        again.push(*message);
                    }
                }
                Err(ServerError::Now { .. }) if !self.last => {
                    again.extend(&messages[position..]);
                    return Ok(again);
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.session.into_iter().for_each(Session::end);
        match self.lost {
            Some(why) if self.last => Err(ServerError::Now { server: self.sender.server.name(), why }.into()),
            _ => Ok(again),
        }
    }

    /// Why a message may not be sent after all; `None` if it may.
    fn objection(&self, message: &PlannedMessage, bytes: &[u8]) -> Option<String> {
        if sha256(bytes) == message.sha256 {
            self.sender.check.refuses(bytes, &message.recipient)
        } else {
            Some("the message is not the one that was planned".to_owned())
        }
    }

    /// Hands a message over, and returns its state afterwards.
    fn hand_over(
        &mut self,
        mut session: Session,
        message: &PlannedMessage,
        to: &str,
        bytes: &[u8],
    ) -> Result<State, SendError> {
        let address = parsed(to).map_err(ServerError::Setting)?;
        let server = self.sender.server;
        let announced = session.announce(server.sender(), &address);
        let from = if announced.is_ok() { State::HandingOver } else { State::Planned };
        if announced.is_ok()
            && let Err(error) = self.sender.record(message, State::Planned, from, "")
        {
            return Err(error);
        }
        let (state, answer) = match announced.and_then(|()| session.hand_over(bytes)) {
            Ok(answer) => (State::Accepted, answer),
            Err(Refusal::Now(answer)) if self.last => (State::Refused, answer),
            Err(Refusal::Now(answer)) => (State::Planned, answer),
            Err(Refusal::Never(answer)) => (State::Refused, answer),
            Err(Refusal::Unknown(answer)) => (State::Unknown, answer),
            Err(Refusal::Lost(why)) => {
                self.lost = Some(why.clone());
                (State::Planned, why)
            }
            Err(Refusal::Sender(why)) => {
                return Err(ServerError::Never { server: server.name(), why }.into());
            }
        };
        self.settle(message, from, state, &answer)?;
        let usable = match state {
            State::Accepted => session.is_open(),
            State::Unknown => false,
            _ => session.reset(),
        };
        self.session = Some(session).filter(|_| usable);
        Ok(state)
    }

    /// Records what became of a message, and reports it.
    fn settle(
        &mut self,
        message: &PlannedMessage,
        from: State,
        to: State,
        answer: &str,
    ) -> Result<(), SendError> {
        self.sender.record(message, from, to, answer)?;
        (self.report)(message, to, answer);
        Ok(())
    }
}

/// When the last message was sent, to any domain and to each.
#[derive(Default)]
struct Pace {
    last: Option<Timestamp>,
    domains: BTreeMap<String, Timestamp>,
}

impl Pace {
    /// Waits until the next message may be sent.
    fn wait(&mut self, sender: &Sender<'_>, to: &str) {
        let domain = domain(to);
        let since = |before: Option<&Timestamp>, pause: Duration| {
            let passed = before.map(|before| (sender.clock)().duration_since(*before).unsigned_abs());
            passed.map_or(Duration::ZERO, |passed| pause.saturating_sub(passed))
        };
        let usual = Duration::from_secs(60) / sender.mail.per_minute.max(1);
        let of_all = since(self.last.as_ref(), usual);
        let of_domain = since(self.domains.get(&domain), sender.mail.domain_pause);
        sender.sleep(of_all.max(of_domain));
        let now = (sender.clock)();
        self.last = Some(now);
        self.domains.insert(domain, now);
    }
}

fn deliveries(message: &PlannedMessage, run: &str, at: &str) -> Vec<Delivery> {
    let of = |report: &EnclosedReport| Delivery {
        message: message.id.clone(),
        event: message.event.clone(),
        run: run.to_owned(),
        id: report.id.clone(),
        subject_name: report.subject_name.clone(),
        recipient: message.recipient.clone(),
        name: message.name.clone(),
        sha256: report.sha256.clone(),
        state: State::Planned,
        attempts: 0,
        answer: String::new(),
        at: at.to_owned(),
        superseded: false,
    };
    message.reports.iter().map(of).collect()
}
