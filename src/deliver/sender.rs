use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::address::{domain, parsed};
use super::customs::Customs;
use super::delivery::{Delivery, State};
use super::destination::Destination;
use super::ledger::{Ledger, LedgerError};
use super::plan::{Item, SendPlan, Sending, Wish, plan};
use super::smtp::{Refusal, Server, ServerError, Session};
use crate::fs::{self, PathError};
use crate::hash::sha256;
use crate::model::MailSettings;
use crate::problem::Checked;
use crate::publish::SENDS;
use crate::review::SideError;

/// Why sending stopped.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The disk or its permissions failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The ledger cannot be used: without it nothing leaves.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The server cannot be used.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A run cannot be read.
    #[error(transparent)]
    Side(#[from] SideError),
    /// There is a plan, and it cannot be read.
    #[error("{} is not a plan of this program: {why}", file.display())]
    Plan {
        /// Its file.
        file: PathBuf,
        /// What is wrong with it.
        why: serde_json::Error,
    },
    /// The plan cannot be written as JSON: a defect of the program.
    #[error("the plan could not be written")]
    Json(#[from] serde_json::Error),
    /// The ledger has a message in another state than it was a moment ago.
    #[error("somebody else changes the ledger: {0} is not planned any more")]
    Taken(String),
}

/// What became of the messages of one sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The server took them.
    pub accepted: usize,
    /// The server will not take them, or they were stopped at the last look.
    pub refused: usize,
    /// Nobody knows.
    pub unknown: usize,
}

impl Sent {
    /// Counts a message that is done with.
    pub fn count(&mut self, state: State) {
        match state {
            State::Accepted => self.accepted += 1,
            State::Refused => self.refused += 1,
            State::Unknown => self.unknown += 1,
            State::Planned | State::HandingOver | State::Bounced => {}
        }
    }
}

/// Where messages leave from.
pub struct Sender<'a> {
    /// The folder of the plan, with its messages.
    pub folder: &'a Path,
    /// The settings: how fast, how often.
    pub mail: &'a MailSettings,
    /// The server.
    pub server: &'a Server,
    /// The last look.
    pub customs: &'a Customs,
    /// Where the messages go.
    pub destination: Destination<'a>,
    /// True when nothing more is to be sent: what was not handed over stays planned.
    pub stop: &'a dyn Fn() -> bool,
    /// Asks the time.
    pub clock: fn() -> Timestamp,
    /// Waits.
    pub wait: fn(Duration),
}

/// The folder of messages in the folder of a plan.
const MESSAGES: &str = "messages";

/// What is left beside the folder of a plan once messages leave, by the name of the run.
const BEGUN: &str = ".begun";

/// The plan in its folder.
const PLAN: &str = "plan.json";

/// Makes a plan and keeps it in a folder, with every message as it would leave. An earlier plan of the run goes.
///
/// # Errors
/// When the folder cannot be written, or an earlier run not be read.
pub fn rehearse(sending: &Sending<'_>, wish: &Wish, folder: &Path) -> Result<Checked<SendPlan>, SendError> {
    if folder.exists() {
        fs::remove_folder(folder)?;
    }
    fs::create_folder(&folder.join(MESSAGES))?;
    let planned = plan(sending, wish, |item, bytes| fs::write(&message_file(folder, item), bytes))?;
    // Last, and at once: a folder with a plan has all of its messages.
    fs::replace(&folder.join(PLAN), &serde_json::to_vec_pretty(&planned.value)?)?;
    Ok(planned)
}

/// A run from which messages left, and of which the ledger does not know: it was lost, or is not the one of this folder.
///
/// # Errors
/// When the folder or the ledger cannot be read.
pub fn forgotten(out: &Path, ledger: &Ledger) -> Result<Option<String>, SendError> {
    let folder = out.join(SENDS);
    if !folder.is_dir() {
        return Ok(None);
    }
    let known: BTreeSet<String> = ledger.deliveries()?.into_iter().map(|delivery| delivery.run).collect();
    let files = fs::visible_files_below(&folder)?;
    let begun = files.iter().filter_map(|file| file.strip_suffix(BEGUN));
    Ok(begun.map(str::to_owned).find(|run| !known.contains(run)))
}

/// The plan that waits in a folder; `None` if there is none.
///
/// # Errors
/// When the file is there and cannot be read, or is damaged.
pub fn rehearsed(folder: &Path) -> Result<Option<SendPlan>, SendError> {
    let file = folder.join(PLAN);
    if !file.is_file() {
        return Ok(None);
    }
    let plan = serde_json::from_slice(&fs::read(&file)?);
    plan.map(Some).map_err(|why| SendError::Plan { file, why })
}

/// Hands messages to the server, each at most once. `told` hears of each attempt what became of the message and what the server
/// said: a message that is still planned will be tried again.
///
/// # Errors
/// When the server or the ledger cannot be used: what was not handed over stays planned.
pub fn send(
    mut sender: Sender<'_>,
    items: &[&Item],
    told: &mut dyn FnMut(&Item, State, &str),
) -> Result<(), SendError> {
    let at = stamp(sender.clock);
    if let Destination::Recipients { real, ledger } = &mut sender.destination {
        let run = real.run();
        let deliveries: Vec<Delivery> = items.iter().flat_map(|item| deliveries(item, run, &at)).collect();
        ledger.plan(&deliveries)?;
        // Should the ledger be lost, this shows that there was one.
        fs::write(&sender.folder.with_file_name(format!("{run}{BEGUN}")), at.as_bytes())?;
    }
    let mut pace = Pace::default();
    let mut left = items.to_vec();
    let mut pause = sender.mail.retry_pause;
    for attempt in 1..=sender.mail.attempts {
        let last = attempt == sender.mail.attempts;
        left = round(&mut sender, left, last, &mut pace, told)?;
        if left.is_empty() || (sender.stop)() {
            break;
        }
        sender.sleep(pause);
        pause = pause.saturating_mul(2);
    }
    Ok(())
}

