use std::collections::BTreeMap;

use super::delivery::{Delivery, Rehearsal, State, StateChange};
use super::ledger::{Ledger, LedgerError};
use crate::check::Recipient;
use crate::model::EditionId;
use crate::publish::Output;
use crate::vault::{Departure, Fate, Trail, VaultError};

/// The ledger of an output folder together with the trail of the evaluation in the vault: the two are only ever changed
/// together, and neither can be lost without the other showing it.
#[derive(Debug)]
pub struct Custody {
    ledger: Ledger,
    trail: Trail,
    output: String,
}

/// Why the ledger and the trail cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CustodyError {
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The trail cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Reports were sent that the ledger knows nothing of.
    #[error(
        "the ledger of {output} lacks {missing} of the reports that were sent, the last on {at} from {from}: \
         it is an older copy, or the ledger of a different folder"
    )]
    Missing {
        /// The output folder.
        output: String,
        /// How many deliveries the ledger lacks.
        missing: usize,
        /// When the last of them left, in UTC.
        at: String,
        /// The output folder that it left from.
        from: String,
    },
}

impl Custody {
    /// Opens the ledger of an output folder, with the trail of its evaluation.
    ///
    /// # Errors
    /// If either cannot be used, or the ledger lacks something that was sent.
    pub fn open(output: &Output, trail: Trail) -> Result<Self, CustodyError> {
        let mut custody = Self::unchecked(output, trail)?;
        let Differences { missing, ahead } = custody.differences()?;
        if let Some(last) = missing.iter().max_by(|a, b| a.at.cmp(&b.at)) {
            return Err(CustodyError::Missing {
                output: custody.output,
                missing: missing.len(),
                at: last.at.clone(),
                from: last.output.clone(),
            });
        }
        custody.add(ahead)?;
        Ok(custody)
    }

    /// Opens a ledger that was lost or is too old, and adds what it lacks: each of these deliveries is unknown unless the
    /// server accepted it. `addresses` are those of the recipients; a delivery to any other address is recorded without
    /// one. Returns how many were added.
    ///
    /// # Errors
    /// If the ledger or the trail cannot be used.
    pub fn restore(
        output: &Output,
        trail: Trail,
        addresses: &[(String, String)],
    ) -> Result<usize, CustodyError> {
        let mut custody = Self::unchecked(output, trail)?;
        let known: BTreeMap<String, &(String, String)> =
            addresses.iter().map(|known| (custody.trail.recognition(&known.0), known)).collect();
        let lost: Vec<Delivery> = custody
            .differences()?
            .missing
            .into_iter()
            .map(|left| {
                let (recipient, name) = known.get(&left.recipient).copied().cloned().unwrap_or_else(|| {
                    (format!("no longer known ({})", &left.recipient[..12]), String::new())
                });
                let accepted = left.fate == Fate::Accepted;
                Delivery {
                    message: left.message.clone(),
                    event: left.event.clone(),
                    run: left.run.clone(),
                    id: left.id.clone(),
                    subject_name: left.subject_name.clone(),
                    recipient,
                    name,
                    sha256: left.sha256.clone(),
                    state: if accepted { State::Accepted } else { State::Unknown },
                    attempts: 1,
                    answer: "restored from the trail".to_owned(),
                    at: left.at.clone(),
                    superseded: false,
                }
            })
            .collect();
        custody.ledger.restore(&lost)?;
        Ok(lost.len())
    }

    fn unchecked(output: &Output, trail: Trail) -> Result<Self, CustodyError> {
        let folder = output.folder();
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Ok(Self { ledger: Ledger::open(output)?, trail, output: folder.display().to_string() })
    }

