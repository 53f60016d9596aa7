use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use rustls::{ClientConnection, StreamOwned};

use super::answer::{self, Answer, PartOfAnswer};
use super::encryption::Encryption;
use super::stuffing::stuffed;
use super::timed::{Clock, Timed};
use crate::deliver::quotation::quoted;

/// The longest line of an answer, in bytes; RFC 5321 allows 512.
const LONGEST_LINE: usize = 2_048;
/// The most lines of an answer.
const MOST_LINES: usize = 100;
/// The slowest pace at which a server may take a message, in bytes per second.
const SLOWEST: usize = 16_384;

/// Commands to a server and its answers, over a connection that may be encrypted. After an error the connection must not
/// be used again.
pub(super) struct Wire {
    stream: Stream,
    timeout: Duration,
    /// What was received and is not yet part of an answer.
    unread: Vec<u8>,
}

enum Stream {
    Plain(Timed),
    Encrypted(Box<StreamOwned<ClientConnection, Timed>>),
}

impl Wire {
    /// Connects to a server. Each command and its whole answer may take `timeout`.
    pub(super) fn connect(server: &str, port: u16, timeout: Duration, clock: Clock) -> io::Result<Self> {
        let stream = Stream::Plain(Timed::connect(server, port, timeout, clock)?);
        Ok(Self { stream, timeout, unread: Vec::new() })
    }

    /// Encrypts the connection. Nothing that was received before counts afterwards.
    pub(super) fn encrypt(self, encryption: &Encryption) -> io::Result<Self> {
        let Stream::Plain(mut timed) = self.stream else { return Ok(self) };
        timed.allow(self.timeout);
        let mut client = encryption.client().map_err(io::Error::other)?;
        while client.is_handshaking() {
            client.complete_io(&mut timed)?;
        }
        let stream = Stream::Encrypted(Box::new(StreamOwned::new(client, timed)));
        Ok(Self { stream, timeout: self.timeout, unread: Vec::new() })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.stream, Stream::Encrypted(_))
    }

    /// What the server says first.
    pub(super) fn greeting(&mut self) -> io::Result<Answer> {
        self.allow(self.timeout);
        self.answer()
    }

    /// Sends a command and returns its answer.
    pub(super) fn ask(&mut self, command: &str) -> io::Result<Answer> {
        self.expect_silence()?;
        self.write(format!("{command}\r\n").as_bytes())?;
        self.answer()
    }

    /// Sends a message and returns what the server says to the whole of it. Writing may take a second longer than
    /// `timeout` for every 16 KiB of the message.
    pub(super) fn hand_over(&mut self, message: &[u8]) -> io::Result<Answer> {
        let bytes = stuffed(message);
        let pace = Duration::from_secs((bytes.len() / SLOWEST) as u64);
        self.allow(self.timeout + pace);
        self.write(&bytes)?;
        self.ask(".")
    }

    /// Makes sure that the server has said nothing that it was not asked for: read later, that would pass for the answer
    /// to a different command.
    pub(super) fn expect_silence(&mut self) -> io::Result<()> {
        self.allow(self.timeout);
        self.timed().set_waiting(false)?;
        let received = self.receive();
        self.timed().set_waiting(true)?;
        match received {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            received => received?,
        }
        if self.unread.is_empty() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&self.unread);
        Err(broken(format!("the server answered before it was asked: {said}")))
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let mut part = PartOfAnswer::default();
        while part.lines() < MOST_LINES {
            let line = self.line()?;
            match part.and(&line) {
                answer::Read::More(more) => part = more,
                answer::Read::Whole(answer) => return Ok(answer),
                answer::Read::Nonsense => {
                    let line = String::from_utf8_lossy(&line);
                    return Err(broken(format!("the server's answer makes no sense: {line}")));
                }
            }
        }
        Err(broken(format!("the server's answer has more than {MOST_LINES} lines")))
    }

    /// The next line, without its end.
    fn line(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let end = self.unread.iter().position(|byte| *byte == b'\n');
            if end.unwrap_or(self.unread.len()) > LONGEST_LINE {
                return Err(broken(format!(
                    "the server's answer has a line of more than {LONGEST_LINE} bytes"
                )));
            }
            if let Some(end) = end {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(line.strip_suffix(b"\r\n").unwrap_or(&line[..end]).to_vec());
            }
            self.receive()?;
        }
    }

    /// Receives what there is, up to 4 KiB, and waits for it if there is nothing.
    fn receive(&mut self) -> io::Result<()> {
        let mut part = [0; 4_096];
        let count = match &mut self.stream {
            Stream::Plain(stream) => stream.read(&mut part),
            Stream::Encrypted(stream) => stream.read(&mut part),
        };
        let count = match count {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
            count => count?,
        };
        if count == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        self.unread.extend_from_slice(&part[..count]);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Stream::Encrypted(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }

    fn allow(&mut self, time: Duration) {
        self.timed().allow(time);
    }

    fn timed(&mut self) -> &mut Timed {
        match &mut self.stream {
            Stream::Plain(stream) => stream,
            Stream::Encrypted(stream) => stream.get_mut(),
        }
    }
}

/// The server broke the rules of SMTP.
pub(super) fn broken(how: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, quoted(&how))
}