/// Hands one message over that is no report, and gives the server's answer.
///
/// # Errors
/// When the server cannot be used, or does not take it.
pub fn post(server: &Server, to: &str, message: &[u8]) -> Result<String, SendError> {
    let address = parsed(to).map_err(ServerError::Setting)?;
    let mut session = server.call()?;
    let handed = session.hand_over(server.sender(), &address, message, || Ok::<(), SendError>(()))?;
    session.end();
    let name = server.name();
    handed.map_err(|refusal| match refusal {
        Refusal::Never(why) | Refusal::Sender(why) => ServerError::Never { server: name, why }.into(),
        Refusal::Now(why) | Refusal::Unknown(why) => ServerError::Now { server: name, why }.into(),
    })
}

/// Tries each message once; gives those that are to be tried again.
fn round<'i>(
    sender: &mut Sender<'_>,
    items: Vec<&'i Item>,
    last: bool,
    pace: &mut Pace,
    told: &mut dyn FnMut(&Item, State, &str),
) -> Result<Vec<&'i Item>, SendError> {
    let mut session: Option<Session> = None;
    let mut again = Vec::new();
    for (position, item) in items.iter().enumerate() {
        if (sender.stop)() {
            again.extend(&items[position..]);
            break;
        }
        let bytes = fs::read(&message_file(sender.folder, item))?;
        let stopped = if sha256(&bytes) == item.sha256 {
            sender.customs.refuses(&bytes, &item.recipient)
        } else {
            Some("the message is not the one that was planned".to_owned())
        };
        if let Some(why) = stopped {
            let why = format!("stopped here: {why}");
            sender.tell(item, State::Planned, State::Refused, &why)?;
            told(item, State::Refused, &why);
            continue;
        }
        let to = match sender.destination {
            Destination::Recipients { .. } => item.recipient.clone(),
            Destination::CatchAll(address) => address.to_owned(),
        };
        pace.wait(sender, &to);
        if (sender.stop)() {
            again.extend(&items[position..]);
            break;
        }
        let open = match session.take().map_or_else(|| sender.server.call(), Ok) {
            Ok(open) => session.insert(open),
            Err(ServerError::Now { .. }) if !last => {
                again.extend(&items[position..]);
                return Ok(again);
            }
            Err(error) => return Err(error.into()),
        };
        let address = parsed(&to).map_err(ServerError::Setting)?;
        let mut left = false;
        let handed = open.hand_over(sender.server.sender(), &address, &bytes, || {
            left = true;
            sender.tell(item, State::Planned, State::HandingOver, "")
        })?;
        let from = if left { State::HandingOver } else { State::Planned };
        let (state, answer) = match handed {
            Err(Refusal::Sender(why)) => {
                return Err(ServerError::Never { server: sender.server.name(), why }.into());
            }
            Ok(answer) => (State::Accepted, answer),
            Err(Refusal::Now(answer)) if last => (State::Refused, answer),
            Err(Refusal::Now(answer)) => (State::Planned, answer),
            Err(Refusal::Never(answer)) => (State::Refused, answer),
            Err(Refusal::Unknown(answer)) => (State::Unknown, answer),
        };
        sender.tell(item, from, state, &answer)?;
        told(item, state, &answer);
        if state == State::Planned {
            again.push(*item);
        }
        if state != State::Accepted && (state == State::Unknown || !open.begin_again()) {
            session = None;
        }
    }
    session.into_iter().for_each(Session::end);
    Ok(again)
}

impl Sender<'_> {
    /// Writes a step into the ledger before anything else happens.
    fn tell(&mut self, item: &Item, from: State, to: State, answer: &str) -> Result<(), SendError> {
        let at = stamp(self.clock);
        let Destination::Recipients { ledger, .. } = &mut self.destination else { return Ok(()) };
        if ledger.move_message(&item.message, from, to, answer, &at)? {
            return Ok(());
        }
        Err(SendError::Taken(item.message.clone()))
    }

    /// Waits, unless nothing more is to be sent.
    fn sleep(&self, pause: Duration) {
        const STEP: Duration = Duration::from_millis(100);
        let mut left = pause;
        while !left.is_zero() && !(self.stop)() {
            let step = left.min(STEP);
            (self.wait)(step);
            left -= step;
        }
    }
}

/// When the last message left, at all and to each domain.
#[derive(Default)]
struct Pace {
    last: Option<Timestamp>,
    domains: BTreeMap<String, Timestamp>,
}

impl Pace {
    /// Waits until the next message may leave.
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

fn deliveries(item: &Item, run: &str, at: &str) -> Vec<Delivery> {
    let of = |parcel: &super::plan::Parcel| Delivery {
        message: item.message.clone(),
        event: item.event.clone(),
        run: run.to_owned(),
        id: parcel.id.clone(),
        subject_name: parcel.subject_name.clone(),
        recipient: item.recipient.clone(),
        name: item.name.clone(),
        sha256: parcel.sha256.clone(),
        state: State::Planned,
        attempts: 0,
        answer: String::new(),
        at: at.to_owned(),
        superseded: false,
    };
    item.parcels.iter().map(of).collect()
}

fn message_file(folder: &Path, item: &Item) -> PathBuf {
    folder.join(MESSAGES).join(&item.file)
}

fn stamp(clock: fn() -> Timestamp) -> String {
    clock().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
