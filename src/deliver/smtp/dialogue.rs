use std::io;
use std::ops::RangeInclusive;

use super::answer::{Answer, DONE};
use super::encryption::Encryption;
use super::wire::{Wire, broken};
use crate::deliver::quotation::quoted;
use crate::fs::without_number;

/// A conversation with a server. Once the connection fails or the server breaks the rules, the connection is dropped and
/// nothing more can be said.
pub(super) struct Dialogue {
    wire: Option<Wire>,
}

/// Why a command was not carried out.
pub(super) enum Failure {
    /// The server said no (4xx or 5xx).
    No(Answer),
    /// The connection failed, or the server broke the rules.
    Lost(io::Error),
    /// The server lacks what the settings need, or cannot be trusted.
    Unfit(String),
}

impl Failure {
    /// What the server said, or what failed, on one line.
    pub(super) fn words(&self) -> String {
        match self {
            Self::No(answer) => answer.words(),
            Self::Lost(error) => quoted(&without_number(&error.to_string())),
            Self::Unfit(why) => quoted(why),
        }
    }
}

impl Dialogue {
    /// Hears the server's greeting.
    pub(super) fn begin(wire: Wire) -> Result<Self, Failure> {
        let mut dialogue = Self { wire: Some(wire) };
        dialogue.answered(&DONE, Wire::greeting)?;
        Ok(dialogue)
    }

    /// Sends a command. The answer must have one of these codes, or refuse it.
    pub(super) fn ask(&mut self, command: &str, codes: &RangeInclusive<u16>) -> Result<Answer, Failure> {
        self.answered(codes, |wire| wire.ask(command))
    }

    /// Sends a message, and returns what the server says to the whole of it.
    pub(super) fn hand_over(&mut self, message: &[u8]) -> Result<Answer, Failure> {
        self.answered(&DONE, |wire| wire.hand_over(message))
    }

    /// Makes sure that the connection is there, and that the server has said nothing that it was not asked for.
    pub(super) fn expect_silence(&mut self) -> Result<(), Failure> {
        self.on_wire(Wire::expect_silence)
    }

    /// Encrypts the connection.
    pub(super) fn encrypt(&mut self, encryption: &Encryption) -> Result<(), Failure> {
        let wire = self.wire.take().ok_or_else(lost)?;
        self.wire = Some(encrypted(wire, encryption)?);
        Ok(())
    }

    pub(super) fn is_open(&self) -> bool {
        self.wire.is_some()
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.wire.as_ref().is_some_and(Wire::is_encrypted)
    }

    fn answered(
        &mut self,
        codes: &RangeInclusive<u16>,
        step: impl FnOnce(&mut Wire) -> io::Result<Answer>,
    ) -> Result<Answer, Failure> {
        let answer = self.on_wire(step)?;
        if answer.is(codes) {
            return Ok(answer);
        }
        if answer.is_farewell() || !answer.is_refusal() {
            self.wire = None;
        }
        if answer.is_refusal() {
            return Err(Failure::No(answer));
        }
        let why = format!("the server gave an answer that does not fit the question: {}", answer.words());
        Err(Failure::Lost(broken(why)))
    }

    fn on_wire<T>(&mut self, step: impl FnOnce(&mut Wire) -> io::Result<T>) -> Result<T, Failure> {
        let done = step(self.wire.as_mut().ok_or_else(lost)?);
        if done.is_err() {
            self.wire = None;
        }
        done.map_err(Failure::Lost)
    }
}

/// Encrypts a connection, unless the server's certificate or its way of encrypting is unacceptable.
pub(super) fn encrypted(wire: Wire, encryption: &Encryption) -> Result<Wire, Failure> {
    wire.encrypt(encryption).map_err(|error| {
        let of_encryption = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match of_encryption {
            Some(inner) => Failure::Unfit(format!("the connection cannot be encrypted: {inner}")),
            None => Failure::Lost(error),
        }
    })
}

fn lost() -> Failure {
    Failure::Lost(io::Error::new(io::ErrorKind::NotConnected, "the connection was closed"))
}