    /// Every delivery, in the order in which they were planned.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn deliveries(&self) -> Result<Vec<Delivery>, CustodyError> {
        Ok(self.ledger.deliveries()?)
    }

    /// True if the ledger has a message, to recognise a bounce that arrives twice.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn knows(&self, message: &str) -> Result<bool, CustodyError> {
        Ok(self.ledger.knows(message)?)
    }

    /// Plans deliveries, all of them or none. One that may have arrived is left as it is.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn plan(&mut self, deliveries: &[Delivery]) -> Result<(), CustodyError> {
        Ok(self.ledger.plan(deliveries)?)
    }

    /// Moves all deliveries of a message from one state to another; false if they are not all in the first. Before a
    /// message leaves, both the ledger and the trail have it.
    ///
    /// # Errors
    /// If the ledger or the trail cannot be written to.
    pub fn move_message(&mut self, message: &str, step: StateChange<'_>) -> Result<bool, CustodyError> {
        let StateChange { from, to, at, .. } = step;
        // The trail never says more than the ledger: a crash between the two must not look like a lost ledger.
        if from.may_have_arrived() && !to.may_have_arrived() {
            self.follow(message, None, Fate::Back, at)?;
        }
        let moved = self.ledger.move_message(message, step)?;
        if moved {
            match to {
                State::HandingOver => self.follow(message, None, Fate::Left, at)?,
                State::Accepted => self.follow(message, None, Fate::Accepted, at)?,
                State::Planned | State::Refused | State::Bounced | State::Unknown => {}
            }
        }
        Ok(moved)
    }

    /// Records what became of a message that went to a catch-all address.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn rehearse(&mut self, rehearsal: &Rehearsal) -> Result<(), CustodyError> {
        Ok(self.ledger.rehearse(rehearsal)?)
    }

    /// Marks as unknown the deliveries that were on their way when a sender ended, and returns their number.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn recover(&mut self, at: &str) -> Result<usize, CustodyError> {
        Ok(self.ledger.recover(at)?)
    }

    /// Marks the deliveries of a message to an address as bounced, and returns their number. Only what the server
    /// accepted, or may have accepted, can bounce.
    ///
    /// # Errors
    /// If the ledger or the trail cannot be written to.
    pub fn bounce(
        &mut self,
        message: &str,
        recipient: Option<&str>,
        why: &str,
        at: &str,
    ) -> Result<usize, CustodyError> {
        self.follow(message, recipient, Fate::Back, at)?;
        Ok(self.ledger.bounce(message, recipient, why, at)?)
    }

    /// Puts what only the vault's key recognises in the place of an address in the ledger, so that the person is forgotten
    /// and still gets no report twice. Returns how many entries it concerned.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn forget(&mut self, address: &str) -> Result<usize, CustodyError> {
        let sign = format!("{FORGOTTEN}{}", self.trail.recognition(address));
        Ok(self.ledger.forget(address, &sign)?)
    }

    /// What recognises the recipient of a delivery.
    fn recognition(&self, recipient: &str) -> String {
        recipient.strip_prefix(FORGOTTEN).map_or_else(|| self.trail.recognition(recipient), str::to_owned)
    }

    /// Every delivery, with the addresses of people who were forgotten and are recipients again.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn deliveries_to(&self, recipients: &[Recipient]) -> Result<Vec<Delivery>, CustodyError> {
        let mut deliveries = self.deliveries()?;
        for delivery in deliveries.iter_mut().filter(|d| d.recipient.starts_with(FORGOTTEN)) {
            let known = self.recognition(&delivery.recipient);
            if let Some(to) = recipients.iter().find(|to| self.trail.recognition(&to.email) == known) {
                delivery.recipient.clone_from(&to.email);
            }
        }
        Ok(deliveries)
    }

    /// Adds a step of the reports in a message to the trail.
    fn follow(
        &mut self,
        message: &str,
        recipient: Option<&str>,
        fate: Fate,
        at: &str,
    ) -> Result<(), CustodyError> {
        let steps: Vec<Departure> = self
            .ledger
            .deliveries_of(message)?
            .iter()
            .filter(|d| recipient.is_none_or(|wanted| d.recipient.eq_ignore_ascii_case(wanted)))
            .filter(|d| d.state.may_have_arrived())
            .map(|delivery| Departure { at: at.to_owned(), fate, ..self.departure(delivery) })
            .collect();
        self.add(steps)
    }

    /// Adds steps to the trail, if there are any.
    fn add(&mut self, steps: Vec<Departure>) -> Result<(), CustodyError> {
        if steps.is_empty() { Ok(()) } else { Ok(self.trail.add(steps)?) }
    }

    fn departure(&self, delivery: &Delivery) -> Departure {
        Departure {
            at: delivery.at.clone(),
            message: delivery.message.clone(),
            fate: if delivery.state == State::Accepted { Fate::Accepted } else { Fate::Left },
            event: delivery.event.clone(),
            run: delivery.run.clone(),
            id: delivery.id.clone(),
            subject_name: delivery.subject_name.clone(),
            sha256: delivery.sha256.clone(),
            recipient: self.recognition(&delivery.recipient),
            output: self.output.clone(),
        }
    }

    /// Where the ledger and the trail disagree about what arrived or may have arrived.
    fn differences(&self) -> Result<Differences, LedgerError> {
        let key = |message: &str, id: &EditionId| (message.to_owned(), id.to_string());
        let arrived = self.ledger.deliveries()?.into_iter().filter(|d| d.state.may_have_arrived());
        let mut ahead: BTreeMap<_, _> =
            arrived.map(|delivery| (key(&delivery.message, &delivery.id), delivery)).collect();
        let mut missing = Vec::new();
        for left in self.trail.outstanding() {
            if ahead.remove(&key(&left.message, &left.id)).is_none() {
                missing.push(left.clone());
            }
        }
        Ok(Differences { missing, ahead: ahead.values().map(|delivery| self.departure(delivery)).collect() })
    }
}

/// What the ledger has in the place of an address that was forgotten, before what recognises it.
const FORGOTTEN: &str = "forgotten ";

/// Where a ledger and a trail disagree.
struct Differences {
    /// What the trail says was sent, and the ledger does not have.
    missing: Vec<Departure>,
    /// What only the ledger has: this program was stopped between the two, or the ledger is from before there were
    /// trails.
    ahead: Vec<Departure>,
}
